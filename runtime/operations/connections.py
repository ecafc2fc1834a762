"""Connections: the outside hosts that workflows and models may call, each with its credential, its owners, and what may
be sent there. What a person says of one is in `connecting`, its credential in `credentials`, its test in `probing`."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, replace

from runtime.egress import read_target
from runtime.errors import BadInput, Conflict, NotFound
from runtime.operations.actors import Actor
from runtime.operations.connecting import Connecting, ModelConnecting, placed
from runtime.operations.door import allowed, do
from runtime.operations.reasons import reasoned
from runtime.operations.runtime import Runtime
from runtime.store import connections as rows
from runtime.store.connections import ConnectionRow
from runtime.store.ids import new_id
from runtime.store.models import list_aliases
from runtime.store.rights import LEVELS, give_right, names_of, rights_on, standing, take_right
from runtime.store.secrets import find_secret
from runtime.store.transaction import Tx
from runtime.vault import key_of

EVERYBODY = ("role:analyst", "role:reviewer")
"""who may use a connection that is for everybody who builds; platform owners own each anyway"""


@dataclass(frozen=True, slots=True)
class ConnectionCard:
    """A connection as a person sees it. The credential is never shown, only that it was set, when and by whom."""

    connection: ConnectionRow
    key_found: bool
    """whether the credential is there and can be opened"""
    set_by: str
    """name of who put it into the vault; empty: nobody"""
    set_at: float | None
    owners: list[str]
    level: str
    """the highest right the person holds"""


async def list_connections(runtime: Runtime, actor: Actor | None) -> list[ConnectionCard]:
    """The connections a person may see, of steps and of models, by name."""
    person = await allowed(runtime, actor, "connection.list")

    def find(tx: Tx) -> list[ConnectionCard]:
        return [
            _card(runtime, tx, each, held)
            for each in rows.all_connections(tx)
            if (held := standing(tx, person.id, "connection", each.id).level) >= 0
        ]

    return await runtime.reader.ask(find)


async def add_connection(
    runtime: Runtime, actor: Actor | None, *, connecting: Connecting | ModelConnecting, everybody: bool = False
) -> str:
    """Let a host be called; gives the connection's id. Who adds it owns it, besides the platform owners; reviewers see
    it. With `everybody` all who build may use it, otherwise it is shared with people and groups."""
    person = await allowed(runtime, actor, "connection.add", connecting.name)
    empty = ConnectionRow(
        id=new_id("con"), name="", host="", plain=False, internal=False, description="", clearance="public", header="",
        key_env="", stopped=None, updated=runtime.clock.now(),
    )  # fmt: skip
    row = placed(empty, connecting)

    def work(tx: Tx) -> str:
        _alone(tx, row)
        rows.write_connection(tx, row)
        give_right(tx, row.id, "role:reviewer", "see")
        for each in EVERYBODY if everybody else ():
            give_right(tx, row.id, each, "run")
        for each in ("role:owner", person.id):
            give_right(tx, row.id, each, "own")
        return row.id

    await do(runtime, actor, "connection.add", row.host, work, said=lambda _id: in_words(row))
    runtime.hosts.forget()
    return row.id


async def change_connection(
    runtime: Runtime, actor: Actor | None, *, connection: str, connecting: Connecting | ModelConnecting
) -> None:
    """Change all of a connection but its host: a credential goes to the host it was given for and to no other, and
    where it went encrypted it goes so for good. Only a model connection that has none may move."""
    now = runtime.clock.now()

    def work(tx: Tx) -> tuple[ConnectionRow, ConnectionRow]:
        before = found(tx, connection)
        row = placed(replace(before, updated=now), connecting)
        if row.kind != before.kind:
            raise BadInput("A connection of steps stays one, and so does one of models.", hint="Add another.")
        if row.host != before.host and (row.kind == "http" or row.credential != "none"):
            raise BadInput(
                f"This connection leads to {before.host}, and its credential was given for that host.",
                hint="Add another connection for the other host.",
            )
        if row.plain and not before.plain and row.credential != "none":
            raise BadInput(
                "This connection has a credential, and it was given to be sent encrypted.",
                hint="Remove the credential first, then set it anew if it may really travel in the open.",
            )
        _alone(tx, row)
        rows.write_connection(tx, row)
        return before, row

    await changing("connection.change", runtime, actor, connection, work)


async def stop_connection(runtime: Runtime, actor: Actor | None, *, connection: str, reason: str) -> None:
    """Let nothing leave over a connection any more, from the next call on."""
    await _switch(runtime, actor, "connection.stop", connection, reason, off=True)


async def start_connection(runtime: Runtime, actor: Actor | None, *, connection: str, reason: str) -> None:
    """Let the host be called again."""
    await _switch(runtime, actor, "connection.start", connection, reason, off=False)


async def remove_connection(runtime: Runtime, actor: Actor | None, *, connection: str) -> None:
    """Take a connection and its credential away; steps that call its host fail with a sentence that says so. Raises
    `Conflict` where a model alias leads over it."""

    def work(tx: Tx) -> str:
        row = found(tx, connection)
        if leaning := [each.name for each in list_aliases(tx) if each.connection == row.id]:
            raise Conflict(f"The model “{leaning[0]}” leads over “{row.name}”.", hint="Give that one another first.")
        take_right(tx, row.id)
        rows.remove_connection(tx, row.id)
        return row.host

    await do(runtime, actor, "connection.remove", connection, work, found=str)
    _forget(runtime)


async def changing(
    action: str,
    runtime: Runtime,
    actor: Actor | None,
    connection: str,
    work: Callable[[Tx], tuple[ConnectionRow, ConnectionRow]],
) -> None:
    """Change a connection; the record says what it was before and what it is now."""
    await do(
        runtime, actor, action, connection, work, found=lambda done: done[1].host,
        said=lambda done: " → ".join(map(in_words, done)),
    )  # fmt: skip
    _forget(runtime)


def found(tx: Tx, connection: str) -> ConnectionRow:
    """The connection of this id. Raises `NotFound`."""
    row = rows.find_connection(tx, connection)
    if row is None:
        raise NotFound("There is no such connection.", hint="It may have been removed meanwhile.")
    return row


def in_words(row: ConnectionRow) -> str:
    """What of a connection the audit log keeps: what may be sent there, and how its credential is sent."""
    kept = {"none": "none"}.get(row.credential, f"{row.credential} {row.key_env or 'from the vault'}")
    what = f"{row.provider} at {row.base_url}" if row.kind == "model" else f"cleared for {row.clearance}"
    return f"{what}, credential {kept}"


def env_alone(tx: Tx, key_env: str, host: str) -> None:
    """A variable holds the credential of one host. Raises `Conflict` where another's is in it."""
    if not key_env:
        return
    others = [each.host for each in rows.all_connections(tx) if each.key_env == key_env]
    others += [read_target(each.base_url).named for each in list_aliases(tx) if each.key_env == key_env]
    for each in others:
        if each != host:
            raise Conflict(
                f"{key_env} is the credential for {each} and goes to no other host.",
                hint="Keep the credential for this host in a variable of its own.",
            )


