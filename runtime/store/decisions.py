"""What reviewers decided, the conditions they set, and who may not decide because they took part."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row

from runtime.store.database import execute
from runtime.store.rights import HOLDERS

APPROVALS = ("approved", "conditions", "exception")
"""kinds of decisions that let a version be published"""

_APPROVED = "kind IN ('approved', 'conditions', 'exception')"


class NewDecision(NamedTuple):
    """A decision as it is inserted; the order is that of the columns."""

    id: str
    submission: str
    workflow: str
    hash: str
    manifest: str
    tier: int
    kind: str
    reason: str
    person: str
    at: float
    expires: float | None = None
    controls: str = ""
    owners: str = ""


def insert_decision(tx: Connection, new: NewDecision) -> None:
    """Write a decision down. A submission has one; a second is a database error, never a silent change."""
    tx.exec_driver_sql(
        "INSERT INTO decision (id, submission, workflow, hash, manifest, tier, kind, reason, person, at, expires,"
        " controls, owners) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        tuple(new),
    )


def decision_row(tx: Connection, decision: str) -> Row[Any] | None:
    """All columns, with `name` of who decided."""
    return tx.exec_driver_sql(
        "SELECT decision.*, person.name FROM decision JOIN person ON person.id = decision.person WHERE decision.id = ?",
        (decision,),
    ).first()


def decision_of(tx: Connection, submission: str) -> Row[Any] | None:
    """The decision about a submission, with `name` of who decided."""
    return tx.exec_driver_sql(
        "SELECT decision.*, person.name FROM decision JOIN person ON person.id = decision.person WHERE submission = ?",
        (submission,),
    ).first()


def last_approval(tx: Connection, workflow: str, before: float = 1e12) -> Row[Any] | None:
    """The newest approval of a workflow made before a time and not withdrawn: decision, version, number, hash, at."""
    return tx.exec_driver_sql(
        "SELECT decision.id AS decision, submission.version, version.number, decision.hash, decision.at FROM decision"
        " JOIN submission ON submission.id = decision.submission JOIN version ON version.id = submission.version"
        f" WHERE decision.workflow = ? AND decision.at < ? AND withdrawn IS NULL AND {_APPROVED}"
        " ORDER BY decision.at DESC LIMIT 1",
        (workflow, before),
    ).first()


def withdraw_decision(tx: Connection, decision: str, now: float) -> bool:
    """Take an approval back; False when it was none, or was taken back before."""
    done = tx.exec_driver_sql(
        f"UPDATE decision SET withdrawn = ? WHERE id = ? AND withdrawn IS NULL AND {_APPROVED}", (now, decision)
    )
    return done.rowcount == 1


def insert_condition(tx: Connection, *, condition: str, decision: str, text: str, due: float) -> None:
    tx.exec_driver_sql(
        "INSERT INTO condition (id, decision, text, due, met_by, note) VALUES (?, ?, ?, ?, '', '')",
        (condition, decision, text, due),
    )


def conditions_of(tx: Connection, decision: str) -> list[Row[Any]]:
    """All columns, with `met_name`; the next due first."""
    return list(
        tx.exec_driver_sql(
            "SELECT condition.*, coalesce(person.name, '') AS met_name FROM condition"
            " LEFT JOIN person ON person.id = met_by WHERE decision = ? ORDER BY due, condition.id",
            (decision,),
        )
    )


def condition_row(tx: Connection, condition: str) -> Row[Any] | None:
    return tx.exec_driver_sql("SELECT * FROM condition WHERE id = ?", (condition,)).first()


def meet_condition(tx: Connection, condition: str, *, person: str, note: str, now: float) -> bool:
    """Mark as met; False when it was already."""
    done = tx.exec_driver_sql(
        "UPDATE condition SET met = ?, met_by = ?, note = ? WHERE id = ? AND met IS NULL",
        (now, person, note, condition),
    )
    return done.rowcount == 1


class Standing(NamedTuple):
    """What matters of a decision for whether it still holds."""

    kind: str
    withdrawn: float | None
    expires: float | None
    due: float | None
    """of the first condition that is not met"""
    text: str
    """of that condition"""


def standings(tx: Connection, decisions: Collection[str]) -> dict[str, Standing]:
    """How these decisions stand, by id. One statement on the driver: every start of an app asks it."""
    if not decisions:
        return {}
    rows = execute(
        tx,
        "SELECT decision.id, kind, withdrawn, expires, due, coalesce(condition.text, '') FROM decision"
        " LEFT JOIN condition ON condition.decision = decision.id AND met IS NULL"
        f" WHERE decision.id IN ({', '.join('?' * len(decisions))}) ORDER BY due DESC",
        tuple(decisions),
    )
    return {row[0]: Standing(*row[1:]) for row in rows}  # of the conditions of one, the first due stays


_WAYS = (
    ("SELECT 1 FROM thing_owned WHERE thing = ?2 AND holder IN ({holders})", "owned it"),
    ("SELECT 1 FROM workflow WHERE id = ?2 AND owner = ?1", "created it"),
    ("SELECT 1 FROM version WHERE workflow = ?2 AND person = ?1", "saved a version of it"),
    ("SELECT 1 FROM submission WHERE workflow = ?2 AND person = ?1", "submitted it"),
    ("SELECT 1 FROM draft_change WHERE workflow = ?2 AND person = ?1", "edited it"),
)
_CONTRIBUTED = "SELECT " + ", ".join(
    f"EXISTS ({each.format(holders=HOLDERS)})" for each, _ in _WAYS
)  # one statement, asked inside every decision


def contributed(tx: Connection, workflow: str, person: str) -> str:
    """How a person took part in a workflow, as “edited it”; empty for somebody who did not."""
    return _first_way(execute(tx, _CONTRIBUTED, (person, workflow)).fetchone())


def contributed_to(tx: Connection, workflows: Collection[str], person: str) -> dict[str, str]:
    """The same for many workflows in one statement, by their ids."""
    if not workflows:
        return {}
    marks = ", ".join(f"?{number}" for number in range(2, len(workflows) + 2))
    ways = _CONTRIBUTED.removeprefix("SELECT ").replace("?2", "one.id")
    rows = execute(tx, f"SELECT one.id, {ways} FROM workflow AS one WHERE one.id IN ({marks})", (person, *workflows))
    return {row[0]: _first_way(row[1:]) for row in rows}


def _first_way(found: Sequence[Any]) -> str:
    return next((words for (_, words), hit in zip(_WAYS, found, strict=True) if hit), "")
