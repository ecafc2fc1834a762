"""Attacks on a real server: each must reach nothing, and what a signed-in person may do must still work."""

import asyncio
import uuid
from typing import Any

import httpx
import pytest

from tests.support import gate_server
from tests.support.raw_socket import STATE, RawSocket, Refused

pytestmark = pytest.mark.slow

DESK = f"{STATE}.gate_app___gate_app____desk"
DRAWER = f"{STATE}.gate_app___gate_app____drawer"
HYDRATE = f"{STATE}.hydrate_and_load"
HTML = {"accept": "text/html"}


def sign_in(origin: str, name: str) -> str:
    """The session token of a freshly signed-in person."""
    answer = httpx.post(f"{origin}/sign-in", data={"code": name}, headers={"origin": origin})
    assert answer.status_code == 303
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith("__Host-greenlane=")
    for attribute in ("Secure", "HttpOnly", "Path=/", "SameSite=Lax"):
        assert attribute in cookie
    return cookie.removeprefix("__Host-greenlane=").partition(";")[0]


@pytest.fixture
def ann(origin: str) -> str:
    return sign_in(origin, "Ann")


@pytest.fixture
def ben(origin: str) -> str:
    return sign_in(origin, "Ben")


@pytest.fixture
def word() -> str:
    """A word that no other test sends."""
    return uuid.uuid4().hex


def tell(origin: str, path: str, content: str = "") -> None:
    """Steer the server from outside, as the controls of the small app allow."""
    assert httpx.post(f"{origin}/api/{path}", content=content).status_code == 200


def post(origin: str, path: str, cookie: str | None = None, **request: Any) -> httpx.Response:
    sent = {"origin": origin} | ({"cookie": f"__Host-greenlane={cookie}"} if cookie else {})
    return httpx.post(origin + path, headers=sent | request.pop("headers", {}), **request)


def effects(origin: str) -> list[str]:
    return httpx.get(f"{origin}/api/effects").json()


def refusals(origin: str, word: str = "") -> list[dict[str, Any]]:
    return [one for one in httpx.get(f"{origin}/api/refusals").json() if word in str(one)]


async def test_a_signed_in_person_writes_and_sees_it(origin: str, ann: str, word: str):
    socket = await RawSocket.open(origin, cookie=ann)
    await socket.send(HYDRATE)
    await socket.send(f"{DESK}.write", {"text": word, "times": 2})
    await socket.settle()
    await socket.close()
    assert f"write {word} 2 by Ann" in effects(origin)
    assert socket.seen(word * 2)


async def test_a_socket_without_session_is_not_let_in(origin: str):
    with pytest.raises(Refused, match="403"):  # before the socket is accepted
        await RawSocket.open(origin)


async def test_a_socket_with_an_invented_session_is_not_let_in(origin: str):
    with pytest.raises(Refused, match="403"):
        await RawSocket.open(origin, cookie="x" * 43)


@pytest.mark.parametrize("foreign", ["https://evil.example", "null", "http://127.0.0.1:1", ""])
async def test_a_socket_from_a_foreign_or_no_origin_is_not_let_in(origin: str, ann: str, foreign: str):
    with pytest.raises(Refused):
        await RawSocket.open(origin, cookie=ann, headers={"Origin": foreign})


async def test_a_socket_under_a_foreign_host_name_is_not_let_in(origin: str, ann: str):
    with pytest.raises(Refused):
        await RawSocket.open(origin, cookie=ann, headers={"Host": "rebound.example"})


async def test_a_socket_cannot_join_a_connection_that_exists(origin: str, ann: str):
    with pytest.raises(Refused):
        await RawSocket.open(origin, cookie=ann, query="&sid=abc")


async def test_another_sessions_client_token_shows_another_state(origin: str, ann: str, ben: str, word: str):
    victim = await RawSocket.open(origin, cookie=ann, token="stolen-tab")
    await victim.send(f"{DESK}.write", {"text": word})
    await victim.settle()
    await victim.close()
    thief = await RawSocket.open(origin, cookie=ben, token="stolen-tab")
    await thief.send(HYDRATE)
    await thief.settle()
    await thief.close()
    assert victim.seen(word)
    assert not thief.seen(word)
    # and its own session finds it again
    again = await RawSocket.open(origin, cookie=ann, token="stolen-tab")
    await again.send(HYDRATE)
    await again.settle()
    await again.close()
    assert again.seen(word)


