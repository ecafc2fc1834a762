"""Credentials: entered once, kept sealed, sent to their host in the way it wants, and shown to nobody."""

import base64
import json
from dataclasses import replace
from urllib.parse import quote

import pytest
from pydantic import SecretStr

from runtime.errors import BadInput, Conflict, NotAllowed, NotFound, ProveYourself
from runtime.operations import connections, credentials, models, rights, runs
from runtime.operations.connecting import Connecting, Credential, ModelConnecting
from runtime.operations.models import Binding
from runtime.operations.trying import adopt_file
from runtime.store.audit import list_audit
from runtime.store.connections import write_connection
from runtime.store.models import bind_alias, list_aliases
from runtime.store.secrets import find_secret, keep_secret, list_secrets
from runtime.vault import KEY_FILE, Vault
from tests.support.model_server import Turn
from tests.support.outside_host import OutsideHost
from tests.support.reviewing import somebody

CANARY = "sk-canary/+&~0123456789-abcdef"

CALLING = """
greenlane: 1
name: calling
words: {{title: Calling}}
meaning:
  steps:
    start: {{type: flow.start, settings: {{inputs: [{{name: text, kind: text, data_class: public}}]}}}}
    call: {{type: connect.call_http, settings: {{url: "{url}/x", on_error: exit}}}}
    finish: {{type: flow.finish, settings: {{outputs: [{{name: body, value: "{{{{ call.body }}}}"}},
      {{name: error, value: "{{{{ call.error }}}}"}}]}}}}
  edges: [{{from: start, to: call}}, {{from: call, to: finish}}, {{from: call.error, to: finish}}]
"""


@pytest.fixture
def host():
    with OutsideHost() as found:
        yield found


@pytest.fixture
async def desk(runtime, it, host) -> str:
    connecting = Connecting(name="Desk", host=host.name, internal=True, plain=True, clearance="internal")
    return await connections.add_connection(runtime, it, connecting=connecting)


def given(**said) -> Credential:
    return Credential.model_validate({"secret": CANARY} | said)


async def put(runtime, actor, connection, **said) -> None:
    await credentials.set_credential(runtime, actor, connection=connection, credential=given(**said))


async def card_of(runtime, actor, connection):
    cards = await connections.list_connections(runtime, actor)
    return next(each for each in cards if each.connection.id == connection)


async def called(runtime, actor, host):
    """What a step's call brought to the host."""
    _, name = await adopt_file(runtime, CALLING.format(url=host.url).encode())
    return await runs.run_to_end(runtime, actor, workflow=name, inputs={"text": "x"})


@pytest.mark.parametrize(
    ("said", "header", "value"),
    [
        ({}, "authorization", f"Bearer {CANARY}"),
        ({"kind": "header", "header": "X-Api-Key"}, "x-api-key", CANARY),
        ({"kind": "basic", "login": "robot"}, "authorization",
         "Basic " + base64.b64encode(f"robot:{CANARY}".encode()).decode()),
    ],
)  # fmt: skip
async def test_each_kind_is_sent_as_the_host_wants_it(runtime, owner, it, host, desk, said, header, value):
    await put(runtime, it, desk, **said)
    await called(runtime, owner, host)
    (got,) = host.got
    assert got.headers[header] == value


async def test_one_in_the_address_is_sent_there_and_stands_in_no_record(runtime, owner, it, host, desk, tmp_path):
    await put(runtime, it, desk, kind="query", query="api_key")
    end = await called(runtime, owner, host)
    assert host.got[0].path == f"/x?api_key={quote(CANARY, safe='')}"
    assert CANARY not in json.dumps(end.outputs)
    assert_nowhere(tmp_path)


def forms(secret: str) -> list[bytes]:
    """A secret in all the ways it could lie around."""
    raw = secret.encode()
    found = [raw, quote(secret, safe="").encode(), raw.hex().encode(), raw.hex().upper().encode()]
    for skipped in range(3):
        packed = base64.b64encode(b"x" * skipped + raw)
        found += [packed[4:-4], packed[4:-4].replace(b"+", b"-").replace(b"/", b"_")]
    return found


def assert_nowhere(folder, secret: str = CANARY) -> None:
    """No file of the data folder holds it: database, its log, files, locks, indexes."""
    for path in folder.rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            for form in forms(secret):
                assert form not in content, f"{form!r} in {path.name}"


