"""What each operator does, as a table."""

import pytest

from nodes.sdk import StepFailed
from nodes.sdk.compare import Operator, holds

TRUE = [
    ("Server DOWN again", "contains", "down"),
    (["Ada", "Grace"], "contains", "ada"),
    ([1, 2], "contains", "2"),
    ({"name": 1}, "contains", "name"),
    (None, "contains_not", "x"),
    (["Ada", "Grace"], "contains_all", "grace, ada"),
    ("Server DOWN again", "contains_all", ["down", "server"]),
    (" Urgent ", "is", "urgent"),
    (3, "is", "3"),
    ("3.0", "is", 3),
    (True, "is", "yes"),
    ("no", "is", False),
    (None, "is", ""),
    ([1, {"a": 2}], "is", [1, {"a": 2}]),
    ("low", "is_not", "high"),
    ("invoice 12", "starts_with", "Invoice"),
    ("report.PDF", "ends_with", ".pdf"),
    ("de", "is_one_of", "en, DE"),
    ("b,c", "is_one_of", "a\nb,c"),
    (2, "is_one_of", [1, 2]),
    ("fr", "is_not_one_of", ["en", "de"]),
    ("3", "equal", 3),
    (3, "not_equal", 4),
    (None, "not_equal", 4),
    ("10", "greater", "9"),
    (-1, "less", 0),
    (2, "at_least", 2.0),
    (2, "at_most", "2"),
    ("2026-11-03", "before", "2026-11-04"),
    ("2026-11-03T10:00:00+02:00", "after", "2026-11-03T07:59:00Z"),
    ("abc", "length_is", 3),
    ([1, 2], "length_at_least", "2"),
    ([], "length_at_most", 0),
    ("  ", "is_empty", None),
    (0, "is_not_empty", None),
    (False, "is_not_empty", None),
    ("", "exists", None),
    (None, "exists_not", None),
]
FALSE = [
    (None, "contains", ""),
    ("text", "contains", "texts"),
    (["Ada"], "contains_all", ["Ada", "Grace"]),
    (None, "contains_all", "a"),
    ("3", "is", "three"),
    ("maybe", "is", True),
    (1, "is", "yes"),
    (None, "greater", 0),
    (None, "less", 0),
    ("", "at_most", 5),
    (None, "before", "2026-11-03"),
    ("de", "is_one_of", ""),
    (None, "length_at_least", 1),
]


@pytest.mark.parametrize(("left", "operator", "right"), TRUE)
def test_it_holds(left, operator, right):
    assert holds(left, Operator(operator), right)


@pytest.mark.parametrize(("left", "operator", "right"), FALSE)
def test_it_does_not_hold(left, operator, right):
    assert not holds(left, Operator(operator), right)


def test_capitals_and_spaces_matter_when_asked():
    assert not holds("Urgent", Operator.IS, "urgent", match_case=True)
    assert not holds("urgent ", Operator.IS, "urgent", match_case=True)
    assert not holds("Server DOWN", Operator.CONTAINS, "down", match_case=True)


@pytest.mark.parametrize(
    ("left", "operator", "right", "wanted"),
    [
        ("many", "greater", 3, "a number"),
        (3, "less", "few", "a number"),
        ("soon", "before", "2026-11-03", "a date"),
        (True, "equal", 1, "a number"),
    ],
)
def test_what_cannot_be_read_fails_the_step_with_a_sentence(left, operator, right, wanted):
    with pytest.raises(StepFailed, match=wanted) as failed:
        holds(left, Operator(operator), right)
    assert failed.value.code == "not_comparable"


def test_every_operator_has_words_and_a_row_in_these_tables():
    assert {Operator(operator) for _, operator, _ in TRUE} == set(Operator)
    assert all(each.label for each in Operator)
