from typing import Literal

import pytest
from pydantic import Field, ValidationError, create_model

from runtime.graph.wording import demand, did_you_mean, listed, meant


@pytest.mark.parametrize(
    ("annotation", "value", "words"),
    [
        (int, "x", "must be a whole number"),
        (int, 1.5, "must be a whole number"),
        (float, "x", "must be a number"),
        (str, 1, "must be text"),
        (bool, "perhaps", "must be yes or no (true or false)"),
        (list[int], 1, "must be a list"),
        (dict[str, int], 1, "must be a set of names with values"),
    ],
)
def test_what_a_type_asks_for_is_said_in_words(annotation, value, words):
    assert said(annotation, value) == words


def test_limits_are_said_with_their_number():
    assert said(float, -1, gt=0) == "must be more than 0"
    assert said(float, 0.1, ge=0.5) == "must be at least 0.5"
    assert said(str, "abc", max_length=2) == "may have at most 2 characters"
    assert said(list[int], [1, 2], max_length=1) == "may have at most 1 entries"


def test_a_few_choices_are_named_and_many_are_not():
    assert said(Literal["a", "b"], "c") == "must be one of a or b"
    assert said(Literal["a", "b", "c", "d", "e", "f", "g", "h", "i"], "z") == "must be one of the choices in its list"


def test_what_nobody_thought_of_does_not_fit():
    assert demand({"type": "frozen_set_type"}) == "does not fit"
    assert demand({"type": "value_error", "ctx": {"error": ValueError("too wild")}}) == "does not fit: too wild"


def said(annotation, value, **limits):
    """What is demanded of a value that does not fit."""
    with pytest.raises(ValidationError) as error:
        create_model("Made", value=(annotation, Field(**limits)))(value=value)
    return demand(error.value.errors()[0])


def test_the_word_that_was_meant_is_found_or_nothing():
    assert meant("tikcet", ["ticket", "text"]) == "ticket"
    assert meant("TICKET", ["Ticket"]) == "Ticket"
    assert meant("zzz", ["ticket"]) == ""
    assert did_you_mean("txt", ["text"]) == "Did you mean “text”?"
    assert did_you_mean("zzz", ["text"]) == ""


def test_words_are_listed_as_in_a_sentence():
    assert listed(["a"]) == "“a”"
    assert listed(["a", "b", "c"], "or") == "“a”, “b” or “c”"
    assert listed([]) == ""
