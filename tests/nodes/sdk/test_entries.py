"""Entries of a list: their fields, their order, their sum."""

import pytest

from nodes.sdk import StepFailed
from nodes.sdk.entries import at, in_order, sameness, sum_of

FILE = {"id": "file_1", "name": "a.PDF", "type": "application/pdf", "size": 3, "sha256": "0"}


@pytest.mark.parametrize(
    ("entry", "path", "value"),
    [
        ({"a": {"b": [1, 2]}}, "a.b.1", 2),
        ({"a": 1}, "", {"a": 1}),
        ({"a": 1}, "b.c", None),
        ([1], "5", None),
        ([1], "x", None),
        ("text", "a", None),
        (FILE, "extension", ".pdf"),
        (FILE, "kind", "document"),
        ({"kind": "own"}, "kind", "own"),
    ],
)
def test_a_field_is_written_with_dots(entry, path, value):
    assert at(entry, path) == value


@pytest.mark.parametrize(
    ("entries", "result"),
    [
        (["10", "9", 1], [1, "9", "10"]),
        (["2026-11-03", "2025-01-01"], ["2025-01-01", "2026-11-03"]),
        (["b", "A", "", None], ["A", "b", "", None]),
    ],
)
def test_they_are_sorted_as_people_read_them(entries, result):
    assert in_order(entries) == result


def test_exactly_they_are_sorted_by_their_signs():
    assert in_order(["b", "A", "10", "9", "", None, 2], exact=True) == [2, "", "10", "9", "A", "b", None]
    assert in_order([{"n": 1}, {"n": 2}], "n", down=True, exact=True) == [{"n": 2}, {"n": 1}]


def test_what_counts_as_the_same():
    assert sameness(" Ada ") == sameness("ADA")
    assert sameness([1]) != sameness([1, 2])


def test_a_sum_passes_over_what_is_empty_and_refuses_what_is_no_number():
    assert sum_of([{"n": 1}, {"n": ""}, {}, {"n": "2.5"}], "n") == 3.5
    with pytest.raises(StepFailed, match="“n” of entry 2"):
        sum_of([{"n": 1}, {"n": "many"}], "n")
