"""The vault's master key: exchanged for a new one, or begun anew when it is lost."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from runtime.errors import Conflict, GreenlaneError, StorageUnavailable
from runtime.operations.actors import Actor
from runtime.operations.connections import found
from runtime.operations.door import allowed, do
from runtime.operations.runtime import Runtime
from runtime.settings import Settings
from runtime.store import secrets
from runtime.store.database import Reader, open_engine
from runtime.store.secrets import place_of
from runtime.store.transaction import Tx
from runtime.vault import KEY_ENV, KEY_FILE, Locked, Vault


@dataclass(frozen=True, slots=True)
class Exchanged:
    """A master key that went into use."""

    key: str
    """its id, which tells nothing of it"""
    sealed: int
    """credentials that were sealed with it, or forgotten"""
    by_environment: bool
    """whether whoever runs the server has to change its environment now"""


@dataclass(frozen=True, slots=True)
class Kept:
    """Whether the vault opens here, what was found, and what to do about it."""

    works: bool
    words: str
    advice: str = ""


def how_secrets_are_kept(settings: Settings) -> Kept:
    """For the person who looks after the machine. Changes nothing; reads the database where there is one."""
    try:
        vault = Vault(settings.data, settings.vault_key, settings.vault_key_next)
    except GreenlaneError as error:
        return Kept(False, f"vault: {error.sentence}", error.hint)
    used = _used(settings)
    if used and not vault.holds(used):
        return Kept(
            False,
            "vault: the master key that sealed the credentials is not here",
            f"Put {KEY_FILE} back into the data folder, or set {KEY_ENV}, as it was. When it is lost for good, run"
            " `greenlane vault reset` and enter the credentials again.",
        )
    if vault.following() is not None and not vault.by_environment:
        return Kept(False, "vault: a new master key was begun and not ended", "Run `greenlane vault rotate` again.")
    if vault.own() is None:
        return Kept(True, "vault: its master key is made at the first start")
    where = "from the environment" if vault.by_environment else f"in {KEY_FILE}"
    return Kept(True, f"vault: master key {where}; keep a copy of it, apart from the backups of the database")


async def rotate_vault(runtime: Runtime, actor: Actor | None) -> Exchanged:
    """Seal every credential with a new master key, in one transaction. The old key stays until that is done: killed at
    any moment, what is sealed can be opened, and doing it again ends it. Raises `Locked`, `Misconfigured`."""
    await allowed(runtime, actor, "vault.rotate")
    vault, now = runtime.vault, runtime.clock.now()
    following = vault.make_following()

    def work(tx: Tx) -> int:
        before = secrets.vault_key(tx)
        if before != following.id and not secrets.use_vault_key(tx, following.id, now, before):
            raise Conflict("Somebody else gives the vault a new key at this moment.", hint="Look again in a moment.")
        kept = secrets.list_secrets(tx)
        for each in kept:
            place = place_of(each.connection, each.host)
            try:
                sealed = vault.seal(following.id, vault.open(each.sealed, place), place)
            except Locked as error:
                name = found(tx, each.connection).name
                raise Locked(
                    f"The credential of “{name}” cannot be opened. {error.sentence}", hint=error.hint
                ) from error
            secrets.keep_secret(tx, replace(each, sealed=sealed))
        return len(kept)

    sealed = await do(runtime, actor, "vault.rotate", following.id, work, said=_in_words)
    vault.settle(following.id)
    return Exchanged(following.id, sealed, vault.by_environment)


async def reset_vault(runtime: Runtime, actor: Actor | None) -> Exchanged:
    """Begin anew after the master key is lost: what it sealed is forgotten, each credential has to be entered again.
    Raises `Conflict` while the key is there."""
    await allowed(runtime, actor, "vault.reset")
    vault, now = runtime.vault, runtime.clock.now()
    lost = runtime.reader.now(secrets.vault_key)
    if not lost or vault.holds(lost):
        raise Conflict(
            "The master key of the vault is here: nothing is lost.", hint="For a new one use `greenlane vault rotate`."
        )
    fresh = vault.make()

    def work(tx: Tx) -> int:
        if not secrets.use_vault_key(tx, fresh.id, now, lost):
            raise Conflict("Somebody else gives the vault a new key at this moment.", hint="Look again in a moment.")
        return secrets.remove_secrets(tx)

    forgotten = await do(runtime, actor, "vault.reset", fresh.id, work, said=_in_words)
    return Exchanged(fresh.id, forgotten, vault.by_environment)


def _used(settings: Settings) -> str:
    """Id of the key in use, as far as there is a database that tells."""
    if isinstance(settings.store, Path) and not settings.store.exists():
        return ""
    try:
        return Reader(open_engine(settings.store)).now(secrets.vault_key)
    except StorageUnavailable:
        return ""


def _in_words(credentials: int) -> str:
    return f"{credentials} credential{'s' if credentials != 1 else ''}"
