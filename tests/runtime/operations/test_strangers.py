"""What somebody who guesses is told of conversations: the same of what is hidden as of what is not there."""

import pytest

from runtime.errors import GreenlaneError
from runtime.graph.hashing import content_hash
from runtime.graph.writing import write
from runtime.operations import conversations, runs, versions, workflows
from runtime.operations.conversations import NEW
from tests.runtime.graph.test_calling import document
from tests.runtime.operations.test_conversations import chat
from tests.support.model_server import ModelServer
from tests.support.publishing import published
from tests.support.reviewing import somebody


async def told(work) -> str:
    try:
        return repr(await work)
    except GreenlaneError as refusal:
        return f"{type(refusal).__mro__} {refusal.sentence}"


@pytest.mark.parametrize("kind", ["app", "workflow"])
async def test_a_list_of_conversations_does_not_tell_which_names_are_taken(runtime, owner, it, member, kind):
    app = await published(runtime, it, member, source=write(chat()).encode())
    stranger = await somebody(runtime, "Eve", "analyst")
    name = app if kind == "app" else (await workflows.list_workflows(runtime, owner))[0].name

    def listed(called: str):
        if kind == "app":
            return conversations.list_conversations(runtime, stranger, app=called)
        return conversations.list_conversations(runtime, stranger, workflow=called)

    hidden, absent = await told(listed(name)), await told(listed("no-such"))
    assert hidden.replace(name, "no-such") == absent


async def test_a_workflow_that_is_called_hears_nothing_of_the_conversation(runtime, owner, model: ModelServer):
    """It gets what it is given, and nothing else: what was said before may be too confidential for its models."""
    asks = {"messages": [{"role": "user", "text": "{{ begin.text }}"}], "memory": "summary", "memory_turns": 1}
    inner = document(
        {"begin": {"type": "flow.start", "settings": {"inputs": [{"name": "text"}]}},
         "ask": {"type": "ai.ask_model", "settings": asks},
         "end": {"type": "flow.finish", "settings": {"outputs": [{"name": "said", "value": "{{ ask.text }}"}]}}},
        ("begin", "ask"), ("ask", "end"),
    )  # fmt: skip
    card = await workflows.create_workflow(runtime, owner, title="Inner", document=inner)
    await versions.save_version(runtime, owner, name=card.name)
    called = {"workflow": {"name": "inner", "content": content_hash(inner)},
              "inputs": [{"name": "text", "value": "Well?"}]}  # fmt: skip
    outer = document(
        {"start": {"type": "flow.start", "settings": {"kind": "chat"}},
         "call": {"type": "flow.call", "settings": called},
         "answer": {"type": "flow.answer", "settings": {"text": "{{ call.said }}"}}},
        ("start", "call"), ("call", "answer"),
    )  # fmt: skip
    name = (await workflows.create_workflow(runtime, owner, title="Outer", document=outer)).name
    talk = NEW
    for each in ("My password is Kestrel.", "And now?", "And then?"):
        end = await runs.run_to_end(runtime, owner, workflow=name, inputs={"message": each}, conversation=talk)
        assert end.status == "succeeded"
        talk = end.conversation
    assert [len(each.body["messages"]) for each in model.calls] == [1, 1, 1]
    assert "Kestrel" not in repr(model.calls)