async def test_a_credential_lies_in_clear_nowhere_whatever_is_done_with_it(
    runtime, owner, it, host, desk, tmp_path, caplog, capfd
):
    """Set, used, echoed by the host, refused, replaced, removed: and looked for in every file, answer and log."""
    caplog.set_level(0)
    told: list[object] = []
    for said in ({}, {"kind": "basic", "login": "robot"}, {"kind": "header", "header": "X-Key"}):
        await put(runtime, it, desk, **said)
        told += [given(**said), await card_of(runtime, it, desk), await called(runtime, owner, host)]
        with pytest.raises(BadInput) as refusal:
            await put(runtime, it, desk, secret=f"{CANARY}\nx")
        told += [refusal.value.as_dict(), refusal.value]
    with pytest.raises(BadInput) as refusal:
        await put(runtime, it, desk, key_env="GREENLANE_KEY_DESK")
    told += [refusal.value.as_dict(), runtime.reader.now(list_audit), runtime.reader.now(list_secrets), runtime]
    assert_nowhere(tmp_path)
    await credentials.remove_credential(runtime, it, connection=desk)
    assert_nowhere(tmp_path)
    said_aloud = (repr(told) + caplog.text + "".join(capfd.readouterr())).encode()
    assert len(host.got) == 3
    for form in forms(CANARY):
        assert form not in said_aloud


async def test_it_is_never_shown_again_only_who_set_it_and_when(runtime, it, desk):
    await put(runtime, it, desk)
    card = await card_of(runtime, it, desk)
    assert (card.key_found, card.set_by) == (True, "p_it")
    assert card.set_at is not None
    assert card.connection.credential == "bearer"


async def test_a_new_one_takes_the_place_of_the_old_and_removing_leaves_nothing(runtime, owner, it, host, desk):
    await put(runtime, it, desk)
    await put(runtime, it, desk, secret="another-one")
    await called(runtime, owner, host)
    assert host.got[0].headers["authorization"] == "Bearer another-one"
    await credentials.remove_credential(runtime, it, connection=desk)
    assert runtime.reader.now(list_secrets) == []
    with pytest.raises(Conflict):
        await credentials.remove_credential(runtime, it, connection=desk)
    await runs.run_to_end(runtime, owner, workflow="calling", inputs={"text": "x"})
    assert "authorization" not in host.got[1].headers


async def test_it_goes_with_its_connection(runtime, it, desk):
    await put(runtime, it, desk)
    await connections.remove_connection(runtime, it, connection=desk)
    assert runtime.reader.now(list_secrets) == []


async def test_whoever_may_change_a_connection_sets_its_credential_and_nobody_else(runtime, it, desk):
    ana = await somebody(runtime, "Ana", "analyst")
    with pytest.raises(NotFound):
        await put(runtime, ana, desk)
    await rights.give(runtime, it, kind="connection", name=desk, holder=ana.id, level="run")
    for act in (put(runtime, ana, desk), credentials.remove_credential(runtime, ana, connection=desk)):
        with pytest.raises(NotAllowed, match="right to change it"):
            await act
    await rights.give(runtime, it, kind="connection", name=desk, holder=ana.id, level="edit")
    await put(runtime, ana, desk)
    assert (await card_of(runtime, it, desk)).set_by == "Ana"


async def test_it_asks_for_a_fresh_proof_of_who_acts(runtime, it, desk):
    stale = replace(it, proved=0.0)
    with pytest.raises(ProveYourself):
        await put(runtime, stale, desk)
    with pytest.raises(ProveYourself):
        await credentials.remove_credential(runtime, stale, connection=desk)


@pytest.mark.parametrize(
    "said",
    [
        {"secret": ""}, {"key_env": "GREENLANE_KEY_X"}, {"secret": "a\nb"}, {"secret": "a\x00b"},
        {"secret": "a" * 8001}, {"kind": "header"}, {"kind": "header", "header": "Host"},
        {"kind": "header", "header": "Idempotency-Key"},
        {"kind": "query"}, {"kind": "basic"}, {"kind": "basic", "login": "a:b"}, {"secret": "Bearer abc"},
    ],
)  # fmt: skip
async def test_what_could_not_be_sent_is_refused_with_a_sentence_and_changes_nothing(runtime, it, desk, said):
    with pytest.raises(BadInput) as refusal:
        await put(runtime, it, desk, **said)
    assert refusal.value.hint
    assert (await card_of(runtime, it, desk)).connection.credential == "none"
    assert runtime.reader.now(list_secrets) == []


async def test_a_variable_of_the_server_may_hold_it_instead(runtime, owner, it, host, desk, monkeypatch):
    await put(runtime, it, desk, kind="header", header="X-Key", secret="", key_env="GREENLANE_KEY_DESK")
    assert not (await card_of(runtime, it, desk)).key_found
    end = await called(runtime, owner, host)
    assert "credential of the connection “Desk” is missing" in (end.error or {}).get("message", "")
    assert host.got == []
    monkeypatch.setenv("GREENLANE_KEY_DESK", "Token abc")
    await runs.run_to_end(runtime, owner, workflow="calling", inputs={"text": "x"})
    assert host.got[0].headers["x-key"] == "Token abc"


