"""The run log: how records are written behind the fence, and read back in order."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from sqlalchemy import Connection, exc

from runtime.errors import Fenced
from runtime.store.database import execute_many
from runtime.store.dialects import lock_run
from runtime.store.transaction import Torn, pending

FORMAT = 1
INLINE = 32_000
"""bytes above which a value is kept as a blob"""


class Record(NamedTuple):
    """One line of a log, in the order of the table's columns.

    `value` is the payload and may be erased later; `output_digest` stays. `detail` is metadata and stays. `seen` is
    the seq up to which the step's inputs were read. `hash` chains this record to the one before.
    """

    run: str
    seq: int
    format: int
    kind: str
    attempt: int
    step: str
    path: str
    try_: int
    started: float
    ended: float
    seen: int
    exit: str
    value: bytes | None
    blob: str | None
    detail: bytes | None
    input_digest: str
    output_digest: str
    hash: str


_COLUMNS = ", ".join('"try"' if name == "try_" else name for name in Record._fields)
INSERT = f"INSERT INTO record ({_COLUMNS}) VALUES ({', '.join('?' * len(Record._fields))})"
_SELECT = f"SELECT {_COLUMNS} FROM record WHERE run = ? AND seq > ? ORDER BY seq LIMIT ?"
_BLOB = "INSERT INTO blob (digest, body) VALUES (?, ?) ON CONFLICT DO NOTHING"


class LogConflict(Exception):
    """The alarm: a record is there already, or a step has a second end. The fence should have made it impossible."""


@dataclass(slots=True)
class Line:
    """The batches of one attempt, in order: once one of them is refused or lost, no later one may be written."""

    broken: bool = False


@dataclass(slots=True)
class Batch:
    """Records of one run, written only while `attempt` still holds it.

    `also` are further writes of the same moment (a reservation, the end of the run), with their results in `results`.
    """

    run: str
    attempt: int
    records: list[Record]
    blobs: Sequence[tuple[str, bytes]]
    also: Sequence[Callable[[Connection], Any]]
    settled: Callable[[Batch, BaseException | None], None]
    size: int = 0
    line: Line = field(default_factory=Line)
    results: tuple[Any, ...] = ()

    def apply(self, tx: Connection) -> None:
        """Check the fence, then write. Raises `Fenced` before it has written anything, `Torn` after."""
        held = pending(tx)
        row = (held and held.held.pop(self.run, None)) or lock_run(tx, self.run)
        if self.line.broken or row is None or row[0] != self.attempt or row[1] != "running":
            raise Fenced(self.run)
        try:
            if self.blobs:
                execute_many(tx, _BLOB, self.blobs)
            if self.records:
                execute_many(tx, INSERT, self.records)
            self.results = tuple([each(tx) for each in self.also])
        except (exc.OperationalError, sqlite3.OperationalError):
            raise
        except (exc.IntegrityError, sqlite3.IntegrityError) as error:
            raise Torn from LogConflict(f"{self.run}: {error}")
        except Exception as error:
            raise Torn from error

    def settle(self, error: BaseException | None) -> None:
        """Tell the executor."""
        self.line.broken = self.line.broken or error is not None
        self.settled(self, error)


def write_records(tx: Connection, records: Sequence[Record], blobs: Sequence[tuple[str, bytes]]) -> None:
    """Write what a run begins with, in the transaction that starts it."""
    if blobs:
        execute_many(tx, _BLOB, blobs)
    if records:
        execute_many(tx, INSERT, records)


def read_kinds(tx: Connection, run: str, kinds: Sequence[str]) -> list[Record]:
    """The committed records of a run of some kinds, in order, with large values filled in."""
    marks = ", ".join("?" * len(kinds))
    question = f"SELECT {_COLUMNS} FROM record WHERE run = ? AND kind IN ({marks}) ORDER BY seq"
    records = [Record(*row) for row in tx.exec_driver_sql(question, (run, *kinds))]
    return [each._replace(value=read_blob(tx, each.blob)) if each.blob else each for each in records]


def read_records(tx: Connection, run: str, after: int = 0, most: int = 1_000_000) -> list[Record]:
    """The committed records of a run with seq > `after`, in order, with large values filled in."""
    records = [Record(*row) for row in tx.exec_driver_sql(_SELECT, (run, after, most))]
    return [each._replace(value=read_blob(tx, each.blob)) if each.blob else each for each in records]


def read_blob(tx: Connection, digest: str) -> bytes | None:
    """A large value, or None when it was removed."""
    row = tx.exec_driver_sql("SELECT body FROM blob WHERE digest = ?", (digest,)).first()
    return row[0] if row else None


def last_link(tx: Connection, run: str) -> tuple[int, str]:
    """Seq and hash of the newest record; (0, "") before the first."""
    row = tx.exec_driver_sql("SELECT seq, hash FROM record WHERE run = ? ORDER BY seq DESC LIMIT 1", (run,)).first()
    return (row[0], row[1]) if row else (0, "")


def progress(tx: Connection, run: str) -> int:
    """The seq of the newest record that is no part of an effect: an attempt that only began effects got nowhere."""
    question = "SELECT coalesce(max(seq), 0) FROM record WHERE run = ? AND kind NOT IN ('intent', 'reply')"
    return tx.exec_driver_sql(question, (run,)).scalar_one()
