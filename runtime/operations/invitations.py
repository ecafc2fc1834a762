"""Coming in for the first time, and again after a password is lost: by a single-use link that is shown once."""

from __future__ import annotations

import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from runtime.errors import BadInput, Conflict, NotAllowed, NotFound, NotSignedIn
from runtime.operations.actors import Actor
from runtime.operations.door import allowed, do, refused
from runtime.operations.passwords import check_password, hashed
from runtime.operations.people import CODE_S, known_roles, person_of, tell_what_waits
from runtime.operations.runtime import Runtime
from runtime.operations.sessions import NOWHERE, NewSession, Visit, begin_session
from runtime.store import groups as group_rows
from runtime.store import people
from runtime.store.audit import write_audit
from runtime.store.ids import new_id
from runtime.store.rights import roles_of
from runtime.store.transaction import Tx

INVITE_S = 7 * 24 * 3600.0
"""how long an invitation works"""
LONGEST_NAME = 100
_EMAIL = re.compile(r"[^@\s,;<>\"]{1,64}@[^@\s,;<>\"]{1,180}\.[^@\s,;<>\".]{2,}")
_BY_REVIEWER = {"analyst", "member"}
"""what a reviewer may make somebody; all else is for a platform owner to give"""


@dataclass(frozen=True, slots=True)
class Invitation:
    """A link for one person. The code is shown once and kept nowhere."""

    person: str
    code: str
    expires: float


@dataclass(frozen=True, slots=True)
class Invited:
    """Who a link is for."""

    purpose: str
    """invite or reset; sign_in for a link that asks nothing"""
    name: str
    email: str


async def invite_person(
    runtime: Runtime, actor: Actor | None, *, name: str, email: str, roles: Sequence[str], groups: Sequence[str]
) -> Invitation:
    """Somebody new, and the link by which they come in. Raises `Conflict` when the address is known already."""
    await allowed(runtime, actor, "person.invite")
    named, address, wanted = named_as(name), address_of(email), known_roles(roles)
    person, code, now = new_id("person"), secrets.token_urlsafe(32), runtime.clock.now()

    def work(tx: Tx) -> str:
        _may_give(tx, actor, wanted)
        if people.address_taken(tx, address):
            raise Conflict(f"{address} is here already.", hint="Look in the list of people; make a new link there.")
        if missing := [group for group in groups if group_rows.find_group(tx, group) is None]:
            raise NotFound(f"There is no group {', '.join(missing)}.", hint="Open the dialog again.")
        people.insert_person(tx, person=person, name=named, email=address, roles=wanted, now=now)
        for group in groups:
            group_rows.add_member(tx, group, person)
        people.insert_code(tx, code=code, person=person, now=now, expires=now + INVITE_S, purpose="invite")
        tell_what_waits(tx, person, wanted, now)
        return ", ".join((*sorted(wanted), *groups))

    await do(runtime, actor, "person.invite", person, work, said=str)
    return Invitation(person, code, now + INVITE_S)


async def invite_again(runtime: Runtime, actor: Actor | None, *, person: str) -> Invitation:
    """A new link for somebody who was invited and has not come; the link before leads nowhere from now on."""
    await allowed(runtime, actor, "person.invite", person)
    code, now = secrets.token_urlsafe(32), runtime.clock.now()

    def work(tx: Tx) -> str:
        found = person_of(tx, person)
        _may_give(tx, actor, set(found.roles))
        if found.has_password or found.disabled or not found.email or found.seen:
            raise Conflict("Only somebody who has not come yet is invited again.", hint="Make a sign-in link instead.")
        people.insert_code(tx, code=code, person=person, now=now, expires=now + INVITE_S, purpose="invite")
        return "again"

    await do(runtime, actor, "person.invite", person, work, said=str)
    return Invitation(person, code, now + INVITE_S)