async def test_a_variable_holds_the_credential_of_one_host_only(runtime, it, desk):
    await put(runtime, it, desk, secret="", key_env="GREENLANE_KEY_DESK")
    other = await connections.add_connection(runtime, it, connecting=Connecting(name="O", host="evil.example.com"))
    with pytest.raises(Conflict, match="goes to no other host"):
        await put(runtime, it, other, secret="", key_env="GREENLANE_KEY_DESK")
    (alias,) = runtime.reader.now(list_aliases)
    await runtime.writer.write(lambda tx: bind_alias(tx, replace(alias, key_env="GREENLANE_KEY_MODEL")))
    with pytest.raises(Conflict, match="goes to no other host"):
        await put(runtime, it, other, secret="", key_env="GREENLANE_KEY_MODEL")


@pytest.mark.parametrize("key_env", ["GREENLANE_KEY_DESK", "GREENLANE_KEY_VENDOR"])
async def test_no_alias_takes_the_credential_of_another_host_along(runtime, it, desk, key_env):
    """Neither that of a connection, nor the key of an alias, its own included when it moves."""
    await put(runtime, it, desk, secret="", key_env="GREENLANE_KEY_DESK")
    vendor = {"name": "vendor", "model": "openai/x", "base_url": "https://api.vendor.com/v1"}
    vendor |= {"key_env": "GREENLANE_KEY_VENDOR"}
    await models.bind_alias(runtime, it, binding=Binding.model_validate(vendor))
    await models.bind_alias(runtime, it, binding=Binding.model_validate(vendor | {"name": "same-host"}))
    for name in ("vendor", "mine"):
        evil = {"name": name, "base_url": "https://evil.example.com/v1", "key_env": key_env}
        with pytest.raises(Conflict, match="goes to no other host"):
            await models.bind_alias(runtime, it, binding=Binding.model_validate(vendor | evil))


async def test_only_it_names_a_variable_of_the_server(runtime, it, desk):
    """Or whoever may change one connection would send whatever the server's environment holds to its host."""
    ana = await somebody(runtime, "Ana", "analyst")
    await rights.give(runtime, it, kind="connection", name=desk, holder=ana.id, level="edit")
    with pytest.raises(NotAllowed, match="for IT"):
        await put(runtime, ana, desk, secret="", key_env="GREENLANE_KEY_OTHER")
    assert (await card_of(runtime, it, desk)).connection.credential == "none"
    await put(runtime, ana, desk)
    assert (await card_of(runtime, it, desk)).set_by == "Ana"


async def test_what_was_given_to_be_sent_encrypted_is_never_sent_in_the_open(runtime, it):
    safe = {"name": "Safe", "host": "safe.example.com", "internal": True}
    found = await connections.add_connection(runtime, it, connecting=Connecting.model_validate(safe))
    await put(runtime, it, found)
    opened = Connecting.model_validate(safe | {"plain": True})
    with pytest.raises(BadInput, match="sent encrypted"):
        await connections.change_connection(runtime, it, connection=found, connecting=opened)
    await credentials.remove_credential(runtime, it, connection=found)
    await connections.change_connection(runtime, it, connection=found, connecting=opened)
    await put(runtime, it, found)
    await connections.change_connection(runtime, it, connection=found, connecting=Connecting.model_validate(safe))


async def test_a_row_turned_to_another_host_sends_nothing(runtime, owner, it, host, desk):
    """Somebody who can write to the database turns the connection to a host of theirs, or copies the sealed value."""
    await put(runtime, it, desk)
    row = (await card_of(runtime, it, desk)).connection
    with OutsideHost() as evil:
        await runtime.writer.write(lambda tx: write_connection(tx, replace(row, host=evil.name)))
        runtime.hosts.forget()
        end = await called(runtime, owner, evil)
        assert "sealed for another place" in (end.error or {}).get("message", "")
        connecting = Connecting(name="Mine", host=host.name, internal=True, plain=True)
        other = await connections.add_connection(runtime, it, connecting=connecting)
        await put(runtime, it, other)

        def copy(tx) -> None:
            kept = find_secret(tx, desk)
            assert kept is not None
            keep_secret(tx, replace(kept, connection=other, host=host.name))

        await runtime.writer.write(copy)
        await called(runtime, owner, host)
        assert (evil.got, host.got) == ([], [])


async def test_without_the_master_key_a_call_fails_with_a_sentence_and_nothing_leaves(
    runtime, owner, it, host, desk, tmp_path
):
    await put(runtime, it, desk)
    (tmp_path / KEY_FILE).unlink()
    lost = Vault(tmp_path)
    object.__setattr__(runtime.keys, "_vault", lost)
    end = await called(runtime, owner, host)
    assert "master key that sealed this credential is not here" in (end.error or {}).get("message", "")
    assert host.got == []


