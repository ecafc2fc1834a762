"""What one process of all may have, also where they run on several machines."""

from __future__ import annotations

from contextlib import suppress

from sqlalchemy import Connection, Engine, exc

from runtime.store.database import execute

INDEX_LOCK = 7_107_100
"""of the search index: another number than those that transactions take (`dialects`)"""


class Sole:
    """A lock that is held until the process ends or gives it back. On Postgres it lies in the database. Those that
    share a SQLite share its folder, so that a lock of a file there is enough, and this one is always had."""

    def __init__(self, engine: Engine, number: int = INDEX_LOCK) -> None:
        self._engine, self._number = engine, number
        self._connection: Connection | None = None

    def had(self) -> bool:
        """Whether this process has it, after trying to get it. A connection that was lost has lost the lock."""
        if self._engine.dialect.name == "sqlite":
            return True
        try:
            if self._connection is None:
                self._connection = self._engine.connect()
            return bool(execute(self._connection, f"SELECT pg_try_advisory_lock({self._number})").fetchone()[0])
        except exc.DBAPIError:
            self.give_back()
            return False

    def give_back(self) -> None:
        """Somebody else may have it."""
        connection, self._connection = self._connection, None
        if connection is not None:
            with suppress(exc.DBAPIError):
                connection.invalidate()
                connection.close()
