"""The database: how it is opened, created, and read. Writing goes through `writer`."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any, TypeVar, cast

from sqlalchemy import Connection, Engine, create_engine, create_mock_engine, event, exc, pool
from sqlalchemy.schema import ExecutableDDLElement

from runtime.errors import StorageUnavailable
from runtime.store import tables
from runtime.store.dialects import (
    LAYOUT_LOCK,
    begin_reading,
    begin_writing,
    is_postgres,
    lock,
    note_layout,
    read_layout,
)

T = TypeVar("T")

SCHEMA = 6
"""number of the table layout, kept in the file; a test tells when it has to be raised"""
PATIENCE_S = 10
"""how long one who wants the file waits for another who has it"""


def open_engine(place: Path | str) -> Engine:
    """An engine on a SQLite file, or on the Postgres at an address; loaded is only the one that is asked for."""
    if isinstance(place, Path):
        return _open_sqlite(place)
    from runtime.store.postgres import open_postgres  # nobody with a file waits for its driver

    return open_postgres(place)


def _open_sqlite(path: Path) -> Engine:
    """Each connection in WAL with full fsync and enforced foreign keys. A new file is for this user alone, and so is
    what SQLite writes beside it."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    if not path.exists():
        with suppress(OSError):  # which SQLite tells in its own words
            path.touch(mode=0o600)
    engine = create_engine(
        f"sqlite:///{path}",
        poolclass=pool.NullPool,  # `Reader` keeps one connection a thread, the writer its own
        connect_args={"isolation_level": None, "check_same_thread": False, "timeout": 10, "cached_statements": 256},
    )

    @event.listens_for(engine, "connect")
    def _tune(connection: sqlite3.Connection, _record: object) -> None:
        for pragma in (f"busy_timeout={PATIENCE_S * 1000}", "synchronous=FULL", "foreign_keys=ON"):
            connection.execute(f"PRAGMA {pragma}")
        _write_ahead(connection)

    return engine


def _write_ahead(connection: sqlite3.Connection) -> None:
    """Several that open a new database at once meet here, and SQLite waits for nobody when this is changed."""
    until = time.monotonic() + PATIENCE_S
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > until:
                raise
            time.sleep(0.01)
        else:
            return


def create_tables(engine: Engine) -> None:
    """Make an empty database ours; refuse one of another layout. One of this layout is not written to."""
    try:
        with engine.connect() as connection:
            if _layout_of(connection) == SCHEMA:
                return
            begin_writing(connection)
            if is_postgres(connection):
                lock(connection, LAYOUT_LOCK)
            if not _layout_of(connection):  # nobody was faster
                for statement in layout(engine.dialect.name):
                    execute(connection, statement)
                for statement in note_layout(connection, SCHEMA):
                    execute(connection, statement)
            execute(connection, "COMMIT")
    except (exc.DBAPIError, sqlite3.Error) as error:
        raise unavailable(error) from error


def _layout_of(connection: Connection) -> int:
    """The number in the database, 0 in an empty one; a number we cannot read is refused."""
    found = read_layout(connection)
    if found > SCHEMA:
        raise StorageUnavailable(
            f"The database was written by a newer Greenlane (layout {found}, this one knows {SCHEMA}).",
            hint="Start the newer version again, or restore a backup from before the upgrade.",
        )
    if 0 < found < SCHEMA:
        raise StorageUnavailable(
            f"The database was written by a trial version of Greenlane (layout {found}) that cannot be upgraded.",
            hint="Move the data folder away and start again; workflows saved as files can be imported.",
        )
    return found


@cache
def layout(dialect: str = "sqlite") -> tuple[str, ...]:
    """Every statement that makes an empty database ours. Asking for each table whether it is there takes four times as
    long as making them all."""
    statements: list[str] = []

    def note(statement: ExecutableDDLElement, *_: object) -> None:
        statements.append(str(statement.compile(dialect=engine.dialect)))

    engine = create_mock_engine("postgresql+psycopg://" if dialect == "postgresql" else "sqlite://", note)
    tables.Run.metadata.create_all(engine, checkfirst=False)
    return tuple(statements)


