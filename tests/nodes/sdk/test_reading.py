"""Which text counts as a number, a yes, a date."""

import pytest

from nodes.sdk.reading import as_date, as_moment, as_number, as_text, as_yes_no, is_empty, length


@pytest.mark.parametrize(("text", "number"), [("3", 3), (" -0.5 ", -0.5), ("1e3", 1000.0), (7, 7), ("007", 7)])
def test_numbers(text, number):
    assert as_number(text) == number
    assert type(as_number(text)) is type(number)


@pytest.mark.parametrize(
    "text", ["", "3,5", "1_000", "inf", "nan", "1e999", float("inf"), "0x10", "٣", "9" * 65, True, None, [1]]
)
def test_no_numbers(text):
    assert as_number(text) is None


def test_yes_and_no():
    assert [as_yes_no(each) for each in ("Yes", "on", 1, True, " no ", "FALSE", 0, "maybe", 2, 0.5, None)] == [
        True, True, True, True, False, False, False, None, None, None, None,
    ]  # fmt: skip


@pytest.mark.parametrize("text", ["20261103", "2026-W45-2", "2026-13-01", "2026-11-03T10:00", 20261103])
def test_no_dates(text):
    assert as_date(text) is None


def test_a_moment_without_zone_is_utc():
    assert as_moment("2026-11-03") == as_moment("2026-11-03T00:00:00Z")
    assert as_moment("x") is None


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""), ("a", "a"), (True, "yes"), (False, "no"), (1, "1"), (1.0, "1"), (-0.0, "0"), (3.5, "3.5"),
        (0.1, "0.1"), (1e-7, "0.0000001"), (1e22, "10000000000000000000000"), (2**80, str(2**80)),
        (float("inf"), "inf"), ([1, "ä"], '[1,"ä"]'), ({"a": None}, '{"a":null}'), ([], "[]"), ([2**80], f"[{2**80}]"),
    ],
)  # fmt: skip
def test_a_value_inside_a_text_reads_as_people_write_it(value, text):
    assert as_text(value) == text


def test_what_is_empty():
    assert [is_empty(each) for each in (None, " ", [], {}, 0, False, "0", [None])] == [True] * 4 + [False] * 4


def test_how_long_a_value_is():
    assert [length(each) for each in (None, "", "äb", [1, 2, 3], {"a": 1}, 12, 1.0, True)] == [0, 0, 2, 3, 1, 2, 1, 3]
