"""What each operator does by the exact rules, as a table; and the public cases of Dify, where they are there."""

import json
from contextlib import suppress
from itertools import product
from pathlib import Path

import pytest

from nodes.sdk import StepFailed
from nodes.sdk.compare import Operator
from nodes.sdk.exact import holds

TRUE = [
    ("cabcde", "contains", "ab"),
    (["ab", "def"], "contains", "ab"),
    ("a5", "contains", 5),
    ([True, False], "contains", "true"),
    ("abc", "contains_not", "AB"),
    (None, "contains_not", "x"),
    (["1"], "contains_not", 2),
    (["a", "b", "c"], "contains_all", ["a", "b"]),
    ("abc", "contains_all", ["a", "b"]),
    ([True, False], "contains_all", ["true", "false"]),
    ("a", "is", "a"),
    ("5", "is", 5),
    ("", "is", ""),
    ("", "is", None),
    (True, "is", "1"),
    ([0, 1], "contains", True),
    ("['a']!", "contains", ["a"]),
    (False, "is", "false"),
    (False, "is_not", "true"),
    ("A", "is_not", "a"),
    ("a ", "is_not", "a"),
    ("abc", "starts_with", "ab"),
    ("abc", "ends_with", "bc"),
    ("a", "is_one_of", ["a", "b"]),
    ("c", "is_not_one_of", ["a", "b"]),
    (None, "is_not_one_of", ["a"]),
    (22, "equal", "22"),
    (22.0, "equal", "22"),
    (True, "equal", "1"),
    (23, "not_equal", "22"),
    (23, "greater", "22.5"),
    (1, "at_least", "0.95"),
    (1.1, "greater", 0),
    (21, "less", "22"),
    (22, "at_most", "22"),
    (True, "greater", "0"),
    ("", "is_empty", None),
    (0, "is_empty", None),
    (False, "is_empty", None),
    ([], "is_empty", None),
    (None, "is_empty", None),
    (" ", "is_not_empty", None),
    ("", "exists", None),
    (None, "exists_not", None),
    ("2026-11-03", "before", "2026-11-04"),
    ("abc", "length_is", 3),
]
FALSE = [
    (None, "contains", "x"),
    ("", "contains", ""),
    (0, "contains", "0"),
    ([1, 2], "contains", "1"),
    ("abc", "contains", ["a"]),
    (True, "is", None),
    ("abc", "contains", "AB"),
    (["a"], "contains_all", ["a", "b"]),
    (None, "contains_all", ["a"]),
    (None, "is", ""),
    (None, "is_not", "a"),
    (None, "starts_with", "a"),
    ("Abc", "starts_with", "a"),
    ("", "is_one_of", [""]),
    (None, "equal", "1"),
    (None, "not_equal", "1"),
    (None, "greater", "1"),
    (None, "at_most", "1"),
    (None, "exists", None),
    (0, "is_not_empty", None),
]
UNDECIDED = [
    (5, "contains", "5"),
    ({"a": 1}, "contains", "a"),
    (False, "contains", "x"),
    (True, "starts_with", ""),
    (None, "contains_all", "a"),
    (True, "equal", ["1"]),
    (5, "is", "5"),
    (["a"], "is_not", "a"),
    (5, "starts_with", "5"),
    ("a", "starts_with", ["a"]),
    ("a", "is_one_of", "abc"),
    ("abc", "contains_all", "abc"),
    (["a"], "contains_all", ["a", 1]),
    ("5", "equal", "5"),
    (5, "equal", "5.5"),
    (5, "equal", "five"),
    (5, "equal", ""),
    ("5", "greater", "4"),
    (5, "greater", "many"),
    (True, "is", "yes"),
    (True, "is", "{}"),
]


@pytest.mark.parametrize(("left", "operator", "right"), TRUE)
def test_it_holds(left, operator, right):
    assert holds(left, Operator(operator), right) is True


@pytest.mark.parametrize(("left", "operator", "right"), FALSE)
def test_it_does_not_hold(left, operator, right):
    assert holds(left, Operator(operator), right) is False


@pytest.mark.parametrize(("left", "operator", "right"), UNDECIDED)
def test_what_cannot_be_compared_fails_with_a_sentence(left, operator, right):
    with pytest.raises(StepFailed, match=r"cannot be decided: .*\w\.$|cannot be decided: .*”\.$") as raised:
        holds(left, Operator(operator), right)
    assert raised.value.hint


def test_every_operator_is_in_the_tables():
    assert {operator for _, operator, _ in TRUE} == set(Operator) - {
        Operator.AFTER, Operator.LENGTH_AT_LEAST, Operator.LENGTH_AT_MOST,
    }  # fmt: skip


LEFTS = [None, "", "a", 5, 0.5, True, [], ["a"], [True], {}, {"a": 1}]
RIGHTS = [None, "", "5", 5, False, ["a"], [True], {"a": 1}, "1e999", "[" * 5000, "9" * 5000]


def test_nothing_but_a_decision_or_a_sentence_comes_out():
    for operator, left, right in product(Operator, LEFTS, RIGHTS):
        with suppress(StepFailed):
            assert holds(left, operator, right) in (True, False)


CASES = Path(__file__).parents[3] / "../shared/dify/node_cases.json"
BY_DIFY = {
    "contains": "contains", "not contains": "contains_not", "start with": "starts_with", "end with": "ends_with",
    "is": "is", "is not": "is_not", "empty": "is_empty", "not empty": "is_not_empty", "in": "is_one_of",
    "not in": "is_not_one_of", "all of": "contains_all", "=": "equal", "≠": "not_equal", ">": "greater", "<": "less",
    "≥": "at_least", "≤": "at_most", "null": "exists_not", "not null": "exists", "exists": "exists",
    "not exists": "exists_not",
}  # fmt: skip


def test_the_public_cases_of_dify_hold():
    if not CASES.exists():
        pytest.skip("the public cases of Dify (../shared/dify/node_cases.json) are not on this machine")
    cases = [each for each in json.loads(CASES.read_text()) if each["node"] == "if-else"]
    assert cases
    wrong = [
        each for each in cases
        if holds(each["actual"], Operator(BY_DIFY[each["operator"]]), each["value"]) != each["result"]
    ]  # fmt: skip
    assert wrong == []