async def test_a_rewritten_client_token_is_of_no_use_either(origin: str, ann: str, ben: str, word: str):
    victim = await RawSocket.open(origin, cookie=ann, token=word)
    await victim.send(HYDRATE)
    await victim.send(f"{DESK}.write", {"text": word * 2})
    await victim.settle()
    await victim.close()
    session = next(data for _, data in victim.received if "rx_router_session" in str(data))
    rewritten = session["delta"][STATE]["rx_router_session_rx_state_"]["client_token"]
    assert "." in rewritten
    thief = await RawSocket.open(origin, cookie=ben, token=rewritten)
    await thief.send(HYDRATE)
    await thief.settle()
    await thief.close()
    assert not thief.seen(word * 2)


async def test_two_tabs_with_one_token_keep_two_states(origin: str, ann: str, word: str):
    first = await RawSocket.open(origin, cookie=ann, token=word)
    second = await RawSocket.open(origin, cookie=ann, token=word)
    await second.listen(0.3)
    fresh = next(data for name, data in second.received if name == "new_token")
    await second.send(f"{DESK}.write", {"text": f"second {word}"})
    await second.settle()
    await second.close()
    returned = await RawSocket.open(origin, cookie=ann, token=fresh)
    await returned.send(HYDRATE)
    await returned.settle()
    await first.send(HYDRATE)
    await first.settle()
    await returned.close()
    await first.close()
    assert returned.seen(f"second {word}")
    assert not first.seen(f"second {word}")


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
    before = len(refusals(origin, "role"))
    socket = await RawSocket.open(origin, cookie=ben)
    await socket.send(f"{DESK}.write", {"text": word})
    await socket.send(f"{DRAWER}.open_it")
    await socket.settle()
    await socket.close()
    assert not any(word in line for line in effects(origin))
    assert "open by Ben" in effects(origin)
    assert len(refusals(origin, "role")) == before + 1


async def test_a_revoked_session_loses_its_open_socket(origin: str, ann: str, word: str):
    socket = await RawSocket.open(origin, cookie=ann)
    await socket.send(f"{DESK}.write", {"text": "before"})
    await socket.settle()
    tell(origin, "revoke", ann)
    await socket.send(f"{DESK}.write", {"text": word})
    await socket.listen(2)
    closed = socket.is_closed
    await socket.close()
    assert not any(word in line for line in effects(origin))
    assert closed


async def test_a_revoked_session_hears_nothing_more(origin: str, ann: str):
    socket = await RawSocket.open(origin, cookie=ann)
    await socket.send(f"{DRAWER}.tick", {"seconds": 0.2, "times": 40})
    await socket.listen(0.5)
    tell(origin, "revoke", ann)
    await socket.listen(1.6)
    heard = len(socket.received)
    await socket.listen(1)
    closed = socket.is_closed
    await socket.close()
    assert closed
    assert len(socket.received) == heard


async def test_signing_out_closes_the_sockets_of_that_session_only(origin: str, ann: str):
    other = sign_in(origin, "Ann")
    gone, stays = await RawSocket.open(origin, cookie=ann), await RawSocket.open(origin, cookie=other)
    answer = post(origin, "/sign-out", cookie=ann)
    assert answer.status_code == 303
    assert "Max-Age=0" in answer.headers["set-cookie"]
    await gone.listen(0.5)
    await stays.settle()
    assert gone.is_closed
    assert not stays.is_closed
    await gone.close()
    await stays.close()
    with pytest.raises(Refused):
        await RawSocket.open(origin, cookie=ann)


async def test_a_flood_is_cut_to_the_rate(origin: str, ann: str):
    before = effects(origin).count("open by Ann")
    socket = await RawSocket.open(origin, cookie=ann)
    for _ in range(1000):
        await socket.send(f"{DRAWER}.open_it")
    await socket.listen(2)
    await socket.close()
    assert effects(origin).count("open by Ann") - before < 500


async def test_hydrating_shows_no_secret(origin: str, ann: str):
    socket = await RawSocket.open(origin, cookie=ann, headers={"Authorization": "Bearer canary-header"})
    await socket.send(HYDRATE)
    await socket.settle()
    await socket.close()
    assert socket.seen('"note')
    for secret in (ann, "canary-of-a-backend-var", "canary-header"):
        assert not socket.seen(secret)


async def test_the_session_is_not_kept_with_the_state(origin: str, ann: str, word: str):
    socket = await RawSocket.open(origin, cookie=ann)
    await socket.send(f"{DESK}.write", {"text": word})
    await socket.settle()
    await socket.close()
    states = gate_server.prepared_folder() / ".states"
    for _ in range(100):
        await asyncio.sleep(0.1)  # Reflex writes a state to disk a little later
        if any(word.encode() in file.read_bytes() for file in states.glob("*.pkl")):
            break
    else:
        pytest.fail("the state was never written")
    assert not any(ann.encode() in file.read_bytes() for file in states.glob("*.pkl"))


