"""The branch step takes the first case that holds."""

import pytest

from nodes.flow.branch import Branch
from nodes.sdk import StepFailed
from tests.support.context import run_step

YES = {"left": 1, "operator": "equal", "right": 1}
NO = {"left": 1, "operator": "equal", "right": 2}
WRONG = {"left": "many", "operator": "equal", "right": 2}


def settings(**cases):
    """Cases by id: a list of conditions that must all hold, or a tuple of which one is enough."""
    return {
        "cases": [
            {"id": name, "match": "any" if isinstance(each, tuple) else "all", "conditions": list(each)}
            for name, each in cases.items()
        ]
    }


@pytest.mark.parametrize(
    ("cases", "exit_"),
    [
        ({"a": [YES, NO], "b": (YES, NO)}, "b"),
        ({"a": [YES], "b": [YES]}, "a"),
        ({"a": [NO], "b": (NO,)}, "else"),
        ({}, "else"),
    ],
)
async def test_the_first_case_that_holds_is_taken(cases, exit_):
    left = await run_step(Branch, settings(**cases))
    assert left.exit == exit_
    assert left.output == {"result": exit_ != "else", "selected_case_id": exit_}


async def test_conditions_after_the_decision_are_not_looked_at():
    assert (await run_step(Branch, settings(a=(YES, WRONG)))).exit == "a"
    assert (await run_step(Branch, settings(a=[NO, WRONG]))).exit == "else"


async def test_what_cannot_be_compared_fails_the_step():
    with pytest.raises(StepFailed, match="“many”"):
        await run_step(Branch, settings(a=[WRONG]))


def test_each_case_is_an_exit_and_else_is_the_last():
    assert [each.id for each in Branch.model_validate(settings(a=[YES], b=[NO])).exits()] == ["a", "b", "else"]


def test_a_case_whose_id_a_program_made_is_called_by_its_number():
    branch = Branch.model_validate(settings(**{"short": [NO], "bd96b567-be46-4547-8fa5-5064ab2f0c11": [YES]}))
    assert [each.label for each in branch.exits()] == ["short", "Case 2", "Else"]
    assert "to “Case 2” if" in branch.explain()


@pytest.mark.parametrize(
    ("cases", "found"),
    [
        ([], [("cases", "no_cases")]),
        ([{"id": "else", "conditions": [YES]}], [("cases.0.id", "name_taken")]),
        ([{"id": "a", "conditions": [YES]}, {"id": "a", "conditions": [YES]}], [("cases.1.id", "name_taken")]),
        ([{"id": "Not so", "conditions": [YES]}], [("cases.0.id", "bad_name")]),
        ([{"id": "a"}], [("cases.0.conditions", "no_conditions")]),
        (
            [{"id": "a", "conditions": [{"left": "", "operator": "is", "right": ""}]}],
            [("cases.0.conditions.0.left", "missing"), ("cases.0.conditions.0.right", "missing")],
        ),
        ([{"id": "a", "conditions": [{"left": "{{ x.y }}", "operator": "is_empty"}]}], []),
    ],
)
def test_cases_that_cannot_be_decided_are_told(cases, found):
    assert [(each.field, each.code) for each in Branch.model_validate({"cases": cases}).troubles()] == found


def test_it_explains_itself():
    condition = {"left": "{{ ask.data.priority }}", "operator": "is", "right": "high"}
    step = Branch.model_validate(settings(urgent=[condition, {"left": "{{ start.vip }}", "operator": "exists"}]))
    assert step.explain() == (
        "Goes to “urgent” if {{ ask.data.priority }} is “high” and {{ start.vip }} exists; otherwise on by “else”."
    )


async def test_by_the_exact_rules_capitals_count_and_what_cannot_be_compared_fails():
    cases = settings(a=[{"left": "Urgent", "operator": "is", "right": "urgent"}])
    assert (await run_step(Branch, cases)).exit == "a"
    assert (await run_step(Branch, cases | {"rules": "exact"})).exit == "else"
    with pytest.raises(StepFailed, match="cannot be decided"):
        await run_step(Branch, settings(a=[{"left": 3, "operator": "is", "right": "3"}]) | {"rules": "exact"})


async def test_by_the_exact_rules_blank_text_and_no_condition_decide_too():
    step = settings(a=[{"left": "{{ x.y }}", "operator": "is", "right": ""}], b=(), c=[]) | {"rules": "exact"}
    assert Branch.model_validate(step).troubles() == []
    assert (await run_step(Branch, step)).exit == "c"
    assert Branch.model_validate(step).explain() == (
        "Goes to “a” if {{ x.y }} is “”; never to “b”; always to “c”, compared exactly; otherwise on by “else”."
    )
