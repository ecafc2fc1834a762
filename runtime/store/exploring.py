"""Finding runs: by person, app, workflow, status, time, and by words of their inputs and outputs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row

_COLUMNS = (
    "run.id, run.workflow, run.name, run.title, coalesce(person.name, api_app.title, '') AS who, via, run.status,"
    " run.created, started, ended, tokens_in, tokens_out, cost, error, run.app, run.person,"
    " (SELECT substr(value, 1, 160) FROM json_each(CAST(inputs AS TEXT)) WHERE type = 'text' AND trim(value) <> ''"
    " LIMIT 1) AS said"
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for; None and empty texts mean any."""

    person: str | None = None
    who: str = ""
    """begins the name of the person, or a word of it"""
    of: str | None = None
    """id of the workflow or app"""
    status: str | None = None
    since: float = 0.0
    before: float = 1e12
    """started before this time: also the cursor to older ones"""
    words: str = ""
    """all of these stand in its inputs, outputs or error, in any order and any case"""


def explore(tx: Connection, wanted: Wanted, most: int) -> list[Row[Any]]:
    """Newest first, without inputs and outputs; columns as `runs.list_runs` and app, person, said (how the first text
    of its input begins)."""
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
            " AND (? = '' OR ' ' || who LIKE ? ESCAPE '\\') AND (? IS NULL OR run.workflow = ?)"
            " AND (? IS NULL OR run.status = ?)"
            f"{said} ORDER BY run.created DESC LIMIT ?",
            (
                wanted.since, wanted.before, wanted.person, wanted.person, wanted.who,
                f"% {_escaped(wanted.who.strip())}%", wanted.of, wanted.of, wanted.status, wanted.status,
                *(each for each in words for _ in range(3)), most,
            ),
        )
    )  # fmt: skip


def _literal(word: str) -> str:
    """A word as LIKE takes it, and as JSON keeps it."""
    written = word.replace("\\", "\\\\").replace('"', '\\"')
    return _escaped(written)


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def ran_things(tx: Connection, person: str | None) -> list[Row[Any]]:
    """What was run, by this person or by anybody: columns id (of the workflow or app), title, app (or null)."""
    return list(
        tx.exec_driver_sql(
            "SELECT workflow AS id, max(title) AS title, max(app) AS app FROM run WHERE ? IS NULL OR person = ?"
            " GROUP BY workflow ORDER BY title LIMIT 500",
            (person, person),
        )
    )
