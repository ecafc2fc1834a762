"""The classify step sorts a text and leaves by its class."""

import pytest

from nodes.ai.classify import Class, Classify
from nodes.sdk import Effect, StepFailed
from tests.support.context import StepContext, run_step

CLASSES = [
    {"id": "billing", "name": "Invoices and payments", "examples": ["I was charged twice", "  "]},
    {"id": "technical", "name": "Something does not work"},
]


async def test_a_model_is_asked_for_one_of_the_classes_with_their_examples():
    context = StepContext(answers=[{"class_id": "technical"}])
    settings = {"text": "White page.", "classes": CLASSES, "instruction": "Be strict.", "alias": "careful"}
    left = await run_step(Classify, settings, context)
    assert (left.exit, left.output["class_id"]) == ("technical", "technical")
    assert left.output["class_name"] == "Something does not work"
    [asked] = context.asked
    assert asked.alias == "careful"
    assert asked.options["schema"]["properties"]["class_id"]["enum"] == ["billing", "technical"]
    assert [(each.role, each.text) for each in asked.messages[1:]] == [
        ("user", "I was charged twice"), ("assistant", '{"class_id":"billing"}'), ("user", "White page."),
    ]  # fmt: skip
    told = asked.messages[0].text
    assert "- billing: Invoices and payments\n- technical: Something does not work\n\nBe strict." in told


async def test_an_answer_that_is_no_class_fails_the_step():
    with pytest.raises(StepFailed, match="does not fit"):
        await run_step(Classify, {"text": "x", "classes": CLASSES}, StepContext(answers=[{"class_id": "sales"}]))


async def test_by_likeness_the_nearest_text_of_any_class_wins():
    settings = {"text": "x", "by": "likeness", "classes": CLASSES}
    context = StepContext(answers=[[0.1, 0.7, 0.69999]])
    left = await run_step(Classify, settings, context)
    assert (left.exit, left.output) == (
        "billing", {"class_id": "billing", "class_name": "Invoices and payments", "likeness": 0.7}
    )  # fmt: skip
    assert not context.asked
    with pytest.raises(StepFailed, match="no text to sort"):
        await run_step(Classify, settings | {"text": " "})


def test_without_a_model_nothing_leaves_and_nothing_is_spent():
    alone = Classify(text="x", by="likeness", classes=CLASSES)
    assert (alone.does(), alone.reaches()) == (frozenset(), [])
    asking = Classify(text="x", classes=CLASSES)
    assert asking.does() == {Effect.SPEND, Effect.NETWORK}
    assert [(each.kind, each.name) for each in asking.reaches()] == [("model", "fast")]
    assert "usage" not in alone.outputs()


def test_every_class_has_its_way_out():
    assert [(each.id, each.label) for each in Classify(classes=CLASSES).exits()] == [
        ("billing", "Invoices and payments"), ("technical", "Something does not work"),
    ]  # fmt: skip


def test_what_is_missing_or_said_twice_is_told():
    assert [each.field for each in Classify(alias="").troubles()] == ["text", "alias", "classes"]
    classes = [Class(id="a", name="A"), Class(id="a", name="B"), Class(id="C d", name="")]
    assert [each.field for each in Classify(text="x", classes=classes).troubles()] == [
        "classes.1.id", "classes.2.id", "classes.2.name",
    ]  # fmt: skip


def test_it_explains_itself():
    assert Classify(text="{{ start.text }}", classes=CLASSES).explain() == (
        "Sorts {{ start.text }} into “billing” (Invoices and payments) or “technical” (Something does not work), by the"
        " model “fast”."
    )
    assert "by likeness of meaning, on this server." in Classify(text="x", by="likeness", classes=CLASSES).explain()
