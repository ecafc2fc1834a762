"""The set-value step changes what the run remembers."""

import pytest

from nodes.flow.set_value import SetValue
from nodes.sdk import StepFailed
from tests.support.context import StepContext, run_step


async def change(operation, old, value=None):
    context = StepContext(variables={"x": old})
    left = await run_step(SetValue, {"changes": [{"variable": "x", "operation": operation, "value": value}]}, context)
    assert left.output == {"output": context.variables["x"]}
    return context.variables["x"]


@pytest.mark.parametrize(
    ("operation", "old", "value", "new"),
    [
        ("set", 1, [2], [2]),
        ("set", 1, None, None),
        ("add", None, 2, 2),
        ("add", "1", "2.5", 3.5),
        ("subtract", 5, "7", -2),
        ("subtract", None, 1, -1),
        ("multiply", 3, 4, 12),
        ("multiply", None, 4, 0),
        ("divide", 7, 2, 3.5),
        ("divide", 4, 2, 2),
        ("append", None, 1, [1]),
        ("append", [1], [2], [1, [2]]),
        ("append", "a", 2, "a2"),
        ("extend", None, [1], [1]),
        ("extend", [1], [2, 3], [1, 2, 3]),
        ("remove_first", ["first", "second", "third"], None, ["second", "third"]),
        ("remove_last", ["first", "second", "third"], None, ["first", "second"]),
        ("remove_first", [], None, []),
        ("remove_last", [], None, []),
        ("remove_last", None, None, []),
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


@pytest.mark.parametrize("operation", ["append", "extend", "remove_first", "remove_last"])
async def test_the_value_before_is_not_touched(operation):
    old = [1]
    await change(operation, old, [2])
    assert old == [1]


@pytest.mark.parametrize(
    ("operation", "old", "value", "words"),
    [
        ("add", "many", 1, "holds “many”, which is no number"),
        ("add", 1, "few", "“few” is no number, so it cannot be added to “x”"),
        ("subtract", 1, "few", "cannot be subtracted from “x”"),
        ("divide", 1, 0, "“x” cannot be divided by 0"),
        ("multiply", 1e308, 1e10, "too large"),
        ("multiply", 10**200, 10**200, "too large"),
        ("append", 3, 1, "only a list or a text"),
        ("extend", [1], "a", "“a” is no list"),
        ("extend", "a", [1], "which is no list"),
        ("remove_first", "abc", None, "which is no list"),
        ("remove_last", {"a": 1}, None, "which is no list"),
    ],
)
async def test_what_does_not_go_together_fails_with_a_sentence(operation, old, value, words):
    with pytest.raises(StepFailed, match=words):
        await change(operation, old, value)


async def test_changes_are_made_in_order_and_each_sees_the_ones_before():
    context = StepContext(variables={"n": 1, "names": ["a"], "last": ""})
    changes = [
        {"variable": "n", "operation": "add", "value": 2},
        {"variable": "n", "operation": "multiply", "value": 5},
        {"variable": "conversation.count", "same_as": "n"},
        {"variable": "names", "operation": "append", "same_as": "n"},
    ]
    left = await run_step(SetValue, {"changes": changes}, context)
    assert context.variables == {"n": 15, "names": ["a", 15], "last": "", "conversation.count": 15}
    assert left.output == {"output": ["a", 15]}


@pytest.mark.parametrize("operation", ["set", "add", "append", "extend"])
async def test_a_variable_may_stay_as_it_is_where_there_is_no_value(operation):
    context = StepContext(variables={"x": [1]})
    change = {"variable": "x", "operation": operation, "value": None, "only_with_value": True}
    assert (await run_step(SetValue, {"changes": [change]}, context)).output == {"output": [1]}
    assert context.variables == {"x": [1]}
    assert SetValue.model_validate({"changes": [change]}).explain().endswith(" if there is one.")


async def test_to_make_empty_needs_no_value():
    context = StepContext(variables={"x": [1]})
    await run_step(SetValue, {"changes": [{"variable": "x", "operation": "clear", "only_with_value": True}]}, context)
    assert context.variables == {"x": []}


async def test_a_change_that_fails_leaves_the_later_ones_undone():
    context = StepContext(variables={"a": 1, "b": 1})
    changes = [{"variable": "a", "operation": "divide", "value": 0}, {"variable": "b", "value": 2}]
    with pytest.raises(StepFailed):
        await run_step(SetValue, {"changes": changes}, context)
    assert context.variables == {"a": 1, "b": 1}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (
            {"variable": "n", "operation": "add", "value": "{{ a.b }}"},
            {"changes": [{"variable": "n", "operation": "add", "value": "{{ a.b }}"}]},
        ),
        ({"variable": "n"}, {"changes": [{"variable": "n"}]}),
        ({}, {}),
        ({"variable": "a", "changes": [{"variable": "b"}]}, {"changes": [{"variable": "a"}, {"variable": "b"}]}),
    ],
)
async def test_one_change_of_version_1_is_the_only_change_now(old, new):
    assert SetValue.upgrade(1, old) == new
    SetValue.model_validate(new)


def test_a_version_nobody_knows_is_not_translated():
    with pytest.raises(ValueError, match="no translation"):
        SetValue.upgrade(0, {})


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ([], ["changes"]),
        ([{"operation": "add"}], ["changes.0.variable", "changes.0.value"]),
        ([{"variable": "x", "operation": "clear"}], []),
        ([{"variable": "x"}], []),
        ([{"variable": "x"}, {"variable": "y", "operation": "add", "same_as": "x"}], []),
        ([{"variable": "y", "operation": "add", "same_as": "x"}, {"variable": "x"}], ["changes.0.same_as"]),
        ([{"variable": "x", "operation": "add", "same_as": "x"}], ["changes.0.same_as"]),
    ],
)
def test_settings_that_are_missing_are_told(changes, fields):
    assert [each.field for each in SetValue.model_validate({"changes": changes}).troubles()] == fields


@pytest.mark.parametrize(
    ("operation", "sentence"),
    [
        ("set", "Sets the variable “x” to {{ a.b }}."),
        ("clear", "Makes the variable “x” empty."),
        ("add", "Adds {{ a.b }} to the variable “x”."),
        ("subtract", "Subtracts {{ a.b }} from the variable “x”."),
        ("multiply", "Multiplies the variable “x” by {{ a.b }}."),
        ("divide", "Divides the variable “x” by {{ a.b }}."),
        ("append", "Appends {{ a.b }} to the variable “x”."),
        ("extend", "Appends every entry of {{ a.b }} to the variable “x”."),
        ("remove_first", "Removes the first entry of the variable “x”."),
        ("remove_last", "Removes the last entry of the variable “x”."),
    ],
)
def test_it_explains_itself(operation, sentence):
    changes = [{"variable": "x", "operation": operation, "value": "{{ a.b }}"}]
    assert SetValue.model_validate({"changes": changes}).explain() == sentence


def test_it_explains_several_changes_in_one_sentence():
    changes = [{"variable": "x", "operation": "clear"}, {"variable": "y", "same_as": "x"}]
    sentence = "Makes the variable “x” empty and then sets the variable “y” to what “x” then holds."
    assert SetValue.model_validate({"changes": changes}).explain() == sentence
