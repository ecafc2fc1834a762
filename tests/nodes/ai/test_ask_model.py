"""The ask-model step sends messages to an alias and hands on the answer."""

import pytest

from nodes.ai.ask_model import AskModel
from nodes.sdk import Effect, Exchange, Picture, Said, StepFailed
from tests.support.context import StepContext, run_step

TOPIC = {
    "type": "object",
    "properties": {"topic": {"type": "string"}, "urgent": {"type": "boolean"}},
    "required": ["topic"],
}
ASK = {"messages": [{"role": "system", "text": "Be brief."}, {"text": ""}, {"text": "Hello"}]}


async def test_messages_and_parameters_reach_the_model():
    context = StepContext(answers=["Hi"])
    await run_step(AskModel, ASK | {"alias": "careful", "temperature": 0.2, "max_tokens": 50}, context)
    (asked,) = context.asked
    assert asked.alias == "careful"
    assert asked.messages == (Said("system", "Be brief."), Said("user", "Hello"))
    assert asked.options == {"schema": None, "stream": True, "temperature": 0.2, "max_tokens": 50}
    assert context.said == ["Hi"]


async def test_a_step_that_does_not_stream_shows_nothing_before_it_is_done():
    context = StepContext(answers=["Hi"])
    await run_step(AskModel, ASK | {"stream": False}, context)
    assert context.said == []


async def test_an_answer_that_does_not_fit_the_schema_fails_the_step():
    with pytest.raises(StepFailed, match="'topic' is a required property"):
        await run_step(AskModel, ASK | {"answer_schema": TOPIC}, StepContext(answers=['{"urgent": true}']))


def test_the_named_answers_are_what_later_steps_may_refer_to():
    shape = AskModel.model_validate(ASK | {"answer_schema": TOPIC}).outputs()["data"]
    assert {name: inner.kind.value for name, inner in shape.fields.items()} == {"topic": "text", "urgent": "yes/no"}
    assert "data" not in AskModel.model_validate(ASK).outputs()


def test_settings_that_cannot_work_are_told():
    step = AskModel.model_validate(
        {"alias": "", "answer_schema": {"type": "object", "properties": {"a": {"pattern": "x"}}}}
    )
    assert [(each.field, each.code) for each in step.troubles()] == [
        ("alias", "missing"), ("messages", "missing"), ("answer_schema", "bad_schema"),
    ]  # fmt: skip


def test_it_declares_that_it_spends_and_sends():
    assert AskModel.effects == {Effect.SPEND, Effect.NETWORK}


def test_it_explains_itself():
    step = AskModel.model_validate({"messages": [{"text": "{{ start.ticket }}"}], "answer_schema": TOPIC})
    assert step.explain() == (
        "Sends {{ start.ticket }} to the model “fast” and takes “topic” and “urgent” from its answer."
    )


async def test_what_was_said_before_is_told_before_the_question():
    context = StepContext(exchanges=[Exchange(1, "I am Ada.", "Hello Ada.")], answers=["Ada."])
    settings = {"memory": "window", "messages": [{"role": "user", "text": "Who am I?"}]}
    await run_step(AskModel, settings, context)
    assert [each.text for each in context.asked[0].messages] == ["I am Ada.", "Hello Ada.", "Who am I?"]
    assert "newest 10 messages of the conversation" in AskModel.model_validate(settings).explain()


def test_a_memory_needs_a_question_to_stand_before():
    told = AskModel.model_validate({"memory": "summary", "messages": [{"role": "system", "text": "Be kind."}]})
    assert [each.code for each in told.troubles()] == ["no_question"]


async def test_pictures_are_shown_beside_the_last_message_of_the_user():
    photo = {"id": "file_1", "name": "a.png", "type": "image/png", "size": 3, "sha256": "7"}
    letter = {"id": "file_2", "name": "a.pdf", "type": "application/pdf", "size": 3, "sha256": "8"}
    context = StepContext(answers=["A cat."], kept={"file_1": b"png", "file_2": b"pdf"})
    await run_step(AskModel, ASK | {"pictures": [letter, photo]}, context)
    picture = Picture("image/png", b"png", "7")
    assert context.asked[0].messages == (Said("system", "Be brief."), Said("user", "Hello", (picture,)))
    told = AskModel.model_validate(ASK | {"pictures": "{{ start.photo }}"}).explain()
    assert "and the pictures among {{ start.photo }}" in told
