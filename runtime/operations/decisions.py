"""Decisions as they stand: whether one holds now, taking an approval back, and the conditions it set."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, TypeVar

from runtime.errors import Conflict, NotAllowed, NotFound
from runtime.operations.actors import Actor
from runtime.operations.door import allowed, do, refused
from runtime.operations.reasons import written
from runtime.operations.runtime import Runtime
from runtime.operations.seeing import link_of, thing_of, visible_submission
from runtime.store import decisions as rows
from runtime.store import submissions
from runtime.store.ids import new_id
from runtime.store.notifications import notify
from runtime.store.transaction import Row, Tx

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Ruling:
    """Whether a decision lets its version run now."""

    valid: bool
    sentence: str
    """why, for the person who is refused and for the log"""
    until: float | None = None
    """when it will end by itself if nobody does anything; None: it does not, or it has"""


def standing_decision(tx: Tx, decision_id: str, now: float) -> Ruling:
    """Whether a decision is an approval that holds at this moment: not withdrawn, not expired, no condition overdue.

    Asked inside the transaction of every start, so that time alone stops an app.
    """
    return standing_decisions(tx, [decision_id], now)[decision_id]


def standing_decisions(tx: Tx, decisions: Collection[str], now: float) -> dict[str, Ruling]:
    """The same for many at once, by id."""
    found = rows.standings(tx, decisions)
    return {each: _ruled(found.get(each), now) for each in decisions}


def _ruled(found: rows.Standing | None, now: float) -> Ruling:
    if found is None:
        return Ruling(False, "There is no such decision.")
    if found.kind not in rows.APPROVALS:
        return Ruling(False, "It was not approved.")
    if found.withdrawn is not None:
        return Ruling(False, f"The approval was withdrawn on {day(found.withdrawn)}.")
    if found.expires is not None and found.expires <= now:
        return Ruling(False, f"The exception expired on {day(found.expires)}.")
    if found.due is not None and found.due <= now:
        return Ruling(False, f"The condition “{found.text}” was due by {day(found.due)} and is not met.")
    return Ruling(True, "The approval holds.", min((each for each in (found.expires, found.due) if each), default=None))


async def withdraw_approval(runtime: Runtime, actor: Actor | None, *, number: int, reason: str) -> None:
    """Take an approval back: from now on nothing that rests on it starts. The reason stands among the comments."""
    person, now = await allowed(runtime, actor, "decision.withdraw", thing_of(number)), runtime.clock.now()
    reason = written(reason, "Say why the approval is withdrawn.")

    def work(tx: Tx) -> None:
        row = visible_submission(tx, person, number)
        found = rows.decision_of(tx, row.id)
        if found is None or not rows.withdraw_decision(tx, found.id, now):
            raise Conflict(f"Submission #{number} has no approval that could be withdrawn.", hint="Reload the page.")
        text = f"Approval withdrawn: {reason}"
        submissions.insert_comment(
            tx, comment=new_id("comment"), submission=row.id, step="", text=text, person=person.id, now=now
        )
        told = f"{person.name} withdrew the approval of “{row.title}” (#{number}): {reason}"
        notify(tx, {row.person}, told[:400], link_of(number), now)

    await recorded(runtime, person, "decision.withdraw", number, work, reason)


async def meet_condition(runtime: Runtime, actor: Actor | None, *, number: int, condition: str, note: str) -> None:
    """A reviewer who took no part says that a condition is met, and how that was seen."""
    person, now = await allowed(runtime, actor, "condition.meet", thing_of(number)), runtime.clock.now()
    note = written(note, "Say how you know that the condition is met.")

    def work(tx: Tx) -> None:
        row = visible_submission(tx, person, number)
        found, decision = rows.condition_row(tx, condition), rows.decision_of(tx, row.id)
        if found is None or decision is None or found.decision != decision.id:
            raise NotFound("There is no such condition.", hint="Reload the page.")
        impartial(tx, row, person)
        if not rows.meet_condition(tx, condition, person=person.id, note=note, now=now):
            raise Conflict("The condition was marked as met already.", hint="Reload the page.")
        notify(tx, {row.person}, f"“{found.text}” is met ({row.title}, #{number}).", link_of(number), now)

    await recorded(runtime, person, "condition.meet", number, work, note)


def impartial(tx: Tx, row: Row[Any], person: Actor) -> None:
    """Raises `NotAllowed` for somebody who took part in the workflow of this submission."""
    if row.name is None:
        raise Conflict("The workflow was deleted.", hint="There is nothing left to decide.")
    if how := rows.contributed(tx, row.workflow, person.id):
        raise NotAllowed(
            f"You {how}, and nobody decides about what they took part in.", hint="Ask another reviewer to decide."
        )


async def recorded(
    runtime: Runtime, person: Actor, action: str, number: int, work: Callable[[Tx], T], said: str = ""
) -> T:
    """`do`, where a conflict leaves a row in the audit log too: here it may be an attempt to get around a rule."""
    try:
        return await do(runtime, person, action, thing_of(number), work, said=lambda _done: said)
    except Conflict as conflict:
        await refused(runtime, person, action, thing_of(number), conflict.sentence)
        raise


def day(moment: float) -> str:
    """`3 November 2026` (UTC)."""
    at = datetime.fromtimestamp(moment, UTC)
    return f"{at.day} {at:%B %Y}"
