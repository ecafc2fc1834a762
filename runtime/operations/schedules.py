"""Schedules of an app: who owns it lets runs begin by themselves. They act as the app, with exactly what was approved.

A time that passed while nothing ran is made up for once. An app that does not start stops its schedule, and says why.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import orjson

from nodes.sdk import files_in
from runtime.errors import BadInput, Conflict, NotAllowed, NotFound, StorageUnavailable, TooBusy, TooManyStarts
from runtime.operations.actors import Actor
from runtime.operations.apps import app_inputs, start_app_run
from runtime.operations.calendar import DAYS, Rule, home_zone, next_after, rule_of, zones
from runtime.operations.door import allowed, do, look, need
from runtime.operations.runtime import Runtime
from runtime.operations.starting import SCHEDULED
from runtime.store import apps
from runtime.store import schedules as rows
from runtime.store.ids import new_id
from runtime.store.notifications import notify
from runtime.store.schedules import ScheduleRow
from runtime.store.transaction import Tx

__all__ = [
    "DAYS", "Rule", "ScheduleCard", "create_schedule", "fire_due", "home_zone", "list_schedules", "remove_schedule",
    "resume_schedule", "rule_of", "stop_schedule", "zones",
]  # fmt: skip

log = logging.getLogger(__name__)

MOST = 50
"""schedules an app may have"""
MOST_DUE = 100
"""schedules that one look fires"""
SWITCHED_OFF = "Switched off."
_NO_FILES = "A schedule holds no files: nobody brings one when it begins a run."


@dataclass(frozen=True, slots=True)
class ScheduleCard:
    """A schedule as the owner of its app sees it."""

    id: str
    words: str
    zone: str
    inputs: dict[str, Any]
    next_due: float | None
    stopped: str
    """why it begins no run; empty while it does"""
    last_due: float | None
    last_run: str
    last_status: str
    who: str
    """name of the person who made it"""


async def list_schedules(runtime: Runtime, actor: Actor | None, *, app: str) -> list[ScheduleCard]:
    """Those of an app, the oldest first."""

    def find(tx: Tx) -> list[ScheduleCard]:
        row = apps.find_app(tx, app)
        return [_card(each) for each in rows.schedules_of(tx, row.id)] if row else []

    return await look(runtime, actor, "schedule.see", app, find)


async def create_schedule(
    runtime: Runtime, actor: Actor | None, *, app: str, rule: Rule, zone: str, inputs: Mapping[str, Any]
) -> str:
    """Let runs of the app begin by themselves, each with these inputs; its id. Raises `BadInput` for inputs that do
    not fit, for files, and for a time that never comes."""
    person, now = await allowed(runtime, actor, "schedule.create", app), runtime.clock.now()
    packed = await app_inputs(runtime, app, inputs)
    _without_files(orjson.loads(packed))
    first = next_after(rule, zone, now)
    new = ScheduleRow(new_id("schedule"), "", rule.model_dump_json(), zone, packed, person.id, now, first)

    def work(tx: Tx) -> str:
        found = need(tx, person, "schedule.create", app)
        if len(rows.schedules_of(tx, found)) >= MOST:
            raise Conflict(f"This app has {MOST} schedules already.", hint="Remove one first.")
        rows.insert_schedule(tx, replace(new, app=found))
        return f"{rule.words()}, {zone}"

    await do(runtime, actor, "schedule.create", app, work, said=str)
    return new.id


def _without_files(inputs: Mapping[str, Any]) -> None:
    """Refuse files: each is for the run it was brought for, and nobody brings one when a schedule begins it."""
    holding = [name for name, value in inputs.items() if any(files_in(value))]
    if holding:
        problems = [{"input": each, "code": "no_file", "message": _NO_FILES} for each in holding]
        raise BadInput(
            _NO_FILES,
            hint="Let the workflow fetch what it needs with “Call HTTP”, or let a program start the app with the file.",
            details={"problems": problems},
        )


async def stop_schedule(runtime: Runtime, actor: Actor | None, *, app: str, schedule: str) -> None:
    """Let it begin no run until it is resumed."""

    def work(tx: Tx, row: ScheduleRow) -> None:
        if not rows.stop_schedule(tx, row.id, SWITCHED_OFF):
            raise Conflict("This schedule is switched off already.", hint="Reload the page.")

    await _change(runtime, actor, app, schedule, work)


async def resume_schedule(runtime: Runtime, actor: Actor | None, *, app: str, schedule: str) -> None:
    """Let it begin runs again, from now on."""
    now = runtime.clock.now()

    def work(tx: Tx, row: ScheduleRow) -> None:
        if not rows.resume_schedule(tx, row.id, next_after(Rule.model_validate_json(row.rule), row.zone, now)):
            raise Conflict("This schedule runs already.", hint="Reload the page.")

    await _change(runtime, actor, app, schedule, work)


async def remove_schedule(runtime: Runtime, actor: Actor | None, *, app: str, schedule: str) -> None:
    """Take it away; the runs it began stay."""
    await _change(runtime, actor, app, schedule, lambda tx, row: rows.remove_schedule(tx, row.id))


async def _change(
    runtime: Runtime, actor: Actor | None, app: str, schedule: str, change: Callable[[Tx, ScheduleRow], None]
) -> None:
    person = await allowed(runtime, actor, "schedule.change", app)

    def work(tx: Tx) -> str:
        row = rows.find_schedule(tx, need(tx, person, "schedule.change", app), schedule)
        if row is None:
            raise NotFound("There is no such schedule.", hint="It may have been removed. Reload the page.")
        change(tx, row)
        return f"{Rule.model_validate_json(row.rule).words()}, {row.zone}"

    await do(runtime, actor, "schedule.change", app, work, said=str)


async def fire_due(runtime: Runtime) -> int:
    """Begin the runs whose time has come; how many. One process does this for all; two at once begin no run twice.
    Whatever is wrong with one schedule keeps no other from its time."""
    now = runtime.clock.now()
    begun = 0
    for row in await runtime.reader.ask(lambda tx: rows.due_schedules(tx, now, MOST_DUE)):
        try:
            begun += await _fire(runtime, row, now)
        except Exception:
            log.exception("schedule %s could not begin a run, again in a moment", row.id)
    return begun


async def _fire(runtime: Runtime, row: ScheduleRow, now: float) -> bool:
    """One transaction inserts the run and moves the schedule on."""
    actor = Actor(row.app, "Schedule", via="schedule", app=row.app)

    def moves(tx: Tx, run: str) -> None:
        if not rows.move_on(tx, row, upcoming, run):
            raise Conflict("Another process was faster.")

    key = f"{SCHEDULED}{row.id}:{row.next_due!r}"
    try:
        upcoming = next_after(Rule.model_validate_json(row.rule), row.zone, now)
        started = await start_app_run(
            runtime, actor, app=row.app, inputs=orjson.loads(row.inputs), key=key, queued=True, moves=moves
        )
    except Conflict:
        return False  # another process was faster
    except (TooBusy, TooManyStarts, StorageUnavailable) as later:
        log.warning("schedule %s waits: %s", row.id, later.sentence)
        return False
    except (NotAllowed, NotFound, BadInput) as refusal:
        reason = refusal.sentence
        await runtime.writer.write(lambda tx: _stops(tx, row, reason, now))
        return False
    if started.again:  # its run is there already
        await runtime.writer.write(lambda tx: rows.move_on(tx, row, upcoming, started.run))
    return not started.again


def _stops(tx: Tx, row: ScheduleRow, reason: str, now: float) -> None:
    """The schedule stops with the reason, and the owner of the app is told."""
    app = apps.find_app(tx, row.app)
    if rows.stop_schedule(tx, row.id, reason) and app is not None:
        notify(tx, {app.owner}, f"A schedule of “{app.title}” has stopped: {reason}", f"/apps/{app.name}", now)


def _card(row: Any) -> ScheduleCard:
    return ScheduleCard(
        row.id, Rule.model_validate_json(row.rule).words(), row.zone, orjson.loads(row.inputs), row.next_due,
        row.stop_reason, row.last_due, row.last_run, row.status, row.who,
    )  # fmt: skip
