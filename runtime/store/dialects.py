"""What SQLite and Postgres say differently, each thing once. Everywhere else the store speaks what both understand."""

from __future__ import annotations

from sqlalchemy import Connection


def is_postgres(tx: Connection) -> bool:
    """Whether this is a Postgres, else it is a SQLite."""
    return tx.dialect.name == "postgresql"


def database_clock(tx: Connection) -> str:
    """The time now, in seconds since 1970, by the clock of the database: an expression."""
    if is_postgres(tx):
        return "CAST(extract(epoch FROM clock_timestamp()) AS DOUBLE PRECISION)"
    return "((julianday('now') - 2440587.5) * 86400.0)"
