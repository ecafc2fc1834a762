"""Sharing: who holds which right on a workflow, an app, a template or a knowledge base; and why one may not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from runtime.errors import Conflict, NotAllowed, NotFound
from runtime.operations.actors import ACTIONS, Actor, Verdict, everybody, permit
from runtime.operations.door import WORDS, allowed, called, do, missing
from runtime.operations.runtime import Runtime
from runtime.store import rights as rows
from runtime.store.rights import LEVELS
from runtime.store.transaction import Tx

Kind = Literal["workflow", "app", "template", "base", "connection"]
Level = Literal["see", "run", "edit", "share", "own"]

OFFERED: dict[str, tuple[str, ...]] = {
    "workflow": ("see", "run", "edit", "share", "own"),
    "app": ("run", "share", "own"),
    "template": ("see", "share", "own"),
    "base": ("see", "edit", "share", "own"),
    "connection": ("see", "run", "edit", "share", "own"),
}
"""the levels that mean something on each kind of thing"""


@dataclass(frozen=True, slots=True)
class RightCard:
    """A right that somebody holds on a thing."""

    holder: str
    """id of a person or group, or `role:analyst`"""
    kind: str
    """person, group or role"""
    name: str
    level: str


async def list_rights(runtime: Runtime, actor: Actor | None, *, kind: Kind, name: str) -> list[RightCard]:
    """Who holds what on a thing one may share, highest first."""
    await allowed(runtime, actor, f"{kind}.share", name)

    def find(tx: Tx) -> list[RightCard]:
        found = rows.thing_id(tx, kind, name)
        return [] if found is None else [_card(*row) for row in rows.rights_on(tx, found)]

    return await runtime.reader.ask(find)


async def give(runtime: Runtime, actor: Actor | None, *, kind: Kind, name: str, holder: str, level: Level) -> None:
    """Give a right, or change the one that is held. Nobody gives more than they hold; the last owner stays.

    Raises `NotAllowed`, `NotFound`, `Conflict`.
    """
    await allowed(runtime, actor, f"{kind}.share", name)

    def work(tx: Tx) -> str:
        thing, mine = _mine(tx, actor, kind, name)
        before = rows.level_of(tx, thing, holder)
        if level not in OFFERED[kind]:
            raise Conflict(f"A {WORDS[kind]} has no right to {level}.", hint=f"Give one of {', '.join(OFFERED[kind])}.")
        if max(LEVELS.index(level), before) > mine:
            raise NotAllowed(
                f"You hold the right to {LEVELS[mine]}: only who holds more can give or change more.",
                hint="Ask its owner.",
            )
        if holder not in rows.known_holders(tx, [holder]):
            raise NotFound("There is no such person or group.", hint="Look them up again.")
        rows.give_right(tx, thing, holder, level)
        _keep_an_owner(tx, thing, kind)
        return f"{holder}: {_level(before)} → {level}"

    await do(runtime, actor, f"{kind}.share", name, work, said=str)


async def take(runtime: Runtime, actor: Actor | None, *, kind: Kind, name: str, holder: str) -> None:
    """Take somebody's right away; it ends at their next click. Raises `NotAllowed`, `Conflict`."""
    await allowed(runtime, actor, f"{kind}.share", name)

    def work(tx: Tx) -> str:
        thing, mine = _mine(tx, actor, kind, name)
        before = rows.level_of(tx, thing, holder)
        if before > mine:
            raise NotAllowed(
                f"You hold the right to {LEVELS[mine]}: only who holds more can take this away.", hint="Ask its owner."
            )
        rows.take_right(tx, thing, holder)
        _keep_an_owner(tx, thing, kind)
        return f"{holder}: {_level(before)} → nothing"

    await do(runtime, actor, f"{kind}.share", name, work, said=str)


async def why(runtime: Runtime, actor: Actor | None, *, action: str, name: str) -> Verdict:
    """Whether one may do something to a thing, and why; for a thing one may not even see, that there is none.

    Raises `NotFound`.
    """
    await allowed(runtime, actor, "page.see")
    entry = ACTIONS[action]
    verdict = permit(actor, action)
    if actor is None or not entry.level:
        return verdict
    kind = entry.kind(action)
    _, thing, held = runtime.reader.now(lambda tx: rows.standing(tx, actor.id, kind, name))
    if thing is None or held < 0:
        raise missing(kind, name)
    if not verdict.allowed:
        return verdict
    if held < LEVELS.index(entry.level):
        on_it = runtime.reader.now(lambda tx: rows.rights_on(tx, thing))
        owners = [each.name for each in on_it if each.level == LEVELS.index("own")]
        return Verdict(
            False,
            f"You may {called(kind, LEVELS[held])} this {WORDS[kind]}, but to {entry.words} you need the right to"
            f" {called(kind, entry.level)} it."
            f" {', '.join(filter(None, owners)) or 'Its owner'} can give it to you.",
        )
    return Verdict(True, f"You hold the right to {called(kind, LEVELS[held])} this {WORDS[kind]}.")


def _mine(tx: Tx, actor: Actor | None, kind: str, name: str) -> tuple[str, int]:
    """The id of the thing, and the level the actor holds on it now."""
    assert actor is not None, "the door asked"
    _, thing, held = rows.standing(tx, actor.id, kind, name)
    assert thing is not None, "the door asked"
    return thing, held


def _keep_an_owner(tx: Tx, thing: str, kind: str) -> None:
    if "own" not in {LEVELS[row.level] for row in rows.rights_on(tx, thing)}:
        raise Conflict(f"Somebody has to own this {WORDS[kind]}.", hint="Make somebody else its owner first.")


def _level(held: int) -> str:
    return LEVELS[held] if held >= 0 else "nothing"


def _card(holder: str, level: int, name: str) -> RightCard:
    role = holder.removeprefix("role:")
    if role != holder:
        return RightCard(holder, "role", everybody(role), LEVELS[level])
    return RightCard(holder, "group" if holder.startswith("group_") else "person", name, LEVELS[level])