async def _switch(
    runtime: Runtime, actor: Actor | None, action: str, connection: str, reason: str, *, off: bool
) -> None:
    await allowed(runtime, actor, action, connection)
    now, reason = runtime.clock.now(), reasoned(reason)

    def work(tx: Tx) -> str:
        row = found(tx, connection)
        if (row.stopped is not None) is off:
            raise Conflict(f"“{row.name}” is {'off' if off else 'on'} already.", hint="Reload the page.")
        rows.stop_connection(tx, row.id, now if off else None)
        return row.host

    await do(runtime, actor, action, connection, work, found=str, said=lambda _host: reason)
    _forget(runtime)


def _forget(runtime: Runtime) -> None:
    runtime.hosts.forget()
    runtime.models.forget()


def _alone(tx: Tx, row: ConnectionRow) -> None:
    """No other connection has its name, or leads steps to its host. Raises `Conflict`."""
    for each in rows.all_connections(tx):
        if each.id == row.id:
            continue
        if each.host == row.host and each.kind == row.kind == "http":
            raise Conflict(f"There is a connection to {row.host} already.", hint="Ask a platform owner to share it.")
        if each.name == row.name:
            raise Conflict(f"There is a connection “{row.name}” already.", hint="Give this one another name.")


def _card(runtime: Runtime, tx: Tx, row: ConnectionRow, held: int) -> ConnectionCard:
    kept = find_secret(tx, row.id)
    sealed = kept is not None and runtime.vault.holds(key_of(kept.sealed))
    there = bool(os.environ.get(row.key_env)) if row.key_env else sealed
    who = names_of(tx, [kept.person]).get(kept.person, "somebody") if kept else ""
    owners = [each.name for each in rights_on(tx, row.id) if each.level == LEVELS.index("own") and each.name]
    return ConnectionCard(row, there, who, kept.at if kept else None, owners, LEVELS[held])
