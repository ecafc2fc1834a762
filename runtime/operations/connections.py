"""Connections: the outside hosts that workflows may call, each with its credential and what may be sent there."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field

from nodes.sdk import PLATFORM_HEADERS
from runtime.egress import Refused, barred, read_target
from runtime.engine.outside import zone_of
from runtime.errors import BadInput, Conflict, NotFound
from runtime.governance.policies import DataClass
from runtime.operations.actors import Actor
from runtime.operations.door import allowed, do
from runtime.operations.reasons import reasoned
from runtime.operations.runtime import Runtime
from runtime.store import connections as rows
from runtime.store.connections import ConnectionRow
from runtime.store.ids import new_id
from runtime.store.models import list_aliases
from runtime.store.transaction import Tx


class Connecting(BaseModel):
    """A connection as a person fills it in."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    name: str = Field(min_length=1, max_length=60)
    host: str = Field(min_length=1, max_length=260)
    description: str = Field(default="", max_length=300)
    clearance: DataClass = "public"
    header: str = Field(default="", pattern=r"^[A-Za-z0-9-]{0,60}$")
    key_env: str = Field(default="", pattern=r"^$|^GREENLANE_KEY_[A-Z0-9_]+$")
    internal: bool = False
    plain: bool = False


@dataclass(frozen=True, slots=True)
class ConnectionCard:
    """A connection as a person sees it. The credential itself is never shown, only whether there is one."""

    connection: ConnectionRow
    key_found: bool


async def list_connections(runtime: Runtime, actor: Actor | None) -> list[ConnectionCard]:
    """All connections, by name."""
    await allowed(runtime, actor, "connection.see")
    found = await runtime.reader.ask(rows.list_connections)
    return [ConnectionCard(each, bool(each.key_env and os.environ.get(each.key_env))) for each in found]


async def add_connection(runtime: Runtime, actor: Actor | None, *, connecting: Connecting) -> str:
    """Let workflows call a host; gives the connection's id."""
    await allowed(runtime, actor, "connection.change", connecting.host)
    row = _checked(
        ConnectionRow(id=new_id("con"), stopped=None, updated=runtime.clock.now(), **connecting.model_dump())
    )

    def work(tx: Tx) -> str:
        _alone(tx, row)
        rows.write_connection(tx, row)
        return row.id

    await do(runtime, actor, "connection.change", row.host, work, said=lambda _id: f"nothing → {_in_words(row)}")
    runtime.hosts.forget()
    return row.id


async def change_connection(runtime: Runtime, actor: Actor | None, *, connection: str, connecting: Connecting) -> None:
    """Change all of a connection but its host: a credential goes to the host it was given for and to no other."""
    await allowed(runtime, actor, "connection.change", connection)
    now = runtime.clock.now()

    def work(tx: Tx) -> tuple[ConnectionRow, ConnectionRow]:
        before = _found(tx, connection)
        row = _checked(replace(before, updated=now, **connecting.model_dump()))
        if row.host != before.host:
            raise BadInput(
                f"This connection leads to {before.host}, and its credential was given for that host.",
                hint="Add another connection for the other host.",
            )
        _alone(tx, row)
        rows.write_connection(tx, row)
        return before, row

    await do(
        runtime, actor, "connection.change", connection, work, found=lambda done: done[1].host,
        said=lambda done: " → ".join(map(_in_words, done)),
    )  # fmt: skip
    runtime.hosts.forget()


async def stop_connection(runtime: Runtime, actor: Actor | None, *, connection: str, reason: str) -> None:
    """Let nothing leave over a connection any more, from the next call on."""
    await _switch(runtime, actor, "connection.stop", connection, reason, off=True)


async def start_connection(runtime: Runtime, actor: Actor | None, *, connection: str, reason: str) -> None:
    """Let workflows call the host again."""
    await _switch(runtime, actor, "connection.start", connection, reason, off=False)


