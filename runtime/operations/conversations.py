"""Conversations: chats of one person with one app, or with a draft that is tried. Each message is a run.

A conversation begins with its first message (`starting`). Nobody but the person sees it; of its runs auditors see what
they see of all.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from runtime.errors import BadInput, Conflict, NotFound
from runtime.graph.handing import ANSWER, answer_of
from runtime.operations.actors import Actor
from runtime.operations.door import Hidden, allowed, do, look
from runtime.operations.forms import FILES, FormField
from runtime.operations.runtime import Runtime
from runtime.store import conversations as rows
from runtime.store.apps import find_app
from runtime.store.ids import new_id
from runtime.store.transaction import Tx
from runtime.store.workflows import draft_mark

NEW = "new"
"""in the place of a conversation's id: begin one"""
MOST = 200
LONGEST_TITLE = 100
MESSAGE = "message"


@dataclass(frozen=True, slots=True)
class ConversationCard:
    """A conversation in a list. Times are seconds since 1970."""

    id: str
    title: str
    """as somebody named it, else how the first message begins; empty where that was removed"""
    app: str | None
    """id of the app; None where a draft is tried"""
    created: float
    updated: float
    """when the last message came"""
    going: bool
    """whether a message is being answered, or waits for its turn"""


@dataclass(frozen=True, slots=True)
class Message:
    """A message with its answer."""

    run: str
    number: int
    """in its conversation, from 1"""
    message: str
    inputs: dict[str, Any]
    """all the run was started with"""
    answer: str
    outputs: dict[str, Any]
    """what it handed back beside the answer"""
    status: str
    behind: bool
    """whether it waits for the message before it"""
    error: dict[str, Any] | None
    created: float
    ended: float | None
    erased: float | None


@dataclass(frozen=True, slots=True)
class ConversationView:
    """A conversation with its newest messages, oldest first."""

    card: ConversationCard
    messages: list[Message]
    more: bool
    """whether there are older ones"""


async def list_conversations(
    runtime: Runtime,
    actor: Actor | None,
    *,
    app: str | None = None,
    workflow: str | None = None,
    limit: int = 50,
    before: float = 1e12,
) -> list[ConversationCard]:
    """One's own, those with the newest message first: with an app, with the draft of a workflow, or all. With what is
    not there one has none, as with what is not shared."""
    person = await allowed(runtime, actor, "conversation.list")

    def find(tx: Tx) -> list[ConversationCard]:
        place = person.app
        if place is None and app is not None:
            place = _app_id(tx, app)
        elif place is None and workflow is not None:
            place = _workflow_id(tx, workflow)
        found = rows.list_conversations(tx, person=person.id, workflow=place, before=before, most=min(limit, MOST))
        return [_card(row, bool(row.going)) for row in found]

    return await runtime.reader.ask(find)


async def read_conversation(
    runtime: Runtime, actor: Actor | None, *, conversation: str, limit: int = 50, before: int = 1 << 31
) -> ConversationView:
    """A conversation with its newest messages, those before a number."""

    def find(tx: Tx) -> ConversationView:
        row = own(tx, actor, conversation)
        most = max(1, min(limit, MOST))
        found = rows.messages_of(tx, row.id, before=before, most=most + 1)
        messages = [_message(each) for each in found[-most:]]
        return ConversationView(_card(row, rows.is_going(tx, row.id)), messages, len(found) > most)

    return await look(runtime, actor, "conversation.see", conversation, find)


async def rename_conversation(runtime: Runtime, actor: Actor | None, *, conversation: str, title: str) -> None:
    """Call it something."""
    person = await allowed(runtime, actor, "conversation.rename", conversation)
    named = " ".join(title.split())
    if not 1 <= len(named) <= LONGEST_TITLE:
        raise BadInput(f"A title has 1 to {LONGEST_TITLE} characters.", hint="A few words are enough.")

    def work(tx: Tx) -> None:
        rows.rename_conversation(tx, own(tx, person, conversation).id, named)

    await do(runtime, actor, "conversation.rename", conversation, work)


async def remove_conversation(runtime: Runtime, actor: Actor | None, *, conversation: str) -> None:
    """Forget a conversation and what it remembers. Its runs stay as any run does, until their data is removed."""
    person = await allowed(runtime, actor, "conversation.remove", conversation)

    def work(tx: Tx) -> None:
        row = own(tx, person, conversation)
        if rows.is_going(tx, row.id):
            raise Conflict("A message of this conversation is being answered.", hint="Stop it first, or wait for it.")
        rows.remove_conversation(tx, row.id)

    await do(runtime, actor, "conversation.remove", conversation, work)


def own(tx: Tx, actor: Actor | None, conversation: str) -> Any:
    """The row of a conversation of this actor. For everybody else it is as if there were none."""
    row = rows.conversation_row(tx, conversation)
    absent = f"There is no conversation {conversation}."
    hint = "It may have been deleted."
    if row is None or actor is None:
        raise NotFound(absent, hint=hint)
    if row.person != actor.id or (actor.app is not None and row.app != actor.app):
        raise Hidden(absent, hint=hint)
    return row


def carried_on(
    tx: Tx, actor: Actor, conversation: str, asked: list[FormField], inputs: Mapping[str, Any]
) -> dict[str, Any]:
    """The inputs of a message; what it leaves out beside message and files is as it was in the message before."""
    row = own(tx, actor, conversation)
    last = rows.messages_of(tx, row.id, before=1 << 31, most=1)
    before: dict[str, Any] = orjson.loads(last[0].inputs) if last else {}
    kept = {each.name for each in asked if each.name != MESSAGE and each.kind not in FILES}
    return {name: value for name, value in before.items() if name in kept} | dict(inputs)


def enter(
    tx: Tx, actor: Actor, conversation: str, *, workflow: str, app: str | None, message: str, now: float
) -> tuple[str, int, bool]:
    """Id of the conversation a message belongs to, the message's number there, and whether one before it has not ended.
    `NEW` begins one."""
    if conversation == NEW:
        conversation = new_id("conv")
        rows.insert_conversation(
            tx, conversation, workflow=workflow, app=app, person=actor.id, title=title_of(message), now=now
        )
    elif own(tx, actor, conversation).workflow != workflow:
        raise BadInput("This conversation is with something else.", hint="Begin a new one.")
    return (conversation, *rows.add_turn(tx, conversation, now))


def title_of(message: str) -> str:
    """How a conversation is called that begins like this."""
    words = " ".join(message.split())
    return words if len(words) <= LONGEST_TITLE else f"{words[: LONGEST_TITLE - 1].rstrip()}…"


def _card(row: Any, going: bool) -> ConversationCard:
    return ConversationCard(row.id, row.title, row.app, row.created, row.updated, going)


def _message(row: Any) -> Message:
    inputs: dict[str, Any] = orjson.loads(row.inputs)
    outputs: dict[str, Any] = orjson.loads(row.outputs) if row.outputs else {}
    answer = answer_of(outputs)
    rest = {name: value for name, value in outputs.items() if name != ANSWER}
    beside = {} if answer and len(outputs) == 1 else rest
    return Message(
        row.id, row.turn, str(inputs.get(MESSAGE, "")), inputs, answer, beside, row.status,
        row.status == "queued" and row.due_at is None, orjson.loads(row.error) if row.error else None, row.created,
        row.ended, row.erased,
    )  # fmt: skip


def _app_id(tx: Tx, app: str) -> str:
    row = find_app(tx, app)
    return row.id if row is not None else ""


def _workflow_id(tx: Tx, workflow: str) -> str:
    mark = draft_mark(tx, workflow)
    return mark[0] if mark is not None else ""
