"""Credentials: opened at the moment they are sent, never before, and put where the host looks for them."""

from __future__ import annotations

import base64
from collections.abc import Callable
from dataclasses import dataclass, field

from nodes.sdk import StepFailed
from runtime.egress import Refused, read_target
from runtime.store.connections import ConnectionRow, find_connection
from runtime.store.database import Reader
from runtime.store.models import AliasRow
from runtime.store.secrets import find_secret, place_of
from runtime.vault import Locked, Vault


@dataclass(frozen=True, slots=True)
class Worn:
    """A credential as a request carries it: in a header, in the address, or not at all."""

    header: str = ""
    query: str = ""
    value: str = field(default="", repr=False)


class Keys:
    """Opens the credentials of connections: from the environment where one names a variable, else from the vault.
    Nothing else is looked at: what is missing is an error."""

    def __init__(self, reader: Reader, environ: Callable[[str], str | None], vault: Vault | None = None) -> None:
        self._reader, self._environ, self._vault = reader, environ, vault

    def named(self, key_env: str) -> str | None:
        """What a variable of the environment holds."""
        return self._environ(key_env)

    def of(self, row: ConnectionRow) -> str:
        """The credential of a connection, opened; empty where it has none. Raises `StepFailed`."""
        if row.credential == "none":
            return ""
        if row.key_env:
            if found := self._environ(row.key_env):
                return found
            raise _missing(row, f"Set {row.key_env} in the environment of the server and start it again.")
        kept = self._reader.now(lambda tx: find_secret(tx, row.id))
        if kept is None or self._vault is None:
            raise _missing(row, "Whoever may change the connection sets it on the Connections page.")
        try:
            return self._vault.open(kept.sealed, place_of(row.id, _host(row)))
        except Locked as error:
            raise StepFailed(
                f"The credential of the connection “{row.name}” cannot be opened. {error.sentence}",
                code="vault_locked",
                hint=error.hint,
            ) from error

    def behind(self, alias: AliasRow) -> ConnectionRow:
        """The model connection an alias leads over, as it is now. Raises `StepFailed`."""
        row = self._reader.now(lambda tx: find_connection(tx, alias.connection))
        if row is None or row.kind != "model":
            raise StepFailed(
                f"The connection of the model “{alias.name}” is gone.",
                code="no_connection",
                hint="Choose another connection for it on the Models page.",
            )
        if row.stopped is not None:
            raise StepFailed(
                f"The connection “{row.name}” has been switched off by IT.",
                code="connection_stopped",
                hint="Ask IT when it will be back, or choose another model in the step.",
            )
        return row


def worn(row: ConnectionRow, secret: str) -> Worn:
    """How a credential is sent."""
    match row.credential:
        case "bearer":
            return Worn(header="Authorization", value=f"Bearer {secret}")
        case "basic":
            pair = base64.b64encode(f"{row.login}:{secret}".encode()).decode()
            return Worn(header="Authorization", value=f"Basic {pair}")
        case "header":
            return Worn(header=row.header, value=secret)
        case "query":
            return Worn(query=row.query, value=secret)
        case _:
            return Worn()


def _host(row: ConnectionRow) -> str:
    """The host a request goes to: of models, what stands in the very address that is called."""
    if row.kind != "model":
        return row.host
    try:
        return read_target(row.base_url).named
    except Refused:
        return ""


def _missing(row: ConnectionRow, hint: str) -> StepFailed:
    return StepFailed(f"The credential of the connection “{row.name}” is missing.", code="missing_key", hint=hint)