@pytest.fixture
async def vendor(runtime, it, model) -> str:
    connecting = ModelConnecting(name="Vendor", provider="openai", base_url=model.url, hosting="here")
    return await connections.add_connection(runtime, it, connecting=connecting)


async def asked(runtime, it, owner, vendor, *, fast: bool):
    binding = Binding(name="fast", model="scripted", connection=vendor, fast=fast, clearance="restricted")
    await models.bind_alias(runtime, it, binding=binding)
    source = CALLING.format(url="https://x.example").replace(
        '{type: connect.call_http, settings: {url: "https://x.example/x", on_error: exit}}',
        '{type: ai.ask_model, settings: {alias: fast, messages: [{role: user, text: "{{ start.text }}"}]}}',
    )
    source = (
        source.replace("call.body", "call.text")
        .replace(',\n      {name: error, value: "{{ call.error }}"}', "")
        .replace(", {from: call.error, to: finish}", "")
    )
    _, name = await adopt_file(runtime, source.encode())
    return await runs.run_to_end(runtime, owner, workflow=name, inputs={"text": "x"})


@pytest.mark.parametrize("fast", [True, pytest.param(False, marks=pytest.mark.slow)])
async def test_a_model_is_asked_over_its_connection_with_the_key_of_the_vault(
    runtime, it, owner, vendor, model, fast, tmp_path
):
    await put(runtime, it, vendor)
    model.say(Turn(text="Hello"))
    end = await asked(runtime, it, owner, vendor, fast=fast)
    assert (end.status, end.outputs) == ("succeeded", {"body": "Hello"})
    assert model.calls[0].headers["authorization"] == f"Bearer {CANARY}"
    assert_nowhere(tmp_path)


@pytest.mark.slow
@pytest.mark.parametrize("fast", [True, False])
async def test_a_missing_key_is_an_error_and_the_providers_own_variable_is_never_sent(
    runtime, it, owner, vendor, model, fast, monkeypatch
):
    for name in ("OPENAI_API_KEY", "OPENAI_KEY", "LITELLM_API_KEY", "OPENAI_ORGANIZATION"):
        monkeypatch.setenv(name, "sk-of-the-environment")
    await put(runtime, it, vendor)
    await runtime.writer.write(lambda tx: tx.exec_driver_sql("DELETE FROM secret"))
    end = await asked(runtime, it, owner, vendor, fast=fast)
    assert "credential of the connection “Vendor” is missing" in (end.error or {}).get("message", "")
    assert model.calls == []
    await credentials.remove_credential(runtime, it, connection=vendor)
    model.say(Turn(text="Hello"))
    await runs.run_to_end(runtime, owner, workflow="calling", inputs={"text": "x"})
    assert "sk-of-the-environment" not in repr(model.calls[0].headers), "a model without a key is asked without one"


async def test_an_alias_leads_over_a_connection_only_for_who_may_use_it(runtime, it, owner, vendor):
    rita = await somebody(runtime, "Rita", "reviewer")
    binding = Binding(name="mine", model="scripted", connection=vendor)
    with pytest.raises(NotAllowed, match="not use it"):
        await models.bind_alias(runtime, rita, binding=binding)
    await rights.give(runtime, it, kind="connection", name=vendor, holder=rita.id, level="run")
    await models.bind_alias(runtime, rita, binding=binding)
    card = next(each for each in await models.list_aliases(runtime, rita) if each.alias.name == "mine")
    assert (card.over, card.alias.model, card.alias.hosting) == ("Vendor", "openai/scripted", "here")
    with pytest.raises(BadInput, match="connection's"):
        await models.bind_alias(runtime, rita, binding=binding.model_copy(update={"key_env": "GREENLANE_KEY_X"}))
    with pytest.raises(NotFound):
        await models.bind_alias(runtime, rita, binding=binding.model_copy(update={"connection": "con_0"}))
    with pytest.raises(Conflict, match="leads over"):
        await connections.remove_connection(runtime, it, connection=vendor)


async def test_stopping_the_connection_of_a_model_stops_the_model(runtime, it, owner, vendor, model):
    reason = "The contract with them has ended."
    await connections.stop_connection(runtime, it, connection=vendor, reason=reason)
    end = await asked(runtime, it, owner, vendor, fast=True)
    assert "switched off by IT" in (end.error or {}).get("message", "")
    assert model.calls == []


async def test_a_secret_is_not_in_the_words_of_a_form_that_does_not_fit():
    assert CANARY not in repr(Credential(secret=SecretStr(CANARY)))
