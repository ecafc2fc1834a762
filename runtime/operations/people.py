"""People: who there is, what they are here, and who may not come in any more."""

from __future__ import annotations

import secrets
from collections.abc import Sequence, Set
from dataclasses import dataclass
from typing import Any

from runtime.errors import BadInput, Conflict, NotAllowed, NotFound
from runtime.operations.actors import ROLES, Actor, everybody, permit
from runtime.operations.door import allowed, do
from runtime.operations.runtime import Runtime
from runtime.store import people
from runtime.store import rights as rights_rows
from runtime.store import runs as run_rows
from runtime.store.audit import write_audit
from runtime.store.ids import new_id
from runtime.store.notifications import notify
from runtime.store.submissions import list_open
from runtime.store.transaction import Tx

CODE_S = 24 * 3600.0
"""how long a one-time link works"""
FIRST_ROLES = frozenset({"owner", "reviewer", "analyst", "member", "auditor"})
"""the first person can do everything until there are others; never alone what needs two"""
MOST_FOUND = 8


@dataclass(frozen=True, slots=True)
class PersonCard:
    """Somebody as those who look after people see them. Times are seconds since 1970."""

    id: str
    name: str
    email: str
    has_password: bool
    roles: tuple[str, ...]
    groups: tuple[str, ...]
    """ids"""
    disabled: float | None
    seen: float | None
    """when they were last here"""
    invited: bool
    """was sent a link and has not come yet"""


@dataclass(frozen=True, slots=True)
class Holder:
    """Somebody who may hold a right: a person, a group, or everybody with a role."""

    id: str
    kind: str
    """person, group or role"""
    name: str
    about: str


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
    people.insert_person(tx, person=person, name="Owner", roles=FIRST_ROLES, now=now)
    write_audit(tx, at=now, person=person, action="person.create", thing=person, outcome="done", reason="first start")
    return Actor(person, "Owner", FIRST_ROLES, via="command")


async def read_myself(runtime: Runtime, actor: Actor | None) -> PersonCard:
    """Who one is oneself."""
    person = await allowed(runtime, actor, "session.see")
    return runtime.reader.now(lambda tx: person_of(tx, person.id))


async def list_people(runtime: Runtime, actor: Actor | None) -> list[PersonCard]:
    """Everybody, by name; disabled ones too."""
    await allowed(runtime, actor, "person.list")
    return [_card(row) for row in await runtime.reader.ask(people.list_people)]


async def find_holders(runtime: Runtime, actor: Actor | None, *, text: str) -> list[Holder]:
    """The few people, groups and roles whose name begins with, or has a word that begins with, what was typed.

    E-mail addresses are for those who may see the list of people; everybody else gets people with their groups.
    """
    await allowed(runtime, actor, "person.find")
    wanted, listed = " ".join(text.lower().split()), permit(actor, "person.list").allowed
    if not wanted:
        return []
    roles = [
        Holder(f"role:{role}", "role", everybody(role), "")
        for role, words in sorted(ROLES.items(), key=lambda each: each[0] != "member")
        if any(word.startswith(wanted) for word in ("everybody", words.lower(), *words.lower().split()))
    ]
    rows = await runtime.reader.ask(lambda tx: people.find_holders(tx, wanted, MOST_FOUND, addresses=listed))
    return ([Holder(*row) for row in rows] + roles)[:MOST_FOUND]


async def set_roles(runtime: Runtime, actor: Actor | None, *, person: str, roles: Sequence[str]) -> None:
    """Exactly these roles from now on; everybody is a team member. Who loses one has to sign in again.

    Raises `Conflict` for the last owner.
    """
    await allowed(runtime, actor, "person.roles", person)
    wanted, now = known_roles(roles), runtime.clock.now()

    def work(tx: Tx) -> str:
        before = set(person_of(tx, person).roles)
        if "owner" in before - wanted:
            keep_an_owner(tx, person)
        people.set_roles(tx, person, wanted)
        if before - wanted and actor is not None and person != actor.id:
            people.revoke_sessions(tx, person, now)
        tell_what_waits(tx, person, wanted - before, now)
        return f"{', '.join(sorted(before))} → {', '.join(sorted(wanted))}"

    await do(runtime, actor, "person.roles", person, work, said=str)


