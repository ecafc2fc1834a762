"""The for-each step: which entries there are, and what their results come to."""

import pytest

from nodes.flow.each import Each, OnError
from nodes.sdk import StepFailed
from tests.support.context import run_step


@pytest.mark.parametrize(("items", "entries"), [([1, [2]], [1, [2]]), ([], []), (None, []), ("", [])])
def test_the_entries_of_a_list(items, entries):
    assert Each(items=items).entries() == entries


@pytest.mark.parametrize("items", ["a, b", 3, {"a": 1}, False])
def test_what_is_no_list_fails_with_a_sentence(items):
    with pytest.raises(StepFailed, match="needs a list") as raised:
        Each(items=items).entries()
    assert raised.value.code == "not_a_list"


@pytest.mark.parametrize(
    ("flatten", "results", "output"),
    [
        (False, [[1], [2]], [[1], [2]]),
        (True, [[1, 2], [3]], [1, 2, 3]),
        (True, [[1], None, [2]], [1, 2]),
        (True, [[[1]], [[2]]], [[1], [2]]),
        (True, [[1], 2], [[1], 2]),
        (True, [], []),
        (True, [None, None], [None, None]),
        (True, ["ab", "c"], ["ab", "c"]),
    ],
)
def test_lists_are_joined_one_level_deep_and_only_when_all_are_lists(flatten, results, output):
    assert Each(flatten=flatten).gathered(results, 1) == {"output": output, "failed": 1}


async def test_without_steps_inside_every_entry_comes_to_the_same():
    left = await run_step(Each, {"items": ["a", "b"], "result": 7})
    assert (left.exit, left.output) == ("done", {"output": [7, 7], "failed": 0})


def test_inside_there_are_the_entry_and_its_number():
    assert set(Each.blank().inner()) == {"item", "index"}


@pytest.mark.parametrize("parallel", [0, 51])
def test_how_many_are_worked_on_at_once_is_bounded(parallel):
    with pytest.raises(ValueError, match="parallel"):
        Each(parallel=parallel)


@pytest.mark.parametrize(
    ("on_error", "words"),
    [
        (OnError.STOP, "stops at the first that fails"),
        (OnError.NULL, "with nothing in its place"),
        (OnError.SKIP, "leaves out those that fail"),
    ],
)
def test_it_explains_itself(on_error, words):
    told = Each(items="{{ a.list }}", on_error=on_error, parallel=3).explain()
    assert told.startswith("Does the steps inside for every entry of {{ a.list }}, 3 at a time, and ")
    assert words in told
