"""Credentials of connections: entered once, sealed for their connection and its host, never shown again."""

from __future__ import annotations

from dataclasses import replace

from runtime.errors import Conflict, NotAllowed
from runtime.operations.actors import ACTIONS, Actor
from runtime.operations.connecting import Credential, bare, holding
from runtime.operations.connections import changing, env_alone, found
from runtime.operations.door import allowed
from runtime.operations.runtime import Runtime
from runtime.store import connections as rows
from runtime.store import secrets
from runtime.store.connections import ConnectionRow
from runtime.store.rights import roles_of
from runtime.store.secrets import SecretRow, place_of
from runtime.store.transaction import Tx


async def set_credential(runtime: Runtime, actor: Actor | None, *, connection: str, credential: Credential) -> None:
    """Give a connection its credential, in the stead of the one it had. Whoever may change the connection can; nobody
    reads it again. What a variable of the server holds is IT's, so only they name one. Raises `BadInput`, `Conflict`,
    `NotAllowed`."""
    person, now = await allowed(runtime, actor, "connection.credential", connection), runtime.clock.now()

    def work(tx: Tx) -> tuple[ConnectionRow, ConnectionRow]:
        before = found(tx, connection)
        row = replace(holding(before, credential), updated=now)
        if row.key_env and not roles_of(tx, person.id) & ACTIONS["connection.change"].roles:
            raise NotAllowed(
                "Which variable of the server holds a credential is for IT to say.", hint="Enter the credential itself."
            )
        env_alone(tx, row.key_env, row.host)
        secrets.remove_secret(tx, row.id)
        rows.write_connection(tx, row)
        if given := credential.secret.get_secret_value():
            sealed = runtime.vault.seal(_key_in_use(tx, runtime, now), given, place_of(row.id, row.host))
            secrets.keep_secret(tx, SecretRow(row.id, row.host, sealed, person.id, now))
        return before, row

    await changing("connection.credential", runtime, actor, connection, work)


async def remove_credential(runtime: Runtime, actor: Actor | None, *, connection: str) -> None:
    """Forget the credential of a connection: nothing is sent with its calls any more."""
    now = runtime.clock.now()

    def work(tx: Tx) -> tuple[ConnectionRow, ConnectionRow]:
        before = found(tx, connection)
        if before.credential == "none":
            raise Conflict(f"“{before.name}” has no credential.", hint="Reload the page.")
        row = replace(bare(before), updated=now)
        secrets.remove_secret(tx, row.id)
        rows.write_connection(tx, row)
        return before, row

    await changing("connection.credential", runtime, actor, connection, work)


def _key_in_use(tx: Tx, runtime: Runtime, now: float) -> str:
    """Id of the master key to seal with. It is written anew, so that an exchange of the key at this moment waits for
    this transaction or refuses it. Raises `Locked` where the key is not at hand."""
    key = secrets.vault_key(tx)
    if not key:
        key = runtime.vault.make().id
        secrets.use_vault_key(tx, key, now, "")
        key = secrets.vault_key(tx)  # another process may have been first
    if not secrets.use_vault_key(tx, key, now, key):
        raise Conflict("The vault is being given a new key at this moment.", hint="Do it again.")
    return key
