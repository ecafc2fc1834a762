"""Waits: what runs ask people, and the one answer each gets. Every change of a wait is a compare-and-set."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row

from runtime.store.audit import write_audit
from runtime.store.database import execute
from runtime.store.dialects import lock_run
from runtime.store.groups import GROUPS_OF
from runtime.store.notifications import notify_holders, people_behind
from runtime.store.rights import HOLDERS

TIMEOUT = "timeout"
"""the answer of a deadline"""
OWN, TIMER = "interrupted", "timer"
"""kinds of waits: one asks whoever started the run, one nobody at all; every other kind is for others"""


@dataclass(frozen=True, slots=True)
class NewWait:
    """What opening a wait writes, in the unit of its record."""

    id: str
    run: str
    seq: int
    step: str
    path: str
    kind: str
    asked: str
    """JSON: title, text, choices"""
    title: str
    opened: float
    deadline: float | None
    holders: Sequence[str]
    person: str
    """who started the run"""


def open_wait(tx: Connection, new: NewWait) -> None:
    """Ask, and tell who may answer."""
    execute(
        tx,
        "INSERT INTO wait (id, run, seq, step, path, kind, asked, opened, deadline,"
        " status, comment, answered_by, logged) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 'open', '', '', FALSE)",
        (new.id, new.run, new.seq, new.step, new.path, new.kind, new.asked, new.opened, new.deadline),
    )
    for holder in new.holders:
        execute(tx, "INSERT INTO wait_for (wait, holder) VALUES (?, ?) ON CONFLICT DO NOTHING", (new.id, holder))
    but = () if new.kind == OWN else (new.person,)
    notify_holders(tx, new.holders, f"“{new.title}” waits for your decision.", f"/inbox/{new.id}", new.opened, but=but)


_SETTLE = (
    "UPDATE notification SET seen = ?1 WHERE seen IS NULL AND link = ?2"
    " AND at = (SELECT opened FROM wait WHERE id = ?3)"
    " AND person IN (SELECT holder FROM wait_for WHERE wait = ?3"
    " UNION SELECT person FROM group_member JOIN wait_for ON group_id = holder WHERE wait = ?3)"
)
"""what was answered is news to nobody who was asked"""


def answer_wait(tx: Connection, wait: str, *, choice: str, comment: str, by: str, now: float) -> str | None:
    """Answer an open wait, and make its run due when it waits. The id of the run, None when somebody was faster.

    An answer that is not the deadline's own comes too late after the deadline.
    """
    asked = execute(tx, "SELECT run FROM wait WHERE id = ?", (wait,)).fetchone()
    if asked is not None:
        lock_run(tx, asked[0], to_change=True)  # it may be laying itself aside at this moment
    won = execute(
        tx,
        "UPDATE wait SET status = 'answered', answer = ?1, comment = ?2, answered_by = ?3, answered = ?4"
        f" WHERE id = ?5 AND status = 'open' AND (?1 = '{TIMEOUT}' OR deadline IS NULL OR deadline > ?4) RETURNING run",
        (choice, comment, by, now, wait),
    ).fetchone()
    if won is None:
        return None
    execute(tx, "UPDATE run SET status = 'queued', due_at = ? WHERE id = ? AND status = 'waiting'", (now, won[0]))
    execute(tx, _SETTLE, (now, f"/inbox/{wait}", wait))
    return won[0]


def close_wait(tx: Connection, wait: str) -> None:
    """Nobody has to answer this one any more."""
    execute(tx, "UPDATE wait SET status = 'closed' WHERE id = ? AND status = 'open'", (wait,))


def due_waits(tx: Connection, now: float, most: int = 500) -> list[str]:
    """Open waits whose deadline has come."""
    rows = execute(tx, "SELECT id FROM wait WHERE status = 'open' AND deadline <= ? LIMIT ?", (now, most))
    return [row[0] for row in rows]


def time_out(tx: Connection, waits: Iterable[str], now: float) -> list[str]:
    """Answer these in the place of those who did not; the runs that go on."""
    gone: list[str] = []
    for wait in waits:
        run = answer_wait(tx, wait, choice=TIMEOUT, comment="", by="", now=now)
        if run is not None:
            if not _is_timer(tx, wait):  # that its time has come is nothing anybody missed
                write_audit(tx, at=now, person="", action="wait.timeout", thing=run, outcome="done", reason="deadline")
            gone.append(run)
    return gone


def _is_timer(tx: Connection, wait: str) -> bool:
    return execute(tx, "SELECT kind FROM wait WHERE id = ?", (wait,)).fetchone()[0] == TIMER


class Answered(NamedTuple):
    """An answer that the log of its run does not hold yet."""

    id: str
    choice: str
    comment: str
    person: str
    """id of who answered; empty: the deadline"""
    name: str
    at: float


def answers_of(tx: Connection, run: str) -> list[Answered]:
    """Answers the log of a run does not hold yet, in the order they were given."""
    rows = execute(
        tx,
        "SELECT wait.id, answer, comment, answered_by, coalesce(person.name, ''), answered FROM wait"
        " LEFT JOIN person ON person.id = answered_by"
        " WHERE run = ? AND status = 'answered' AND NOT logged ORDER BY answered, wait.id",
        (run,),
    )
    return [Answered(*row) for row in rows]


def mark_logged(tx: Connection, wait: str) -> None:
    """The log holds the answer; in the unit of its record."""
    execute(tx, "UPDATE wait SET logged = TRUE WHERE id = ?", (wait,))


def park(tx: Connection, run: str, attempt: int, tokens_in: int, tokens_out: int, cost: float | None) -> list[Answered]:
    """Lay the run aside, out of every process, until an answer comes; those that came already, and then it goes on."""
    answers = answers_of(tx, run)
    if not answers:
        execute(
            tx,
            "UPDATE run SET status = 'waiting', process = '', due_at = NULL, tokens_in = ?, tokens_out = ?, cost = ?"
            " WHERE id = ? AND attempt = ? AND status = 'running'",
            (tokens_in, tokens_out, cost, run, attempt),
        )
    return answers


class Holder(NamedTuple):
    """A person or a group, by id."""

    id: str
    name: str


def find_holders(tx: Connection, names: Iterable[str]) -> tuple[list[Holder], list[str]]:
    """The groups and people with these names (a person's e-mail address or id too), and the names that say nobody, or
    more than one person."""
    found: list[Holder] = []
    unclear: list[str] = []
    for name in names:
        rows = execute(
            tx,
            "SELECT id, name, 1 AS is_group FROM people_group WHERE lower(name) = lower(?1)"
            " UNION ALL SELECT id, name, 0 FROM person"
            " WHERE disabled IS NULL AND (email = lower(?1) OR lower(name) = lower(?1) OR id = ?1)"
            " ORDER BY is_group DESC",
            (name.strip(),),
        ).fetchall()
        if len(rows) == 1 or (rows and rows[0][2]):  # a group that is called like a person is meant
            found.append(Holder(*rows[0][:2]))
        else:
            unclear.append(name)
    return found, unclear


def starter_of(tx: Connection, person: str) -> Holder | None:
    """Who answers for what a run did: the person who started it, or the owner of the app whose key did."""
    row = execute(
        tx,
        "SELECT id, name FROM person WHERE id = ?1 OR id = (SELECT owner FROM app WHERE app.id = ?1)",
        (person,),
    ).fetchone()
    return Holder(*row) if row else None


def anybody_but(tx: Connection, holders: Iterable[str], person: str) -> bool:
    """Whether there is somebody behind these holders besides this person."""
    return bool(people_behind(tx, holders) - {person})


_NOT_OWN = f"(wait.kind = '{OWN}' OR run.person <> ?1)"
_MINE = f"EXISTS (SELECT 1 FROM wait_for WHERE wait_for.wait = wait.id AND holder IN ({HOLDERS})) AND {_NOT_OWN}"
"""of one wait, whether the person `?1` may answer it: nobody approves what they started themselves"""
_OPEN_AND_MINE = (
    f"wait.id IN (SELECT wait FROM wait_for WHERE holder IN ({HOLDERS})) AND wait.status || '' = 'open' AND {_NOT_OWN}"
)
"""of all waits those that are open; no index of what is open is used, so that the waits of others are not read"""

_COLUMNS = (
    "wait.id, run, wait.step, wait.kind, asked, opened, deadline, wait.status, answer, comment, answered_by,"
    " answered, run.title, run.name AS workflow, run.app, run.person AS starter, run.via,"
    " coalesce(app.title, '') AS app_title, coalesce(starter.name, '') AS starter_name,"
    " coalesce(answerer.name, '') AS answerer_name"
)
_FROM = (
    " FROM wait JOIN run ON run.id = wait.run LEFT JOIN app ON app.id = run.app"
    " LEFT JOIN person AS starter ON starter.id = run.person"
    " LEFT JOIN person AS answerer ON answerer.id = answered_by"
)


def waits_for(tx: Connection, person: str, most: int) -> list[Row[Any]]:
    """Open waits this person may answer: the most urgent first, then the oldest."""
    return list(
        tx.exec_driver_sql(
            f"SELECT {_COLUMNS}{_FROM} WHERE {_OPEN_AND_MINE} ORDER BY deadline IS NULL, deadline, opened LIMIT ?2",
            (person, most),
        )
    )


def answered_by(tx: Connection, person: str, most: int) -> list[Row[Any]]:
    """What this person has decided, newest first."""
    return list(
        tx.exec_driver_sql(
            f"SELECT {_COLUMNS}{_FROM} WHERE wait.status = 'answered' AND answered_by = ?1"
            " ORDER BY answered DESC LIMIT ?2",
            (person, most),
        )
    )


def count_waits(tx: Connection, person: str) -> int:
    """How many open waits this person may answer."""
    question = f"SELECT count(*) FROM wait JOIN run ON run.id = wait.run WHERE {_OPEN_AND_MINE}"
    return int(execute(tx, question, (person,)).fetchone()[0])


def wait_row(tx: Connection, wait: str, person: str) -> Row[Any] | None:
    """A wait this person may (or might once) answer, whatever became of it; None for everybody else."""
    return tx.exec_driver_sql(f"SELECT {_COLUMNS}{_FROM} WHERE wait.id = ?2 AND {_MINE}", (person, wait)).first()


def list_approvers(tx: Connection) -> list[Row[Any]]:
    """Columns name (as `find_holders` finds it), label, is_group; groups first. Namesakes go by their id, and their
    label tells their groups."""
    return list(
        tx.exec_driver_sql(
            "SELECT name, name AS label, 1 AS is_group FROM people_group UNION ALL"
            " SELECT CASE WHEN alone THEN name ELSE id END,"
            f" CASE WHEN alone OR {GROUPS_OF} = '' THEN name ELSE name || ' · ' || {GROUPS_OF} END, 0 FROM"
            " (SELECT id, name, count(*) OVER (PARTITION BY lower(name)) = 1 AND lower(name) NOT IN"
            " (SELECT lower(name) FROM people_group) AS alone FROM person WHERE disabled IS NULL) AS person"
            " ORDER BY is_group DESC, label"
        )
    )


def is_wait(tx: Connection, wait: str) -> bool:
    """Whether there is such a wait at all: the audit log tells it from one that was never there."""
    return execute(tx, "SELECT 1 FROM wait WHERE id = ?", (wait,)).fetchone() is not None
