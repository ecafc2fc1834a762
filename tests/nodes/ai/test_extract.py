"""The extract step takes named values out of a text."""

import pytest

from nodes.ai.extract import Extract
from nodes.sdk import StepFailed
from nodes.sdk.answer import schema_troubles
from tests.support.context import StepContext, run_step

PARAMETERS = [
    {"name": "total", "kind": "number", "description": "The amount to pay"},
    {"name": "due", "kind": "date"},
    {"name": "paid", "kind": "choice", "options": ["cash", "card"], "required": False},
    {"name": "items", "kind": "texts", "required": False},
    {"name": "isUrgent", "kind": "yes_no", "required": False},
]
FOUND = {"total": 5.5, "due": "2026-11-03", "paid": "card", "items": ["chair"], "isUrgent": False}


async def extracted(answer, parameters=PARAMETERS):
    context = StepContext(answers=[answer])
    left = await run_step(Extract, {"text": "5.50 € by 3 November", "parameters": parameters}, context)
    [asked] = context.asked
    return left.output, asked


async def test_all_that_was_found_is_handed_on_by_name():
    output, asked = await extracted(FOUND)
    assert {name: output[name] for name in FOUND} == FOUND
    assert (output["__is_success"], output["__reason"]) == (1, "")
    schema = asked.options["schema"]
    assert schema_troubles(schema) == []
    assert schema["required"] == list(FOUND)
    assert schema["properties"]["total"] == {"type": ["number", "null"], "description": "The amount to pay"}
    assert schema["properties"]["paid"]["enum"] == ["cash", "card", None]
    assert asked.messages[-1].text == "5.50 € by 3 November"


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"total": None}, "“total” is not in the text."),
        ({"total": None, "due": None}, "“total” and “due” are not in the text."),
        ({"due": "next week"}, "“due” is not in the text."), ({"due": ""}, "“due” is not in the text."),
        ({"paid": None, "items": None, "isUrgent": None}, ""), ({"items": []}, ""), ({"total": 0}, ""),
    ],
)  # fmt: skip
async def test_what_has_to_be_there_and_is_not_is_told_by_the_values(changed, reason):
    output, _ = await extracted(FOUND | changed)
    assert (output["__is_success"], output["__reason"]) == (0 if reason else 1, reason)


@pytest.mark.parametrize(
    ("kind", "given", "wrong", "shape"),
    [
        ("numbers", [1, 2.5], ["a"], "number"),
        ("yes_nos", [True, False], [1], "yes/no"),
        ("objects", [{"task": "a"}], ["a"], "object"),
        ("object", {"task": "a"}, [1], None),
    ],
)
async def test_lists_and_objects_can_be_looked_for(kind, given, wrong, shape):
    parameters = [{"name": "found", "kind": kind}]
    output, _ = await extracted({"found": given}, parameters)
    assert (output["found"], output["__is_success"]) == (given, 1)
    assert (await extracted({"found": wrong}, parameters))[0]["__is_success"] == 0
    promised = Extract.model_validate({"parameters": parameters}).outputs()["found"]
    assert (promised.items.kind.value if promised.items else None) == shape


async def test_an_answer_that_does_not_fit_is_no_success_and_no_failure():
    output, _ = await extracted(FOUND | {"total": "much"})
    assert (output["__is_success"], output["total"], output["due"]) == (0, None, None)
    assert "does not fit" in output["__reason"]


async def test_a_model_that_does_not_answer_fails_the_step():
    class Down(StepContext):
        async def ask(self, *_, **__):
            raise StepFailed("The model is down.", code="model_down")

    with pytest.raises(StepFailed, match="The model is down"):
        await run_step(Extract, {"text": "x", "parameters": PARAMETERS}, Down())


def test_each_value_is_promised_with_its_kind():
    promised = Extract(parameters=PARAMETERS).outputs()
    assert {name: each.kind for name, each in promised.items()} == {
        "total": "number", "due": "date", "paid": "text", "items": "list", "isUrgent": "yes/no",
        "__is_success": "number", "__reason": "text", "__usage": "object",
    }  # fmt: skip


def test_what_is_missing_or_cannot_be_a_name_is_told():
    assert [each.field for each in Extract(alias="").troubles()] == ["text", "alias", "parameters"]
    parameters = [{"name": "__reason"}, {"name": "net total"}, {"name": "a", "kind": "choice", "options": [" "]}]
    assert [each.field for each in Extract(text="x", parameters=parameters).troubles()] == [
        "parameters.0.name", "parameters.1.name", "parameters.2.options",
    ]  # fmt: skip


def test_it_explains_itself():
    assert Extract(text="{{ start.text }}", parameters=PARAMETERS[:2]).explain() == (
        "Takes “total” (number) and “due” (date) out of {{ start.text }}, with the model “fast”."
    )
