"""Connections: who may make one, what may not be one, and a credential that stays with its host."""

from dataclasses import replace

import pytest

from runtime.errors import BadInput, Conflict, NotAllowed, NotFound, ProveYourself
from runtime.operations import connections
from runtime.operations.connections import Connecting
from runtime.store.audit import list_audit
from runtime.store.connections import connection_of_host
from runtime.store.models import bind_alias, list_aliases
from tests.support.reviewing import somebody

DESK = {"name": "Ticket desk", "host": "desk.example.com", "header": "X-Api-Key", "key_env": "GREENLANE_KEY_DESK"}
REASON = "The desk moves on Friday."


@pytest.fixture
async def it(runtime):
    return await somebody(runtime, "Ida", "reviewer")


async def added(runtime, actor, **changed):
    return await connections.add_connection(runtime, actor, connecting=Connecting.model_validate(DESK | changed))


async def only(runtime, actor):
    (card,) = await connections.list_connections(runtime, actor)
    return card.connection


async def test_it_makes_a_connection_and_everybody_who_builds_sees_it(runtime, it, monkeypatch):
    await added(runtime, it, clearance="internal")
    (card,) = await connections.list_connections(runtime, await somebody(runtime, "Ana", "analyst"))
    assert (card.connection.host, card.connection.clearance, card.key_found) == ("desk.example.com", "internal", False)
    monkeypatch.setenv("GREENLANE_KEY_DESK", "sk-canary")
    (card,) = await connections.list_connections(runtime, it)
    assert card.key_found
    assert "sk-canary" not in repr(card)


async def test_an_analyst_changes_none(runtime, it):
    found = await added(runtime, it)
    ana = await somebody(runtime, "Ana", "analyst")
    with pytest.raises(NotAllowed):
        await added(runtime, ana, name="Mine", host="mine.example.com")
    with pytest.raises(NotAllowed):
        await connections.remove_connection(runtime, ana, connection=found)
    assert (await only(runtime, it)).stopped is None


async def test_a_change_needs_a_fresh_proof_and_a_stop_does_not(runtime, it):
    found = await added(runtime, it)
    stale = replace(it, proved=0.0)
    with pytest.raises(ProveYourself):
        await connections.remove_connection(runtime, stale, connection=found)
    await connections.stop_connection(runtime, stale, connection=found, reason=REASON)
    with pytest.raises(ProveYourself):
        await connections.start_connection(runtime, stale, connection=found, reason=REASON)
    assert (await only(runtime, it)).stopped is not None


@pytest.mark.parametrize(
    ("written", "host"),
    [("https://Desk.Example.COM/", "desk.example.com"), ("desk.example.com:443", "desk.example.com"),
     ("desk.example.com:8443", "desk.example.com:8443")],
)  # fmt: skip
async def test_a_host_is_kept_as_it_is_compared(runtime, it, written, host):
    await added(runtime, it, host=written)
    assert runtime.reader.now(lambda tx: connection_of_host(tx, host)) is not None


@pytest.mark.parametrize(
    "changed",
    [
        {"host": "desk.example.com/path"}, {"host": "a b"}, {"host": "user@desk.example.com"}, {"host": "2130706433"},
        {"host": "127.0.0.1"}, {"host": "10.0.0.5"}, {"host": "169.254.169.254", "internal": True},
        {"host": "0.0.0.0", "internal": True}, {"host": "*.example.com"}, {"plain": True}, {"header": ""},
        {"key_env": ""}, {"header": "Host"}, {"header": "Idempotency-Key"},
    ],
)  # fmt: skip
async def test_what_could_not_be_called_safely_is_refused_with_a_sentence(runtime, it, changed):
    with pytest.raises(BadInput) as refusal:
        await added(runtime, it, **changed)
    assert refusal.value.sentence
    assert refusal.value.hint
    assert await connections.list_connections(runtime, it) == []


async def test_a_host_of_our_own_is_reached_when_it_is_marked_as_one(runtime, it):
    await added(runtime, it, host="10.0.0.5:8080", internal=True, plain=True)
    assert (await only(runtime, it)).host == "10.0.0.5:8080"


async def test_a_connection_never_turns_to_another_host(runtime, it):
    found = await added(runtime, it)
    with pytest.raises(BadInput, match="given for that host"):
        await connections.change_connection(
            runtime, it, connection=found, connecting=Connecting.model_validate(DESK | {"host": "evil.example.com"})
        )
    renamed = Connecting.model_validate(DESK | {"name": "Desk"})
    await connections.change_connection(runtime, it, connection=found, connecting=renamed)
    assert ((await only(runtime, it)).name, (await only(runtime, it)).id) == ("Desk", found)


async def test_a_credential_goes_to_one_host_only(runtime, it):
    await added(runtime, it)
    with pytest.raises(Conflict, match="goes to no other host"):
        await added(runtime, it, name="Other", host="evil.example.com")
    (alias,) = runtime.reader.now(list_aliases)
    await runtime.writer.write(lambda tx: bind_alias(tx, replace(alias, key_env="GREENLANE_KEY_MODEL")))
    with pytest.raises(Conflict, match="key of a model"):
        await added(runtime, it, name="Other", host="evil.example.com", key_env="GREENLANE_KEY_MODEL")


@pytest.mark.parametrize("changed", [{"host": "other.example.com"}, {"name": "Other"}])
async def test_a_name_and_a_host_belong_to_one_connection(runtime, it, changed):
    await added(runtime, it)
    with pytest.raises(Conflict):
        await added(runtime, it, header="", key_env="", **changed)


async def test_stopping_and_starting_are_written_down_with_their_reason(runtime, it):
    found = await added(runtime, it)
    with pytest.raises(BadInput):
        await connections.stop_connection(runtime, it, connection=found, reason="because")
    await connections.stop_connection(runtime, it, connection=found, reason=REASON)
    with pytest.raises(Conflict):
        await connections.stop_connection(runtime, it, connection=found, reason=REASON)
    await connections.start_connection(runtime, it, connection=found, reason="It has moved and answers again.")
    told = [(each.action, each.thing, each.reason) for each in runtime.reader.now(list_audit) if each.outcome == "done"]
    assert ("connection.stop", "desk.example.com", REASON) in told
    assert ("connection.start", "desk.example.com", "It has moved and answers again.") in told


async def test_what_may_be_sent_there_before_and_after_a_change_is_written_down(runtime, it):
    found = await added(runtime, it, clearance="public")
    await connections.change_connection(
        runtime, it, connection=found, connecting=Connecting.model_validate(DESK | {"clearance": "restricted"})
    )
    after, before = runtime.reader.now(list_audit)[:2]
    assert before.reason.startswith("nothing → cleared for public")
    assert after.thing == "desk.example.com"
    assert after.reason.startswith("cleared for public, credential")
    assert "→ cleared for restricted" in after.reason


async def test_what_is_gone_is_not_found(runtime, it):
    found = await added(runtime, it)
    await connections.remove_connection(runtime, it, connection=found)
    with pytest.raises(NotFound):
        await connections.remove_connection(runtime, it, connection=found)
