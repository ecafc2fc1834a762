"""What a model is told of the conversation so far, and that a summary is not made anew with every message."""

import pytest

from nodes.sdk import Exchange, Said, Summary
from nodes.sdk.remembering import Memory, about_tokens, remembered
from tests.support.context import StepContext

PROMPT = [Said("system", "Be kind."), Said("user", "Example?"), Said("assistant", "Yes."), Said("user", "And now?")]


def talk(count: int) -> list[Exchange]:
    return [Exchange(number, f"question {number}", f"answer {number}") for number in range(1, count + 1)]


async def told(context: StepContext, memory: Memory, *, turns: int = 2, tokens: int = 100) -> list[str]:
    found = await remembered(context, PROMPT, memory, alias="fast", turns=turns, tokens=tokens)
    return [each.text for each in found]


@pytest.mark.parametrize("memory", list(Memory))
async def test_who_has_said_nothing_before_is_told_nothing_more(memory):
    assert await told(StepContext(), memory) == [each.text for each in PROMPT]


async def test_the_newest_messages_stand_right_before_the_last_one_of_the_user():
    found = await remembered(StepContext(exchanges=talk(5)), PROMPT, Memory.WINDOW, alias="fast", turns=2, tokens=1)
    assert [(each.role, each.text) for each in found[2:]] == [
        ("assistant", "Yes."),
        ("user", "question 4"), ("assistant", "answer 4"), ("user", "question 5"), ("assistant", "answer 5"),
        ("user", "And now?"),
    ]  # fmt: skip
    assert await told(StepContext(exchanges=talk(5)), Memory.NONE) == [each.text for each in PROMPT]


async def test_as_many_messages_as_fit_are_whole_messages_and_the_newest():
    each = about_tokens("question 1") + about_tokens("answer 1")
    for room, count in ((each - 1, 0), (each, 1), (3 * each + 1, 3), (99 * each, 5)):
        found = await told(StepContext(exchanges=talk(5)), Memory.TOKENS, tokens=room)
        assert found[3:-1] == [word for n in range(6 - count, 6) for word in (f"question {n}", f"answer {n}")]


async def test_a_long_answer_that_does_not_fit_hides_all_before_it():
    told_before = [Exchange(1, "a", "b"), Exchange(2, "c", "d" * 9_000), Exchange(3, "e", "f")]
    assert (await told(StepContext(exchanges=told_before), Memory.TOKENS))[3:-1] == ["e", "f"]


async def test_the_older_half_becomes_a_summary_when_twice_as_many_have_gathered():
    context = StepContext(exchanges=talk(4), answers=["They greet."])
    assert len(await told(context, Memory.SUMMARY)) == 4 + 8
    assert context.asked == []
    context.exchanges = talk(5)
    found = await told(context, Memory.SUMMARY)
    assert found[0] == "Be kind.\n\nSummary of the conversation so far:\nThey greet."
    assert found[3:-1] == ["question 4", "answer 4", "question 5", "answer 5"]
    assert context.summaries == [Summary(3, "They greet.")]
    (asked,) = context.asked
    assert "question 3\nAssistant: answer 3" in asked.messages[1].text
    assert "question 4" not in asked.messages[1].text


async def test_a_summary_is_gone_on_from_and_not_made_anew_with_every_message():
    context = StepContext(exchanges=talk(5), summaries=[Summary(3, "They greet.")], answers=["They part."])
    await told(context, Memory.SUMMARY)
    context.exchanges = talk(7)
    await told(context, Memory.SUMMARY)
    assert context.asked == []
    context.exchanges = talk(8)
    assert "They part." in (await told(context, Memory.SUMMARY))[0]
    assert context.asked[0].messages[1].text.startswith("Summary of what was said before:\nThey greet.")
    assert context.summaries[-1] == Summary(6, "They part.")


async def test_without_instructions_the_summary_is_the_first_message():
    context = StepContext(exchanges=talk(5), answers=["They greet."])
    found = await remembered(context, [Said("user", "Hi")], Memory.SUMMARY, alias="fast", turns=2, tokens=1)
    assert (found[0].role, found[0].text) == ("system", "Summary of the conversation so far:\nThey greet.")
