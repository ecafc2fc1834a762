"""The inbox: what runs ask this person, and answering. One answer wins; who comes second is told who was first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import orjson

from runtime.errors import BadInput, Conflict, NotFound
from runtime.operations.actors import Actor
from runtime.operations.door import Hidden, allowed, do, look
from runtime.operations.runtime import Runtime
from runtime.store import notifications, waits
from runtime.store.transaction import Tx
from runtime.store.waits import OWN, TIMEOUT

MOST = 200
LONGEST_COMMENT = 4_000
"""characters"""


@dataclass(frozen=True, slots=True)
class Choice:
    """One button."""

    id: str
    label: str


@dataclass(frozen=True, slots=True)
class Entry:
    """Something a run asks. Of the run itself nothing is here that the step did not choose to show."""

    id: str
    kind: str
    """approve, or interrupted: then it is about one's own run, whose id is in `run`"""
    title: str
    text: str
    choices: list[Choice]
    about: str
    """the app's or workflow's title"""
    asked_by: str
    """the name of who started the run; of a program its person"""
    opened: float
    deadline: float | None
    status: str
    """open, answered or closed (the run ended meanwhile)"""
    decision: str
    """what was decided, in words; also that time ran out"""
    comment: str
    decided_by: str
    decided: float | None
    run: str
    """only where the person may see the run itself"""


@dataclass(frozen=True, slots=True)
class Approver:
    """A group or a person a step may ask, by the name it writes down."""

    name: str
    label: str
    group: bool


async def list_inbox(runtime: Runtime, actor: Actor | None) -> list[Entry]:
    """What waits for this person, the most urgent first."""
    person = await allowed(runtime, actor, "inbox.see")
    rows = await runtime.reader.ask(lambda tx: waits.waits_for(tx, person.id, MOST))
    return [_entry(row, person.id) for row in rows]


async def list_decided(runtime: Runtime, actor: Actor | None) -> list[Entry]:
    """What this person has decided, newest first."""
    person = await allowed(runtime, actor, "inbox.see")
    rows = await runtime.reader.ask(lambda tx: waits.answered_by(tx, person.id, MOST))
    return [_entry(row, person.id) for row in rows]


async def count_news(runtime: Runtime, actor: Actor | None) -> int:
    """How much is new for this person: open questions, and notifications of other things."""
    person = await allowed(runtime, actor, "inbox.see")
    return runtime.reader.now(
        lambda tx: waits.count_waits(tx, person.id) + notifications.count_unseen(tx, person.id, but="/inbox/")
    )


async def read_entry(runtime: Runtime, actor: Actor | None, *, entry: str) -> Entry:
    """One question, open or not."""
    return await look(runtime, actor, "inbox.see", entry, lambda tx: _find(tx, actor, entry), soon=True)


async def answer_entry(runtime: Runtime, actor: Actor | None, *, entry: str, choice: str, comment: str = "") -> Entry:
    """Decide. Raises `Conflict` with the name of who was faster, or that time ran out, or that the run has ended."""
    person, now, comment = await allowed(runtime, actor, "inbox.answer", entry), runtime.clock.now(), comment.strip()

    def work(tx: Tx) -> tuple[Entry, str]:
        found = _find(tx, person, entry)
        if choice not in {each.id for each in found.choices}:
            offered = ", ".join(f"“{each.id}”" for each in found.choices)
            raise BadInput("This is none of the answers that are offered.", hint=f"Choose one of {offered}.")
        if len(comment) > LONGEST_COMMENT:
            raise BadInput(f"A comment has at most {LONGEST_COMMENT:,} characters.", hint="Shorten it.")
        run = waits.answer_wait(tx, entry, choice=choice, comment=comment, by=person.id, now=now)
        if run is None:
            raise _too_late(found)
        return _find(tx, person, entry), run

    answered, run = await do(runtime, actor, "inbox.answer", entry, work, said=lambda done: done[0].decision)
    runtime.engine.answered(run)
    return answered


async def list_approvers(runtime: Runtime, actor: Actor | None) -> list[Approver]:
    """Groups and people a step may ask, for choosing them."""
    await allowed(runtime, actor, "inbox.choose")
    rows = await runtime.reader.ask(waits.list_approvers)
    return [Approver(row.name, row.label, bool(row.is_group)) for row in rows]


def _find(tx: Tx, actor: Actor | None, entry: str) -> Entry:
    """A question this person may answer. For everybody else it is as if there were none."""
    row = None if actor is None else waits.wait_row(tx, entry, actor.id)
    if row is None or actor is None:
        absent = "There is no such question."
        raise Hidden(absent) if waits.is_wait(tx, entry) else NotFound(absent)
    return _entry(row, actor.id)


def _entry(row: Any, person: str) -> Entry:
    asked = orjson.loads(row.asked)
    choices = [Choice(each["id"], each["label"]) for each in asked["choices"]]
    words = {each["id"]: each["chosen"] or each["label"] for each in asked["choices"]} | {
        TIMEOUT: "Nobody decided in time"
    }
    asked_by = row.starter_name or (f"{row.app_title} (a program)" if row.app else "A program")
    return Entry(
        id=row.id, kind=row.kind, title=asked["title"], text=asked["text"], choices=choices,
        about=row.app_title or row.title, asked_by=asked_by, opened=row.opened, deadline=row.deadline,
        status=row.status, decision=words.get(row.answer or "", ""), comment=row.comment,
        decided_by=row.answerer_name, decided=row.answered,
        run=row.run if row.kind == OWN and row.starter == person else "",
    )  # fmt: skip


def _too_late(found: Entry) -> Conflict:
    """Why an answer counts no more."""
    if found.status == "closed":
        return Conflict("The run has ended meanwhile, so nothing is to be decided any more.")
    if found.status == "answered" and found.decided_by:
        assert found.decided is not None, "answered"
        when = f"{datetime.fromtimestamp(found.decided, UTC):%d %B at %H:%M} UTC"
        return Conflict(f"{found.decided_by} has decided already, on {when}: {found.decision}.")
    return Conflict("The time to decide has run out.", hint="Whoever started the run sees how it went on.")
