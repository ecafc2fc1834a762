"""Reading data nobody has checked: whatever stands there, what comes back has the type that was asked for."""

from __future__ import annotations

import json
import re
from typing import Any, cast
from unicodedata import normalize

from nodes.sdk.reading import as_number, as_yes_no

_NO_WORD = re.compile(r"[^a-z0-9]+")

LONGEST_JSON = 200_000
"""characters"""


def mapping(value: Any) -> dict[str, Any]:
    """An object, or an empty one."""
    return cast("dict[str, Any]", value) if isinstance(value, dict) else {}


def listed(value: Any) -> list[Any]:
    """A list, or an empty one."""
    return cast("list[Any]", value) if isinstance(value, list) else []


def mappings(value: Any) -> list[dict[str, Any]]:
    """The objects of a list."""
    return [mapping(each) for each in listed(value) if isinstance(each, dict)]


def text(value: Any) -> str:
    """Text, or a number as text; nothing else has any."""
    if isinstance(value, str):
        return value
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else ""


def texts(value: Any) -> list[str]:
    """What of a list is text."""
    return [text(each) for each in listed(value) if text(each)]


def whole(value: Any, otherwise: int, least: int, most: int) -> int:
    """A whole number between two others."""
    number = as_number(value)
    return otherwise if number is None else max(least, min(most, int(number)))


def number(value: Any) -> float | None:
    """A number, also one written as text."""
    return as_number(value)


def yes(value: Any, otherwise: bool = False) -> bool:
    """Yes or no, also written as text."""
    found = as_yes_no(value)
    return otherwise if found is None else found


def selector(value: Any) -> list[str]:
    """The parts of the path to a value: `[step, name, …]`, also where it stands in a list of its own or with dots."""
    if isinstance(value, str):
        return [each for each in value.strip("{}# ").split(".") if each] if "." in value else []
    parts = listed(value)
    if len(parts) == 1 and isinstance(parts[0], list):
        return selector(parts[0])
    return [text(each) for each in parts] if all(text(each) for each in parts) else []


def from_json(value: Any) -> Any:
    """What a text of JSON holds; any other value, and a very long text, as it is."""
    if not isinstance(value, str) or len(value) > LONGEST_JSON:
        return value
    try:
        return json.loads(value)
    except (ValueError, RecursionError):
        return value


def slug(words: str, between: str = "_") -> str:
    """Words as a name of small letters and digits; empty where there are none in them."""
    plain = normalize("NFKD", words).encode("ascii", "ignore").decode().lower()
    return _NO_WORD.sub(between, plain).strip(between)
