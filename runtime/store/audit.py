"""The audit chain: who did what or was refused, in the same transaction as the change.

Each row's hash covers the row and the hash before it: `SHA-256(0x00 ‖ previous ‖ row)`, the row as a JSON list. An
edited, deleted, inserted or moved row does not fit any more.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

import orjson
from sqlalchemy import Connection, Row

from runtime.store.database import execute, execute_many
from runtime.store.dialects import AUDIT_LOCK, lock
from runtime.store.runs import Ending, end_run
from runtime.store.transaction import pending

FIRST = "0" * 64
"""what stands before the first row"""

_COLUMNS = "id, at, person, action, thing, outcome, reason, detail, hash"
_INSERT = f"INSERT INTO audit ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
_PAGE = 5_000


def write_audit(
    tx: Connection, *, at: float, person: str, action: str, thing: str, outcome: str, reason: str = "", detail: str = ""
) -> None:
    """Put one row at the end of the chain; `outcome` is `done` or `refused`.

    In the writer it joins the chain just before the commit, with all of the transaction. The head is read then and
    never kept: a unit that is rolled back, or a second process, would fork the chain.
    """
    texts = (person, action, thing, outcome, reason, detail)
    if not (said := "".join(texts)).isascii() or "\0" in said:
        texts = tuple(_kept(each) for each in texts)
    row = (at, *texts)
    if (held := pending(tx)) is not None:
        held.audit.append(row)
    else:
        add_to_chain(tx, [row])


def add_to_chain(tx: Connection, rows: Iterable[tuple[Any, ...]]) -> None:
    """Put rows (without id and hash) at the end of the chain. The last thing a transaction does, since from here to its
    commit nobody else can: whoever waits for the chain holds everything else already."""
    lock(tx, AUDIT_LOCK)
    last = execute(tx, "SELECT id, hash FROM audit ORDER BY id DESC LIMIT 1").fetchone()
    before, head = last or (0, FIRST)
    linked: list[tuple[Any, ...]] = []
    for number, each in enumerate(rows, before + 1):
        row = (number, *each)
        head = link(head, row)
        linked.append((*row, head))
    execute_many(tx, _INSERT, linked)


def _kept(text: str) -> str:
    """A text as every database gives it back: not all keep the character 0, and half a character is none."""
    return text.replace("\0", "\ufffd").encode(errors="replace").decode()


def link(previous: str, row: tuple[Any, ...]) -> str:
    """The hash of a row (without its own hash) behind `previous`."""
    return sha256(b"\x00" + previous.encode() + orjson.dumps(row)).hexdigest()


@dataclass(frozen=True, slots=True)
class Verified:
    """What checking the chain found."""

    rows: int
    head: str
    """hash of the last row: keep it elsewhere, and a chain that was written anew cannot pass for the old one"""
    broken: int | None = None
    """id of the first row that does not fit the one before it"""
    kept: int | None = None
    """id of the row whose hash was kept elsewhere; None where none was given, or the log has lost it"""


def verify_audit(tx: Connection, kept: str = "") -> Verified:
    """Compute the whole chain again, and look for a hash that was `kept` elsewhere.

    The chain alone cannot tell that its end was cut off, nor that all of it was written anew: a kept hash can.
    """
    head, rows, found = FIRST, 0, None
    for row in _all_rows(tx):
        rows += 1
        if row[0] != rows or link(head, row[:-1]) != row[-1]:
            return Verified(rows - 1, head, row[0], found)
        head = row[-1]
        if head == kept:
            found = rows
    return Verified(rows, head, kept=found)


def count_audit(tx: Connection, *, person: str, action: str, since: float) -> int:
    """How often somebody did something since then."""
    row = execute(
        tx,
        "SELECT count(*) FROM audit WHERE at > ? AND person = ? AND action = ? AND outcome = 'done'",
        (since, person, action),
    ).fetchone()
    return row[0] if row else 0


def _all_rows(tx: Connection) -> Iterator[tuple[Any, ...]]:
    after = -1 << 62
    while page := execute(
        tx, f"SELECT {_COLUMNS} FROM audit WHERE id > ? ORDER BY id LIMIT {_PAGE}", (after,)
    ).fetchall():
        yield from page
        after = page[-1][0]


def close_run(tx: Connection, end: Ending, *, person: str) -> bool:
    """End a run and say so; the row names the last link of the run's log."""
    ended = end_run(tx, end)
    if ended:
        write_audit(
            tx, at=end.ended, person=person, action="run.end", thing=end.run, outcome="done", reason=end.status,
            detail=f"{end.seq}:{end.hash}",
        )  # fmt: skip
    return ended


_WHO = "coalesce(person.name, app.title || ' (by key)', '')"
"""a person, or an app that acted by its own key"""


def search_audit(
    tx: Connection, *, person: str, area: str, thing: str, outcome: str, since: float, until: float,
    words: Sequence[str], before: int, most: int,
) -> list[Row[Any]]:  # fmt: skip
    """Columns id, at, person, who, action, thing, outcome, reason, detail; newest first."""
    conditions, values = ["audit.id < ?", "at >= ?", "at < ?"], [before, since, until]
    for condition, value in (("thing = ?", thing), ("outcome = ?", outcome), ("action LIKE ?", area and f"{area}.%")):
        if value:
            conditions, values = [*conditions, condition], [*values, value]
    if person:
        conditions.append(f"(audit.person = ? OR ' ' || {_WHO} LIKE ? ESCAPE '\\')")
        values = [*values, person, f"% {_plain(person)}%"]
    everything = f"action || ' ' || thing || ' ' || reason || ' ' || detail || ' ' || {_WHO}"
    conditions += [f"{everything} LIKE ? ESCAPE '\\'"] * len(words)
    values = [*values, *(f"%{_plain(word)}%" for word in words)]
    return list(
        tx.exec_driver_sql(
            f"SELECT audit.id, at, audit.person, {_WHO} AS who, action, thing, outcome, reason, detail"
            " FROM audit LEFT JOIN person ON person.id = audit.person LEFT JOIN app ON app.id = audit.person"
            f" WHERE {' AND '.join(conditions)} ORDER BY audit.id DESC LIMIT ?",
            (*values, most),
        )
    )


def _plain(text: str) -> str:
    """Text for LIKE in which nothing has a meaning of its own."""
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def list_audit(tx: Connection, *, thing: str | None = None, most: int = 200) -> list[Row[Any]]:
    """Newest first."""
    return list(
        tx.exec_driver_sql(
            "SELECT * FROM audit WHERE CAST(? AS TEXT) IS NULL OR thing = ? ORDER BY id DESC LIMIT ?",
            (thing, thing, most),
        )
    )
