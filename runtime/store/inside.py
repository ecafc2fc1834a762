"""What happened inside containers, read from the log without reading all of it: there may have been 10,000 items."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from runtime.store.database import execute
from runtime.store.log import Record, read_blob

_COLUMNS = ", ".join('"try"' if name == "try_" else name for name in Record._fields)
TOLD = ("intent", "wait", "answer", "done", "failed", "retry")
"""kinds of records that say something of a step"""


@dataclass(frozen=True, slots=True)
class Count:
    """How many items or rounds of a container ended in one way, in all places where it was at work."""

    step: str
    exit: str
    many: int


def read_top(tx: Connection, run: str) -> list[Record]:
    """The records of the steps that lie in no container, in order."""
    return _records(tx, run, "path = ''")


def read_place(tx: Connection, run: str, path: str, step: str = "") -> list[Record]:
    """The records of one item, one round or one called workflow, without those further inside; of one step if it is
    named."""
    if not step:
        return _records(tx, run, "path = ?2", path)
    return _records(tx, run, "path = ?2 AND step = ?3", path, step)


def read_last(tx: Connection, run: str) -> list[Record]:
    """Of each step inside a container the newest record that says how it went, and the newest of all."""
    newest = (
        "SELECT max(seq), max(CASE WHEN kind IN ('done', 'failed') THEN seq ELSE 0 END) FROM record"
        " WHERE run = ? AND path <> '' AND kind IN ('intent', 'wait', 'answer', 'done', 'failed', 'retry')"
        " GROUP BY step"
    )
    found = {seq for row in execute(tx, newest, (run,)) for seq in row if seq}
    return [each for seq in sorted(found) for each in _records(tx, run, "seq = ?2", seq)]


def count_items(tx: Connection, run: str) -> list[Count]:
    """How the items and rounds of every container ended."""
    counted = (
        "SELECT step, exit, count(*) FROM record WHERE run = ? AND kind = 'item' GROUP BY step, exit ORDER BY step"
    )
    return [Count(*row) for row in execute(tx, counted, (run,))]


def read_items(
    tx: Connection, run: str, step: str, around: str, *, failed: bool, after: int, most: int
) -> Sequence[Record]:
    """How items or rounds of one container ended, in the order of their numbers, `after` so many. `around` is the path
    of what the container lies in."""
    begins = f"{around}/{step}[" if around else f"{step}["
    where = "kind = 'item' AND step = ?2 AND substr(path, 1, CAST(?3 AS INTEGER)) = ?4"
    where += " AND exit = 'failed'" if failed else ""
    # the same beginning, so a longer path has a larger number
    order = "length(path), path LIMIT ?5 OFFSET ?6"
    return _records(tx, run, where, step, len(begins), begins, most, after, order=order)


def _records(tx: Connection, run: str, where: str, *given: Any, order: str = "seq") -> list[Record]:
    asked = f"SELECT {_COLUMNS} FROM record WHERE run = ?1 AND {where} ORDER BY {order}"
    records = [Record(*row) for row in execute(tx, asked, (run, *given))]
    return [each._replace(value=read_blob(tx, each.blob)) if each.blob else each for each in records]
