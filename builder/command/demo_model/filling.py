"""Filling a JSON Schema from a text by rules: choices by their words, numbers and names as they are found."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any

from builder.command.demo_model.replying import polite_reply, summary, title
from builder.command.demo_model.sentences import (
    Task,
    author,
    clipped,
    email,
    numbers,
    reference,
    sentences,
    task,
    tasks,
    when,
    words,
)
from builder.command.demo_model.topics import best, related, score

Schema = Mapping[str, Any]
_DEEPEST = 24


def filled(schema: Schema, text: str, name: str = "", *, doing: Task | None = None, depth: int = 0) -> Any:
    """A value that fits `schema`, taken from `text`; `name` is what the value is called."""
    if depth > _DEEPEST:
        return None
    if "const" in schema:
        return schema["const"]
    if schema.get("enum"):
        return _chosen(schema["enum"], text)
    if choices := schema.get("anyOf") or schema.get("oneOf"):
        return filled(choices[0], text, name, doing=doing, depth=depth + 1)
    match _type(schema):
        case "object":
            inner: Mapping[str, Schema] = schema.get("properties", {})
            return {key: filled(each, text, key, doing=doing, depth=depth + 1) for key, each in inner.items()}
        case "array":
            return _array(schema, text, name, depth)
        case kind:
            return _single(kind, schema, text, name, doing)


def _single(kind: str, schema: Schema, text: str, name: str, doing: Task | None) -> Any:
    match kind:
        case "boolean":
            return score(f"{name} {schema.get('description', '')}", words(text)) > 0
        case "integer":
            return round(_number(schema, text, name))
        case "number":
            return _number(schema, text, name)
        case "null":
            return None
        case _:
            return _string(schema, text, name, doing)


def _type(schema: Schema) -> str:
    kind = schema.get("type", "object" if "properties" in schema else "string")
    return next((each for each in kind if each != "null"), "null") if isinstance(kind, list) else kind


def _chosen(options: list[Any], text: str) -> Any:
    spoken = {str(option): option for option in options}
    return spoken[best(list(spoken), text)]


def _number(schema: Schema, text: str, name: str) -> float:
    """The number that stands nearest to a word of its name, else the first."""
    low, high = schema.get("minimum", float("-inf")), schema.get("maximum", float("inf"))
    found = [(place, value) for place, value in numbers(text) if low <= value <= high]
    if not found:
        return schema.get("minimum", 0)
    lower = text.lower()
    places = [place for word in related(name) if (place := lower.find(word)) >= 0]
    if not places:
        return found[0][1]
    return min(found, key=lambda each: min(abs(each[0] - place) for place in places))[1]


def _string(schema: Schema, text: str, name: str, doing: Task | None) -> str:
    asked = frozenset(words(name.replace("_", " ")))
    for names, find in (_OF_TASKS if doing else _OF_TEXT).items():
        if asked & frozenset(names.split()):
            return clipped(find(doing or text), schema.get("maxLength", 2000))
    found = doing.what if doing else _closest(f"{name} {schema.get('description', '')}", text)
    return clipped(found, schema.get("maxLength", 300))


def _closest(name: str, text: str) -> str:
    """The sentence that speaks most of a name, else the first."""
    found = sentences(text)
    return max(found, key=lambda each: score(name, words(each)), default="")


def _language(text: str) -> str:
    german = sum(word in {"und", "der", "die", "das", "ist", "nicht", "ich", "wir", "bitte"} for word in words(text))
    return "German" if german > 2 else "English"


def _reason(text: str) -> str:
    return f"The text says: “{clipped(_closest('urgent error invoice', text), 160)}”"


_OF_TASKS: dict[str, Callable[[Any], str]] = {
    "who owner assignee responsible person name": lambda doing: doing.who or "not named",
    "when due deadline date by until": lambda doing: doing.when or "not given",
}
_OF_TEXT: dict[str, Callable[[Any], str]] = {
    "email mail": email,
    "reply answer response draft message": polite_reply,
    "title subject headline topic": title,
    "summary overview abstract tldr": summary,
    "reason why rationale explanation because": _reason,
    "name customer author sender who contact person": author,
    "when due deadline date": when,
    "language": _language,
    "reference number id order code": reference,
}
"""words of a name and what is looked for; the first that fits counts"""


def _array(schema: Schema, text: str, name: str, depth: int) -> list[Any]:
    entry: Schema = schema.get("items") or {}
    most, least = schema.get("maxItems", 12), schema.get("minItems", 0)
    if entry.get("enum"):
        found = words(text)
        fitting = [each for each in entry["enum"] if score(str(each), found) > 0]
        entries: list[Any] = fitting or [_chosen(entry["enum"], text)]
    elif _type(entry) == "object":
        pairs = [(each, task(each)) for each in sentences(text)]
        doings = [(each, doing) for each, doing in pairs if doing]
        entries = [filled(entry, each, name, doing=doing, depth=depth + 1) for each, doing in doings]
    elif _type(entry) in ("integer", "number"):
        entries = [round(value) if _type(entry) == "integer" else value for _, value in numbers(text)]
    else:
        entries = list(_texts(name, text))
    while len(entries) < least:
        entries.append(filled(entry, text, name, depth=depth + 1))
    return entries[:most]


def _texts(name: str, text: str) -> list[str]:
    asked = frozenset(words(name.replace("_", " ")))
    if asked & {"actions", "action", "tasks", "todos", "todo", "steps"}:
        return [f"{each.who}: {each.what}" if each.who else each.what for each in tasks(text)]
    if asked & {"decisions", "decision", "agreements"}:
        return [each for each in sentences(text) if {"decided", "agreed", "decision", "beschlossen"} & set(words(each))]
    if asked & {"questions", "question", "open"}:
        return [each for each in sentences(text) if each.endswith("?")]
    if asked & {"people", "names", "attendees", "participants", "owners"}:
        return list(dict.fromkeys(each.who for each in tasks(text) if each.who))
    if asked & {"topics", "keywords", "tags", "labels"}:
        counted = Counter(word for word in words(text) if len(word) > 5)
        return [word for word, _ in counted.most_common(5)]
    return sentences(text)[:3]
