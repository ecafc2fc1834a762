"""What is pinned sends nothing and brings nothing: it is not judged as if it did."""

import pytest

from runtime.errors import BadInput
from runtime.operations import runs
from runtime.operations.trying import adopt_file, pins_of

CALL = b"""
greenlane: 1
name: asks-outside
meaning:
  steps:
    start: {type: flow.start, settings: {inputs: [{name: word}]}}
    call: {type: connect.call_http, settings: {url: "https://nowhere.invalid/{{ start.word }}"}}
    find: {type: knowledge.search, settings: {bases: [nobody-knows], query: "{{ start.word }}"}}
    finish: {type: flow.finish, settings: {outputs: [{name: body, value: "{{ call.body }}"}]}}
  edges: [{from: start, to: call}, {from: call, to: find}, {from: find, to: finish}]
"""
CALLED = {"call": {"outputs": {"status_code": 200, "body": "yes"}}}
FOUND = {"find": {"outputs": {"text": "", "result": []}}}


async def test_a_pinned_call_goes_nowhere_so_nobody_has_to_have_said_what_may(runtime, owner):
    _, name = await adopt_file(runtime, CALL)
    end = await runs.run_to_end(runtime, owner, workflow=name, inputs={"word": "a"}, pins=pins_of(CALLED | FOUND))
    assert (end.status, end.outputs) == ("succeeded", {"body": "yes"})


@pytest.mark.parametrize("pins", [None, {}, CALLED, FOUND])
async def test_what_is_not_pinned_is_judged_as_ever(runtime, owner, pins):
    _, name = await adopt_file(runtime, CALL)
    with pytest.raises(BadInput):
        await runs.run_to_end(
            runtime, owner, workflow=name, inputs={"word": "a"}, pins=None if pins is None else pins_of(pins)
        )
