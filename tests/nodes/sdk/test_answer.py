"""Answers by schema: what may be asked for, and what is taken for an answer."""

import pytest

from nodes.sdk import StepFailed
from nodes.sdk.answer import DEEPEST_SCHEMA, LONGEST_ANSWER, read_answer, schema_troubles

TOPIC = {"type": "object", "properties": {"topic": {"enum": ["invoice", "other"]}}, "required": ["topic"]}


def of(inner):
    return {"type": "object", "properties": {"x": inner}}


def test_a_plain_schema_is_fine():
    assert schema_troubles(TOPIC) == []


def test_an_answer_may_be_named_like_a_keyword():
    assert (
        schema_troubles({"type": "object", "properties": {"pattern": {"type": "string"}, "$ref": {"type": "string"}}})
        == []
    )
    assert schema_troubles(of({"enum": ["$ref", {"pattern": 1}]})) == []


@pytest.mark.parametrize(
    ("schema", "words"),
    [
        (of({"$ref": "https://example.com/schema"}), "refers to another schema"),
        (of({"anyOf": [{"$dynamicRef": "#x"}]}), "refers to another schema"),
        (of({"type": "string", "pattern": "(a+)+$"}), "text pattern"),
        (of({"patternProperties": {"^a": {}}}), "text pattern"),
        (of({"items": {"$id": "x"}}), "names another schema"),
        ({"type": "string"}, "at least one named answer"),
        ({"type": "object"}, "at least one named answer"),
        (of({"type": "strnig"}), "wrong"),
        (of({"description": "x" * 40_000}), "characters"),
    ],
)
def test_a_schema_that_reaches_out_or_asks_too_much_is_refused(schema, words):
    assert any(words in sentence for sentence in schema_troubles(schema))


def test_a_deep_schema_is_refused():
    schema = {"type": "string"}
    for _ in range(DEEPEST_SCHEMA):
        schema = of(schema)
    assert "levels deep" in schema_troubles(schema)[0]
    for _ in range(20_000):
        schema = {"not": schema}
    assert schema_troubles(schema)


@pytest.mark.parametrize("text", ['{"topic": "invoice"}', 'Sure!\n```json\n{"topic": "invoice"}\n```\nBye'])
def test_data_is_found_in_an_answer(text):
    assert read_answer(text, TOPIC) == {"topic": "invoice"}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "empty"),
        ("An invoice.", "only text"),
        ('{"topic": "inv', "not complete"),
        ('{"topic": NaN}', "not complete"),
        ('{"topic": "weather"}', "“topic”: 'weather' is not one of"),
        ("{}", "'topic' is a required property"),
        ('{"a":' * 5000, "not complete"),
        ("{" + " " * LONGEST_ANSWER, "longer than"),
    ],
)
def test_an_answer_that_does_not_fit_fails_with_a_sentence(text, words):
    with pytest.raises(StepFailed, match=words) as failed:
        read_answer(text, TOPIC)
    assert failed.value.code == "bad_answer"
    assert failed.value.hint
