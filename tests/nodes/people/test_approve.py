"""The approve step leaves by what people decide."""

import pytest

from nodes.people.approve import Approve
from tests.support.context import StepContext, run_step

ASKED = {"title": "Buy it?", "text": "A laptop.", "approvers": ["Procurement"]}


@pytest.mark.parametrize("choice", ["approved", "rejected"])
async def test_the_decision_is_the_way_on(choice):
    context = StepContext(answers=[{"choice": choice, "comment": "so be it", "by": "Ada"}])
    left = await run_step(Approve, ASKED, context)
    assert left.exit == choice
    assert (left.output["decision"], left.output["comment"], left.output["by"]) == (choice, "so be it", "Ada")
    assert left.output["text"] == ("A laptop." if choice == "approved" else ""), "only what was approved goes on"


@pytest.mark.parametrize("on_timeout", ["timeout", "rejected"])
async def test_when_nobody_decides_in_time_it_leaves_as_set_and_says_so(on_timeout):
    settings = ASKED | {"deadline_hours": 0.5, "on_timeout": on_timeout}
    context = StepContext(answers=[{"choice": "timeout"}])
    left = await run_step(Approve, settings, context)
    assert (left.exit, left.output["decision"], left.output["by"]) == (on_timeout, "timeout", "")
    assert context.waited[0].deadline_s == 1800
    assert left.exit in {each.id for each in Approve.model_validate(settings).exits()}


def test_without_a_deadline_there_is_no_way_out_for_one():
    assert [each.id for each in Approve.model_validate(ASKED).exits()] == ["approved", "rejected"]
    late = Approve.model_validate(ASKED | {"deadline_hours": 1})
    assert [each.id for each in late.exits()] == ["approved", "rejected", "timeout"]


async def test_what_is_asked_is_what_the_settings_say_and_the_title_stays_one_short_line():
    context = StepContext(answers=[{"choice": "approved"}])
    await run_step(Approve, ASKED | {"title": "Buy\n" + "x" * 500, "approvers": [" Procurement ", ""]}, context)
    [asked] = context.waited
    assert asked.holders == ("Procurement",)
    assert asked.title.startswith("Buy x")
    assert len(asked.title) <= 201
    assert [each.id for each in asked.choices] == ["approved", "rejected"]


def test_a_question_needs_words_and_somebody_to_ask():
    assert [each.field for each in Approve.model_validate({}).troubles()] == ["title", "approvers"]
    assert not Approve.model_validate(ASKED).troubles()


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({}, "as long as it takes"),
        ({"deadline_hours": 1}, "within 1 hour, it goes on by an exit of its own"),
        ({"deadline_hours": 1.5, "on_timeout": "rejected"}, "within 1.5 hours, it counts it as rejected"),
    ],
)
def test_it_says_who_decides_and_what_happens_when_nobody_does(settings, words):
    sentence = Approve.model_validate(ASKED | settings).explain()
    assert sentence.startswith("Asks “Procurement” to approve or reject: “Buy it?”")
    assert words in sentence
