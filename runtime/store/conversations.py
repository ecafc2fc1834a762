"""Conversations: whose they are, their messages (each a run), and what they remember from one to the next.

The messages of one conversation are executed one after the other: whoever inserts one finds those before it locked,
and whoever ends one calls the next in the same transaction (`runs.call_next`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import orjson
from sqlalchemy import Connection, Row

from runtime.store.database import execute
from runtime.store.dialects import lock_run
from runtime.store.runs import OPEN

_OPEN = ", ".join(f"'{each}'" for each in OPEN)


@dataclass(frozen=True, slots=True)
class Talk:
    """What a run knows of the conversation it is a message of. It stays so while the run goes on."""

    id: str
    turn: int
    variables: Mapping[str, Any]
    """those some run before has changed"""


class Turn(NamedTuple):
    """A message that was answered."""

    number: int
    inputs: bytes
    outputs: bytes


class Spoken(NamedTuple):
    """A version that has answered in a conversation, by the digests of its meaning and words."""

    hash: str
    words: str


def meanings_of(tx: Connection, conversation: str) -> list[Spoken]:
    """The versions that answered in a conversation, the first to speak first; also where that was removed since: a
    later one may have kept a part of it."""
    rows = execute(
        tx,
        "SELECT hash, min(words) FROM run WHERE conversation = ? GROUP BY hash ORDER BY min(turn)",
        (conversation,),
    )
    return [Spoken(*row) for row in rows.fetchall()]


def insert_conversation(
    tx: Connection, conversation: str, *, workflow: str, app: str | None, person: str, title: str, now: float
) -> None:
    """Begin a conversation."""
    execute(
        tx,
        "INSERT INTO conversation (id, workflow, app, person, title, named, variables, created, updated)"
        " VALUES (?, ?, ?, ?, ?, FALSE, ?, ?, ?)",
        (conversation, workflow, app, person, title, b"{}", now, now),
    )


def conversation_row(tx: Connection, conversation: str) -> Row[Any] | None:
    """The row of a conversation."""
    return tx.exec_driver_sql("SELECT * FROM conversation WHERE id = ?", (conversation,)).first()


def add_turn(tx: Connection, conversation: str, now: float) -> tuple[int, bool]:
    """The number of the next message, and whether one before it has not ended."""
    open_ones = execute(
        tx, f"SELECT id FROM run WHERE conversation = ? AND status IN ({_OPEN}) ORDER BY turn", (conversation,)
    ).fetchall()
    # one of them may be ending at this moment, in a transaction that cannot see the message that is to be called
    held = [lock_run(tx, row[0], to_change=True) for row in open_ones]
    busy = any(row is not None and row[1] in OPEN for row in held)
    last = execute(tx, "SELECT max(turn) FROM run WHERE conversation = ?", (conversation,)).fetchone()[0]
    execute(tx, "UPDATE conversation SET updated = ? WHERE id = ?", (now, conversation))
    return (last or 0) + 1, busy


def talk_of(tx: Connection, run: str) -> Talk | None:
    """What a run knows of its conversation; None where it is a message of none, or that is gone."""
    row = execute(
        tx,
        "SELECT conversation.id, run.turn, conversation.variables FROM run"
        " JOIN conversation ON conversation.id = run.conversation WHERE run.id = ?",
        (run,),
    ).fetchone()
    return Talk(row[0], row[1], orjson.loads(row[2])) if row else None


def turns_before(tx: Connection, conversation: str, turn: int, *, after: int = 0, most: int = 1000) -> list[Turn]:
    """The newest messages before one that were answered and not removed since, oldest first."""
    rows = execute(
        tx,
        "SELECT turn, inputs, outputs FROM run WHERE conversation = ? AND turn < ? AND turn > ? AND outputs IS NOT NULL"
        " AND erased IS NULL AND status IN ('succeeded', 'partly_succeeded') ORDER BY turn DESC LIMIT ?",
        (conversation, turn, after, most),
    ).fetchall()
    return [Turn(*row) for row in reversed(rows)]


def remember(tx: Connection, conversation: str, values: Mapping[str, Any]) -> None:
    """Keep what variables hold now; those not named stay as they are."""
    row = execute(tx, "SELECT variables FROM conversation WHERE id = ?", (conversation,)).fetchone()
    if row is not None:
        kept = orjson.loads(row[0]) | dict(values)
        execute(tx, "UPDATE conversation SET variables = ? WHERE id = ?", (orjson.dumps(kept), conversation))


def keep_summary(tx: Connection, conversation: str, *, step: str, run: str, upto: int, text: str) -> None:
    """Keep a step's summary of the messages up to one. The one it went on from stays until the next, because an attempt
    that takes over has to begin from the same."""
    if conversation_row(tx, conversation) is None:
        return
    execute(
        tx,
        "DELETE FROM conversation_summary WHERE conversation = ?1 AND step = ?2 AND (run = ?3 OR upto < (SELECT"
        " max(upto) FROM conversation_summary WHERE conversation = ?1 AND step = ?2 AND run <> ?3))",
        (conversation, step, run),
    )
    execute(
        tx,
        "INSERT INTO conversation_summary (conversation, step, run, upto, text) VALUES (?, ?, ?, ?, ?)",
        (conversation, step, run, upto, text),
    )


def summary_before(tx: Connection, conversation: str, *, step: str, run: str) -> tuple[int, str] | None:
    """The newest summary a step has kept in an earlier run: number of the last message in it, text."""
    row = execute(
        tx,
        "SELECT upto, text FROM conversation_summary WHERE conversation = ? AND step = ? AND run <> ?"
        " ORDER BY upto DESC LIMIT 1",
        (conversation, step, run),
    ).fetchone()
    return (row[0], row[1]) if row else None


def list_conversations(
    tx: Connection, *, person: str, workflow: str | None, before: float, most: int
) -> list[Row[Any]]:
    """Somebody's, newest message first: columns of the row, and `going`, whether a message is being answered."""
    return list(
        tx.exec_driver_sql(
            "SELECT conversation.*, EXISTS (SELECT 1 FROM run WHERE run.conversation = conversation.id"
            f" AND status IN ({_OPEN})) AS going FROM conversation WHERE person = ? AND updated < ?"
            " AND (CAST(? AS TEXT) IS NULL OR workflow = ?) ORDER BY updated DESC LIMIT ?",
            (person, before, workflow, workflow, most),
        )
    )


