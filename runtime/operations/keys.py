"""API keys: made by a person for a program, shown once, kept as a hash."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from runtime.errors import BadInput, NotFound
from runtime.operations.actors import Actor
from runtime.operations.door import allowed, do
from runtime.operations.people import roles_in
from runtime.operations.runtime import Runtime
from runtime.store import keys as rows
from runtime.store.ids import new_id
from runtime.store.rights import thing_id
from runtime.store.transaction import Tx

YEAR_S = 365 * 24 * 3600.0


@dataclass(frozen=True, slots=True)
class NewKey:
    """A fresh key. `text` is shown once and kept nowhere."""

    id: str
    text: str
    label: str
    expires: float | None


@dataclass(frozen=True, slots=True)
class KeyCard:
    """A key as its owner sees it."""

    id: str
    prefix: str
    label: str
    created: float
    expires: float | None
    revoked: float | None


async def create_key(
    runtime: Runtime, actor: Actor | None, *, label: str, lifetime_s: float | None = YEAR_S, app: str | None = None
) -> NewKey:
    """Make a key that acts for this person; or one that starts `app` (name or id), as the app itself, and reaches
    nothing else."""
    action, thing = ("key.create", "") if app is None else ("app.key", app)
    person = await allowed(runtime, actor, action, thing)
    label = label.strip()
    if not label or len(label) > 100:
        raise BadInput("A key needs a name of 1 to 100 characters.", hint="Name the program that will use it.")
    now = runtime.clock.now()
    new = NewKey(new_id("key"), "gl_" + secrets.token_urlsafe(32), label, now + lifetime_s if lifetime_s else None)

    def work(tx: Tx) -> None:
        only = None if app is None else thing_id(tx, "app", app)
        rows.insert_key(
            tx, key=new.id, text=new.text, label=label, person=person.id, now=now, expires=new.expires, app=only
        )

    await do(runtime, actor, action, thing or new.id, work, found=lambda _done: new.id)
    return new


async def list_keys(runtime: Runtime, actor: Actor | None) -> list[KeyCard]:
    """One's own keys, newest first."""
    person = await allowed(runtime, actor, "key.see")
    found = await runtime.reader.ask(lambda tx: rows.list_keys(tx, "person", person.id))
    return [KeyCard(*row) for row in found]


async def revoke_key(runtime: Runtime, actor: Actor | None, *, key: str) -> None:
    """End one of one's own keys at once."""
    person = await allowed(runtime, actor, "key.revoke", key)
    now = runtime.clock.now()

    def work(tx: Tx) -> None:
        if not rows.revoke_key(tx, key, "person", person.id, now):
            raise NotFound("There is no such key.", hint="It may have been revoked already.")

    await do(runtime, actor, "key.revoke", key, work)


async def actor_of_key(runtime: Runtime, text: str) -> Actor | None:
    """Who a key acts for; None for an unknown, revoked or expired one."""
    now = runtime.clock.now()
    row = runtime.reader.now(lambda tx: rows.find_key(tx, text, now))
    if row is None:
        return None
    if row.app is not None:  # the app's own identity, never its maker's
        return Actor(row.app, row.label, via="key", app=row.app)
    return Actor(row.person, row.name, roles_in(row.roles), roles_in(row.groups), via="key")
