"""Arguments for any signature, made of one word: the name of a thing that is not one's own, or of nothing."""

from __future__ import annotations

import inspect
import re
from typing import Any


def payload(policy: Any, word: str, choice: int = 0) -> dict[str, Any]:
    """What fits the handler's strict schema, with `word` wherever a text may stand; `choice` picks among literals."""
    schema = policy.arguments.adapter.json_schema()
    found = _filled(schema, schema.get("$defs", {}), word, choice)
    for name, part in schema.get("properties", {}).items():
        if part.get("type") == "object" and "additionalProperties" in part and not part.get("properties"):
            found[name] = dict.fromkeys(_read_by(policy.function), word)
    return found


def choices(policy: Any) -> int:
    """How many values its widest literal has."""
    return max([1, *(len(each["enum"]) for each in _parts(policy.arguments.adapter.json_schema()) if "enum" in each)])


def takes_text(policy: Any) -> bool:
    """Whether a name of something may be handed to it."""
    texts = ({"type": "string"}.items() <= each.items() for each in _parts(policy.arguments.adapter.json_schema()))
    return any(texts)


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
            return max(schema.get("minimum", 1), 1)
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
    """The names under which a handler reads its form."""
    return re.findall(r'(?:form\[|form\.get\()"([\w:]+)"', inspect.getsource(function)) or ["title"]
