"""Finding runs: by person, app, workflow, status, time, and by words of their inputs and outputs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row

from runtime.store.dialects import first_text_of, text_of
from runtime.store.runs import NO_ERROR_RUN

_WHO = "coalesce(person.name, api_app.title, '')"
_COLUMNS = (
    "run.id, run.workflow, run.name, run.title, " + _WHO + " AS who, via, run.status,"
    " run.created, started, ended, tokens_in, tokens_out, cost, error, run.app, run.person"
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
    inputs, outputs = text_of(tx, "inputs"), text_of(tx, "outputs")
    words = [f"%{_literal(each)}%" for each in wanted.words.split()]
    said = "".join(
        f" AND ({inputs} LIKE ? ESCAPE '\\' OR {outputs} LIKE ? ESCAPE '\\' OR error LIKE ? ESCAPE '\\')" for _ in words
    )
    return list(
        tx.exec_driver_sql(
            f"SELECT {_COLUMNS}, {first_text_of(tx, 'inputs')} AS said FROM run"
            " LEFT JOIN person ON person.id = run.person"
            " LEFT JOIN app AS api_app ON api_app.id = run.person"
            f" WHERE run.created >= ? AND run.created < ?{'' if wanted.person is None else ' AND run.person = ?'}"
            f" AND (? = '' OR ' ' || {_WHO} LIKE ? ESCAPE '\\') AND (CAST(? AS TEXT) IS NULL OR run.workflow = ?)"
            " AND (CAST(? AS TEXT) IS NULL OR run.status = ?)"
            f"{said} ORDER BY run.created DESC LIMIT ?",
            (
                wanted.since, wanted.before, *(() if wanted.person is None else (wanted.person,)), wanted.who,
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
            "SELECT workflow AS id, max(title) AS title, max(app) AS app FROM run"
            f" WHERE {NO_ERROR_RUN} AND (CAST(? AS TEXT) IS NULL OR person = ?)"
            " GROUP BY workflow ORDER BY title LIMIT 500",
            (person, person),
        )
    )
