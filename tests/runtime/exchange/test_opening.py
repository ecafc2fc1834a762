"""Foreign bytes become plain data within bounds, or a sentence; never a traceback."""

import json
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runtime.exchange import opening
from runtime.exchange.opening import DEEPEST, opened
from runtime.exchange.report import MOST, Report


def read(text):
    report = Report()
    return opened(text if isinstance(text, bytes) else text.encode(), report), [each.code for each in report.problems]


@pytest.mark.parametrize(
    ("text", "data"),
    [
        ("a: yes\nb: off\nc: 'no'\nd: 0.6.0", {"a": True, "b": False, "c": "no", "d": "0.6.0"}),
        ("a: 2024-01-01\nb: !!str 3\n1: x", {"a": "2024-01-01", "b": "3", "1": "x"}),
        ("a: &x [1]\nb: *x", {"a": [1], "b": [1]}),
        ("a: &x {p: 1, q: 1}\nb:\n  q: 2\n  <<: *x", {"a": {"p": 1, "q": 1}, "b": {"q": 2, "p": 1}}),
        ('{"a": 1, "b": [true, null, 1.5]}', {"a": 1, "b": [True, None, 1.5]}),
        ("{a: 1}", {"a": 1}),
        ("\ufeffa: 1", {"a": 1}),
        ("a: 1\n---\nb: 2", {"a": 1}),
        ('{"a": "\\ud800"}', {"a": "\ufffd"}),
        ('{"a": NaN, "b": 1e999}', {"a": "NaN", "b": "inf"}),
        ("", None),
    ],
)
def test_it_is_read_as_leniently_as_it_was_written(text, data):
    assert read(text) == (data, [])


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (b"\xff\xfe", "not_text"),
        ("a: [", "not_readable"),
        ("a: *x", "not_readable"),
        ("? [1]\n: 2", "not_readable"),
        ("a: \x00", "not_readable"),
        ("[" * 100_000, "too_much"),
        ('{"a":' * 100_000, "too_much"),
        ("x: 1\n" * 3_000_000, "file_too_large"),
        ("- 1\n" * 2_001, "too_much"),
        ("- []\n" * 2_001, "too_much"),
        (json.dumps({"a": [1] * 2_001}), "too_much"),
    ],
)
def test_what_cannot_be_read_is_told(text, code, monkeypatch):
    monkeypatch.setattr(opening, "MOST", 2_000)
    found, told = read(text)
    assert found is None
    assert told == [code]


def test_the_last_value_that_is_one_too_many_is_counted(monkeypatch):
    monkeypatch.setattr(opening, "MOST", 2_000)
    assert read("- 1\n" * 1_999)[1] == []
    assert read("- 1\n" * 2_000) == (None, ["too_much"])


def test_a_bomb_of_aliases_is_counted_before_anybody_walks_through_it():
    lines = ["a0: &a0 [" + ", ".join(["x"] * 10) + "]"]
    lines += [f"a{number}: &a{number} [{', '.join([f'*a{number - 1}'] * 10)}]" for number in range(1, 12)]
    assert read("\n".join(lines)) == (None, ["too_much"])


def test_what_lies_deep_inside_an_alias_is_counted_where_it_is_put():
    deep = "[" * (DEEPEST - 2) + "]" * (DEEPEST - 2)
    assert read(f"a: &a {deep}\nb: *a")[1] == []
    assert read(f"a: &a {deep}\nb: [[*a]]") == (None, ["too_much"])


def test_numbers_nobody_keeps_exactly_and_names_that_stand_twice_are_told():
    assert read("a: 123456789012345678901234567890\nb: 1\nb: 2") == (
        {"a": "123456789012345678901234567890", "b": 2}, ["bad_number", "duplicate_key"],
    )  # fmt: skip
    assert read('{"a": 123456789012345678901234567890}')[0] == {"a": "123456789012345678901234567890"}


@given(st.binary(max_size=200) | st.text(alphabet="{}[]&*!a:-,'\"\n \t1#|>?<", max_size=60))
def test_whatever_the_bytes_are_nothing_raises(content):
    found, told = read(content)
    json.dumps(found)
    assert found is None or "too_much" not in told


@pytest.mark.slow
@pytest.mark.parametrize(
    "content",
    [
        b"- 99999999999999999999999999\n" * 8_000,
        b"k: 1\n" * 30_000,
        b'{"a": [' + b"[]," * 60_000 + b"1]}",
        b"a: &a " + b"x" * 60_000 + b"\nb: [" + b"*a," * 10_000 + b"*a]",
        b'{"a": "' + b'\\"' * 500_000,
        b"a: " + b"x" * (opening.MOST * opening.PIECE),
    ],
    ids=["numbers", "names", "lists", "text often", "quotes", "text"],
)
def test_what_looks_small_and_is_much_ends_soon_with_a_few_sentences(content):
    report = Report()
    began = process_time()
    opened(content, report)
    assert report.problems
    assert len(report.problems) <= MOST
    assert process_time() - began < 20  # a second on a quiet machine, minutes if it grew with the square


def test_json_says_that_a_name_stands_twice():
    report = Report()
    assert opened(b'{"a": 1, "a": 2}', report) == {"a": 2}
    assert [each.code for each in report.problems] == ["duplicate_key"]
