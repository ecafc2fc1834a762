"""Finding runs: by person, app, workflow, status, time, and by words of their inputs and outputs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row

_COLUMNS = (
    "run.id, run.workflow, run.name, run.title, coalesce(person.name, api_app.title, '') AS who, via, run.status,"
    " run.created, started, ended, tokens_in, tokens_out, cost, error, run.app, run.person"
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for; None and empty texts mean any."""

    person: str | None = None
    name: str | None = None
    """of the workflow or app"""
    app: str | None = None
    status: str | None = None
    since: float = 0.0
    before: float = 1e12
    """started before this time: also the cursor to older ones"""
    words: str = ""
    """all of these stand in its inputs, outputs or error, in any order and any case"""


def explore(tx: Connection, wanted: Wanted, most: int) -> list[Row[Any]]:
    """Newest first, without inputs and outputs; columns as `runs.list_runs` and app, person."""
    words = [f"%{_literal(each)}%" for each in wanted.words.split()]
    said = "".join(
        " AND (CAST(inputs AS TEXT) LIKE ? ESCAPE '\\' OR CAST(outputs AS TEXT) LIKE ? ESCAPE '\\'"
        " OR error LIKE ? ESCAPE '\\')"
        for _ in words
    )
    return list(
        tx.exec_driver_sql(
            f"SELECT {_COLUMNS} FROM run LEFT JOIN person ON person.id = run.person"
            " LEFT JOIN app AS api_app ON api_app.id = run.person"
            " WHERE run.created >= ? AND run.created < ? AND (? IS NULL OR run.person = ?)"
            " AND (? IS NULL OR run.name = ?) AND (? IS NULL OR run.app = ?) AND (? IS NULL OR run.status = ?)"
            f"{said} ORDER BY run.created DESC LIMIT ?",
            (
                wanted.since, wanted.before, wanted.person, wanted.person, wanted.name, wanted.name, wanted.app,
                wanted.app, wanted.status, wanted.status, *(each for each in words for _ in range(3)),
                most,
            ),
        )
    )  # fmt: skip


def _literal(word: str) -> str:
    """A word as LIKE takes it, and as JSON keeps it."""
    written = word.replace("\\", "\\\\").replace('"', '\\"')
    return written.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
