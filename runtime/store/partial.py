"""The text that running steps have said so far, for readers in other processes. It is overwritten, kept only while
somebody looks, and no part of the log."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import orjson
from sqlalchemy import Connection

from runtime.store.database import execute


class Partial(NamedTuple):
    """What the steps of a run were saying when it was written."""

    attempt: int
    seq: int
    """the last record of the run at that moment: what a later one says counts more"""
    words: list[dict[str, Any]]
    """of each step: step, path, try, text"""


def look_at(tx: Connection, run: str, until: float) -> None:
    """Somebody looks at a run which another process executes."""
    execute(
        tx,
        "INSERT INTO partial (run, looked, attempt, seq, words) VALUES (?, ?, 0, 0, ?)"
        " ON CONFLICT (run) DO UPDATE SET looked = excluded.looked",
        (run, until, b"[]"),
    )


def looked_at(tx: Connection, runs: Sequence[str], now: float) -> set[str]:
    """Those of these runs that somebody looks at from another process."""
    marks = ", ".join("?" * len(runs))
    question = f"SELECT run FROM partial WHERE looked > ? AND run IN ({marks})"
    return {row[0] for row in execute(tx, question, (now, *runs))}


def write_partial(tx: Connection, run: str, said: Partial) -> None:
    """Say what there is so far; an older attempt says nothing any more."""
    execute(
        tx,
        "UPDATE partial SET attempt = ?, seq = ?, words = ? WHERE run = ? AND attempt <= ?",
        (said.attempt, said.seq, orjson.dumps(said.words), run, said.attempt),
    )


def read_partial(tx: Connection, run: str) -> Partial | None:
    """What there is so far; None where nobody has looked."""
    row = execute(tx, "SELECT attempt, seq, words FROM partial WHERE run = ?", (run,)).fetchone()
    return None if row is None else Partial(row[0], row[1], orjson.loads(row[2]))


def forget_partials(tx: Connection, before: float) -> None:
    """Remove what nobody has looked at since then."""
    execute(tx, "DELETE FROM partial WHERE looked < ?", (before,))
