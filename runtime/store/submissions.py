"""Submissions: versions under review, how they stand, and what reviewers remark on them."""

from __future__ import annotations

from typing import Any, NamedTuple

from sqlalchemy import Connection, Row

OPEN = "open"


class NewSubmission(NamedTuple):
    """A submission as it is inserted; the order is that of the columns."""

    id: str
    number: int
    workflow: str
    version: str
    hash: str
    manifest: str
    person: str
    created: float
    tier: int
    facts: str
    answers: str


def next_number(tx: Connection) -> int:
    """Numbers count up over all submissions; people call a submission by its number."""
    return tx.exec_driver_sql("SELECT coalesce(max(number), 0) + 1 FROM submission").scalar_one()


def insert_submission(tx: Connection, new: NewSubmission) -> None:
    """A new one, open."""
    tx.exec_driver_sql(
        "INSERT INTO submission (id, number, workflow, version, hash, manifest, person, created, tier, facts, answers,"
        " status) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'open')",
        tuple(new),
    )


def submission_row(tx: Connection, number: int) -> Row[Any] | None:
    """All columns, with `who` (its author), `name` and `title` of the workflow (None where it was deleted), and
    `version_number`."""
    return tx.exec_driver_sql(
        "SELECT submission.*, person.name AS who, workflow.name AS name,"
        " coalesce(draft.title, 'A deleted workflow') AS title,"
        " version.number AS version_number, version.words AS words FROM submission"
        " JOIN person ON person.id = submission.person JOIN version ON version.id = submission.version"
        " LEFT JOIN workflow ON workflow.id = submission.workflow LEFT JOIN draft ON draft.workflow = workflow.id"
        " WHERE submission.number = ?",
        (number,),
    ).first()


def close_submission(tx: Connection, submission: str, status: str, now: float) -> bool:
    """Open becomes something else, once: False when it was not open any more."""
    done = tx.exec_driver_sql(
        "UPDATE submission SET status = ?, closed = ? WHERE id = ? AND status = 'open'", (status, now, submission)
    )
    return done.rowcount == 1


def supersede(tx: Connection, workflow: str, now: float) -> list[int]:
    """Close what is open of a workflow because something newer comes; the numbers that were."""
    found = tx.exec_driver_sql(
        "UPDATE submission SET status = 'superseded', closed = ? WHERE workflow = ? AND status = 'open'"
        " RETURNING number",
        (now, workflow),
    )
    return [row[0] for row in found]


_CARD = (
    "SELECT submission.number, submission.workflow, coalesce(workflow.name, '') AS name,"
    " coalesce(draft.title, 'A deleted workflow') AS title, coalesce(draft.icon, '') AS icon,"
    " version.number AS version,"
    " submission.person, person.name AS who, submission.created, submission.closed, submission.status, submission.tier,"
    " decision.kind, (SELECT min(due) FROM condition WHERE condition.decision = decision.id AND met IS NULL) AS due,"
    " decision.expires, decision.withdrawn"
    " FROM submission JOIN person ON person.id = submission.person JOIN version ON version.id = submission.version"
    " LEFT JOIN workflow ON workflow.id = submission.workflow LEFT JOIN draft ON draft.workflow = workflow.id"
    " LEFT JOIN decision ON decision.submission = submission.id"
)


def list_open(tx: Connection) -> list[Row[Any]]:
    """What waits for a decision, longest first. Columns of a card; `workflow` is its id."""
    return list(
        tx.exec_driver_sql(
            f"{_CARD} WHERE submission.status = 'open' AND workflow.id IS NOT NULL ORDER BY submission.created"
        )
    )


def list_decided(tx: Connection, most: int) -> list[Row[Any]]:
    """What was decided, newest first."""
    return list(
        tx.exec_driver_sql(
            f"{_CARD} WHERE decision.id IS NOT NULL ORDER BY submission.closed DESC, submission.number DESC LIMIT ?",
            (most,),
        )
    )


def last_of_workflow(tx: Connection, workflow: str) -> Row[Any] | None:
    """The newest submission of a workflow, as a card."""
    return tx.exec_driver_sql(
        f"{_CARD} WHERE submission.workflow = ? ORDER BY submission.number DESC LIMIT 1", (workflow,)
    ).first()


def card_of_number(tx: Connection, number: int) -> Row[Any] | None:
    """One submission, as a card, or None."""
    return tx.exec_driver_sql(f"{_CARD} WHERE submission.number = ?", (number,)).first()


def settle_comment(tx: Connection, comment: str, now: float) -> bool:
    """Mark as dealt with; False when it was already."""
    done = tx.exec_driver_sql("UPDATE comment SET settled = ? WHERE id = ? AND settled IS NULL", (now, comment))
    return done.rowcount == 1


def insert_comment(
    tx: Connection,
    *,
    comment: str,
    submission: str,
    step: str,
    text: str,
    person: str,
    now: float,
) -> None:
    tx.exec_driver_sql(
        "INSERT INTO comment (id, submission, step, text, person, at) VALUES (?, ?, ?, ?, ?, ?)",
        (comment, submission, step, text, person, now),
    )


def comments_of(tx: Connection, submission: str) -> list[Row[Any]]:
    """All columns, with `name` of who said it; oldest first."""
    return list(
        tx.exec_driver_sql(
            "SELECT comment.*, person.name FROM comment JOIN person ON person.id = person WHERE submission = ?"
            " ORDER BY at, comment.id",
            (submission,),
        )
    )


def test_cost(tx: Connection, workflow: str, hash_: str) -> Row[Any]:
    """What runs of exactly this meaning cost until now: count, mean and highest cost, mean tokens and seconds."""
    return tx.exec_driver_sql(
        "SELECT count(*) AS runs, avg(cost) AS mean, max(cost) AS highest, avg(tokens_in + tokens_out) AS tokens,"
        " avg(ended - started) AS seconds FROM run WHERE workflow = ? AND hash = ? AND status = 'succeeded'",
        (workflow, hash_),
    ).one()
