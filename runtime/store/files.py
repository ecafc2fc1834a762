"""Files: whose they are, which runs they belong to, and which bytes nobody needs any more."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row

from runtime.store.database import execute, execute_many

UNUSED_S = 24 * 3600.0
"""how long a file that was brought waits to be given to a run"""
AT_ONCE = 200
"""files or bodies taken away in one transaction"""


class NewFile(NamedTuple):
    """A file as it is kept, in the order of the columns."""

    id: str
    owner: str
    run: str | None
    name: str
    type: str
    size: int
    sha256: str
    created: float
    touched: float


_INSERT = (
    "INSERT INTO file (id, owner, run, name, type, size, sha256, created, touched) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
    " ON CONFLICT (id) DO NOTHING"
)


def lock_body(tx: Connection, digest: str, size: int, now: float) -> None:
    """These bytes are wanted: until the end of the transaction nobody takes them away. Ask after that whether they are
    still there."""
    execute(
        tx,
        "INSERT INTO file_body (digest, size, created) VALUES (?, ?, ?)"
        " ON CONFLICT (digest) DO UPDATE SET size = excluded.size",
        (digest, size, now),
    )


def insert_file(tx: Connection, new: NewFile) -> None:
    """Add a file whose body is locked; one that is there already stays as it is."""
    execute(tx, _INSERT, new)


def find_file(tx: Connection, file: str) -> Row[Any] | None:
    """The row of a file."""
    return tx.exec_driver_sql("SELECT * FROM file WHERE id = ?", (file,)).first()


def use_file(tx: Connection, run: str, file: str, now: float) -> bool:
    """A run is started with a file, or has made it; False when the file is gone."""
    if execute(tx, "UPDATE file SET touched = ? WHERE id = ?", (now, file)).rowcount != 1:
        return False
    execute(tx, "INSERT INTO file_use (run, file) VALUES (?, ?) ON CONFLICT (run, file) DO NOTHING", (run, file))
    return True


def used_file(tx: Connection, run: str, file: str) -> Row[Any] | None:
    """The row of a file, where it belongs to this run."""
    return tx.exec_driver_sql(
        "SELECT file.* FROM file JOIN file_use ON file_use.file = file.id WHERE file_use.run = ? AND file.id = ?",
        (run, file),
    ).first()


def runs_of(tx: Connection, file: str) -> list[str]:
    """Ids of the runs a file belongs to, newest first."""
    return [row[0] for row in execute(tx, "SELECT run FROM file_use WHERE file = ? ORDER BY run DESC", (file,))]


def kept_by(tx: Connection, owner: str) -> int:
    """Bytes of all files of a person or an app."""
    return execute(tx, "SELECT coalesce(sum(size), 0) FROM file WHERE owner = ?", (owner,)).fetchone()[0]


def remove_file(tx: Connection, file: str) -> None:
    """Take a file away, and from the runs it belongs to; its bytes go with the next clean-up unless others need
    them."""
    execute(tx, "DELETE FROM file_use WHERE file = ?", (file,))
    execute(tx, "DELETE FROM file WHERE id = ?", (file,))


def remove_unused(tx: Connection, now: float) -> int:
    """Take away files that no run was given within the time; how many. One that is just being given to a run stays:
    its row is the one the start changes."""
    old = execute(
        tx,
        "SELECT id FROM file WHERE touched < ? AND NOT EXISTS (SELECT 1 FROM file_use WHERE file_use.file = file.id)"
        " ORDER BY touched LIMIT ?",
        (now - UNUSED_S, AT_ONCE),
    ).fetchall()
    gone = 0
    for row in old:
        gone += execute(tx, "DELETE FROM file WHERE id = ? AND touched < ?", (row[0], now - UNUSED_S)).rowcount
    return gone


def remove_from_run(tx: Connection, run: str) -> int:
    """Take its files from a run, and away for good those no other run has; how many of these."""
    mine = [row[0] for row in execute(tx, "SELECT file FROM file_use WHERE run = ?", (run,))]
    execute(tx, "DELETE FROM file_use WHERE run = ?", (run,))
    gone = 0
    for file in mine:
        execute(tx, "UPDATE file SET touched = touched WHERE id = ?", (file,))  # the lock
        others = execute(tx, "SELECT 1 FROM file_use WHERE file = ? LIMIT 1", (file,)).fetchone()
        if others is None:
            gone += execute(tx, "DELETE FROM file WHERE id = ?", (file,)).rowcount
    return gone


def unneeded_bodies(tx: Connection) -> list[str]:
    """Digests of bytes no file has, of committed rows: what may go is asked again under the lock (`let_go`)."""
    rows = execute(
        tx,
        "SELECT digest FROM file_body WHERE NOT EXISTS (SELECT 1 FROM file WHERE sha256 = digest) LIMIT ?",
        (AT_ONCE,),
    )
    return [row[0] for row in rows]


def let_go(tx: Connection, digest: str) -> bool:
    """Take the row of a body away, unless a file has come that needs it. The lock comes first: what is asked after it
    cannot change any more."""
    execute(tx, "UPDATE file_body SET size = size WHERE digest = ?", (digest,))
    if execute(tx, "SELECT 1 FROM file WHERE sha256 = ? LIMIT 1", (digest,)).fetchone() is not None:
        return False
    execute(tx, "DELETE FROM file_body WHERE digest = ?", (digest,))
    return True


def known_bodies(tx: Connection, digests: Sequence[str]) -> set[str]:
    """Those of these digests that have a row."""
    found: set[str] = set()
    for start in range(0, len(digests), 500):
        some = digests[start : start + 500]
        marks = ", ".join("?" * len(some))
        found |= {row[0] for row in execute(tx, f"SELECT digest FROM file_body WHERE digest IN ({marks})", some)}
    return found


def adopt_bodies(tx: Connection, digests: Sequence[str], now: float) -> None:
    """Give rows to bodies whose upload died before it wrote them, so that the clean-up finds them."""
    execute_many(
        tx,
        "INSERT INTO file_body (digest, size, created) VALUES (?, 0, ?) ON CONFLICT (digest) DO NOTHING",
        [(each, now) for each in digests],
    )
