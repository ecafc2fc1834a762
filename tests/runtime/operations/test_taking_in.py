"""A file becomes a workflow: whole, with a report, and only for whoever may draw."""

import json

import pytest

from runtime.errors import BadInput, NotAllowed, NotSignedIn
from runtime.graph.writing import write
from runtime.operations import taking_in, workflows
from tests.runtime.operations.flows import summary

NAME = {"variable": "name", "label": "Name", "type": "text-input", "required": True}
TOOL = {"type": "tool", "title": "Stock", "provider_id": "x", "tool_name": "price", "tool_parameters": {}}
NODES = [
    {"id": "1", "data": {"type": "start", "title": "Begin", "variables": [NAME]}},
    {"id": "2", "data": TOOL},
    {
        "id": "3",
        "data": {"type": "end", "title": "End", "outputs": [{"variable": "who", "value_selector": ["1", "name"]}]},
    },
]
EDGES = [{"id": str(at), "source": str(at), "sourceHandle": "source", "target": str(at + 1)} for at in (1, 2)]
GRAPH = {"nodes": NODES, "edges": EDGES}
THEIRS = json.dumps(
    {"app": {"mode": "workflow", "name": "Greeter"}, "kind": "app", "version": "0.3.0", "workflow": {"graph": GRAPH}}
).encode()


async def test_a_file_of_another_product_becomes_a_workflow_with_a_report_of_each_step(runtime, ada):
    taken = await taking_in.import_workflow(runtime, ada, content=THEIRS, file="greeter.yml")
    draft = await workflows.open_draft(runtime, ada, name=taken.name)
    assert draft.document.words.title == "Greeter"
    assert {each.source: each.result for each in taken.steps} == {"1": "mapped", "2": "placeholder", "3": "mapped"}
    (tool,) = [each for each in taken.steps if each.source == "2"]
    assert draft.document.meaning.steps[tool.step].type == "flow.placeholder"
    assert tool.note
    (card,) = await workflows.list_workflows(runtime, ada)
    assert card.name == taken.name


async def test_a_file_of_ours_comes_back_with_its_meaning(runtime, ada):
    mine = summary()
    taken = await taking_in.import_workflow(runtime, ada, content=write(mine).encode(), file="x.yaml")
    draft = await workflows.open_draft(runtime, ada, name=taken.name)
    assert draft.document.meaning == mine.meaning


@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b"hello: world", b"{", b"x" * (taking_in.MOST_BYTES + 1)])
async def test_what_is_no_workflow_makes_none_and_says_why(runtime, ada, content):
    with pytest.raises(BadInput) as refused:
        await taking_in.import_workflow(runtime, ada, content=content, file="x.yml")
    assert refused.value.sentence
    assert ("larger than" in refused.value.sentence) == (len(content) > taking_in.MOST_BYTES)
    assert await workflows.list_workflows(runtime, ada) == []


async def test_who_may_not_draw_imports_nothing(runtime, member):
    for actor in (member, None):
        with pytest.raises((NotAllowed, NotSignedIn)):
            await taking_in.import_workflow(runtime, actor, content=THEIRS, file="greeter.yml")