def messages_of(tx: Connection, conversation: str, *, before: int, most: int) -> list[Row[Any]]:
    """The rows of the newest runs of a conversation before a number, oldest first."""
    rows = tx.exec_driver_sql(
        "SELECT run.*, '' AS who FROM run WHERE conversation = ? AND turn < ? ORDER BY turn DESC LIMIT ?",
        (conversation, before, most),
    )
    return list(reversed(list(rows)))


def is_going(tx: Connection, conversation: str) -> bool:
    """Whether a message is being answered, or waits for its turn."""
    question = f"SELECT 1 FROM run WHERE conversation = ? AND status IN ({_OPEN}) LIMIT 1"
    return execute(tx, question, (conversation,)).fetchone() is not None


def rename_conversation(tx: Connection, conversation: str, title: str) -> None:
    """Give it a title of somebody's choice."""
    execute(tx, "UPDATE conversation SET title = ?, named = TRUE WHERE id = ?", (title, conversation))


def remove_conversation(tx: Connection, conversation: str) -> None:
    """Forget it, with all it remembers. Its runs stay."""
    execute(tx, "DELETE FROM conversation WHERE id = ?", (conversation,))


def remove_conversations_of(tx: Connection, workflow: str) -> None:
    """Forget those with a draft that is deleted."""
    execute(tx, "DELETE FROM conversation WHERE workflow = ?", (workflow,))


def forget_in(tx: Connection, conversation: str, variables: Iterable[str]) -> None:
    """The data of one of its runs was removed: what came of it is forgotten too. `variables` are those the run had
    changed; they begin anew. A conversation none of whose messages is left goes."""
    row = conversation_row(tx, conversation)
    if row is None:
        return
    left = "SELECT 1 FROM run WHERE conversation = ? AND erased IS NULL LIMIT 1"
    if execute(tx, left, (conversation,)).fetchone() is None:
        remove_conversation(tx, conversation)
        return
    gone = set(variables)
    kept = {name: value for name, value in orjson.loads(row.variables).items() if name not in gone}
    title = row.title if row.named else ""
    execute(
        tx, "UPDATE conversation SET variables = ?, title = ? WHERE id = ?", (orjson.dumps(kept), title, conversation)
    )
    execute(tx, "DELETE FROM conversation_summary WHERE conversation = ?", (conversation,))
