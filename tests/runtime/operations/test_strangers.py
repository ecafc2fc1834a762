"""What somebody who guesses is told of conversations: the same of what is hidden as of what is not there."""

import pytest

from runtime.errors import GreenlaneError
from runtime.graph.writing import write
from runtime.operations import conversations, workflows
from tests.runtime.operations.test_conversations import chat
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
    hidden = await told(conversations.list_conversations(runtime, stranger, **{kind: name}))
    absent = await told(conversations.list_conversations(runtime, stranger, **{kind: "no-such"}))
    assert hidden.replace(name, "no-such") == absent
