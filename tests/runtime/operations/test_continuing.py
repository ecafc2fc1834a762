"""A conversation that goes on with another version: what the one before left goes nowhere it may not."""

from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest

from runtime.errors import BadInput, Conflict
from runtime.graph.document import Document
from runtime.graph.hashing import content_hash
from runtime.operations import conversations, erasing, runs, versions, workflows
from runtime.operations.continuing import check_continued, check_still
from runtime.operations.conversations import NEW
from runtime.store.conversations import conversation_row
from runtime.store.models import bind_alias, list_aliases
from runtime.store.workflows import write_draft

SECRET = {"name": "note", "required": False, "data_class": "confidential"}
OPEN = SECRET | {"data_class": "public"}


def chat(note: dict[str, Any], *row: tuple[str, dict[str, Any]], kind: str = "text", begins: Any = "") -> Document:
    """Message in, some steps, the word “done” out."""
    begin = {"type": "flow.start", "settings": {"kind": "chat", "inputs": [note]}}
    steps = {"start": begin, **dict(row), "answer": {"type": "flow.answer", "settings": {"text": "done"}}}
    names = list(steps)
    edges = [{"from": here, "to": there} for here, there in pairwise(names)]
    meaning = {"steps": steps, "edges": edges, "conversation": {"kept": {"kind": kind, "start": begins},
                                                                "more": {"kind": "text", "start": ""}}}  # fmt: skip
    return Document.model_validate({"name": "helper", "words": {"title": "Helper"}, "meaning": meaning})


def sets(variable: str, value: Any, operation: str = "set") -> dict[str, Any]:
    change = {"variable": f"conversation.{variable}", "operation": operation, "value": value}
    return {"type": "flow.set_value", "version": 2, "settings": {"changes": [change]}}


def asks(text: str, **more: Any) -> dict[str, Any]:
    return {"type": "ai.ask_model", "settings": {"messages": [{"role": "user", "text": text}]} | more}


KEEPS = chat(SECRET, ("keep", sets("kept", "{{ start.note }}")))
"""puts something confidential into a variable of the conversation"""
SAYS = chat(OPEN, ("ask", asks("Well: {{ conversation.kept }}")))
"""tells a model what that variable holds; by itself it knows of nothing confidential"""
COPIES = chat(OPEN, ("copy", sets("more", "{{ conversation.kept }}")))
SAYS_MORE = chat(OPEN, ("ask", asks("Well: {{ conversation.more }}")))
REMEMBERS = chat(OPEN, ("ask", asks("Well?", memory="window")))


@pytest.fixture
async def name(runtime, owner) -> str:
    made = await workflows.create_workflow(runtime, owner, title="Helper", document=KEEPS)
    for alias in runtime.reader.now(list_aliases):
        cleared = replace(alias, clearance="internal")
        await runtime.writer.write(lambda tx, each=cleared: bind_alias(tx, each))
    return made.name


async def becomes(runtime, owner, name: str, document: Document) -> None:
    """The draft is another from here on."""

    def write(tx) -> None:
        draft = workflows.draft_of(tx, name)
        write_draft(tx, workflows.as_row(draft.workflow, draft.revision + 1, document, runtime.clock.now()))

    await runtime.writer.write(write)


async def say(runtime, owner, name: str, conversation: str, **inputs: Any):
    inputs = {"message": "Hello"} | inputs
    return await runs.run_to_end(runtime, owner, workflow=name, inputs=inputs, conversation=conversation)


async def test_a_variable_another_version_has_set_goes_nowhere_it_may_not(runtime, owner, name, model):
    first = await say(runtime, owner, name, NEW, note="The merger is on Friday.")
    assert first.status == "succeeded", first.error
    await becomes(runtime, owner, name, SAYS)
    assert (await say(runtime, owner, name, NEW)).status == "succeeded", "by itself it may run"
    with pytest.raises(BadInput, match="An earlier version has left something") as refused:
        await say(runtime, owner, name, first.conversation)
    assert "Confidential" in refused.value.sentence
    assert "merger" not in repr([each.body for each in model.calls])