def tell_what_waits(tx: Tx, person: str, gained: Set[str], now: float) -> None:
    """Who becomes a reviewer was not there when the others were told of what is submitted."""
    waiting = len(list_open(tx)) if "reviewer" in gained else 0
    if waiting:
        said = "One workflow waits" if waiting == 1 else f"{waiting} workflows wait"
        notify(tx, [person], f"{said} for a decision.", "/reviews", now)


async def disable_person(runtime: Runtime, actor: Actor | None, *, person: str) -> int:
    """Shut somebody out at once: sessions, links and keys end, what they run is stopped. How many runs that were.

    Raises `Conflict` for oneself and for the last owner.
    """
    await allowed(runtime, actor, "person.disable", person)
    now = runtime.clock.now()

    def work(tx: Tx) -> list[str]:
        found = person_of(tx, person)
        if actor is not None and person == actor.id:
            raise Conflict("You cannot disable yourself.", hint="Ask another platform owner to do it.")
        if "owner" in found.roles:
            if actor is None or "owner" not in rights_rows.roles_of(tx, actor.id):
                raise NotAllowed("Only a platform owner may disable a platform owner.")
            keep_an_owner(tx, person)
        people.set_disabled(tx, person, now)
        people.revoke_sessions(tx, person, now)
        people.end_codes(tx, person, now)
        mine = run_rows.open_runs_of(tx, "person", person)
        for run in mine:
            run_rows.cancel(tx, run, now=now)
        return mine

    stopped = await do(runtime, actor, "person.disable", person, work, said=lambda runs: f"{len(runs)} runs stopped")
    for run in stopped:
        runtime.engine.stop(run, "cancelled")
    return len(stopped)


async def enable_person(runtime: Runtime, actor: Actor | None, *, person: str) -> None:
    """Let somebody in again, with the roles and rights they had; they sign in anew."""

    def work(tx: Tx) -> None:
        person_of(tx, person)
        people.set_disabled(tx, person, None)

    await do(runtime, actor, "person.enable", person, work)


def person_of(tx: Tx, person: str) -> PersonCard:
    """Somebody by id. Raises `NotFound`."""
    row = people.find_person(tx, person)
    if row is None:
        raise NotFound("There is no such person.", hint="Open the list of people again.")
    return _card(row)


def keep_an_owner(tx: Tx, person: str) -> None:
    """Raise `Conflict` when nobody else could look after the platform."""
    if not people.other_owners(tx, person):
        raise Conflict(
            "This is the last platform owner who can sign in.",
            hint="Make somebody else a platform owner first; they count once they have signed in.",
        )


def known_roles(roles: Sequence[str]) -> set[str]:
    """The roles, with that of everybody. Raises `BadInput`."""
    if unknown := set(roles) - ROLES.keys():
        raise BadInput(f"There is no role {', '.join(sorted(unknown))}.", hint=f"Known: {', '.join(ROLES)}.")
    return {*roles, "member"}


def roles_in(joined: str) -> frozenset[str]:
    """What the store joined by commas."""
    return frozenset(joined.split(",")) if joined else frozenset()


def _card(row: Any) -> PersonCard:
    roles = roles_in(row.roles)
    return PersonCard(
        id=row.id,
        name=row.name,
        email=row.email or "",
        has_password=bool(row.has_password),
        roles=tuple(role for role in ROLES if role in roles),
        groups=tuple(sorted(roles_in(row.groups))),
        disabled=row.disabled,
        seen=row.seen,
        invited=bool(row.invited) and not row.has_password,
    )