class Reader:
    """Reads committed rows. Point reads run where they are asked (tens of microseconds); the rest in a thread."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._local = threading.local()

    def now(self, question: Callable[[Connection], T]) -> T:
        """Ask here and now: for reads by key."""
        kept: Connection | None = getattr(self._local, "connection", None)
        if kept is None:
            return self._ask(None, question)
        try:
            return self._ask(kept, question)
        except StorageUnavailable:
            if not is_postgres(kept):
                raise
            return self._ask(None, question)  # the connection was of before a restart

    def _ask(self, connection: Connection | None, question: Callable[[Connection], T]) -> T:
        try:
            if connection is None:
                connection = self._local.connection = self._engine.connect()
            return question(connection)
        except (exc.DBAPIError, sqlite3.Error) as error:
            if connection is not None:
                connection.invalidate()
            self._local.connection = None
            raise unavailable(error) from error
        finally:
            if connection is not None and connection.in_transaction():
                connection.rollback()

    async def ask(self, question: Callable[[Connection], T]) -> T:
        """Ask in a thread and see one moment: for lists, searches, and everything whose size a person chooses."""

        def at_one_moment(connection: Connection) -> T:
            begin_reading(connection)
            try:
                return question(connection)
            finally:
                with suppress(exc.DBAPIError, sqlite3.Error):  # a lost connection is told by the question
                    execute(connection, "COMMIT")

        return await asyncio.to_thread(self.now, at_one_moment)

    async def answers(self) -> bool:
        """Whether the database can be read right now."""
        try:
            return await self.ask(read_layout) == SCHEMA
        except StorageUnavailable:
            return False


def execute(tx: Connection, statement: str, values: Sequence[Any] = ()) -> sqlite3.Cursor:
    """Run a statement of the hot path on the driver itself; its rows are plain tuples."""
    return _driver(tx).execute(statement, values)  # the driver of Postgres has the same, as far as we use it


def execute_many(tx: Connection, statement: str, rows: Iterable[Sequence[Any]]) -> None:
    """Run a statement of the hot path for many rows."""
    _driver(tx).cursor().executemany(statement, rows)


def _driver(tx: Connection) -> sqlite3.Connection:
    return cast("sqlite3.Connection", tx.connection.dbapi_connection)


def probe(tx: Connection) -> None:
    """Write a page that says what it said before: succeeds when the storage takes writes again."""
    for statement in note_layout(tx, SCHEMA):
        execute(tx, statement)


def unavailable(error: exc.DBAPIError | sqlite3.Error) -> StorageUnavailable:
    """The sentence for a database that does not answer."""
    cause = error.orig if isinstance(error, exc.DBAPIError) else error
    said = (str(cause).splitlines() or [""])[0].strip().rstrip(".")
    for signs, sentence, advice in _TROUBLES:
        if any(sign in said for sign in signs):
            return StorageUnavailable(f"{sentence} ({said}).", hint=f"{advice} {_GOES_ON}")
    return StorageUnavailable(
        f"The database cannot be used right now ({said}).",
        hint=f"Check the free disk space and the database. {_GOES_ON}",
    )


_GOES_ON = "Nothing that was accepted is lost; work goes on by itself when it is back."
_TROUBLES = (
    (
        ("database is locked", "database table is locked"),
        "Another program holds the database",
        "End what has greenlane.db open for writing, such as a database browser or a backup.",
    ),
    (
        ("disk is full", "No space left on device"),
        "The disk of the database is full",
        "Make room on it.",
    ),
    (
        ("readonly database", "read-only file system", "unable to open database file", "Permission denied"),
        "The database cannot be written",
        "Give the data folder and what is in it to the user the server runs as.",
    ),
    (
        ("onnection refused", "server closed the connection", "terminating connection", "the database system is",
         "connection is lost", "the connection is closed"),
        "Postgres does not answer",
        "Start it, or look into its log.",
    ),
)  # fmt: skip
"""what a driver says, and what that means"""
