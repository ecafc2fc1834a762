"""Postgres, where `database_url` names one: how it is opened, and how what the store says is said to it.

The store writes `?` or `?1` where a value stands and takes for granted that LIKE knows no case; here both become what
Postgres calls them, once for each statement. Errors become those of SQLAlchemy, so that nobody else knows the driver.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from decimal import Decimal
from functools import lru_cache
from typing import Any, Self, cast

import psycopg
from psycopg.pq import Format
from psycopg.types.numeric import Int8Dumper, NumericBinaryLoader
from psycopg.types.string import StrDumper
from sqlalchemy import Engine, create_engine, event, exc, make_url, pool

_TUNE = (
    "SELECT set_config('idle_in_transaction_session_timeout', '30s', false), set_config('lock_timeout', '10s', false),"
    " set_config('synchronous_commit', CASE current_setting('synchronous_commit')"
    " WHEN 'off' THEN 'on' ELSE current_setting('synchronous_commit') END, false)"
)
"""a frozen process must not hold its locks for ever, and what is committed is on the disk"""


def open_postgres(url: str) -> Engine:
    """An engine whose connections commit each statement unless BEGIN was said."""
    engine = create_engine(
        make_url(url).set(drivername="postgresql+psycopg"),
        poolclass=pool.NullPool,  # `Reader` keeps one connection a thread, the writer its own
        isolation_level="AUTOCOMMIT",
        use_native_hstore=False,
        connect_args={
            "cursor_factory": Speaking, "connect_timeout": 5, "application_name": "greenlane", "keepalives_idle": 30,
            "keepalives_interval": 5, "keepalives_count": 3, "tcp_user_timeout": 15_000,
        },
    )  # fmt: skip

    @event.listens_for(engine, "do_connect")
    def _connect(_dialect: object, _record: object, given: Sequence[Any], named: dict[str, Any]) -> psycopg.Connection:
        return Line.connect(*given, **named)

    @event.listens_for(engine, "connect")
    def _tune(connection: psycopg.Connection[Any], _record: object) -> None:
        connection.adapters.register_dumper(str, _TextDumper)
        connection.adapters.register_dumper(int, Int8Dumper)
        connection.adapters.register_loader("numeric", _NumberLoader)
        connection.prepare_threshold, connection.prepared_max = 2, 500
        connection.execute(_TUNE)

    return engine


class Line(psycopg.Connection[Any]):
    """A connection that tells in our words, too, that it is closed."""

    def cursor(self, *given: Any, **named: Any) -> Any:
        try:
            return super().cursor(*given, **named)
        except psycopg.Error as error:
            raise _told("", error) from error


class Speaking(psycopg.RawCursor[Any]):
    """A cursor that understands the store."""

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.format = Format.BINARY

    def execute(self, query: Any, params: Any = None, **options: Any) -> Self:
        try:
            return super().execute(cast("Any", in_postgres(query)), params or None, **options)
        except psycopg.Error as error:
            raise _told(query, error) from error

    def executemany(self, query: Any, params_seq: Iterable[Any], *, returning: bool = False) -> None:
        plain = _PLAIN_INSERT.fullmatch(query)
        try:
            if plain is None:
                super().executemany(cast("Any", in_postgres(query)), params_seq, returning=returning)
                return
            with self.copy(cast("Any", f"COPY {plain[1]} FROM STDIN")) as copy:
                for row in params_seq:
                    copy.write_row(row)
        except psycopg.Error as error:
            raise _told(query, error) from error


class _TextDumper(StrDumper):
    """Text that Postgres can keep: it knows no character 0."""

    def dump(self, obj: str) -> Any:
        return super().dump(obj.replace("\0", "\ufffd") if "\0" in obj else obj)


class _NumberLoader(NumericBinaryLoader):
    """Sums and means of whole numbers, as SQLite gives them."""

    def load(self, data: Any) -> Any:
        found: Decimal = super().load(data)
        return int(found) if found.as_tuple().exponent == 0 else float(found)


_PLAIN_INSERT = re.compile(r"INSERT INTO (\w+ \([^()]*\)) VALUES \([?, ]*\)")
"""what COPY does at less than half the cost"""
_CALLED = {"LIKE": "ILIKE", "group_concat": "string_agg"}
_WORDS = re.compile(r"""'[^']*'|"[^"]*"|\?(\d*)|\bLIKE\b|\bgroup_concat(?=\()""")


@lru_cache(4096)
def in_postgres(statement: str) -> str:
    """A statement of the store as Postgres takes it."""
    count = 0

    def said(found: re.Match[str]) -> str:
        nonlocal count
        if (word := found[0]) in _CALLED:
            return _CALLED[word]
        if word[0] != "?":
            return word
        count += 1
        return f"${found[1] or count}"

    return _WORDS.sub(said, statement)


_KINDS: Sequence[tuple[type[psycopg.Error], type[exc.DBAPIError]]] = (
    (psycopg.IntegrityError, exc.IntegrityError),
    (psycopg.DataError, exc.DataError),
    (psycopg.ProgrammingError, exc.ProgrammingError),
    (psycopg.OperationalError, exc.OperationalError),
    (psycopg.InterfaceError, exc.OperationalError),  # the connection is closed
)


def _told(query: str, error: psycopg.Error) -> exc.DBAPIError:
    kind = next((ours for theirs, ours in _KINDS if isinstance(error, theirs)), exc.DBAPIError)
    if (error.sqlstate or "")[:2] == "XX":  # the server's own: a file it cannot read or write
        kind = exc.OperationalError
    return kind(query, None, error)
