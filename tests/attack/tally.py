"""What was tried and what came of it; and how the database looked before and after."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

Rows = dict[str, dict[tuple[Any, ...], tuple[Any, ...]]]

TOUCHED = {"session": {"seen"}}
"""columns that being here changes"""
KEPT = {"session", "content", "blob"}
"""what is not taken back: those who attack are signed in, and what is kept by its digest is nobody's"""
COUNTER = "attack_counter"
"""counts the writes to each other table, so that a snapshot reads only what is new"""


@dataclass
class Tally:
    """The counts, and a sentence for each thing that should not have been possible."""

    handlers: int = 0
    routes: int = 0
    cells: int = 0
    denials: int = 0
    escapes: list[str] = field(default_factory=list)

    def __add__(self, other: Tally) -> Tally:
        return Tally(
            self.handlers + other.handlers, self.routes + other.routes, self.cells + other.cells,
            self.denials + other.denials, [*self.escapes, *other.escapes],
        )  # fmt: skip


_last: dict[str, tuple[int, dict[tuple[Any, ...], tuple[Any, ...]]]] = {}
"""of each table: how often it had been written, and the rows there were"""


def count_writes(tx: Any) -> None:
    """From now on every write to the rows that are compared is counted."""
    _last.clear()
    tables = _compared(tx)
    tx.exec_driver_sql(f"CREATE TABLE {COUNTER} (name TEXT PRIMARY KEY, n INTEGER)")
    for table in tables:
        tx.exec_driver_sql(f"INSERT INTO {COUNTER} VALUES (?, 0)", (table,))  # noqa: S608 - a name of our own
        for verb in ("INSERT", "UPDATE", "DELETE"):
            count = f"UPDATE {COUNTER} SET n = n + 1 WHERE name = '{table}'"  # noqa: S608
            tx.exec_driver_sql(f'CREATE TRIGGER "attack_{table}_{verb}" AFTER {verb} ON "{table}" BEGIN {count}; END')


def snapshot(runtime: Any) -> Rows:
    """Every row of every table by its key, except the audit log."""

    def read(tx: Any) -> Rows:
        for table, writes in tx.exec_driver_sql(f"SELECT name, n FROM {COUNTER}").all():  # noqa: S608
            if _last.get(table, (-1,))[0] != writes:
                _last[table] = writes, _rows(tx, table)
        return {table: rows for table, (_, rows) in _last.items()}

    return runtime.reader.now(read)


def _compared(tx: Any) -> list[str]:
    """Tables that hold what is known: not the log of who did what, and no index over rows that are compared anyway."""
    found = tx.exec_driver_sql("SELECT name, sql FROM sqlite_master WHERE type = 'table'").all()
    words = {name for name, sql in found if sql.startswith("CREATE VIRTUAL")}
    return [
        name
        for name, _ in found
        if name not in ("audit", COUNTER)
        and not name.startswith("sqlite_")
        and not any(name.startswith(each) for each in words)
    ]


def _rows(tx: Any, table: str) -> dict[tuple[Any, ...], tuple[Any, ...]]:
    columns = tx.exec_driver_sql(f'PRAGMA table_info("{table}")').all()
    keys = [each.name for each in columns if each.pk] or [each.name for each in columns]
    kept = [each.name for each in columns if each.name not in TOUCHED.get(table, ())]
    rows = tx.exec_driver_sql(f'SELECT * FROM "{table}"').mappings()  # noqa: S608 - names of our own tables
    return {tuple(row[key] for key in keys): tuple(row[name] for name in kept) for row in rows}


def take_back(runtime: Any, before: Rows) -> Any:
    """Remove the rows that came since: what an attacker made for themselves, under a name of Vera's, is no finding."""

    def work(tx: Any) -> None:
        tx.exec_driver_sql("PRAGMA defer_foreign_keys = ON")
        for table, rows in snapshot(runtime).items():
            if table in KEPT or rows is before.get(table):
                continue
            columns = [each.name for each in tx.exec_driver_sql(f'PRAGMA table_info("{table}")') if each.pk]
            where = " AND ".join(f'"{each}" = ?' for each in columns)
            for key in rows.keys() - before.get(table, {}).keys() if columns else ():
                tx.exec_driver_sql(f'DELETE FROM "{table}" WHERE {where}', key)  # noqa: S608 - our own names

    return runtime.writer.write(work)


def changed(before: Rows, after: Rows) -> list[str]:
    """Tables in which anything is different."""
    return [name for name in after if after[name] is not before.get(name) and after[name] != before.get(name, {})]


def harmed(before: Rows, after: Rows, mine: str) -> list[str]:
    """Rows that were there and are gone or different, except those of the actor `mine`."""
    return [
        f"{name} {key}"
        for name, rows in before.items()
        if after.get(name) is not rows
        for key, row in rows.items()
        if after.get(name, {}).get(key) != row and mine not in (*key, *row)
    ]


def refusals(runtime: Any, after: int) -> list[Any]:
    """What the audit log says since a row."""
    return runtime.reader.now(
        lambda tx: tx.exec_driver_sql("SELECT * FROM audit WHERE id > ? ORDER BY id", (after,)).all()
    )


def head(runtime: Any) -> int:
    """The id of the last audit row."""
    return runtime.reader.now(lambda tx: tx.exec_driver_sql("SELECT coalesce(max(id), 0) FROM audit").scalar_one())


def plain(text: str, *names: str) -> str:
    """An answer without what differs each time: the name that was asked for, ids, moments."""
    for name in sorted(names, key=len, reverse=True):
        text = text.replace(name, "NAME")
    return re.sub(r"[0-9a-f]{12,}|\d+\.\d+|(?<=refused-)\d+", "0", text)


def difference(nothing: str, said: str, again: str) -> str:
    """What sets an answer apart from two answers to nothing: lines of one side only, of vars in which the two agree."""
    once, twice, other = ({*each.splitlines()} for each in (nothing, again, said))
    restless = {line.partition("=")[0] for line in once ^ twice}
    apart = {line for line in once ^ other if line.partition("=")[0] not in restless}
    return f"nothing → {' '.join(apart & once)[:300]} | Vera's → {' '.join(apart & other)[:300]}" if apart else ""
