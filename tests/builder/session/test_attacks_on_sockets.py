"""Attacks on connecting: who gets a socket, whose state it shows, and when it ends."""

import asyncio

import pytest

from builder.session.wrapper import SESSION_TOKEN
from tests.support import gate_server
from tests.support.gate_client import DESK, DRAWER, HYDRATE, effects, post, sign_in, tell
from tests.support.raw_socket import STATE, RawSocket, Refused

pytestmark = pytest.mark.slow


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


@pytest.mark.parametrize("first", [[], [["disconnect", "bye"]]], ids=["at once", "after a made-up end"])
async def test_a_message_called_connect_does_not_link_a_socket_to_another_tab(
    origin: str, ann: str, ben: str, word: str, first: list
):
    """Socket.IO dispatches it as it does a real connection, with an environ of the sender's choice."""
    victim = await RawSocket.open(origin, cookie=ann, token=word)
    await victim.send(HYDRATE)
    await victim.settle()
    session = next(data for _, data in victim.received if "rx_router_session" in str(data))
    rewritten = session["delta"][STATE]["rx_router_session_rx_state_"]["client_token"]
    await victim.close()
    thief = await RawSocket.open(origin, cookie=ben)
    environ = {"asgi.scope": {SESSION_TOKEN: ben, "headers": []}, "QUERY_STRING": f"token={rewritten}"}
    for message in (*first, ["connect", environ, None]):
        await thief.send_raw(message)
    await thief.listen(0.5)
    await thief.send(f"{DESK}.write", {"text": f"forged {word}"})
    await thief.settle()
    await thief.close()
    assert not any(f"forged {word}" in line for line in effects(origin)), "Ann may write, and Ben may not"


async def test_two_tabs_with_one_token_keep_two_states(origin: str, ann: str, word: str):
    first = await RawSocket.open(origin, cookie=ann, token=word)
    second = await RawSocket.open(origin, cookie=ann, token=word)
    await second.settle()
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
