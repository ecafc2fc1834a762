"""A file that is tried once may begin with other values of its variables."""

import pytest

from runtime.errors import BadInput
from runtime.operations import runs
from runtime.operations.trying import adopt_file

REMEMBERS = b"""
greenlane: 1
name: remembers
meaning:
  steps:
    start: {type: flow.start}
    finish:
      type: flow.finish
      settings:
        outputs: [{name: run, value: "{{ variables.x }}"}, {name: talk, value: "{{ conversation.x }}"}]
  edges: [{from: start, to: finish}]
  variables: {x: {kind: text, start: a}}
  conversation: {x: {kind: text, start: b}}
"""


@pytest.mark.parametrize(
    ("variables", "outputs"),
    [
        ({}, {"run": "a", "talk": "b"}),
        ({"x": "1"}, {"run": "1", "talk": "b"}),
        ({"conversation.x": "2"}, {"run": "a", "talk": "2"}),
    ],
)
async def test_variables_of_the_run_and_of_the_conversation_begin_with_what_is_given(
    runtime, owner, variables, outputs
):
    _, name = await adopt_file(runtime, REMEMBERS, variables=variables)
    assert (await runs.run_to_end(runtime, owner, workflow=name, inputs={})).outputs == outputs


async def test_a_variable_that_is_not_there_is_told_with_those_that_are(runtime):
    with pytest.raises(BadInput) as refused:
        await adopt_file(runtime, REMEMBERS, variables={"conversation.y": 1})
    assert "conversation.x" in refused.value.hint
