"""Signing in and out. One local owner for now, who comes in by a one-time link this server prints."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from runtime.errors import NotSignedIn
from runtime.operations.actors import Actor
from runtime.operations.door import do, refused
from runtime.operations.runtime import Runtime
from runtime.store import people
from runtime.store.audit import write_audit
from runtime.store.ids import new_id
from runtime.store.transaction import Tx

CODE_S = 24 * 3600.0
"""how long a one-time link works"""
IDLE_S = 12 * 3600.0
"""a session nobody uses for so long ends"""
LONGEST_S = 7 * 24 * 3600.0
"""every session ends after this"""
FIRST_ROLES = frozenset({"owner", "reviewer", "analyst", "member", "auditor"})
"""the first person can do everything until there are others; never alone what needs two"""
TOUCH_S = 60.0
"""how exactly the last use of a session is kept"""


@dataclass(frozen=True, slots=True)
class NewSession:
    """A fresh session. The token goes into the cookie and is kept nowhere."""

    token: str
    expires: float


@dataclass(frozen=True, slots=True)
class Session:
    """A signed-in browser."""

    id: str
    actor: Actor


async def sign_in_code(runtime: Runtime) -> str:
    """A new one-time code for the owner, who is created at the first call; earlier unused codes end.

    Whoever may start the server may call this: there is no actor yet.
    """
    code, now = secrets.token_urlsafe(32), runtime.clock.now()

    def unit(tx: Tx) -> None:
        person = _owner(tx, now).id
        people.insert_code(tx, code=code, person=person, now=now, expires=now + CODE_S)
        write_audit(tx, at=now, person=person, action="session.code", thing=person, outcome="done")

    await runtime.writer.write(unit)
    return code


async def local_owner(runtime: Runtime) -> Actor:
    """The owner, for a command on the server itself: whoever may read the data folder may act as the owner."""
    now = runtime.clock.now()
    return await runtime.writer.write(lambda tx: _owner(tx, now))


def _owner(tx: Tx, now: float) -> Actor:
    """The first owner, created when there is nobody yet."""
    row = people.find_owner(tx)
    if row is not None:
        return Actor(row.id, row.name, roles_in(row.roles), via="command")
    person = new_id("person")
    people.insert_person(tx, id=person, name="Owner", roles=FIRST_ROLES, now=now)
    write_audit(tx, at=now, person=person, action="person.create", thing=person, outcome="done", reason="first start")
    return Actor(person, "Owner", FIRST_ROLES, via="command")


async def sign_in(runtime: Runtime, code: str) -> NewSession:
    """Turn a one-time code into a session. Raises `NotSignedIn` for an unknown, used or expired one."""
    token, session, now = secrets.token_urlsafe(32), new_id("session"), runtime.clock.now()

    def unit(tx: Tx) -> bool:
        person = people.use_code(tx, code, now)
        if person is None:
            return False
        people.insert_session(tx, id=session, token=token, person=person, now=now, expires=now + LONGEST_S)
        write_audit(tx, at=now, person=person, action="session.start", thing=session, outcome="done")
        return True

    if not await runtime.writer.write(unit):
        await refused(runtime, None, "session.start", "", "unknown, used or expired code")
        raise NotSignedIn(
            "This sign-in link has been used already or has expired.",
            hint="Run `greenlane sign-in` on the server to get a fresh link.",
        )
    return NewSession(token, now + LONGEST_S)


async def session_of(runtime: Runtime, token: str | None) -> Session | None:
    """The session behind a cookie, looked up each time so that revoking works at once; None when it has ended."""
    if not token:
        return None
    row, now = runtime.reader.now(lambda tx: people.find_session(tx, token)), runtime.clock.now()
    if row is None or now > row.expires or now - row.seen > IDLE_S:
        return None
    if now - row.seen > TOUCH_S:
        await runtime.writer.write(lambda tx: people.touch_session(tx, row.session, now))
    actor = Actor(row.person, row.name, roles_in(row.roles), roles_in(row.groups), proved=row.proved)
    return Session(row.session, actor)


async def sign_out(runtime: Runtime, session: Session) -> None:
    """End a session at once."""
    now = runtime.clock.now()
    await do(runtime, session.actor, "session.end", session.id, lambda tx: people.revoke_session(tx, session.id, now))


def roles_in(joined: str) -> frozenset[str]:
    """What the store joined by commas."""
    return frozenset(joined.split(",")) if joined else frozenset()