async def reset_link(runtime: Runtime, actor: Actor | None, *, person: str) -> Invitation:
    """A link by which somebody sets a new password; the old one works until then."""
    await allowed(runtime, actor, "person.reset", person)
    code, now = secrets.token_urlsafe(32), runtime.clock.now()

    def work(tx: Tx) -> None:
        found = person_of(tx, person)
        if found.disabled:
            raise Conflict("This person is disabled.", hint="Enable them first.")
        if not found.email:
            raise Conflict(
                "This person has no e-mail address to sign in with.", hint="They set it on their account page."
            )
        people.insert_code(tx, code=code, person=person, now=now, expires=now + CODE_S, purpose="reset")

    await do(runtime, actor, "person.reset", person, work)
    return Invitation(person, code, now + CODE_S)


async def invited(runtime: Runtime, code: str) -> Invited | None:
    """Who a link is for, without using it up; None when it leads nowhere (any more)."""
    row = runtime.reader.now(lambda tx: people.find_code(tx, code, runtime.clock.now()))
    return Invited(row.purpose, row.name, row.email or "") if row else None


async def accept(runtime: Runtime, code: str, *, name: str, password: str, visit: Visit = NOWHERE) -> NewSession:
    """Come in by an invitation or a reset link: set name and password, end every other session, sign in.

    Raises `BadInput` for a password that is too weak (the link still works), `NotSignedIn` for a link that does not.
    """
    found = await invited(runtime, code)
    if found is not None and found.purpose != "sign_in":
        named = named_as(name) if found.purpose == "invite" else found.name
        check_password(password, name=named, email=found.email)
        kept, now = await hashed(password), runtime.clock.now()

        def unit(tx: Tx) -> NewSession | None:
            person = people.use_code(tx, code, now, ("invite", "reset"))
            if person is None:
                return None
            people.set_name(tx, person, named)
            people.set_password(tx, person, kept)
            people.revoke_sessions(tx, person, now)
            write_audit(
                tx, at=now, person=person, action="password.change", thing=person, outcome="done",
                reason=f"by a link to {'come in' if found.purpose == 'invite' else 'set a new one'}",
            )  # fmt: skip
            return begin_session(tx, person, visit, now)

        if (new := await runtime.writer.write(unit)) is not None:
            return new
    await refused(runtime, None, "session.start", "", "unknown, used or expired invitation")
    raise NotSignedIn("This link has been used already or has expired.", hint="Ask who sent it for a new one.")


async def change_password(
    runtime: Runtime, actor: Actor | None, *, password: str, email: str = "", session: str = ""
) -> None:
    """Set one's own password, with a fresh proof of who one is; every session but `session` ends.

    Who has no e-mail address yet gives it here. Raises `BadInput`, `Conflict`.
    """
    person = await allowed(runtime, actor, "password.change")
    me = runtime.reader.now(lambda tx: person_of(tx, person.id))
    address = me.email or address_of(email)
    check_password(password, name=me.name, email=address)
    kept, now = await hashed(password), runtime.clock.now()

    def work(tx: Tx) -> None:
        if not person_of(tx, person.id).email:
            if people.address_taken(tx, address):
                raise Conflict(f"Somebody else signs in as {address}.", hint="Give your own address.")
            people.set_email(tx, person.id, address)
        people.set_password(tx, person.id, kept)
        people.revoke_sessions(tx, person.id, now, but=session)
        people.end_codes(tx, person.id, now)

    await do(runtime, actor, "password.change", person.id, work)


def named_as(name: str) -> str:
    """A person's name as it is kept. Raises `BadInput`."""
    named = " ".join(name.split())
    if not named or len(named) > LONGEST_NAME:
        raise BadInput(f"A name has 1 to {LONGEST_NAME} characters.", hint="Give the name colleagues know.")
    return named


def address_of(email: str) -> str:
    """An e-mail address as it is kept. Raises `BadInput`."""
    address = email.strip().lower()
    if not _EMAIL.fullmatch(address):
        raise BadInput("This is not an e-mail address.", hint="Write it like ada@example.com.")
    return address


def _may_give(tx: Tx, actor: Actor | None, roles: set[str]) -> None:
    if actor is None or (roles - _BY_REVIEWER and "owner" not in roles_of(tx, actor.id)):
        raise NotAllowed(
            "Only a platform owner may invite reviewers, auditors and owners.", hint="Invite an analyst or team member."
        )