async def remove_connection(runtime: Runtime, actor: Actor | None, *, connection: str) -> None:
    """Take a connection away; steps that call its host fail with a sentence that says so."""

    def work(tx: Tx) -> str:
        row = _found(tx, connection)
        rows.remove_connection(tx, row.id)
        return row.host

    await do(runtime, actor, "connection.remove", connection, work, found=str)
    runtime.hosts.forget()


async def _switch(
    runtime: Runtime, actor: Actor | None, action: str, connection: str, reason: str, *, off: bool
) -> None:
    await allowed(runtime, actor, action, connection)
    now, reason = runtime.clock.now(), reasoned(reason)

    def work(tx: Tx) -> str:
        row = _found(tx, connection)
        if (row.stopped is not None) is off:
            raise Conflict(f"“{row.name}” is {'off' if off else 'on'} already.", hint="Reload the page.")
        rows.stop_connection(tx, row.id, now if off else None)
        return row.host

    await do(runtime, actor, action, connection, work, found=str, said=lambda _host: reason)
    runtime.hosts.forget()


def _found(tx: Tx, connection: str) -> ConnectionRow:
    row = next((each for each in rows.list_connections(tx) if each.id == connection), None)
    if row is None:
        raise NotFound("There is no such connection.", hint="It may have been removed meanwhile.")
    return row


def _checked(row: ConnectionRow) -> ConnectionRow:
    """The connection with its host as it is compared. Raises `BadInput` for one that could not be called safely."""
    written = row.host.removeprefix("https://").removeprefix("http://").rstrip("/")
    try:
        target = read_target(f"{'http' if row.plain else 'https'}://{written}/")
    except Refused as error:
        raise BadInput(f"{row.host!r} is not the name of a host.", hint="Write it like api.example.com.") from error
    if target.path != "/" or urlsplit(f"//{written}").path:
        raise BadInput("A connection leads to a whole host.", hint=f"Write {target.named}, without a path.")
    if row.plain and not row.internal:
        raise BadInput(
            "Outside the company nothing is sent without encryption.",
            hint="Leave “Without encryption” off, or mark the host as one of your own.",
        )
    if bool(row.header) != bool(row.key_env):
        raise BadInput("A credential needs both a header and the variable that holds it.", hint="Or leave both empty.")
    if row.header.lower() in PLATFORM_HEADERS:
        raise BadInput(
            f"“{row.header}” is not a header for a credential.", hint="Usual are Authorization and X-Api-Key."
        )
    found = replace(row, host=target.named, credential="header" if row.key_env else "none")
    if (why := barred(target.host, zone_of(found))) and why != "no address":
        raise BadInput(
            f"{target.host} may not be called: {why}.",
            hint="An address of the company's own network has to be marked as such; some are never reached.",
        )
    return found


def _in_words(row: ConnectionRow) -> str:
    """What of a connection the audit log keeps: what may be sent there, and by which credential."""
    return f"cleared for {row.clearance}, credential {row.key_env or 'none'}"


def _alone(tx: Tx, row: ConnectionRow) -> None:
    """Nobody else has its name or host, or sends its credential elsewhere. Raises `Conflict`."""
    for each in rows.list_connections(tx):
        if each.id == row.id:
            continue
        if each.host == row.host:
            raise Conflict(f"“{each.name}” leads to {row.host} already.", hint="Change that one.")
        if each.name == row.name:
            raise Conflict(f"There is a connection “{row.name}” already.", hint="Give this one another name.")
        if row.key_env and each.key_env == row.key_env:
            raise Conflict(
                f"{row.key_env} is the credential for {each.host} and goes to no other host.",
                hint="Keep the credential for this host in a variable of its own.",
            )
    if row.key_env and any(each.key_env == row.key_env for each in list_aliases(tx)):
        raise Conflict(
            f"{row.key_env} is the key of a model and goes to its provider only.",
            hint="Keep the credential for this host in a variable of its own.",
        )
