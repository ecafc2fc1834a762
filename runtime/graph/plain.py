"""Plain values: what JSON can say, checked once at the border so that nothing behind it has to ask again."""

from __future__ import annotations

from math import isfinite
from typing import Any, cast

DEEPEST = 60
"""how many lists and objects may stand inside one another"""
LARGEST = 2**53 - 1
"""the largest whole number that every reader of JSON keeps exactly"""


def plain(value: Any) -> Any:
    """The value itself. Raises ValueError with a sentence when JSON could not carry it unharmed."""
    _check(value, DEEPEST)
    return value


def _check(value: Any, depth: int) -> None:
    match value:
        case None | bool():
            return
        case str():
            if not value.isascii() and any("\ud800" <= sign <= "\udfff" for sign in value):
                raise ValueError("text holds half a character that cannot be stored")
        case int():
            if abs(value) > LARGEST:
                raise ValueError("a whole number is too large to be kept exactly; write it as text, in quotes")
        case float():
            if not isfinite(value):
                raise ValueError("a number must be finite")
        case list() | dict():
            _check_inside(cast("list[Any] | dict[Any, Any]", value), depth - 1)
        case _:
            raise ValueError(f"a value of the Python type {type(value).__name__} cannot be stored")


def _check_inside(value: list[Any] | dict[Any, Any], depth: int) -> None:
    if depth < 0:
        raise ValueError(f"more than {DEEPEST} lists or objects stand inside one another")
    if isinstance(value, dict):
        for name, each in value.items():
            if not isinstance(name, str):
                raise ValueError("every name in an object must be text")
            _check(name, depth)
            _check(each, depth)
    else:
        for each in value:
            _check(each, depth)
