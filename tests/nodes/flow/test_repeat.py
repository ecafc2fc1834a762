"""The loop step: what its variables begin with, and when it is over."""

import pytest

from nodes.flow.repeat import Repeat
from nodes.sdk import StepFailed
from tests.support.context import run_step

YES = {"left": 1, "operator": "equal", "right": 1}
NO = {"left": 1, "operator": "equal", "right": 2}
WRONG = {"left": "many", "operator": "equal", "right": 2}


def loop(**settings):
    return Repeat.model_validate(settings)


async def test_without_steps_inside_the_variables_are_what_they_begin_with():
    variables = [{"name": "counter", "kind": "number", "start": 3}, {"name": "names", "start": ["a"]}]
    left = await run_step(Repeat, {"variables": variables})
    assert left.output == {"counter": 3, "names": ["a"], "round": 0}


def test_a_variable_may_begin_with_nothing():
    assert loop(variables=[{"name": "text", "kind": "text"}]).begun() == {"text": None}


@pytest.mark.parametrize(("kind", "start"), [("number", "3"), ("texts", [1]), ("yes_no", 1), ("object", [])])
def test_a_variable_that_begins_with_another_kind_fails_the_step(kind, start):
    with pytest.raises(StepFailed, match="“x” begins with"):
        loop(variables=[{"name": "x", "kind": kind, "start": start}]).begun()


@pytest.mark.parametrize(
    ("match", "until", "over"),
    [
        ("all", [], False),
        ("any", [], False),
        ("all", [YES, YES], True),
        ("all", [YES, NO], False),
        ("any", [NO, YES], True),
        ("any", [NO, NO], False),
        ("any", [YES, WRONG], True),
        ("all", [NO, WRONG], False),
    ],
)
def test_when_it_is_over(match, until, over):
    assert loop(match=match, until=until).over() == over


def test_capitals_count_by_the_exact_rules():
    until = [{"left": "Done", "operator": "is", "right": "done"}]
    assert loop(until=until).over()
    assert not loop(until=until, rules="exact").over()


def test_a_condition_that_cannot_be_decided_fails_the_step():
    with pytest.raises(StepFailed, match="“many”"):
        loop(until=[WRONG]).over()


def test_inside_and_after_it_there_are_its_variables_and_the_round():
    step = loop(variables=[{"name": "counter", "kind": "number"}])
    assert set(step.inner()) == set(step.outputs()) == {"counter", "round"}


@pytest.mark.parametrize(
    ("settings", "found"),
    [
        ({"variables": [{"name": "a"}, {"name": "a"}]}, [("variables.1.name", "name_taken")]),
        ({"variables": [{"name": "round"}]}, [("variables.0.name", "name_taken")]),
        ({"variables": [{"name": "Not so"}]}, [("variables.0.name", "bad_name")]),
        ({"until": [{"operator": "is", "left": "{{ a.b }}"}]}, [("until.0.right", "missing")]),
        ({"variables": [{"name": "a"}], "until": [YES]}, []),
    ],
)
def test_what_cannot_work_is_told(settings, found):
    assert [(each.field, each.code) for each in loop(**settings).troubles()] == found


@pytest.mark.parametrize("most", [0, 1001])
def test_the_rounds_are_bounded(most):
    with pytest.raises(ValueError, match="most"):
        loop(most=most)


def test_it_explains_itself():
    condition = {"left": "{{ loop.counter }}", "operator": "at_least", "right": 3}
    step = loop(variables=[{"name": "counter", "start": 0}], until=[condition], most=5)
    assert step.explain() == (
        "Does the steps inside again and again, 5 rounds at most, until {{ loop.counter }} ≥ “3”; "
        "“counter” (at first “0”) goes from round to round."
    )
