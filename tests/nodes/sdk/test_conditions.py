"""A condition: two sides, what is asked of them, and by which rules."""

import pytest

from nodes.sdk.conditions import Condition, Rules


def condition(left, operator="is", right=None, **more):
    return Condition.model_validate({"left": left, "operator": operator, "right": right, **more})


@pytest.mark.parametrize(
    ("more", "by", "holds"),
    [({}, Rules.LENIENT, True), ({"match_case": True}, Rules.LENIENT, False), ({}, Rules.EXACT, False)],
)
def test_capitals_count_where_they_are_to_count(more, by, holds):
    assert condition("Urgent ", "is", "urgent", **more).holds(by=by) == holds


@pytest.mark.parametrize(
    ("left", "operator", "right", "by", "fields"),
    [
        ("", "is", "", Rules.LENIENT, ["here.left", "here.right"]),
        ("{{ a.b }}", "is", "", Rules.EXACT, []),
        ("", "is", "x", Rules.EXACT, ["here.left"]),
        ("{{ a.b }}", "is_empty", None, Rules.LENIENT, []),
    ],
)
def test_sides_that_are_missing_are_told(left, operator, right, by, fields):
    assert [each.field for each in condition(left, operator, right).troubles("here", by=by)] == fields


def test_it_is_told_in_words():
    assert condition("{{ a.b }}", "contains_all", "x, y").explain() == "{{ a.b }} contains all of “x, y”"
    assert condition("{{ a.b }}", "is_empty").explain() == "{{ a.b }} is empty"
