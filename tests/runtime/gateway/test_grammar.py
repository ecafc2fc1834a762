import json
import re

import pytest

from runtime.gateway.grammar import grammar_of
from tests.support.gbnf import Matcher

PERSON = {
    "type": "object",
    "properties": {
        "name": {"type": "string", "maxLength": 20},
        "age": {"type": "integer", "minimum": 0},
        "tags": {"type": "array", "items": {"enum": ["new", "old"]}, "maxItems": 2},
        "note": {"type": ["string", "null"]},
    },
    "required": ["name", "age"],
    "additionalProperties": False,
}
TREE = {
    "$ref": "#/$defs/node",
    "$defs": {
        "node": {
            "type": "object",
            "properties": {"value": {"type": "number"}, "next": {"$ref": "#/$defs/node"}},
            "required": ["value"],
        }
    },
}
QUOTES = {"enum": ['say "hi"', "back\\slash", "two\nlines", 7, None]}


def compact(value):
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)


@pytest.mark.parametrize(
    ("schema", "value"),
    [
        (PERSON, {"name": "Ada", "age": 36}),
        (PERSON, {"name": "Ad\"a\\", "age": 0, "tags": ["new", "old"], "note": None}),
        (PERSON, {"name": "", "age": 5, "note": "é"}),
        (TREE, {"value": -1.5, "next": {"value": 2, "next": {"value": 0}}}),
        *[(QUOTES, each) for each in QUOTES["enum"]],
        ({"anyOf": [{"type": "boolean"}, {"const": {"a": [1]}}]}, {"a": [1]}),
        ({"type": "object", "properties": {"a": {}, "b": {}}}, {"b": [1, {"c": "d"}]}),
        ({"type": "object", "properties": {"a": {}, "b": {}}}, {}),
        ({"type": "array", "items": {"type": "integer"}, "minItems": 2}, [1, -2]),
        ({"type": "array", "maxItems": 0}, []),
        ({"type": "object"}, {"x": {"y": [True, None]}}),
        ({"allOf": [{"type": "object", "properties": {"a": {"type": "null"}}, "required": ["a"]},
                    {"properties": {"b": {"type": "null"}}, "required": ["b"]}]}, {"a": None, "b": None}),
        ({"type": "string", "format": "date"}, "2026-11-21"),
        ({}, "anything"),
    ],
)  # fmt: skip
@pytest.mark.slow
def test_what_a_schema_allows_can_be_written_without_white_space(schema, value):
    assert Matcher(grammar_of(schema)).takes(compact(value))


@pytest.mark.parametrize(
    ("schema", "text"),
    [
        (PERSON, '{"name": "Ada","age":1}'),
        (PERSON, '{"age":1,"name":"Ada"}'),
        (PERSON, '{"name":"Ada"}'),
        (PERSON, '{"name":"Ada","age":-1}'),
        (PERSON, '{"name":"Ada","age":1,"other":2}'),
        (PERSON, '{"name":"Ada","age":1,"tags":["new","new","new"]}'),
        (PERSON, compact({"name": "x" * 21, "age": 1})),
        (QUOTES, '"something else"'),
        ({"type": "string"}, compact("x" * 401)),
        ({"type": "string"}, '"a\nb"'),
        ({"type": "array", "items": {"type": "null"}}, compact([None] * 41)),
        ({"type": "array", "items": {"type": "null"}, "minItems": 2}, "[null]"),
        ({"type": "boolean"}, "true "),
    ],
)
def test_nothing_else_can_be_written(schema, text):
    assert not Matcher(grammar_of(schema)).takes(text)


def test_every_rule_that_is_named_is_there():
    for schema in (PERSON, TREE, QUOTES, {}):
        rules = dict(line.split(" ::= ", 1) for line in grammar_of(schema).splitlines())
        bare = re.sub(r'"(\\.|[^"\\])*"|\[(\\.|[^\]\\])*\]', "", " ".join(rules.values()))
        assert set(re.findall(r"[a-z][a-z0-9]*", bare)) <= set(rules)
