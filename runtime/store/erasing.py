"""The payload of a run is removed: what it was given, what its steps handed on and asked, its files. What stays tells
that it ran, when, by whom and how it ended: digests, metadata and the links of its log, so that every chain verifies.
"""

from __future__ import annotations

from typing import Any

import orjson
from sqlalchemy import Connection

from runtime.store.conversations import forget_in, is_going
from runtime.store.database import execute
from runtime.store.error_runs import error_run_of
from runtime.store.files import remove_from_run
from runtime.store.runs import ENDED
from runtime.store.trials import erase_trial, forget_pins_of, tried_with

DAY_S = 24 * 3600.0
_ENDED = ", ".join(f"'{each}'" for each in ENDED)


def erase_run(tx: Connection, run: str, *, by: str, now: float) -> bool:
    """Remove the payload of an ended run, and what its conversation remembers of it; False when it goes on, or another
    message of its conversation does (which has to find the same when it is taken over), or when it has none any more.
    `by` is the name of who asked; empty for its app's rule."""
    talk = execute(tx, "SELECT conversation FROM run WHERE id = ?", (run,)).fetchone()
    if talk and talk[0] and is_going(tx, talk[0]):
        return False
    done = execute(
        tx,
        f"UPDATE run SET erased = ?, erased_by = ?, inputs = ?, outputs = NULL WHERE id = ? AND erased IS NULL"
        f" AND status IN ({_ENDED})",
        (now, by, b"{}", run),
    )
    if done.rowcount != 1:
        return False
    execute(tx, "DELETE FROM blob WHERE digest IN (SELECT blob FROM record WHERE run = ? AND blob IS NOT NULL)", (run,))
    execute(tx, "DELETE FROM partial WHERE run = ?", (run,))
    execute(tx, "UPDATE record SET value = NULL, blob = NULL WHERE run = ?", (run,))
    row = execute(tx, "SELECT error FROM run WHERE id = ?", (run,)).fetchone()
    if row[0]:
        execute(tx, "UPDATE run SET error = ? WHERE id = ?", (_bare(row[0]), run))
    _erase_waits(tx, run)
    erase_trial(tx, run)
    forget_pins_of(tx, run)
    remove_from_run(tx, run)
    _erase_error_run(tx, run, by=by, now=now)
    for tried in tried_with(tx, run):  # what they were given of it stands in their logs
        erase_run(tx, tried, by=by, now=now)
    if talk and talk[0]:
        forget_in(tx, talk[0], _conversation_variables(tx, run))
    return True


def _erase_error_run(tx: Connection, run: str, *, by: str, now: float) -> None:
    """What a failure said stands in the run that began because of it, too. One that still goes on keeps it until its
    own time has come."""
    workflow = execute(tx, "SELECT workflow FROM run WHERE id = ?", (run,)).fetchone()[0]
    if after := error_run_of(tx, workflow, run):
        erase_run(tx, after, by=by, now=now)


def _conversation_variables(tx: Connection, run: str) -> set[str]:
    """The variables of its conversation that a run has set."""
    rows = execute(tx, "SELECT detail FROM record WHERE run = ? AND kind = 'set' AND detail IS NOT NULL", (run,))
    details: list[dict[str, Any]] = [orjson.loads(row[0]) for row in rows.fetchall()]
    return {each["variable"] for each in details if each.get("of") == "conversation" and not each.get("found")}


def _bare(error: str) -> str:
    """An error without the words of the step, which may say what it was given."""
    known: dict[str, Any] = orjson.loads(error)
    said = "The run failed; what it said was removed with its data."
    return orjson.dumps(
        {"code": known.get("code", ""), "step": known.get("step"), "message": said, "hint": ""}
    ).decode()


def _erase_waits(tx: Connection, run: str) -> None:
    for wait, asked in execute(tx, "SELECT id, asked FROM wait WHERE run = ?", (run,)).fetchall():
        bare = orjson.dumps({**orjson.loads(asked), "title": "", "text": ""}).decode()
        execute(tx, "UPDATE wait SET asked = ?, comment = '' WHERE id = ?", (bare, wait))
        execute(
            tx,
            "UPDATE notification SET text = 'A run asked for a decision; its data was removed.' WHERE link = ?",
            (f"/inbox/{wait}",),
        )


def runs_to_erase(tx: Connection, now: float, most: int) -> list[tuple[str, str, int]]:
    """Runs whose app keeps their payload no longer: (run, app, days)."""
    found: list[tuple[str, str, int]] = []
    for app, days in execute(tx, "SELECT id, keep_days FROM app WHERE keep_days IS NOT NULL").fetchall():
        rows = execute(
            tx,
            "SELECT id FROM run WHERE app = ? AND ended < ? AND erased IS NULL AND ended IS NOT NULL AND"
            " (conversation IS NULL OR NOT EXISTS (SELECT 1 FROM run AS other WHERE other.conversation ="
            " run.conversation AND other.ended IS NULL)) LIMIT ?",
            (app, now - days * DAY_S, most - len(found)),
        )
        found += [(row[0], app, days) for row in rows.fetchall()]
        if len(found) >= most:
            break
    return found


def keep_runs(tx: Connection, app: str, days: int | None) -> int | None:
    """Say how long the payloads of an app's runs are kept; what it said before."""
    before = kept_days(tx, app)
    execute(tx, "UPDATE app SET keep_days = ? WHERE id = ?", (days, app))
    return before


def kept_days(tx: Connection, app: str) -> int | None:
    """Days after its end at which the payload of an app's run is removed; None: it is kept."""
    row = execute(tx, "SELECT keep_days FROM app WHERE id = ?", (app,)).fetchone()
    return row[0] if row else None
