"""Testing a connection: one call to its own host, the same guard as ever, and nothing told but the status."""

from dataclasses import replace

import pytest

from runtime.engine import probing as engine_probing
from runtime.errors import NotAllowed, NotFound, TooManyTries
from runtime.operations import connections, credentials, probing, rights
from runtime.operations.connecting import Connecting, Credential, ModelConnecting
from runtime.operations.probing import MOST, WINDOW_S
from runtime.store.audit import list_audit
from runtime.store.connections import write_connection
from tests.support.outside_host import OutsideHost, Reply
from tests.support.reviewing import somebody

CANARY = "sk-canary-0123456789"


@pytest.fixture
def host():
    with OutsideHost() as found:
        yield found


async def added(runtime, actor, host, **said) -> str:
    connecting = Connecting(name="Desk", host=host.name, internal=True, plain=True, probe="/v1/me").model_copy(
        update=said
    )
    return await connections.add_connection(runtime, actor, connecting=connecting)


@pytest.fixture
async def desk(runtime, it, host) -> str:
    return await added(runtime, it, host)


async def told(runtime, actor, connection):
    return await probing.test_connection(runtime, actor, connection=connection)


async def put(runtime, actor, connection, **said) -> None:
    given = Credential.model_validate({"secret": CANARY} | said)
    await credentials.set_credential(runtime, actor, connection=connection, credential=given)


@pytest.mark.parametrize(
    ("status", "result", "words"),
    [
        (200, "reached", "accepts the credential"), (401, "wrong_key", "does not accept the credential"),
        (403, "wrong_key", "does not accept"), (404, "reached", "Nothing is at /v1/me"),
        (302, "reached", "not followed"), (500, "refused", "refuses to answer"), (429, "refused", "refuses to answer"),
    ],
)  # fmt: skip
async def test_the_result_is_a_sentence_and_nothing_of_the_answer(runtime, it, host, desk, status, result, words):
    await put(runtime, it, desk)
    headers = {"Location": "http://169.254.169.254/"} if status == 302 else {}
    host.say(Reply(status=status, body=b"body-canary", headers=headers | {"X-Told": "header-canary"}))
    found = await told(runtime, it, desk)
    assert (found.result, words in found.sentence) == (result, True), found.sentence
    assert "canary" not in found.sentence
    (got,) = host.got
    assert (got.method, got.path, got.headers["authorization"]) == ("GET", "/v1/me", f"Bearer {CANARY}")


async def test_one_in_the_address_is_tested_too_and_not_told(runtime, it, host, desk):
    await put(runtime, it, desk, kind="query", query="key")
    found = await told(runtime, it, desk)
    assert host.got[0].path == f"/v1/me?key={CANARY}"
    assert CANARY not in found.sentence


async def test_nobody_there_a_broken_answer_and_a_switched_off_one_are_told_apart(runtime, it, host, desk):
    await connections.stop_connection(runtime, it, connection=desk, reason="The desk moves on Friday.")
    assert "switched off" in (await told(runtime, it, desk)).sentence
    assert host.got == []
    await connections.start_connection(runtime, it, connection=desk, reason="The desk is there again.")
    host.say(Reply(raw=b"no http at all\r\n\r\n"))
    assert (await told(runtime, it, desk)).result == "not_reached"
    connecting = Connecting(name="Nobody", host="127.0.0.1:9", internal=True, plain=True)
    nobody = await connections.add_connection(runtime, it, connecting=connecting)
    assert "nobody answers" in (await told(runtime, it, nobody)).sentence


async def test_a_host_that_says_nothing_ends_the_test_and_not_the_patience(runtime, it, host, desk, monkeypatch):
    monkeypatch.setattr(engine_probing, "PATIENCE_S", 0.1)
    host.say(Reply(silent=True))
    assert "did not answer" in (await told(runtime, it, desk)).sentence


async def test_a_missing_credential_is_told_and_nothing_is_sent_without_it(runtime, it, host, desk):
    await put(runtime, it, desk, secret="", key_env="GREENLANE_KEY_NOT_THERE")
    found = await told(runtime, it, desk)
    assert "is missing" in found.sentence
    assert host.got == []


@pytest.mark.parametrize(
    ("name", "address"),
    [
        ("rebinding.example.com", "127.0.0.1"), ("metadata.example.com", "169.254.169.254"),
        ("inside.example.com", "10.0.0.5"), ("six.example.com", "::1"), ("mapped.example.com", "::ffff:127.0.0.1"),
        ("nothing.example.com", "0.0.0.0"),
    ],
)  # fmt: skip
async def test_a_public_name_that_leads_inwards_is_not_called(runtime, it, name, address, monkeypatch):
    connecting = Connecting(name="Outside", host=name)
    found = await connections.add_connection(runtime, it, connecting=connecting)
    monkeypatch.setattr(runtime.hosts, "lookup", looking(address))
    assert (await told(runtime, it, found)).sentence == f"{name} leads to an address that nothing may be sent to."


def looking(address: str):
    async def lookup(_name: str, _port: int) -> list[str]:
        return [address]

    return lookup


@pytest.mark.parametrize(
    "turned", ["169.254.169.254", "127.0.0.1:1", "evil.example.com/x", "desk.example.com@127.0.0.1"]
)
async def test_a_row_that_was_turned_elsewhere_is_not_called_with_its_credential(runtime, it, host, desk, turned):
    await put(runtime, it, desk)
    card = (await connections.list_connections(runtime, it))[0]
    await runtime.writer.write(lambda tx: write_connection(tx, replace(card.connection, host=turned)))
    assert (await told(runtime, it, desk)).result == "not_reached"
    assert host.got == []


async def test_whoever_may_use_a_connection_tests_it(runtime, it, desk):
    ana = await somebody(runtime, "Ana", "analyst")
    with pytest.raises(NotFound):
        await told(runtime, ana, desk)
    await rights.give(runtime, it, kind="connection", name=desk, holder=ana.id, level="see")
    with pytest.raises(NotAllowed, match="right to use it"):
        await told(runtime, ana, desk)
    await rights.give(runtime, it, kind="connection", name=desk, holder=ana.id, level="run")
    assert (await told(runtime, ana, desk)).result == "reached"


async def test_tests_are_recorded_and_few_in_a_minute(runtime, it, host, desk, monkeypatch):
    for _ in range(MOST):
        await told(runtime, it, desk)
    with pytest.raises(TooManyTries):
        await told(runtime, it, desk)
    assert len(host.got) == MOST
    assert sum(each.action == "connection.test" for each in runtime.reader.now(list_audit)) == MOST
    now = runtime.clock.now()
    monkeypatch.setattr(runtime.clock, "now", lambda: now + WINDOW_S)
    await told(runtime, it, desk)


@pytest.mark.parametrize(
    ("provider", "header", "value"),
    [("openai", "authorization", f"Bearer {CANARY}"), ("anthropic", "x-api-key", CANARY),
     ("gemini", "x-goog-api-key", CANARY), ("azure", "api-key", CANARY)],
)  # fmt: skip
async def test_a_model_connection_is_asked_for_its_models_with_its_key(runtime, it, host, provider, header, value):
    connecting = ModelConnecting(name="V", provider=provider, base_url=f"{host.url}/v1", hosting="here")
    found = await connections.add_connection(runtime, it, connecting=connecting)
    await put(runtime, it, found)
    assert (await told(runtime, it, found)).result == "reached"
    assert (host.got[0].path, host.got[0].headers[header]) == ("/v1/models", value)
    host.say(Reply(status=404))
    found = await told(runtime, it, found)
    assert (found.result, "look at the address" in found.sentence) == ("refused", True)
