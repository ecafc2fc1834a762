"""Patterns a person writes are searched in time that grows with the text."""

import pytest

from nodes.sdk import StepFailed
from nodes.sdk.patterns import pattern_trouble, searching


@pytest.mark.parametrize(
    ("pattern", "text", "found"),
    [("^INV-[0-9]+$", "INV-12", True), ("^INV-[0-9]+$", "xINV-12", False), ("b", "abc", True), ("Ä", "Äpfel", True)],
)
def test_a_pattern_is_found_anywhere(pattern, text, found):
    assert searching(pattern)(text) is found


def test_a_pattern_that_would_go_back_for_ever_is_answered():
    assert searching("(a+)+$")("a" * 100_000 + "b") is False


@pytest.mark.parametrize(
    ("pattern", "words"),
    [
        ("(", "unclosed group"), ("[a-", "unclosed character class"), ("(?=x)", "look-around"),
        (r"(a)\1", "backreferences"), ("a" * 201, "201 characters"), ("a{101}", "more than 100 times"),
        ("(a{11}){1,11}", "more than 100 times"), ("(a{3,99999}){2}", "more than 100 times"),
    ],
)  # fmt: skip
def test_a_pattern_that_cannot_be_used_is_told(pattern, words):
    assert words in pattern_trouble(pattern)


def test_an_ordinary_pattern_is_fine():
    assert [pattern_trouble(each) for each in ("", "^[A-Z]{2}[0-9]{5,9}$", r"\bfoo\b")] == ["", "", ""]


def test_searching_with_a_bad_one_says_so():
    with pytest.raises(StepFailed, match="This pattern cannot be used: unclosed group"):
        searching("(")