async def test_what_was_copied_before_it_was_removed_is_not_forgotten(runtime, owner, name, model):
    first = await say(runtime, owner, name, NEW, note="The merger is on Friday.")
    await becomes(runtime, owner, name, COPIES)
    assert (await say(runtime, owner, name, first.conversation)).status == "succeeded"
    await erasing.erase_run(runtime, owner, run=first.run)
    await becomes(runtime, owner, name, SAYS_MORE)
    with pytest.raises(BadInput, match="An earlier version has left something"):
        await say(runtime, owner, name, first.conversation)
    assert model.calls == []


async def test_it_is_followed_through_versions_in_between(runtime, owner, name, model):
    first = await say(runtime, owner, name, NEW, note="The merger is on Friday.")
    await becomes(runtime, owner, name, COPIES)
    assert (await say(runtime, owner, name, first.conversation)).status == "succeeded"
    await becomes(runtime, owner, name, SAYS_MORE)
    with pytest.raises(BadInput, match="An earlier version has left something"):
        await say(runtime, owner, name, first.conversation)
    assert model.calls == []


async def test_what_was_said_to_another_version_is_remembered_only_where_it_may_go(runtime, owner, name, model):
    await becomes(runtime, owner, name, tells(SECRET))
    first = await say(runtime, owner, name, NEW, note="The merger is on Friday.")
    assert first.outputs == {"answer": "The merger is on Friday."}
    await becomes(runtime, owner, name, REMEMBERS)
    with pytest.raises(BadInput, match="An earlier version has left something"):
        await say(runtime, owner, name, first.conversation)
    assert model.calls == []


def tells(note: dict[str, Any]) -> Document:
    """Answers with the note."""
    steps = {"start": {"type": "flow.start", "settings": {"kind": "chat", "inputs": [note]}},
             "answer": {"type": "flow.answer", "settings": {"text": "{{ start.note }}"}}}  # fmt: skip
    made = {"steps": steps, "edges": [{"from": "start", "to": "answer"}], "run": {"audience_class": "confidential"}}
    return Document.model_validate({"name": "helper", "meaning": made})


async def test_an_input_that_is_taken_over_is_as_confidential_as_it_was_said(runtime, owner, name, model):
    first = await say(runtime, owner, name, NEW, note="The merger is on Friday.")
    await becomes(runtime, owner, name, chat(OPEN, ("ask", asks("Well: {{ start.note }}"))))
    assert (await say(runtime, owner, name, NEW, note="y")).status == "succeeded"
    with pytest.raises(BadInput, match="An earlier version has left something"):
        await say(runtime, owner, name, first.conversation)
    assert "merger" not in repr([each.body for each in model.calls])


async def test_a_variable_that_is_of_another_kind_now_begins_anew(runtime, owner, name):
    first = await say(runtime, owner, name, NEW, note="three")
    counts = chat(OPEN, ("add", sets("kept", 1, "add")), kind="number", begins=5)
    await becomes(runtime, owner, name, counts)
    end = await say(runtime, owner, name, first.conversation)
    assert end.status == "succeeded", end.error
    row = runtime.reader.now(lambda tx: conversation_row(tx, first.conversation))
    assert b'"kept":6' in row.variables


async def test_a_version_that_speaks_in_between_is_looked_at_too(runtime, owner, name):
    first = await say(runtime, owner, name, NEW, note="a")

    def looked(tx):
        return check_continued(tx, runtime, first.conversation, COPIES, content_hash(COPIES))

    before = runtime.reader.now(looked)
    assert {each.hash for each in before} == {content_hash(KEEPS)}
    runtime.reader.now(lambda tx: check_still(tx, first.conversation, before, content_hash(COPIES)))
    with pytest.raises(Conflict):
        runtime.reader.now(lambda tx: check_still(tx, first.conversation, frozenset(), content_hash(COPIES)))
    assert (await conversations.list_conversations(runtime, owner))[0].id == first.conversation
    assert await versions.list_versions(runtime, owner, name=name) == []
