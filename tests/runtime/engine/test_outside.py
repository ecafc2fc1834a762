"""Calls to outside hosts: only over a connection, intent first, and the credential nowhere but at its host."""

import asyncio
import base64
import json
from dataclasses import replace
from functools import partial

import orjson
import pytest

from nodes.connect.call_http import CallHttp, Parameter
from runtime.engine import outside
from runtime.engine.masking import BLOT, Mask
from runtime.engine.trials import Trial
from runtime.engine.values import idempotency_key
from runtime.store.connections import ConnectionRow, stop_connection, write_connection
from runtime.store.runs import NewRun, insert_run
from runtime.store.trials import insert_trial
from tests.support.engine_room import draw, step
from tests.support.outside_host import OutsideHost, Reply

SECRET = "Bearer sk-canary/+&ä-0123456789"
TOKEN = SECRET.removeprefix("Bearer ")


@pytest.fixture
def host():
    with OutsideHost() as found:
        yield found


@pytest.fixture
def connect(room, host):
    """Make a connection to the host, or to another."""
    return partial(connected, room, host)


async def connected(room, host, **changed):
    row = ConnectionRow(
        id="con_1", name="Desk", host=host.name, plain=True, internal=True, description="", clearance="internal",
        header="X-Key", key_env="GREENLANE_KEY_DESK", stopped=None, updated=0.0,
        credential="header",
    )  # fmt: skip
    room.secrets["GREENLANE_KEY_DESK"] = SECRET
    await room.writer.write(lambda tx: write_connection(tx, replace(row, **changed)))
    room.hosts.forget()


def calling(host, path="/x", **settings):
    return draw(step("call", CallHttp(url=host.url + path, **settings)))


async def failure(room, plan):
    end = await room.end(plan)
    assert end.status == "failed"
    return end.error


async def test_a_call_goes_out_with_its_key_and_its_credential(room, host, connect):
    await connect()
    end = await room.end(calling(host, "/a b?x=1", query=[{"name": "q", "value": "ä&b"}]))
    (got,) = host.got
    assert (got.method, got.path) == ("GET", "/a%20b?x=1&q=%C3%A4%26b")
    assert got.headers["idempotency-key"] == idempotency_key(end.run, "call", "", 1)
    assert got.headers["x-key"].encode("latin-1").decode() == SECRET
    assert end.outputs["status_code"] == 200


async def test_the_credential_is_in_no_record_even_when_the_host_sends_it_back(room, host, connect):
    await connect()
    packed = base64.b64encode(f"x{TOKEN}y".encode()).decode()
    said = {"plain": SECRET, "token": TOKEN, "packed": packed, "hex": TOKEN.encode().hex()}
    host.say(Reply(body=json.dumps(said).encode(), headers={"X-Echo": "sk-canary/+&-0123456789 " + packed}))
    end = await room.end(calling(host, method="POST", body="text", text=f"my own {TOKEN}"))
    everything = b"".join((each.value or b"") + (each.detail or b"") for each in room.checked_log(end.run)).decode()
    for form in (TOKEN, packed[4:-4], TOKEN.encode().hex(), json.dumps(TOKEN)[1:-1]):
        assert form not in everything
        assert form not in json.dumps(end.outputs, ensure_ascii=False)
    assert BLOT in end.outputs["body"]
    assert host.got[0].body.decode() == f"my own {TOKEN}", "what is sent is what was asked for"


async def test_what_will_be_sent_is_in_the_log_before_it_leaves(room, host, connect):
    await connect()
    end = await room.end(calling(host, method="POST", body="json", value={"a": 1}))
    intent, reply, done = room.checked_log(end.run)
    told = orjson.loads(intent.value)
    assert (reply.kind, orjson.loads(reply.value)["status"]) == ("reply", 200)
    assert (told["method"], told["address"], told["body"]) == ("POST", host.url + "/x", '{"a": 1}')
    assert told["connection"] == "Desk"
    assert orjson.loads(intent.detail)["interrupted"] == "ask"
    assert done.kind == "done"


