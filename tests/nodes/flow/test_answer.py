"""The answer step says something to whoever chats."""

import pytest

from nodes.flow.answer import Answer
from tests.support.context import run_step


@pytest.mark.parametrize("text", ["Hello Ada", "", "two\nlines "])
async def test_the_text_is_handed_on_as_it_is(text):
    left = await run_step(Answer, {"text": text})
    assert (left.exit, left.output) == ("done", {"text": text})


def test_nothing_to_say_is_told():
    assert [(each.field, each.code) for each in Answer().troubles()] == [("text", "missing")]
    assert Answer(text="x").troubles() == []


def test_what_is_said_reaches_whoever_gets_the_result():
    assert [each.kind for each in Answer(text="x").reaches()] == ["audience"]


def test_it_explains_itself():
    assert Answer(text="{{ ask.text }}").explain() == "Answers {{ ask.text }}."
