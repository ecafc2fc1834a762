"""Wording shared by all explanations."""

import pytest

from nodes.sdk.words import is_name, listed, quoted, shortened


def test_a_list_of_words():
    assert [listed([]), listed(["a"]), listed(["a", "b"]), listed(["a", "b", "c"], "or")] == [
        "",
        "a",
        "a and b",
        "a, b or c",
    ]


@pytest.mark.parametrize("name", ["a", "due_date", "x1"])
def test_names(name):
    assert is_name(name)


@pytest.mark.parametrize("name", ["", "1a", "_a", "A", "a-b", "a b", "ä", "a" * 64])
def test_no_names(name):
    assert not is_name(name)


def test_a_reference_stays_as_written_and_other_values_are_quoted():
    assert quoted("{{ ask.text }}") == "{{ ask.text }}"
    assert quoted("{{ a.b }} and {{ c.d }}") == "“{{ a.b }} and {{ c.d }}”"
    assert quoted(3) == "“3”"
    assert shortened("a\n" * 100) == "a " * 29 + "a…"
