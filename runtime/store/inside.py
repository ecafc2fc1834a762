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
    last: int
    """seq of the newest of them"""


def read_place(tx: Connection, run: str, path: str, step: str = "") -> list[Record]:
    """The records of one item, one round or one called workflow (or of the one that ran, at no path), without those
    further inside; of one step if it is named."""
    if not step:
        return _records(tx, run, "path = ?2", path)
    return _records(tx, run, "path = ?2 AND step = ?3", path, step)


def read_last(tx: Connection, run: str, around: str = "") -> list[Record]:
    """Of each step inside a container the newest record that says how it went, and the newest of all. `around` is the
    path of a called workflow; without it the containers of the workflow that ran are meant, and none further inside."""
    begins, own = _own(around)
    newest = (
        "SELECT max(seq), max(CASE WHEN kind IN ('done', 'failed') THEN seq ELSE 0 END) FROM record"
        f" WHERE run = ?1 AND kind IN ('intent', 'wait', 'answer', 'done', 'failed', 'retry') AND {own}"
        " GROUP BY step"
    )
    found = {seq for row in execute(tx, newest, (run, len(begins), begins)) for seq in row if seq}
    return [each for seq in sorted(found) for each in _records(tx, run, "seq = ?2", seq)]


def count_items(tx: Connection, run: str, around: str = "") -> list[Count]:
    """How the items and rounds of every container of one workflow ended: of the one that ran, or of the one called at
    the path `around`."""
    begins, own = _own(around)
    counted = (
        f"SELECT step, exit, count(*), max(seq) FROM record WHERE run = ?1 AND kind = 'item' AND {own}"
        " GROUP BY step, exit ORDER BY step, exit"
    )
    return [Count(*row) for row in execute(tx, counted, (run, len(begins), begins))]


def read_at(tx: Connection, run: str, seq: int) -> Record:
    """One record that is there."""
    return _records(tx, run, "seq = ?2", seq)[0]


def read_tried(tx: Connection, run: str, container: str, step: str, most: int) -> list[Record]:
    """How items or rounds of a container of the workflow that ran ended, those first that failed or in which this step
    did, of each kind the newest first."""
    _, own = _own("")
    failed = "SELECT path FROM record WHERE run = ?1 AND step = ?5 AND kind = 'failed'"
    order = f"CASE WHEN exit = 'failed' OR path IN ({failed}) THEN 0 ELSE 1 END, seq DESC LIMIT ?6"
    where = f"kind = 'item' AND exit <> 'cancelled' AND step = ?4 AND {own}"
    return _records(tx, run, where, 0, "", container, step, most, order=order)


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


def last_call(tx: Connection, run: str, around: str, step: str) -> str | None:
    """The path of a workflow that was called last by a step inside a container of one workflow (see `count_items`)."""
    cut = "length(path) - CAST(?5 AS INTEGER)"
    begins, own = _own(around, f"substr(path, 1, {cut})")
    ends = f"length(path) > CAST(?5 AS INTEGER) AND substr(path, {cut} + 1) = ?4"
    asked = f"SELECT path FROM record WHERE run = ?1 AND {ends} AND {own} ORDER BY seq DESC LIMIT 1"
    row = execute(tx, asked, (run, len(begins), begins, f"/{step}", len(step) + 1)).fetchone()
    return row[0] if row else None


def _own(around: str, path: str = "path") -> tuple[str, str]:
    """How the paths of items and rounds of one workflow begin, and the condition (of ?2, the length of that, and ?3)
    that a path is one of them: behind the beginning every part has a bracket, which calls have not."""
    rest = f"substr({path}, CAST(?2 AS INTEGER) + 1)" if around else path
    begins = f"substr({path}, 1, CAST(?2 AS INTEGER)) = ?3" if around else "CAST(?2 AS INTEGER) = 0 AND ?3 = ''"
    own = f"length(replace({rest}, ']', '')) + 1 = length(replace({rest}, '/', ''))"
    return f"{around}/" if around else "", f"{begins} AND {own}"


def _records(tx: Connection, run: str, where: str, *given: Any, order: str = "seq") -> list[Record]:
    asked = f"SELECT {_COLUMNS} FROM record WHERE run = ?1 AND {where} ORDER BY {order}"
    records = [Record(*row) for row in execute(tx, asked, (run, *given))]
    return [each._replace(value=read_blob(tx, each.blob)) if each.blob else each for each in records]
