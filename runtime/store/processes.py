"""Leases of processes on Postgres, by the database's own clock. Each is renewed while its process lives.

Renew from a thread and a connection of their own (`Reader.now` of a reader of your own does): a writer that is busy,
or a loop that computes, must not let a lease end.
"""

from __future__ import annotations

from sqlalchemy import Connection

from runtime.store.database import execute
from runtime.store.dialects import database_clock

LEASE_S = 15.0
"""how long a lease lasts when nobody renews it"""
BEAT_S = 5.0
"""how often it is renewed"""


def beat(tx: Connection, process: str, seconds: float = LEASE_S) -> None:
    """Begin or renew a lease. Outside a transaction it is committed at once."""
    execute(
        tx,
        f"INSERT INTO process (id, until) VALUES (?, {database_clock(tx)} + ?)"
        " ON CONFLICT (id) DO UPDATE SET until = excluded.until",
        (process, seconds),
    )


def leave(tx: Connection, process: str) -> None:
    """Give a lease back: from now on the process counts as gone."""
    execute(tx, "DELETE FROM process WHERE id = ?", (process,))


def has_lease(tx: Connection, process: str) -> bool:
    """Whether a process is there by its lease; one that never had any is gone."""
    question = f"SELECT 1 FROM process WHERE id = ? AND until > {database_clock(tx)}"
    return execute(tx, question, (process,)).fetchone() is not None


def living(tx: Connection) -> set[str]:
    """Ids of all processes that hold a lease."""
    return {row[0] for row in execute(tx, f"SELECT id FROM process WHERE until > {database_clock(tx)}")}


def forget_gone(tx: Connection, after_s: float = 3600.0) -> None:
    """Clear away leases that ended so long ago."""
    execute(tx, f"DELETE FROM process WHERE until < {database_clock(tx)} - ?", (after_s,))
