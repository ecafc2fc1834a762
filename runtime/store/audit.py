"""Audit rows: who did what or was refused, in the same transaction as the change."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Row

from runtime.store.database import execute
from runtime.store.runs import Ending, end_run

_INSERT = "INSERT INTO audit (at, person, action, thing, outcome, reason, detail) VALUES (?, ?, ?, ?, ?, ?, ?)"


def write_audit(
    tx: Connection, *, at: float, person: str, action: str, thing: str, outcome: str, reason: str = "", detail: str = ""
) -> None:
    """One row; `outcome` is `done` or `refused`."""
    execute(tx, _INSERT, (at, person, action, thing, outcome, reason, detail))


def close_run(tx: Connection, end: Ending, *, person: str) -> bool:
    """End a run and say so; the row names the last link of the run's log."""
    ended = end_run(tx, end)
    if ended:
        write_audit(
            tx, at=end.ended, person=person, action="run.end", thing=end.run, outcome="done", reason=end.status,
            detail=f"{end.seq}:{end.hash}",
        )  # fmt: skip
    return ended


def list_audit(tx: Connection, *, thing: str | None = None, most: int = 200) -> list[Row[Any]]:
    """Newest first."""
    return list(
        tx.exec_driver_sql(
            "SELECT * FROM audit WHERE ? IS NULL OR thing = ? ORDER BY id DESC LIMIT ?", (thing, thing, most)
        )
    )