async def test_a_replay_gives_the_recorded_answer_and_calls_nobody(room, host, connect):
    await connect()
    old = await room.end(calling(host, method="POST", body="json", value={"a": 1}))
    run = "run_again"

    def start(tx) -> None:
        insert_trial(tx, Trial("replay", old.run).row(run))
        row = tx.exec_driver_sql("SELECT hash FROM run WHERE id = ?", (old.run,)).one()
        insert_run(tx, NewRun(run, "w", "w", "W", "p", "key", None, row.hash, "", "c", b"{}", 1.0, ""))

    await room.writer.write(start)
    row = await room.ended(run)
    assert (row.status, orjson.loads(row.outputs)) == ("succeeded", old.outputs)
    assert len(host.got) == 1
    assert [each.kind for each in room.checked_log(run)] == ["intent", "reply", "done"]


async def test_what_will_be_sent_is_durable_before_it_leaves(rooms, host):
    seen = []

    def look(place):
        if place == "before effect":
            with room.database.connect() as tx:  # another connection: it sees what is committed
                seen.append(tx.exec_driver_sql("SELECT count(*) FROM record WHERE kind = 'intent'").scalar_one())

    room = rooms(reach=look)
    await connected(room, host)
    end = await room.end(calling(host, method="POST"))
    assert (end.status, seen, len(host.got)) == ("succeeded", [1], 1)


async def test_a_host_without_a_connection_is_not_called(room, host):
    error = await failure(room, calling(host))
    assert error["code"] == "no_connection"
    assert error["message"] == f"There is no approved connection for host {host.name}."
    assert host.connections == 0


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"internal": False}, "host_barred"),
        ({"plain": False}, "wrong_scheme"),
        ({"stopped": 1.0}, "connection_stopped"),
    ],
)
async def test_a_connection_leads_only_as_far_as_it_says(room, host, connect, changed, code):
    await connect(**changed)
    assert (await failure(room, calling(host)))["code"] == code
    assert host.connections == 0


async def test_a_missing_credential_is_an_error_and_never_an_open_call(room, host, connect):
    await connect()
    room.secrets.clear()
    assert (await failure(room, calling(host)))["code"] == "missing_key"
    assert host.got == []


async def test_a_stop_holds_from_the_next_call_on(room, host, connect):
    await connect()
    assert (await room.end(calling(host))).status == "succeeded"
    await room.writer.write(lambda tx: stop_connection(tx, "con_1", 1.0))
    room.hosts.forget()
    assert (await failure(room, calling(host)))["code"] == "connection_stopped"


@pytest.mark.parametrize("name", ["X-Key", "x-key", "Host", "Content-Length", "Idempotency-Key"])
async def test_a_step_sets_no_header_that_is_not_its_own(room, host, connect, name):
    await connect()
    plan = draw(step("call", CallHttp(url=host.url, headers=[Parameter(name=name, value="mine")])))
    assert (await failure(room, plan))["code"] == "bad_header"
    assert host.got == []


@pytest.mark.parametrize("value", ["a\r\nX-Admin: yes", "a\nb", "a\0b"])
async def test_a_value_smuggles_no_header_and_no_second_request(room, host, connect, value):
    await connect()
    plan = draw(step("call", CallHttp(url=host.url, headers=[Parameter(name="X-Name", value=value)])))
    error = await failure(room, plan)
    assert (error["code"], "“X-Name” has several lines" in error["message"]) == ("bad_header", True)
    assert (await failure(room, calling(host, "/" + value)))["code"] == "bad_address"
    assert host.got == []


@pytest.mark.slow
async def test_answers_that_never_end_and_redirects_end_the_step_and_not_the_server(room, host, connect, monkeypatch):
    await connect()
    monkeypatch.setattr(outside, "LARGEST_EVER", 1000)
    host.say(
        Reply(body=b"x" * 1001), Reply(silent=True), Reply(body=b"x" * 100, drop=True),
        Reply(status=302, headers={"Location": "http://169.254.169.254/"}),
    )  # fmt: skip
    codes = [(await failure(room, calling(host, timeout_s=limit)))["code"] for limit in (30, 0.3, 30, 30)]
    assert codes == ["answer_too_large", "host_timeout", "host_interrupted", "redirected"]
    assert (await room.end(calling(host))).status == "succeeded"


