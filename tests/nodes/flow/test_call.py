"""“Run a workflow” says what is missing; what it hands on the compiler knows."""

import pytest

from nodes.flow.call import Call


def call(*names: str, content: str = "0" * 64) -> Call:
    inputs = [{"name": each, "value": 1} for each in names]
    return Call.model_validate({"workflow": {"name": "inner", "content": content}, "inputs": inputs})


@pytest.mark.parametrize(
    ("node", "codes"),
    [
        (call("a", "b"), []),
        (call(content=""), ["missing"]),
        (call("a", "a"), ["name_taken"]),
        (call("no name"), ["bad_name"]),
    ],
)
def test_what_is_missing_is_told(node, codes):
    assert [each.code for each in node.troubles()] == codes


def test_the_values_are_given_by_name():
    assert call("a", "b").given() == {"a": 1, "b": 1}


def test_it_tells_what_it_calls():
    assert call("a").explain() == "Runs the workflow “inner” (version 00000000) with “1” as “a”."
