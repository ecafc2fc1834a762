"""Arguments for any signature, made of one word: the name of a thing that is not one's own, or of nothing."""

from __future__ import annotations

import inspect
import re
from functools import cache
from typing import Any

NO_NUMBER = 7_000_001
"""a number that names nothing"""


def payload(policy: Any, word: str, choice: int = 0) -> dict[str, Any]:
    """What fits the handler's strict schema, with `word` wherever a text may stand; `choice` picks among literals."""
    schema = _schema(policy)
    found = _filled(schema, schema.get("$defs", {}), word, choice)
    for name, part in schema.get("properties", {}).items():
        if part.get("type") == "object" and "additionalProperties" in part and not part.get("properties"):
            found[name] = dict.fromkeys(_read_by(policy.function), word)
    return found


def misfits(policy: Any) -> list[dict[str, Any]]:
    """What fits but for one thing: an argument too many, the state itself, one left out, one of another type."""
    good, schema = payload(policy, "nothing"), _schema(policy)
    wrong = [good | {"extra": 1}, good | {"self": {}}]
    for name, part in schema.get("properties", {}).items():
        if name in schema.get("required", ()):
            wrong.append({other: value for other, value in good.items() if other != name})
        if (value := _misfit(part)) is not None:
            wrong.append(good | {name: value})
    return wrong


def _misfit(part: dict[str, Any]) -> Any:
    match part:
        case {"type": "integer" | "number" | "boolean"}:
            return "1"
        case {"type": "string"} | {"enum": _} | {"const": _}:
            return 1
        case {"type": "array"}:
            return {"0": "nothing"}
        case {"type": "object"}:
            return ["nothing"]
        case _:
            return None  # several types may stand there


def choices(policy: Any) -> int:
    """How many values its widest literal has."""
    return max([1, *(len(each["enum"]) for each in _parts(_schema(policy)) if "enum" in each)])


def takes_text(policy: Any) -> bool:
    """Whether a name of something may be handed to it."""
    texts = ({"type": "string"}.items() <= each.items() for each in _parts(_schema(policy)))
    return any(texts)


@cache
def _schema(policy: Any) -> dict[str, Any]:
    return policy.arguments.adapter.json_schema()


def _filled(schema: dict[str, Any], known: dict[str, Any], word: str, choice: int) -> Any:
    if "$ref" in schema:
        return _filled(known[schema["$ref"].rpartition("/")[2]], known, word, choice)
    if "const" in schema:
        return schema["const"]
    if values := schema.get("enum"):
        return values[choice % len(values)]
    if either := schema.get("anyOf") or schema.get("oneOf"):
        return _filled(either[choice % len(either)], known, word, choice)
    match schema.get("type"):
        case "string":
            return word
        case "integer" | "number":
            wanted = int(word) if word.isdigit() else NO_NUMBER
            return min(max(schema.get("minimum", wanted), wanted), schema.get("maximum", wanted))
        case "boolean":
            return True
        case "array":
            return [_filled(schema["items"], known, word, choice)] if "items" in schema else []
        case "object":
            wanted = schema.get("properties", {})
            return {name: _filled(part, known, word, choice) for name, part in wanted.items()}
        case _:
            return None


def _parts(schema: Any) -> list[dict[str, Any]]:
    """Every part of a schema that says something of a value."""
    if isinstance(schema, list):
        return [each for part in schema for each in _parts(part)]
    if not isinstance(schema, dict):
        return []
    return [schema, *(each for part in schema.values() for each in _parts(part))]


def _read_by(function: Any) -> list[str]:
    """The names under which a handler may read its form: those it asks for, else every short text in it."""
    source = inspect.getsource(function)
    return re.findall(r'(?:form\[|form\.get\()"([\w:]+)"', source) or re.findall(r'"(\w+)"', source) or ["title"]
