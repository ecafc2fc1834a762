"""The set-value step changes what the run remembers."""

import pytest

from nodes.flow.set_value import Operation, SetValue
from nodes.sdk import StepFailed
from tests.support.context import StepContext, run_step


async def change(operation, old, value=None):
    context = StepContext(variables={"x": old})
    left = await run_step(SetValue, {"variable": "x", "operation": operation, "value": value}, context)
    assert left.output == {"output": context.variables["x"]}
    return context.variables["x"]


@pytest.mark.parametrize(
    ("operation", "old", "value", "new"),
    [
        ("set", 1, [2], [2]),
        ("set", 1, None, None),
        ("add", None, 2, 2),
        ("add", "1", "2.5", 3.5),
        ("append", None, 1, [1]),
        ("append", [1], [2], [1, [2]]),
        ("append", "a", 2, "a2"),
        ("extend", None, [1], [1]),
        ("extend", [1], [2, 3], [1, 2, 3]),
        ("clear", "a", None, ""),
        ("clear", 7, None, 0),
        ("clear", True, None, False),
        ("clear", [1], None, []),
        ("clear", {"a": 1}, None, {}),
        ("clear", None, None, None),
    ],
)
async def test_operations(operation, old, value, new):
    assert await change(operation, old, value) == new


async def test_the_value_before_is_not_touched():
    old = [1]
    await change("append", old, 2)
    await change("extend", old, [2])
    assert old == [1]


@pytest.mark.parametrize(
    ("operation", "old", "value", "words"),
    [
        ("add", "many", 1, "holds “many”, which is no number"),
        ("add", 1, "few", "“few” is no number"),
        ("append", 3, 1, "only a list or a text"),
        ("extend", [1], "a", "“a” is no list"),
        ("extend", "a", [1], "which is no list"),
    ],
)
async def test_what_does_not_go_together_fails_with_a_sentence(operation, old, value, words):
    with pytest.raises(StepFailed, match=words):
        await change(operation, old, value)


def test_settings_that_are_missing_are_told():
    assert [each.field for each in SetValue(operation=Operation.ADD).troubles()] == ["variable", "value"]
    assert SetValue(variable="x", operation=Operation.CLEAR).troubles() == []


@pytest.mark.parametrize(
    ("operation", "sentence"),
    [
        ("set", "Sets the variable “x” to {{ a.b }}."),
        ("add", "Adds {{ a.b }} to the variable “x”."),
        ("append", "Appends {{ a.b }} to the variable “x”."),
        ("extend", "Appends every entry of {{ a.b }} to the variable “x”."),
        ("clear", "Makes the variable “x” empty."),
    ],
)
def test_it_explains_itself(operation, sentence):
    assert SetValue(variable="x", operation=Operation(operation), value="{{ a.b }}").explain() == sentence
