"""Runs: the row that says who executes a run and how it ended. Every change of hands is a compare-and-set."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import Connection, Row

from runtime.store.database import execute
from runtime.store.dialects import lock_run
from runtime.store.log import FORMAT, last_link, progress

OPEN = ("queued", "running", "waiting")
ENDED = ("succeeded", "partly_succeeded", "failed", "cancelled")

TRANSITIONS: dict[str, tuple[str, ...]] = {
    "queued": ("running", "cancelled"),
    "running": ("running", "waiting", "succeeded", "partly_succeeded", "failed", "cancelled", "queued"),
    "waiting": ("queued", "running", "cancelled", "failed"),
}
"""what a status may become; an ended run becomes nothing else"""

MOST_BARREN = 3
"""takeovers in a row without a new record after which a run counts as poison"""
ERROR_RUN = "error:"
"""how the key of an error run begins; behind it stands the id of the run that failed"""
NO_ERROR_RUN = f"(run.key IS NULL OR substr(run.key, 1, {len(ERROR_RUN)}) <> '{ERROR_RUN}')"
"""it runs what a workflow named for that case, and is no run of that workflow itself"""
NO_TAKEOVER = -1
"""the seq a first takeover is compared with"""


@dataclass(frozen=True, slots=True)
class NewRun:
    """What a start writes."""

    id: str
    workflow: str
    name: str
    title: str
    person: str
    via: str
    key: str | None
    hash: str
    words: str
    catalogue: str
    inputs: bytes
    created: float
    process: str
    """who executes it at once; empty: it waits for anybody"""
    app: str | None = None
    version: str | None = None
    manifest: str = ""
    conversation: str | None = None
    turn: int = 0
    behind: bool = False
    """it begins when the message before it has ended"""


_INSERT = (
    "INSERT INTO run (id, workflow, name, title, person, via, key, hash, words, catalogue, format, status, attempt,"
    " process, due_at, barren, barren_seq, inputs, created, started, last_seq, last_hash, tokens_in, tokens_out,"
    " app, version, manifest, conversation, turn)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, -1, ?, ?, ?, 0, '', 0, 0, ?, ?, ?, ?, ?)"
)


def insert_run(tx: Connection, new: NewRun) -> None:
    """Write a start: running under attempt 1 when a process is named, else queued and due at once, or behind the
    message before it."""
    attached = bool(new.process)
    status, attempt = ("running", 1) if attached else ("queued", 0)
    row = (new.id, new.workflow, new.name, new.title, new.person, new.via, new.key, new.hash, new.words, new.catalogue)
    rest = (
        FORMAT,
        status,
        attempt,
        new.process,
        None if new.behind else new.created,
        new.inputs,
        new.created,
        new.created if attached else None,
        new.app,
        new.version,
        new.manifest,
        new.conversation,
        new.turn,
    )
    execute(tx, _INSERT, row + rest)


def note_progress(tx: Connection, run: str) -> None:
    """A run got on by something that stands elsewhere than in its log: its next takeover is not barren."""
    execute(tx, "UPDATE run SET barren = 0, barren_seq = ? WHERE id = ?", (NO_TAKEOVER, run))


def run_by_key(tx: Connection, workflow: str, key: str) -> str | None:
    """The run a start with this key already made."""
    row = execute(tx, "SELECT id FROM run WHERE workflow = ? AND key = ?", (workflow, key)).fetchone()
    return row[0] if row else None


@dataclass(frozen=True, slots=True)
class Claim:
    """A run in the hands of one attempt; `poison` when it should be failed instead of executed."""

    run: str
    attempt: int
    hash: str
    words: str
    inputs: bytes
    person: str
    created: float
    poison: bool
    conversation: str | None = None


def claim(tx: Connection, run: str, *, attempt: int, process: str, now: float) -> Claim | None:
    """Take a run that was seen at `attempt`; None when somebody else was faster."""
    lock_run(tx, run, to_change=True)  # before its log is read: whoever holds it may be writing at this moment
    row = tx.exec_driver_sql(
        "SELECT hash, words, inputs, person, created, conversation, barren, barren_seq, status, process FROM run"
        " WHERE id = ?",
        (run,),
    ).first()
    if row is None or "running" not in TRANSITIONS.get(row.status, ()):
        return None
    seq = progress(tx, run)
    # A start from the queue is no takeover, and a process that takes up its own run has not died (its storage failed).
    # A takeover that finds nothing new since the takeover before is barren.
    barren, barren_seq = row.barren, row.barren_seq
    if row.status == "queued":
        barren, barren_seq = 0, NO_TAKEOVER
    elif row.process != process:
        barren, barren_seq = row.barren + 1 if seq == row.barren_seq else 0, seq
    taken = tx.exec_driver_sql(
        "UPDATE run SET status = 'running', attempt = attempt + 1, process = ?, started = coalesce(started, ?),"
        " barren = ?, barren_seq = ?, due_at = NULL WHERE id = ? AND attempt = ? AND status = ?",
        (process, now, barren, barren_seq, run, attempt, row.status),
    )
    if taken.rowcount != 1:
        return None
    poison = barren >= MOST_BARREN
    return Claim(run, attempt + 1, row.hash, row.words, row.inputs, row.person, row.created, poison, row.conversation)


@dataclass(frozen=True, slots=True)
class Ending:
    """How an attempt ended its run."""

    run: str
    attempt: int
    status: str
    outputs: bytes | None
    error: str | None
    ended: float
    seq: int
    hash: str
    tokens_in: int
    tokens_out: int
    cost: float | None


def end_run(tx: Connection, end: Ending) -> bool:
    """Close the run; False when this attempt does not hold it any more. The next message of its conversation is due
    from then on."""
    row = (end.status, end.outputs, end.error, end.ended, end.seq, end.hash, end.tokens_in, end.tokens_out, end.cost)
    done = execute(
        tx,
        "UPDATE run SET status = ?, outputs = ?, error = ?, ended = ?, last_seq = ?, last_hash = ?, tokens_in = ?,"
        " tokens_out = ?, cost = ? WHERE id = ? AND attempt = ? AND status = 'running' RETURNING conversation",
        (*row, end.run, end.attempt),
    ).fetchone()
    if done is None:
        return False
    if done[0] is not None:
        call_next(tx, done[0], end.ended)
    return True


def call_next(tx: Connection, conversation: str, now: float) -> None:
    """The first open message of a conversation is due, where it waited for the one before."""
    execute(
        tx,
        "UPDATE run SET due_at = ?1 WHERE conversation = ?2 AND status = 'queued' AND due_at IS NULL AND turn ="
        " (SELECT min(turn) FROM run WHERE conversation = ?2 AND status IN ('queued', 'running', 'waiting'))",
        (now, conversation),
    )


def cancel(tx: Connection, run: str, *, now: float) -> str | None:
    """End an open run at once and fence its attempt; the status it had, None when it had ended before."""
    row = lock_run(tx, run, to_change=True)  # before the end of its log is read
    if row is None or row[1] not in OPEN:
        return None
    done = execute(
        tx,
        "UPDATE run SET status = 'cancelled', attempt = attempt + 1, process = '', ended = ?, due_at = NULL,"
        " last_seq = ?, last_hash = ? WHERE id = ? RETURNING conversation",
        (now, *last_link(tx, run), run),
    ).fetchone()
    close_waits(tx, run)
    if done[0] is not None:
        call_next(tx, done[0], now)
    return row[1]


def close_waits(tx: Connection, run: str) -> None:
    """Nobody has to answer any more: the run has ended."""
    execute(tx, "UPDATE wait SET status = 'closed' WHERE run = ? AND status = 'open'", (run,))


def release(tx: Connection, run: str, *, attempt: int, now: float) -> None:
    """Give a running run back, due at once (the process is leaving)."""
    tx.exec_driver_sql(
        "UPDATE run SET status = 'queued', process = '', due_at = ?"
        " WHERE id = ? AND attempt = ? AND status = 'running'",
        (now, run, attempt),
    )


def open_runs_of(tx: Connection, of: Literal["person", "app"], who: str) -> list[str]:
    """Ids of the runs somebody started, or of an app, that have not ended."""
    rows = execute(tx, f"SELECT id FROM run WHERE {of} = ? AND status IN ('queued', 'running', 'waiting')", (who,))
    return [row[0] for row in rows]


def lost_runs(tx: Connection, held: Mapping[str, int]) -> list[str]:
    """Those of the runs held under these attempts whose row says another attempt, or that they have ended."""
    found: list[str] = []
    names = list(held)
    for start in range(0, len(names), 500):
        some = names[start : start + 500]
        marks = ", ".join("?" * len(some))
        rows = tx.exec_driver_sql(f"SELECT id, attempt, status FROM run WHERE id IN ({marks})", tuple(some))
        found += [row.id for row in rows if row.attempt != held[row.id] or row.status != "running"]
    return found


def run_row(tx: Connection, run: str) -> Row[Any] | None:
    """The whole row of a run, and `who`, the name of the person who started it."""
    return tx.exec_driver_sql(
        "SELECT run.*, coalesce(person.name, '') AS who FROM run LEFT JOIN person ON person.id = run.person"
        " WHERE run.id = ?",
        (run,),
    ).first()


def still_going(tx: Connection, runs: Sequence[str]) -> set[str]:
    """Those of some runs that are executed, or wait for their turn."""
    going: set[str] = set()
    for at in range(0, len(runs), 500):
        some = runs[at : at + 500]
        marks = ", ".join("?" * len(some))
        question = f"SELECT id FROM run WHERE id IN ({marks}) AND status IN ('queued', 'running')"
        going.update(row[0] for row in execute(tx, question, some))
    return going


def version_number(tx: Connection, version: str) -> int:
    """The number people know a version by; 0 where it is gone."""
    row = execute(tx, "SELECT number FROM version WHERE id = ?", (version,)).fetchone()
    return row[0] if row else 0


def list_runs(tx: Connection, *, person: str | None, workflow: str | None, before: float, most: int) -> list[Row[Any]]:
    """Newest first, without inputs and outputs; of a `workflow` (name) the runs of its draft. `who` is the name of the
    person who started it."""
    of = "" if person is None else " AND run.person = ?"  # not “… or any”, for which all runs would be read
    return list(
        tx.exec_driver_sql(
            "SELECT run.id, workflow, run.name, title, coalesce(person.name, '') AS who, via, status, run.created,"
            " started, ended, tokens_in, tokens_out, cost, error FROM run LEFT JOIN person ON person.id = run.person"
            f" WHERE run.created < ?{of}"
            " AND (CAST(? AS TEXT) IS NULL OR (run.name = ? AND run.app IS NULL"
            f" AND {NO_ERROR_RUN})) ORDER BY run.created DESC LIMIT ?",
            (before, *(() if person is None else (person,)), workflow, workflow, most),
        )
    )


def keep_content(tx: Connection, digest: str, body: bytes) -> None:
    """Keep something immutable under its digest."""
    execute(tx, "INSERT INTO content (digest, body) VALUES (?, ?) ON CONFLICT DO NOTHING", (digest, body))


def read_content(tx: Connection, digest: str) -> bytes | None:
    """What is kept under a digest."""
    row = tx.exec_driver_sql("SELECT body FROM content WHERE digest = ?", (digest,)).first()
    return row[0] if row else None
