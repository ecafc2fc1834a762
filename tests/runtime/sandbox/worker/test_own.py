"""Our own functions in a worker: their refusals are told in their own words, their mistakes are ours."""

import pytest

from runtime.sandbox.worker import own
from runtime.sandbox.worker.mistakes import Mistake


def test_a_function_is_called_by_its_name():
    assert own.call("nodes.sdk.words:listed", ["a", "b"]) == "a and b"


def test_words_for_a_person_pass_through():
    with pytest.raises(Mistake) as mistake:
        own.call("nodes.sdk.patterns:searching", "(")
    assert mistake.value.code == "bad_pattern"
    assert mistake.value.hint


def test_anything_else_is_an_error_of_our_own():
    with pytest.raises(Mistake) as mistake:
        own.call("nodes.sdk.words:listed", 1)
    assert mistake.value.code == "internal"
    assert "TypeError" in mistake.value.message


def test_only_functions_of_steps_can_be_called():
    with pytest.raises(AssertionError, match="no function of a step"):
        own.call("os:system", "true")
