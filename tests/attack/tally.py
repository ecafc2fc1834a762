"""What was tried and what came of it; and how the database looked before and after."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

Rows = dict[str, dict[tuple[Any, ...], tuple[Any, ...]]]

UNSTEADY = {"audit", "sqlite_sequence"}
TOUCHED = {"session": {"seen"}}
"""columns that being here changes"""


@dataclass
class Tally:
    """The counts, and a sentence for each thing that should not have been possible."""

    handlers: int = 0
    routes: int = 0
    cells: int = 0
    denials: int = 0
    escapes: list[str] = field(default_factory=list)


_last: dict[str, Any] = {}
"""the last snapshot, which stands until another connection commits something"""


def snapshot(runtime: Any) -> Rows:
    """Every row of every table by its key, except the audit log."""

    def read(tx: Any) -> Rows:
        version = tx.exec_driver_sql("PRAGMA data_version").scalar_one()
        if _last.get("version") == version:
            return _last["rows"]
        found: Rows = {}
        names = tx.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'table'").scalars().all()
        for name in set(names) - UNSTEADY:
            if "_fts" in name or name.endswith(("_data", "_idx", "_content", "_docsize", "_config")):
                continue  # an index over rows that are compared themselves
            columns = tx.exec_driver_sql(f'PRAGMA table_info("{name}")').all()
            keys = [each.name for each in columns if each.pk] or [each.name for each in columns]
            rows = tx.exec_driver_sql(f'SELECT * FROM "{name}"').mappings()  # noqa: S608 - names of our own tables
            found[name] = {
                tuple(row[key] for key in keys): tuple(
                    value for column, value in row.items() if column not in TOUCHED.get(name, ())
                )
                for row in rows
            }
        _last.update(version=version, rows=found)
        return found

    return runtime.reader.now(read)


def changed(before: Rows, after: Rows) -> list[str]:
    """Tables in which anything is different."""
    return [name for name in after if after[name] != before.get(name, {})]


def harmed(before: Rows, after: Rows, mine: str) -> list[str]:
    """Rows that were there and are gone or different, except those of the actor `mine`."""
    return [
        f"{name} {key}"
        for name, rows in before.items()
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
    return re.sub(r"[0-9a-f]{12,}|\d+\.\d+", "0", text)
