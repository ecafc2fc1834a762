"""Answers by schema: which JSON Schemas a model may be asked to fill, and reading what it wrote.

A schema comes from a person and an answer from a model, so both are bounded: no references (a validator would fetch
them), no patterns (one froze a process for seconds on 28 characters), no comparing of all with all, capped size and
depth.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any, NoReturn, cast

from nodes.sdk.node import StepFailed

LARGEST_SCHEMA = 32_000
"""characters of the schema as JSON"""
DEEPEST_SCHEMA = 24
LONGEST_ANSWER = 1_000_000
"""characters of an answer that is read as data"""

_ITS = "The answer's schema"
_REFUSED = {
    "$ref": "refers to another schema",
    "$dynamicRef": "refers to another schema",
    "$recursiveRef": "refers to another schema",
    "$schema": "names another schema language",
    "$id": "names another schema",
    "pattern": "uses a text pattern",
    "patternProperties": "uses a text pattern",
    "uniqueItems": "compares every entry with every other",
}
_NAMED_SCHEMAS = frozenset({"properties", "$defs", "definitions", "dependentSchemas"})
"""keywords whose keys are names the author chose, not keywords"""
_PLAIN_VALUES = frozenset({"enum", "const", "default", "examples", "required"})


def schema_troubles(schema: Mapping[str, Any]) -> list[str]:
    """Every reason, as a sentence, why a model may not be asked to fill this schema; empty when it may."""
    found = shared_troubles(schema, _ITS)
    if schema.get("type") != "object" or not schema.get("properties"):
        found.append(f"{_ITS} needs at least one named answer: type “object” with “properties”.")
    return found


def shared_troubles(schema: Mapping[str, Any], whose: str) -> list[str]:
    """Every reason why no schema of this kind may be used; `whose` begins each sentence."""
    try:
        written = json.dumps(schema, allow_nan=False)
    except (TypeError, ValueError, RecursionError):
        return [f"{whose} is not plain JSON."]
    if len(written) > LARGEST_SCHEMA:
        return [f"{whose} has {len(written):,} characters; at most {LARGEST_SCHEMA:,} are allowed."]
    if _depth(schema) > DEEPEST_SCHEMA:
        return [f"{whose} is nested more than {DEEPEST_SCHEMA} levels deep."]
    found = [f"{whose} {_REFUSED[word]} (“{word}”), which is not allowed." for word in _refused(schema)]
    return found or _unsound(schema, whose)


def fit_trouble(data: Any, schema: Mapping[str, Any]) -> str:
    """Where data does not fit a schema, and why; empty where it fits. The schema is one without troubles."""
    validator = _validator(json.dumps(schema, sort_keys=True))
    error = next(iter(sorted(validator.iter_errors(data), key=lambda each: len(each.absolute_path))), None)
    return "" if error is None else f"{_place(error.absolute_path)}{_shortened(error.message)}"


def read_answer(text: str, schema: Mapping[str, Any]) -> Any:
    """The data in a model's answer, fitting `schema`. Words or a code fence around the JSON are passed over.

    Raises `StepFailed` (`bad_answer`) with a sentence for the person.
    """
    if len(text) > LONGEST_ANSWER:
        _bad(f"The model's answer is longer than {LONGEST_ANSWER:,} characters.")
    data = _found_json(text)
    if wrong := fit_trouble(data, schema):
        _bad(f"The model's answer does not fit: {wrong}.")
    return data


def _found_json(text: str) -> Any:
    decoder = json.JSONDecoder(parse_constant=_no_constant)
    start = text.find("{")
    if start < 0:
        _bad(
            "The model was asked for named answers and wrote only text."
            if text.strip()
            else "The model's answer is empty."
        )
    try:
        data, _ = decoder.raw_decode(text, start)
    except (ValueError, RecursionError):
        _bad("The model's answer is not complete JSON.")
    return data


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON")


def _bad(sentence: str) -> NoReturn:
    hint = "Run it again, say in the message what each answer should hold, or choose a stronger model."
    raise StepFailed(sentence, code="bad_answer", hint=hint)


def _place(path: Any) -> str:
    where = ".".join(str(each) for each in path)
    return f"“{where}”: " if where else ""


def _shortened(message: str) -> str:
    return message if len(message) <= 200 else message[:200] + "…"


@lru_cache(maxsize=256)
def _validator(schema: str) -> Any:
    from jsonschema import Draft202012Validator  # loaded when first needed: the command line starts without it
    from referencing import Registry  # an empty one: nothing is ever fetched

    return Draft202012Validator(json.loads(schema), registry=Registry())


def _unsound(schema: Mapping[str, Any], whose: str) -> list[str]:
    from jsonschema import Draft202012Validator
    from jsonschema.exceptions import SchemaError

    try:
        Draft202012Validator.check_schema(schema)
    except SchemaError as error:
        return [f"{whose} is wrong: {_place(error.absolute_path)}{_shortened(error.message)}."]
    return []


def _depth(value: Any) -> int:
    """How deep `value` is nested; stops counting a little above what is allowed."""
    level, deepest = [value], 0
    while level and deepest <= DEEPEST_SCHEMA:
        deepest += 1
        level = [inner for each in level for inner in _inside(each)]
    return deepest


def _inside(value: Any) -> Iterator[Any]:
    if isinstance(value, Mapping):
        yield from cast("Mapping[str, Any]", value).values()
    elif isinstance(value, list):
        yield from cast("list[Any]", value)


def _refused(value: Any, *, names: bool = False) -> list[str]:
    found: list[str] = []
    if isinstance(value, Mapping):
        for key, inner in cast("Mapping[str, Any]", value).items():
            if names:
                found += _refused(inner)
            elif key in _REFUSED:
                found.append(key)
            elif key not in _PLAIN_VALUES:
                found += _refused(inner, names=key in _NAMED_SCHEMAS)
    elif isinstance(value, list):
        for each in cast("list[Any]", value):
            found += _refused(each)
    return list(dict.fromkeys(found))