@pytest.mark.parametrize(
    ("method", "status", "calls"), [("GET", "succeeded", 2), ("PUT", "succeeded", 2), ("POST", "waiting", 1)]
)
async def test_a_call_that_may_be_repeated_is_and_another_asks_its_owner(rooms, host, method, status, calls):
    row = ConnectionRow(
        id="con_1", name="Desk", host=host.name, plain=True, internal=True, description="", clearance="internal",
        header="", key_env="", stopped=None, updated=0.0,
    )  # fmt: skip
    host.say(Reply(silent=True))
    first = rooms()
    first.people("P")
    await first.writer.write(lambda tx: write_connection(tx, row))
    run, _ = first.begin(calling(host, method=method))
    host.wait_until(lambda server: len(server.got) == 1)
    first.die()
    second = rooms()
    await second.until(lambda: second.row(run).status in ("succeeded", "waiting"))
    assert second.row(run).status == status
    assert [each.headers["idempotency-key"] for each in host.got] == [idempotency_key(run, "call", "", 1)] * calls


def test_a_basic_credential_is_known_by_its_name_and_password():
    mask = Mask("Basic " + base64.b64encode(b"ada:correct horse").decode())
    assert mask.clean("ada:correct horse, correct horse, correct+horse") == f"{BLOT}, {BLOT}, {BLOT}"


def test_a_mask_of_nothing_changes_nothing():
    assert Mask("").clean("as it is") == "as it is"


class Pauses(list):
    """Counts the pauses instead of waiting."""

    async def __call__(self, seconds):
        self.append(seconds)


@pytest.mark.parametrize(
    ("method", "replies", "pauses", "status"),
    [
        ("GET", [Reply(status=503, headers={"Retry-After": "7"}), Reply(status=429, headers={"Retry-After": "0"})],
         [7.0, 0.0], "succeeded"),
        ("GET", [Reply(drop=True, body=b"half"), Reply(status=502)], ["usual", "usual"], "succeeded"),
        ("GET", [Reply(status=503, headers={"Retry-After": "3600"})], [], "failed"),
        ("GET", [Reply(status=404)], [], "failed"),
        ("GET", [Reply(status=503)] * 4, ["usual", "usual"], "failed"),
        ("POST", [Reply(status=429, headers={"Retry-After": "2"})], [2.0], "succeeded"),
        ("POST", [Reply(status=503, headers={"Retry-After": "2"})], [], "failed"),
        ("POST", [Reply(drop=True, body=b"half")], [], "failed"),
    ],
)  # fmt: skip
async def test_a_busy_host_is_asked_again_after_the_pause_it_asks_for(
    room, host, connect, monkeypatch, method, replies, pauses, status
):
    """What may have begun to work is not asked again unless it may be repeated."""
    await connect()
    paused = Pauses()
    monkeypatch.setattr(room.hosts, "_sleep", paused)
    host.say(*replies)
    end = await room.end(calling(host, method=method, retries=2))
    assert end.status == status
    assert len({each.headers["idempotency-key"] for each in host.got}) == 1, "it is one call, however often it is tried"
    assert len(host.got) == len(pauses) + 1
    for paused_s, expected in zip(paused, pauses, strict=True):
        assert paused_s == expected if expected != "usual" else 0.5 <= paused_s <= 2.0


async def test_a_stop_holds_between_two_tries(room, host, connect, monkeypatch):
    await connect()

    async def stopping(_seconds):
        await room.writer.write(lambda tx: stop_connection(tx, "con_1", 1.0))
        room.hosts.forget()

    monkeypatch.setattr(room.hosts, "_sleep", stopping)
    host.say(Reply(status=503))
    assert (await failure(room, calling(host, retries=3)))["code"] == "connection_stopped"
    assert len(host.got) == 1


@pytest.mark.slow
async def test_only_so_many_large_answers_are_read_at_once(room, host, connect):
    await connect()
    host.say(*(Reply(body=b"x", chunks=iter([b"x"] * 5), pause_s=0.01) for _ in range(12)))
    most, open_now = 0, 0
    sent = room.hosts._sent

    async def counted(parcel, key):
        nonlocal most, open_now
        open_now += 1
        most = max(most, open_now)
        try:
            return await sent(parcel, key)
        finally:
            open_now -= 1

    room.hosts._sent = counted
    await asyncio.gather(*(room.end(calling(host, largest_mb=50)) for _ in range(12)))
    assert most == outside.LARGE_AT_ONCE
