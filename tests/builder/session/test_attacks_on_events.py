"""Attacks on events: what a signed-in person may call, with what, and what is recorded."""

import pytest

from tests.support import gate_server
from tests.support.gate_client import DESK, DRAWER, HYDRATE, effects, refusals, tell
from tests.support.raw_socket import STATE, RawSocket

pytestmark = pytest.mark.slow


async def test_a_signed_in_person_writes_and_sees_it(origin: str, ann: str, word: str):
    socket = await RawSocket.open(origin, cookie=ann)
    await socket.send(HYDRATE)
    await socket.send(f"{DESK}.write", {"text": word, "times": 2})
    await socket.settle()
    await socket.close()
    assert f"write {word} 2 by Ann" in effects(origin)
    assert socket.seen(word * 2)


async def test_no_setter_is_callable(origin: str, ann: str, word: str):
    socket = await RawSocket.open(origin, cookie=ann)
    await socket.send(f"{DESK}.setvar", {"var_name": "note", "value": word})
    await socket.send(f"{DESK}.set_note", {"value": word})
    await socket.send(HYDRATE)
    await socket.settle()
    await socket.close()
    assert not socket.seen(word)
    assert any(one["thing"].endswith("desk.setvar") for one in refusals(origin))


async def test_unknown_names_are_dropped_and_not_recorded(origin: str, ann: str, word: str):
    socket = await RawSocket.open(origin, cookie=ann)
    await socket.send(f"{DESK}.{word}")
    for message in (["event", word], ["event", {"name": 7}], ["event", None], ["event"], [word], ["event", {}, {}]):
        await socket.send_raw(message)
    await socket.settle()
    assert not socket.is_closed
    await socket.close()
    assert refusals(origin, word) == []
    assert word not in gate_server.log(gate_server.prepared_folder())


async def test_a_handler_without_policy_is_refused_and_recorded(origin: str, ann: str):
    tell(origin, "late")
    before = len(refusals(origin, "forgotten"))
    socket = await RawSocket.open(origin, cookie=ann)
    await socket.send(f"{DESK}.forgotten", {"text": "x"})
    await socket.settle()
    await socket.close()
    assert "forgotten" not in effects(origin)
    assert len(refusals(origin, "forgotten")) == before + 1


async def test_an_internal_handler_runs_only_when_chained(origin: str, ann: str, word: str):
    socket = await RawSocket.open(origin, cookie=ann)
    await socket.send(f"{DESK}.finish", {"how": word})
    await socket.send(f"{DESK}.begin")
    await socket.settle()
    await socket.close()
    assert f"finish {word} by Ann" not in effects(origin)
    assert "finish begun by Ann" in effects(origin)


async def test_a_page_load_runs_its_own_handlers_for_who_is_there(origin: str, ben: str):
    socket = await RawSocket.open(origin, cookie=ben)
    load = f"{STATE}.reflex___state____on_load_internal_state.on_load_internal"
    await socket.send(load, router_data={"pathname": "/second", "asPath": "/second"})
    await socket.settle()
    await socket.close()
    assert "arrived Ben" in effects(origin)


@pytest.mark.parametrize(
    "payload",
    [
        {},
        {"text": 7},
        {"text": None},
        {"text": "{word}", "times": "2"},
        {"text": "{word}", "times": 2.5},
        {"text": "{word}", "times": True},
        {"text": "{word}", "extra": 1},
        {"text": "{word}", "self": {}},
        {"text": ["{word}"]},
    ],
    ids=str,
)
async def test_arguments_that_do_not_fit_are_refused_and_recorded(origin: str, ann: str, word: str, payload: dict):
    payload = {name: word if text == "{word}" else text for name, text in payload.items()}
    before = len(refusals(origin, "do not fit"))
    socket = await RawSocket.open(origin, cookie=ann)
    await socket.send(f"{DESK}.write", payload)
    await socket.settle()
    await socket.close()
    assert not any(word in line for line in effects(origin))
    assert len(refusals(origin, "do not fit")) == before + 1
    assert refusals(origin, word) == [], "what was sent is not copied into the record"


async def test_a_role_that_may_not_is_refused_and_recorded(origin: str, ben: str, word: str):
    before = len(refusals(origin, "To write one has to be Platform owner."))
    socket = await RawSocket.open(origin, cookie=ben)
    await socket.send(f"{DESK}.write", {"text": word})
    await socket.send(f"{DRAWER}.open_it")
    await socket.settle()
    await socket.close()
    assert not any(word in line for line in effects(origin))
    assert "open by Ben" in effects(origin)
    assert len(refusals(origin, "To write one has to be Platform owner.")) == before + 1
