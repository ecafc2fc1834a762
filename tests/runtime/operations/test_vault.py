"""The master key: exchanged without a moment in which a credential could not be opened, killed or not."""

import base64
import secrets
import signal
import subprocess
import sys
from dataclasses import replace

import pytest
from pydantic import SecretStr

from runtime.errors import Conflict, Misconfigured, NotAllowed, ProveYourself
from runtime.operations import connections, credentials, vault
from runtime.operations.connecting import Connecting, Credential
from runtime.operations.people import local_owner
from runtime.operations.vault import how_secrets_are_kept
from runtime.settings import Settings
from runtime.store.audit import list_audit
from runtime.store.database import Reader, open_engine
from runtime.store.secrets import find_secret, keep_secret, list_secrets, use_vault_key, vault_key
from runtime.vault import KEY_FILE, NEXT_FILE, Locked, Vault, key_of
from tests.support.database import database_url, on_sqlite
from tests.support.product import product
from tests.support.reviewing import somebody

CANARIES = {f"host{at}.example.com": f"sk-canary-{at}" for at in range(5)}


async def fill(runtime, actor) -> None:
    for host, secret in CANARIES.items():
        found = await connections.add_connection(runtime, actor, connecting=Connecting(name=host, host=host))
        given = Credential(secret=SecretStr(secret))
        await credentials.set_credential(runtime, actor, connection=found, credential=given)


def opened(runtime) -> dict[str, str]:
    """Every credential, as calls would get it."""
    rows = runtime.reader.now(lambda tx: [each.connection for each in list_secrets(tx)])
    found = {}
    for each in rows:
        row = runtime.reader.now(lambda tx, each=each: connections.found(tx, each))
        found[row.host] = runtime.keys.of(row)
    return found


async def test_every_credential_is_sealed_anew_and_the_old_key_opens_nothing_any_more(runtime, owner, tmp_path):
    await fill(runtime, owner)
    before = runtime.reader.now(list_secrets)
    old = (tmp_path / KEY_FILE).read_text()
    done = await vault.rotate_vault(runtime, owner)
    after = runtime.reader.now(list_secrets)
    assert (done.sealed, {key_of(each.sealed) for each in after}) == (5, {done.key})
    assert {each.sealed for each in before} & {each.sealed for each in after} == set()
    assert opened(runtime) == CANARIES
    assert (tmp_path / KEY_FILE).read_text() != old
    assert not (tmp_path / NEXT_FILE).exists()
    (row, *_) = [each for each in runtime.reader.now(list_audit) if each.action == "vault.rotate"]
    assert (row.thing, row.reason) == (done.key, "5 credentials")


async def test_a_server_beside_it_goes_on_without_being_told(runtime, owner, tmp_path, model):
    await fill(runtime, owner)
    with product(tmp_path, model, sweeps=False) as command:
        await vault.rotate_vault(command, owner)
        assert opened(runtime) == CANARIES
        await fill_one(runtime, owner)
        assert opened(command)["late.example.com"] == "late"


async def fill_one(runtime, actor) -> None:
    found = await connections.add_connection(runtime, actor, connecting=Connecting(name="L", host="late.example.com"))
    await credentials.set_credential(runtime, actor, connection=found, credential=Credential(secret=SecretStr("late")))


DYING = """
import asyncio, os, signal, sys
from pathlib import Path
from runtime.operations import vault as operations
from runtime.operations.people import local_owner
from runtime.settings import Settings
from runtime.store import secrets
from runtime.vault import Vault
from runtime.assembly import assemble

def die(*_, **__):
    os.kill(os.getpid(), signal.SIGKILL)

point = sys.argv[2]
kept = secrets.keep_secret
if point == "key written": operations.do = die
if point == "first resealed":
    secrets.keep_secret = lambda tx, row: (kept(tx, row), die())
runtime = assemble(Settings(data=Path(sys.argv[1]), demo_model=False), sweeps=False)
if point == "committed": Vault.settle = die

async def rotate():
    await operations.rotate_vault(runtime, await local_owner(runtime))

asyncio.run(rotate())
"""


@pytest.mark.slow
@on_sqlite
@pytest.mark.parametrize("point", ["key written", "first resealed", "committed"])
async def test_killed_at_any_moment_everything_opens_and_doing_it_again_ends_it(tmp_path, model, point):
    with product(tmp_path, model) as runtime:
        await fill(runtime, await local_owner(runtime))
        old = runtime.reader.now(vault_key)
    child = subprocess.run([sys.executable, "-c", DYING, str(tmp_path), point], check=False)  # noqa: ASYNC221 - alone here
    assert child.returncode == -signal.SIGKILL
    assert (tmp_path / NEXT_FILE).exists()
    with product(tmp_path, model) as runtime:
        assert opened(runtime) == CANARIES
        assert (runtime.reader.now(vault_key) == old) is (point != "committed")
        assert (tmp_path / NEXT_FILE).exists() is (point != "committed"), "the next start ends what was only not tidied"
        await vault.rotate_vault(runtime, await local_owner(runtime))
        assert opened(runtime) == CANARIES
        assert not (tmp_path / NEXT_FILE).exists()


