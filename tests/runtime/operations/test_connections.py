"""Connections: who may make one, what may not be one, and a credential that stays with its host."""

from dataclasses import replace

import pytest
from pydantic import SecretStr

from runtime.errors import BadInput, Conflict, NotAllowed, NotFound, ProveYourself
from runtime.operations import connections, credentials, rights
from runtime.operations.connecting import Connecting, Credential, ModelConnecting
from runtime.store.audit import list_audit
from runtime.store.connections import connection_of_host
from tests.support.reviewing import somebody

DESK = {"name": "Ticket desk", "host": "desk.example.com"}
VENDOR = {"name": "Vendor", "provider": "openai", "base_url": "https://api.example.com/v1"}
REASON = "The desk moves on Friday."


@pytest.fixture
async def it(runtime):
    return await somebody(runtime, "Ida", "reviewer")


async def added(runtime, actor, everybody=False, **changed):
    connecting = Connecting.model_validate(DESK | changed)
    return await connections.add_connection(runtime, actor, connecting=connecting, everybody=everybody)


async def only(runtime, actor):
    (card,) = await connections.list_connections(runtime, actor)
    return card.connection


async def test_who_adds_one_owns_it_and_others_see_it_when_it_is_shared(runtime, it, owner):
    found = await added(runtime, it, clearance="internal")
    ana = await somebody(runtime, "Ana", "analyst")
    assert await connections.list_connections(runtime, ana) == []
    rita = await somebody(runtime, "Rita", "reviewer")
    levels = [(await connections.list_connections(runtime, each))[0].level for each in (it, owner, rita)]
    assert levels == ["own", "own", "see"]
    await rights.give(runtime, it, kind="connection", name=found, holder=ana.id, level="run")
    (card,) = await connections.list_connections(runtime, ana)
    assert (card.connection.clearance, card.level, card.owners) == ("internal", "run", ["Ida"])


async def test_one_for_everybody_who_builds_is_used_by_all_of_them(runtime, it):
    await added(runtime, it, everybody=True)
    for role in ("analyst", "reviewer"):
        (card,) = await connections.list_connections(runtime, await somebody(runtime, role, role))
        assert card.level == "run"


async def test_it_changes_only_what_it_holds_the_right_to_change(runtime, it):
    found = await added(runtime, it, everybody=True)
    rita = await somebody(runtime, "Rita", "reviewer")
    renamed = Connecting.model_validate(DESK | {"name": "Desk"})
    with pytest.raises(NotAllowed, match="right to change it"):
        await connections.change_connection(runtime, rita, connection=found, connecting=renamed)
    await rights.give(runtime, it, kind="connection", name=found, holder=rita.id, level="edit")
    await connections.change_connection(runtime, rita, connection=found, connecting=renamed)
    with pytest.raises(NotAllowed, match="right to own it"):
        await connections.remove_connection(runtime, rita, connection=found)
    await connections.stop_connection(runtime, rita, connection=found, reason=REASON)


async def test_a_connection_that_is_not_shared_is_as_one_that_is_not_there(runtime, it):
    found = await added(runtime, it)
    ana = await somebody(runtime, "Ana", "analyst")
    answers = []
    for each in (found, "con_0"):
        with pytest.raises(NotFound) as refusal:
            await rights.list_rights(runtime, ana, kind="connection", name=each)
        answers.append(refusal.value.sentence.replace(each, ""))
    assert answers[0] == answers[1]


async def test_no_name_is_the_id_of_another_connection(runtime, it):
    """Rights are asked by name or id: one's own connection called as another would open that other."""
    found = await added(runtime, it)
    with pytest.raises(BadInput):
        await added(runtime, it, name=found, host="mine.example.com")


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
        {"host": "0.0.0.0", "internal": True}, {"host": "*.example.com"}, {"plain": True},
        {"host": "metadata.google.internal/x"}, {"host": "[::ffff:127.0.0.1]"}, {"host": "desk.example@evil.example"},
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


@pytest.mark.parametrize("changed", [{"host": "other.example.com"}, {"name": "Other"}])
async def test_a_name_and_a_host_belong_to_one_connection(runtime, it, changed):
    await added(runtime, it)
    with pytest.raises(Conflict):
        await added(runtime, it, **changed)


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
    assert (before.action, before.reason) == ("connection.add", "cleared for public, credential none")
    assert after.thing == "desk.example.com"
    assert after.reason.startswith("cleared for public, credential")
    assert "→ cleared for restricted" in after.reason


async def test_what_is_gone_is_not_found(runtime, it):
    found = await added(runtime, it)
    await connections.remove_connection(runtime, it, connection=found)
    with pytest.raises(NotFound):
        await connections.remove_connection(runtime, it, connection=found)


async def model(runtime, actor, **changed):
    connecting = ModelConnecting.model_validate(VENDOR | changed)
    return await connections.add_connection(runtime, actor, connecting=connecting)


async def test_models_have_connections_of_their_own_also_several_to_one_host(runtime, it):
    await model(runtime, it)
    await model(runtime, it, name="Another account")
    await added(runtime, it, host="api.example.com")
    found = [card.connection for card in await connections.list_connections(runtime, it)]
    assert {(each.name, each.kind, each.host) for each in found} == {
        ("Vendor", "model", "api.example.com"),
        ("Another account", "model", "api.example.com"),
        ("Ticket desk", "http", "api.example.com"),
    }
    step = runtime.reader.now(lambda tx: connection_of_host(tx, "api.example.com"))
    assert step is not None
    assert step.kind == "http", "what models are asked over is not for steps"


@pytest.mark.parametrize(
    "changed",
    [{"provider": "nobody"}, {"base_url": "http://api.example.com/v1"}, {"base_url": "ftp://x"},
     {"base_url": "http://127.0.0.1:1/v1"}, {"base_url": "https://user:pass@api.example.com/v1"}],
)  # fmt: skip
async def test_a_model_connection_leads_to_a_place_a_model_may_be_asked_at(runtime, it, changed):
    with pytest.raises(BadInput):
        await model(runtime, it, **changed)


async def test_a_model_connection_moves_only_without_a_credential(runtime, it):
    found = await model(runtime, it)
    moved = ModelConnecting.model_validate(VENDOR | {"base_url": "https://other.example.com/v1"})
    await connections.change_connection(runtime, it, connection=found, connecting=moved)
    await credentials.set_credential(
        runtime, it, connection=found, credential=Credential(secret=SecretStr("sk-canary"))
    )
    with pytest.raises(BadInput, match="given for that host"):
        await connections.change_connection(
            runtime, it, connection=found, connecting=ModelConnecting.model_validate(VENDOR)
        )
    with pytest.raises(BadInput, match="stays one"):
        await connections.change_connection(runtime, it, connection=found, connecting=Connecting.model_validate(DESK))
