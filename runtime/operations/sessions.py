"""Signing in and out: by a one-time link or by a password; sessions, and the proof of who is there."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from runtime.errors import NotFound, NotSignedIn
from runtime.operations.actors import Actor
from runtime.operations.door import allowed, do, refused
from runtime.operations.passwords import Guess, matches
from runtime.operations.people import roles_in
from runtime.operations.runtime import Runtime
from runtime.store import people
from runtime.store.audit import write_audit
from runtime.store.ids import new_id
from runtime.store.transaction import Tx

IDLE_S = 12 * 3600.0
"""a session nobody uses for so long ends"""
LONGEST_S = 7 * 24 * 3600.0
"""every session ends after this"""
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


@dataclass(frozen=True, slots=True)
class Visit:
    """Where somebody comes from: the network address, and the browser in a few words."""

    address: str = ""
    agent: str = ""


@dataclass(frozen=True, slots=True)
class SessionCard:
    """A place where one is signed in. Times are seconds since 1970."""

    id: str
    agent: str
    created: float
    seen: float


NOWHERE = Visit()


async def sign_in(runtime: Runtime, code: str, visit: Visit = NOWHERE) -> NewSession:
    """Turn a one-time code into a session. Raises `NotSignedIn` for an unknown, used or expired one."""
    now = runtime.clock.now()

    def unit(tx: Tx) -> NewSession | None:
        person = people.use_code(tx, code, now)
        return begin_session(tx, person, visit, now) if person else None

    new = await runtime.writer.write(unit)
    if new is None:
        await refused(runtime, None, "session.start", "", "unknown, used or expired code")
        raise NotSignedIn(
            "This link has been used already or has expired.",
            hint="Ask your platform owner for a new one.",
        )
    return new


async def sign_in_by_password(runtime: Runtime, *, email: str, password: str, visit: Visit) -> NewSession:
    """Turn an e-mail address and a password into a session.

    Raises `NotSignedIn`, the same after the same time whether the address is unknown, has no password or another one;
    `TooManyTries` before anything is computed.
    """
    email = email.strip().lower()
    guess = Guess(email, visit.address)
    await guess.count(runtime)
    login = runtime.reader.now(lambda tx: people.find_login(tx, email))
    right = await matches(login.password if login else None, password)
    now = runtime.clock.now()

    def unit(tx: Tx) -> NewSession | None:
        # it may have been changed, or the person disabled, while the hash was computed
        if login is None or not right or people.find_login(tx, email) != login:
            why, thing = "wrong e-mail address or password", login.id if login else ""
            write_audit(tx, at=now, person="", action="session.start", thing=thing, outcome="refused", reason=why)
            return None
        guess.succeeded(tx)
        return begin_session(tx, login.id, visit, now)

    new = await runtime.writer.write(unit)
    if new is None:
        raise NotSignedIn("This e-mail address and password do not fit together.", hint="Check both and try again.")
    return new


def begin_session(tx: Tx, person: str, visit: Visit, now: float) -> NewSession:
    """A session for somebody who has shown who they are, inside a transaction."""
    token, session = secrets.token_urlsafe(32), new_id("session")
    people.insert_session(
        tx, session=session, token=token, person=person, now=now, expires=now + LONGEST_S, agent=visit.agent
    )
    write_audit(tx, at=now, person=person, action="session.start", thing=session, outcome="done")
    return NewSession(token, now + LONGEST_S)


async def prove(runtime: Runtime, session: Session, *, password: str, visit: Visit) -> None:
    """Show again that it is you; what asks for a fresh proof then works for a while. Raises `NotSignedIn`."""
    person = session.actor.id
    guess = Guess(person, visit.address)
    await guess.count(runtime)
    kept = runtime.reader.now(lambda tx: people.password_of(tx, person))
    right = await matches(kept, password)
    now = runtime.clock.now()

    def unit(tx: Tx) -> bool:
        # it may have been changed, or the session ended, while the hash was computed
        if not right or people.password_of(tx, person) != kept or not people.prove_session(tx, session.id, now):
            return False
        guess.succeeded(tx)
        write_audit(tx, at=now, person=person, action="session.prove", thing=session.id, outcome="done")
        return True

    if not await runtime.writer.write(unit):
        await refused(runtime, session.actor, "session.prove", session.id, "wrong password, or the session is over")
        raise NotSignedIn("This is not your password.", hint="Try again, or sign in anew.")


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


async def list_sessions(runtime: Runtime, actor: Actor | None) -> list[SessionCard]:
    """Where one is signed in, last used first."""
    person = await allowed(runtime, actor, "session.see")
    now = runtime.clock.now()
    rows = await runtime.reader.ask(lambda tx: people.list_sessions(tx, person.id, now, now - IDLE_S))
    return [SessionCard(*row) for row in rows]


async def revoke_session(runtime: Runtime, actor: Actor | None, *, session_id: str) -> None:
    """End one of one's own sessions at once."""
    person = await allowed(runtime, actor, "session.revoke", session_id)
    now = runtime.clock.now()

    def work(tx: Tx) -> None:
        if not people.revoke_session(tx, session_id, now, person.id):
            raise NotFound("There is no such session.", hint="It may have ended by itself.")

    await do(runtime, actor, "session.revoke", session_id, work)