async def test_one_that_does_not_open_is_named_and_nothing_is_changed(runtime, owner, tmp_path):
    await fill(runtime, owner)
    before = runtime.reader.now(list_secrets)
    key = (tmp_path / KEY_FILE).read_text()
    broken = replace(before[2], sealed=before[2].sealed[:-1] + b"x")
    await runtime.writer.write(lambda tx: keep_secret(tx, broken))
    name = runtime.reader.now(lambda tx: connections.found(tx, broken.connection)).name
    with pytest.raises(Locked, match=name):
        await vault.rotate_vault(runtime, owner)
    left = {each.connection: each.sealed for each in runtime.reader.now(list_secrets)}
    assert left == {each.connection: each.sealed for each in [*before, broken]}
    assert (tmp_path / KEY_FILE).read_text() == key


def random_key() -> str:
    return base64.b64encode(secrets.token_bytes(32)).decode()


async def test_a_key_of_the_environment_is_exchanged_for_the_next_one_set_beside_it(tmp_path, model):
    first, second = random_key(), random_key()
    settings = {"vault_key": first}
    with product(tmp_path, model, set=settings) as runtime:
        owner = await local_owner(runtime)
        await fill(runtime, owner)
        with pytest.raises(Misconfigured, match="no next one"):
            await vault.rotate_vault(runtime, owner)
    with product(tmp_path, model, set=settings | {"vault_key_next": second}) as runtime:
        assert (await vault.rotate_vault(runtime, owner)).by_environment
        assert opened(runtime) == CANARIES
        await fill_one(runtime, owner)
    with product(tmp_path, model, set={"vault_key": second}) as runtime:
        assert opened(runtime) == CANARIES | {"late.example.com": "late"}
    assert not list(tmp_path.glob("vault.key*"))
    everything = b"".join(each.read_bytes() for each in tmp_path.rglob("*") if each.is_file())
    for key in (first, second):
        assert key.encode() not in everything
        assert base64.b64decode(key) not in everything


async def test_a_lost_key_is_explained_and_the_vault_begins_anew(runtime, owner, tmp_path, model):
    await fill(runtime, owner)
    with pytest.raises(Conflict, match="nothing is lost"):
        await vault.reset_vault(runtime, owner)
    (tmp_path / KEY_FILE).unlink()
    with product(tmp_path, model, sweeps=False) as later:
        assert not (tmp_path / KEY_FILE).exists(), "another key would hide that this one is lost"
        cards = await connections.list_connections(later, owner)
        assert {(each.key_found, each.set_at is not None) for each in cards} == {(False, True)}
        with pytest.raises(Locked, match="not here"):
            await fill_one(later, owner)
        assert (await vault.reset_vault(later, owner)).sealed == 5
        assert later.reader.now(list_secrets) == []
        (card, *_) = await connections.list_connections(later, owner)
        given = Credential(secret=SecretStr("again"))
        await credentials.set_credential(later, owner, connection=card.connection.id, credential=given)
        assert opened(later) == {card.connection.host: "again"}


async def test_only_a_platform_owner_does_it_and_proves_who_they_are(runtime, owner):
    for act in (vault.rotate_vault, vault.reset_vault):
        with pytest.raises(NotAllowed):
            await act(runtime, await somebody(runtime, "Rita", "reviewer"))
        with pytest.raises(ProveYourself):
            await act(runtime, replace(owner, via="browser", proved=0.0))


async def test_what_is_sealed_with_a_key_that_is_being_given_up_is_refused(runtime, owner, tmp_path):
    """Between reading which key is in use and writing, another process exchanged it (Postgres allows that)."""
    await fill(runtime, owner)
    old = runtime.reader.now(vault_key)
    await vault.rotate_vault(runtime, owner)

    def outdated(tx) -> bool:
        return use_vault_key(tx, old, 1.0, old)

    assert await runtime.writer.write(outdated) is False


def test_a_database_without_its_key_is_not_given_another_one(tmp_path, model):
    with product(tmp_path, model):
        made = (tmp_path / KEY_FILE).read_text()
    with product(tmp_path, model):
        assert (tmp_path / KEY_FILE).read_text() == made
    reader = Reader(open_engine(database_url(tmp_path / "greenlane.db") or tmp_path / "greenlane.db"))
    assert reader.now(vault_key) == ""
    assert reader.now(lambda tx: find_secret(tx, "con_1")) is None
    assert Vault(tmp_path).own() is not None


def test_the_doctor_tells_how_the_master_key_is_kept(tmp_path, model):
    settings = Settings(data=tmp_path)
    assert "made at the first start" in how_secrets_are_kept(settings).words
    with product(tmp_path, model) as runtime:
        assert how_secrets_are_kept(settings).works
        runtime.vault.make_following()
    assert "not ended" in how_secrets_are_kept(settings).words
    (tmp_path / NEXT_FILE).unlink()
    (tmp_path / KEY_FILE).chmod(0o644)
    assert "Others may read" in how_secrets_are_kept(settings).words
    with pytest.raises(Misconfigured, match="Others may read"), product(tmp_path, model):
        pass


async def test_the_doctor_tells_when_the_key_is_lost(tmp_path, model):
    with product(tmp_path, model) as runtime:
        await fill_one(runtime, await local_owner(runtime))
    (tmp_path / KEY_FILE).unlink()
    found = how_secrets_are_kept(Settings(data=tmp_path, database_url=database_url(tmp_path / "greenlane.db")))
    assert (found.works, "vault reset" in found.advice) == (False, True)
