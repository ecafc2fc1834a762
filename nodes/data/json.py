"""`data.json`: read JSON, take a part of it, write it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from enum import StrEnum
from typing import Any, NoReturn, cast

from nodes.sdk import (
    ANY,
    TEXT,
    Context,
    Effect,
    Example,
    Node,
    Result,
    Shape,
    StepFailed,
    Trouble,
    Value,
    field,
)
from nodes.sdk.named import spoken
from nodes.sdk.words import quoted, shortened

LONG = 200_000
"""characters from which a text is read apart, so that other runs do not wait for it"""
HERE = f"{__name__}:worked"
EACH = "*"
_FENCE = "```"


class Way(StrEnum):
    """What is done."""

    READ = "read"
    WRITE = "write"

    @property
    def label(self) -> str:
        """The words in the form."""
        return {"read": "Read", "write": "Write as text"}[self]


class Json(Node, label="JSON", icon="braces", effects=(Effect.COMPUTE,)):
    """Read JSON text, take a part of a value, or write a value as JSON text.

    A part is written as a path: `customer.name`, `items.0.price` (the first), `items.-1` (the last), `items.*.price`
    (of each). A name with dots in it stands in quotation marks: `"a.b".c`. Text may have a code fence around it, as
    models like to write it.
    """

    operation: Way = field("What to do", default=Way.READ)
    value: Value = field("Value", "JSON text, or a value of an earlier step.", default=None,
                         example="{{ fetch.body }}")  # fmt: skip
    path: str = field("Part", "Empty: all of it.", default="", example="items.0.name", when=("operation", Way.READ),
                      max_length=500)  # fmt: skip
    must_exist: bool = field(
        "Fail when it is not there", "Else nothing is handed on.", default=False, when=("operation", Way.READ),
        advanced=True,
    )  # fmt: skip
    pretty: bool = field("With line breaks", default=False, when=("operation", Way.WRITE))

    examples = (
        Example(
            "The price of every item",
            settings={"value": '{"items": [{"price": 3}, {"price": 4.5}]}', "path": "items.*.price"},
            output={"output": [3, 4.5]},
        ),
        Example(
            "What a model wrote around it does not matter",
            settings={"value": 'Here it is:\n```json\n{"topic": "billing"}\n```', "path": "topic"},
            output={"output": "billing"},
        ),
        Example(
            "A value for a text",
            settings={"operation": "write", "value": {"topic": "billing", "urgent": False}},
            output={"output": '{"topic": "billing", "urgent": false}'},
        ),
    )

    def does(self) -> frozenset[Effect]:
        """Nothing anybody has to judge: it may work in a process of its own, but runs no code of a person."""
        return frozenset()

    def outputs(self) -> dict[str, Shape]:
        """The value, or the text."""
        what = (
            TEXT.model_copy(update={"description": "The value as JSON text"})
            if self.operation is Way.WRITE
            else ANY.model_copy(update={"description": "What was read"})
        )
        return {"output": what}

    def troubles(self) -> list[Trouble]:
        """Nothing to read, or a path nobody can follow."""
        found: list[Trouble] = []
        if self.value is None or self.value == "":
            found.append(Trouble("value", "missing", "Choose the value."))
        try:
            keys_of(self.path)
        except ValueError as error:
            found.append(Trouble("path", "bad_path", str(error)))
        return found

    def explain(self) -> str:
        """What is read, or written."""
        if self.operation is Way.WRITE:
            return f"Writes {quoted(self.value)} as JSON text."
        return f"Reads {f'“{self.path}” of ' if self.path else ''}{quoted(self.value)} as JSON."

    async def run(self, ctx: Context) -> Result:
        """Read or write; a long text apart from everything else."""
        given = self.model_dump(mode="json")
        if isinstance(self.value, str) and len(self.value) > LONG:
            return await ctx.sandbox.apart(HERE, given)
        return worked(given)


def worked(given: Mapping[str, Any]) -> dict[str, Any]:
    """What a JSON step with these settings hands on. Pure. Raises `StepFailed`."""
    step = Json.model_validate(given)
    if step.operation is Way.WRITE:
        return {"output": json.dumps(step.value, ensure_ascii=False, indent=2 if step.pretty else None)}
    value = read(step.value) if isinstance(step.value, str) else step.value
    keys = keys_of(step.path)
    found = follow(value, keys)
    if step.must_exist and found is None:
        raise StepFailed(
            f"There is no “{step.path}” in this value, which is {spoken(value)}: {shortened(value)}.",
            code="not_there",
            hint="Look at what the earlier step gave, and correct the path.",
        )
    return {"output": found}


def read(text: str) -> Any:
    """The value a text holds. Words before a code fence are passed over. Raises `StepFailed` with the line."""
    body = _unfenced(text)
    try:
        return json.loads(body, parse_constant=_no_constant)
    except json.JSONDecodeError as error:
        line = body.splitlines()[error.lineno - 1] if body.splitlines() else ""
        raise StepFailed(
            f"This is not JSON: {error.msg} in line {error.lineno}, column {error.colno}: {quoted(line[:80])}.",
            code="not_json",
            hint="Look at what the earlier step gave; JSON begins with { or [, and its texts stand in double quotes.",
        ) from error
    except (ValueError, RecursionError) as error:
        raise StepFailed(
            "This JSON holds what cannot be read: a number that is too large, or brackets too deep in one another.",
            code="not_json",
        ) from error


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON")


def _unfenced(text: str) -> str:
    """What stands inside the first code fence, or all of it."""
    before, fence, rest = text.partition(_FENCE)
    if not fence or before.lstrip()[:1] in ("{", "["):
        return text.strip()
    inside = rest.partition("\n")[2] if "\n" in rest else rest
    return inside.partition(_FENCE)[0].strip()


def keys_of(path: str) -> tuple[str, ...]:
    """The keys of a path. Raises `ValueError` with a sentence for one that cannot be followed."""
    keys: list[str] = []
    rest = path.strip().removeprefix("$.")
    while rest:
        if rest[0] == '"':
            key, closing, rest = rest[1:].partition('"')
            if not closing:
                raise ValueError("The quotation mark of this path is not closed.")
            if rest and rest[0] not in ".[":
                raise ValueError(f"A dot is missing after “{key}”.")
        elif rest[0] == "[":
            key, closing, rest = rest[1:].partition("]")
            if not closing or not (key == EACH or key.lstrip("-").isdecimal()):
                raise ValueError(f"“[{key}” is no place in a list: write [0] or [*].")
        else:
            end = min((at for at in (rest.find("."), rest.find("[")) if at >= 0), default=len(rest))
            key, rest = rest[:end], rest[end:]
            if not key:
                raise ValueError("There is a dot too many in this path.")
        keys.append(key)
        if rest.startswith("."):
            rest = rest[1:]
            if not rest:
                raise ValueError("This path ends with a dot.")
    return tuple(keys)


def follow(value: Any, keys: tuple[str, ...]) -> Any:
    """The part of a value at these keys; nothing where there is none. `*` gives a list of what is in each entry."""
    for number, key in enumerate(keys):
        if key == EACH and isinstance(value, list | dict):
            inner = cast("list[Any] | dict[str, Any]", value)
            rest = keys[number + 1 :]
            return [follow(each, rest) for each in (inner.values() if isinstance(inner, dict) else inner)]
        if isinstance(value, dict):
            value = cast("dict[str, Any]", value).get(key)
        elif isinstance(value, list) and key.removeprefix("-").isdecimal() and len(key) < 10:
            entries, at = cast("list[Any]", value), int(key)
            value = entries[at] if -len(entries) <= at < len(entries) else None
        else:
            return None
    return value
