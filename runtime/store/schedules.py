"""Schedules: runs of an app that begin by themselves. Their time moves on in the transaction that inserts the run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row

from runtime.store.database import execute

_COLUMNS = "id, app, rule, zone, inputs, person, created, next_due, stop_reason, last_due, last_run"


@dataclass(frozen=True, slots=True)
class ScheduleRow:
    """A schedule."""

    id: str
    app: str
    rule: str
    zone: str
    inputs: bytes
    person: str
    created: float
    next_due: float | None
    stop_reason: str = ""
    last_due: float | None = None
    last_run: str = ""


def insert_schedule(tx: Connection, new: ScheduleRow) -> None:
    """A new one."""
    row = (new.id, new.app, new.rule, new.zone, new.inputs, new.person, new.created, new.next_due)
    execute(
        tx,
        "INSERT INTO schedule (id, app, rule, zone, inputs, person, created, next_due, stop_reason, last_run)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, '', '')",
        row,
    )


def schedules_of(tx: Connection, app: str) -> list[Row[Any]]:
    """Those of an app, the oldest first; `who` is the name of the person who made it, `status` of its last run."""
    return list(
        tx.exec_driver_sql(
            "SELECT schedule.*, coalesce(person.name, '') AS who, coalesce(run.status, '') AS status FROM schedule"
            " LEFT JOIN person ON person.id = schedule.person LEFT JOIN run ON run.id = schedule.last_run"
            " WHERE schedule.app = ? ORDER BY schedule.created, schedule.id",
            (app,),
        )
    )


def find_schedule(tx: Connection, app: str, schedule: str) -> ScheduleRow | None:
    """One of an app."""
    row = execute(tx, f"SELECT {_COLUMNS} FROM schedule WHERE id = ? AND app = ?", (schedule, app)).fetchone()
    return ScheduleRow(*row) if row else None


def due_schedules(tx: Connection, now: float, most: int) -> list[ScheduleRow]:
    """Those whose time has come, the longest due first."""
    question = f"SELECT {_COLUMNS} FROM schedule WHERE next_due <= ? ORDER BY next_due LIMIT ?"
    return [ScheduleRow(*row) for row in execute(tx, question, (now, most))]


def move_on(tx: Connection, seen: ScheduleRow, upcoming: float, run: str) -> bool:
    """The run of the time that was seen is inserted; False when another process was faster."""
    done = execute(
        tx,
        "UPDATE schedule SET next_due = ?, last_due = next_due, last_run = ? WHERE id = ? AND next_due = ?",
        (upcoming, run, seen.id, seen.next_due),
    )
    return done.rowcount == 1


def stop_schedule(tx: Connection, schedule: str, reason: str) -> bool:
    """It begins no run any more; False when it did not before."""
    done = execute(
        tx,
        "UPDATE schedule SET next_due = NULL, stop_reason = ? WHERE id = ? AND next_due IS NOT NULL",
        (reason, schedule),
    )
    return done.rowcount == 1


def resume_schedule(tx: Connection, schedule: str, next_due: float) -> bool:
    """It begins runs again; False when it does."""
    done = execute(
        tx,
        "UPDATE schedule SET next_due = ?, stop_reason = '' WHERE id = ? AND next_due IS NULL",
        (next_due, schedule),
    )
    return done.rowcount == 1


def remove_schedule(tx: Connection, schedule: str) -> None:
    """It is gone; its runs stay."""
    execute(tx, "DELETE FROM schedule WHERE id = ?", (schedule,))