@pytest.mark.parametrize("handler", ["take", "write"])
@pytest.mark.parametrize("cookie", ["none", "own"])
async def test_an_upload_with_a_victims_token_reaches_nothing(origin: str, ann: str, ben: str, handler: str, cookie):
    victim = await RawSocket.open(origin, cookie=ann, token="victim-tab")
    answer = post(
        origin,
        "/_upload",
        cookie=ben if cookie == "own" else None,
        files={"files": ("a.txt", b"x")},
        headers={"reflex-client-token": "victim-tab", "reflex-event-handler": f"{DESK}.{handler}"},
    )
    await victim.close()
    assert answer.status_code == 404
    assert not any(line.startswith("take") for line in effects(origin))


@pytest.mark.parametrize("path", ["/", "/second", "/assets/x.js", "/_event/", "/sign-in/x", "//", "/%2e%2e/"])
def test_strangers_get_no_page(origin: str, path: str):
    answer = httpx.get(origin + path, headers=HTML)
    assert answer.status_code in (303, 404)
    if answer.status_code == 303:
        assert answer.headers["location"] == "/sign-in"
    assert "rx_state" not in answer.text


def test_looking_at_the_link_does_not_use_the_code(origin: str):
    page = httpx.get(f"{origin}/sign-in?code=Ann", headers=HTML)
    assert page.status_code == 200
    assert "set-cookie" not in page.headers
    assert page.headers["cache-control"] == "no-store"


def test_the_code_cannot_carry_markup(origin: str):
    page = httpx.get(f"{origin}/sign-in", params={"code": '"><script>alert(1)</script>'})
    assert "<script>" not in page.text


def test_a_wrong_code_is_refused_in_a_sentence(origin: str):
    answer = httpx.post(f"{origin}/sign-in", data={"code": "nobody"}, headers={"origin": origin})
    assert answer.status_code == 403
    assert "used or is too old" in answer.text
    assert "set-cookie" not in answer.headers


def test_a_form_of_a_stranger_is_read_only_so_far(origin: str):
    answer = httpx.post(f"{origin}/sign-in", content=b"code=" + b"x" * 10_000, headers={"origin": origin})
    assert answer.status_code == 413


@pytest.mark.parametrize("headers", [{}, {"origin": "https://evil.example"}, {"origin": "null"}])
@pytest.mark.parametrize("path", ["/sign-in", "/sign-out"])
def test_no_other_site_can_sign_anyone_in_or_out(origin: str, ann: str, path: str, headers: dict[str, str]):
    answer = httpx.post(origin + path, data={"code": "Ben"}, headers={**headers, "cookie": f"__Host-greenlane={ann}"})
    assert answer.status_code == 403
    assert httpx.get(origin, headers={"cookie": f"__Host-greenlane={ann}"}).status_code == 200


def test_signing_in_ends_the_session_before(origin: str, ann: str):
    httpx.post(
        f"{origin}/sign-in", data={"code": "Ann"}, headers={"origin": origin, "cookie": f"__Host-greenlane={ann}"}
    )
    assert httpx.get(origin, headers={"cookie": f"__Host-greenlane={ann}"}).status_code == 401


def test_a_planted_second_cookie_signs_nobody_in(origin: str, ann: str, ben: str):
    both = f"__Host-greenlane={ann}; __Host-greenlane={ben}"
    assert httpx.get(origin, headers={"cookie": both}).status_code == 401


@pytest.mark.parametrize("path", ["/", "/sign-in", "/nothing", "/api/effects"])
def test_every_answer_carries_the_security_headers(origin: str, ann: str, path: str):
    headers = httpx.get(origin + path, headers={"cookie": f"__Host-greenlane={ann}"}).headers
    policy = headers["content-security-policy"]
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy.partition("script-src")[2].partition(";")[0]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert "permissions-policy" in headers


def test_no_other_site_may_read_an_answer(origin: str, ann: str):
    answer = httpx.get(origin, headers={"origin": "https://evil.example", "cookie": f"__Host-greenlane={ann}"})
    assert answer.status_code == 403
    assert "access-control-allow-origin" not in answer.headers


def test_a_foreign_host_name_is_answered_with_nothing(origin: str):
    assert httpx.get(f"{origin}/ping", headers={"host": "rebound.example"}).status_code == 421


def test_a_server_with_an_open_handler_does_not_start():
    folder = gate_server.prepared_folder("gate_app_ungated")
    server = gate_server.start(3130 + gate_server.worker_number(), folder, "--backend-only", GATE_APP_UNGATED="1")
    try:
        assert server.wait(60) != 0
    finally:
        gate_server.stop(server)
    assert "Careless.wipe" in gate_server.log(folder)
    assert "@requires" in gate_server.log(folder)
