"""Comparing values: the operators a condition may use, and exactly what each of them does.

Both sides are read leniently and predictably:
- Text is compared without regard to capitals and to space at its ends, unless `match_case` is set.
- "3" counts as the number 3 and "yes" as yes where the other side, or the operator, asks for one.
- Nothing (null, a step that was skipped) is empty, is no number and no date: every order comparison with it is false.
- Text that should be a number or a date and is none fails the step: a wrong turn would stay unseen.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import Any, cast

from nodes.sdk.node import StepFailed
from nodes.sdk.reading import as_moment, as_number, as_text, as_yes_no, is_empty, length
from nodes.sdk.shape import Kind


class Operator(StrEnum):
    """How two sides are compared."""

    CONTAINS = "contains"
    CONTAINS_NOT = "contains_not"
    CONTAINS_ALL = "contains_all"
    IS = "is"
    IS_NOT = "is_not"
    STARTS_WITH = "starts_with"
    ENDS_WITH = "ends_with"
    IS_ONE_OF = "is_one_of"
    IS_NOT_ONE_OF = "is_not_one_of"
    EQUAL = "equal"
    NOT_EQUAL = "not_equal"
    GREATER = "greater"
    LESS = "less"
    AT_LEAST = "at_least"
    AT_MOST = "at_most"
    BEFORE = "before"
    AFTER = "after"
    LENGTH_IS = "length_is"
    LENGTH_AT_LEAST = "length_at_least"
    LENGTH_AT_MOST = "length_at_most"
    IS_EMPTY = "is_empty"
    IS_NOT_EMPTY = "is_not_empty"
    EXISTS = "exists"
    EXISTS_NOT = "exists_not"

    @property
    def label(self) -> str:
        """The words on the screen and in the walk-through."""
        return _LABELS[self][0]

    @property
    def kinds(self) -> tuple[Kind, ...]:
        """The kinds of a left side this operator is offered for; empty means all."""
        return _LABELS[self][1]


_TEXT, _LIST = (Kind.TEXT,), (Kind.LIST,)
_LABELS: dict[Operator, tuple[str, tuple[Kind, ...]]] = {
    Operator.CONTAINS: ("contains", (Kind.TEXT, Kind.LIST, Kind.OBJECT)),
    Operator.CONTAINS_NOT: ("does not contain", (Kind.TEXT, Kind.LIST, Kind.OBJECT)),
    Operator.CONTAINS_ALL: ("contains all of", (Kind.TEXT, Kind.LIST)),
    Operator.IS: ("is", (Kind.TEXT, Kind.YES_NO, Kind.DATE)),
    Operator.IS_NOT: ("is not", (Kind.TEXT, Kind.YES_NO, Kind.DATE)),
    Operator.STARTS_WITH: ("starts with", _TEXT),
    Operator.ENDS_WITH: ("ends with", _TEXT),
    Operator.IS_ONE_OF: ("is one of", _TEXT),
    Operator.IS_NOT_ONE_OF: ("is not one of", _TEXT),
    Operator.EQUAL: ("=", (Kind.NUMBER,)),
    Operator.NOT_EQUAL: ("≠", (Kind.NUMBER,)),
    Operator.GREATER: (">", (Kind.NUMBER,)),
    Operator.LESS: ("<", (Kind.NUMBER,)),
    Operator.AT_LEAST: ("≥", (Kind.NUMBER,)),
    Operator.AT_MOST: ("≤", (Kind.NUMBER,)),
    Operator.BEFORE: ("is before", (Kind.DATE,)),
    Operator.AFTER: ("is after", (Kind.DATE,)),
    Operator.LENGTH_IS: ("has a length of", (Kind.TEXT, Kind.LIST)),
    Operator.LENGTH_AT_LEAST: ("has a length of at least", (Kind.TEXT, Kind.LIST)),
    Operator.LENGTH_AT_MOST: ("has a length of at most", (Kind.TEXT, Kind.LIST)),
    Operator.IS_EMPTY: ("is empty", (Kind.TEXT, Kind.LIST, Kind.OBJECT)),
    Operator.IS_NOT_EMPTY: ("is not empty", (Kind.TEXT, Kind.LIST, Kind.OBJECT)),
    Operator.EXISTS: ("exists", ()),
    Operator.EXISTS_NOT: ("does not exist", ()),
}

ONE_SIDED = frozenset({Operator.IS_EMPTY, Operator.IS_NOT_EMPTY, Operator.EXISTS, Operator.EXISTS_NOT})
"""operators without a right side"""
TWO_SIDED = tuple(each for each in Operator if each not in ONE_SIDED)


def holds(left: Any, operator: Operator, right: Any = None, *, match_case: bool = False) -> bool:
    """Whether `left operator right` is true. Raises `StepFailed` where a number or a date cannot be read."""
    fold = _exact if match_case else _folded
    match operator:
        case Operator.CONTAINS | Operator.CONTAINS_NOT | Operator.CONTAINS_ALL:
            found = _holds_in(left, operator, right, fold)
        case Operator.IS | Operator.IS_NOT:
            found = _same(left, right, fold)
        case Operator.STARTS_WITH:
            found = fold(left).startswith(fold(right))
        case Operator.ENDS_WITH:
            found = fold(left).endswith(fold(right))
        case Operator.IS_ONE_OF | Operator.IS_NOT_ONE_OF:
            found = any(_same(left, each, fold) for each in _choices(right))
        case Operator.IS_EMPTY | Operator.IS_NOT_EMPTY:
            found = is_empty(left)
        case Operator.EXISTS | Operator.EXISTS_NOT:
            found = left is not None
        case Operator.BEFORE | Operator.AFTER:
            found = _ordered(operator, left, right, as_moment, "a date like 2026-11-03")
        case Operator.LENGTH_IS | Operator.LENGTH_AT_LEAST | Operator.LENGTH_AT_MOST:
            found = _ordered(operator, length(left), right, as_number, "a number")
        case _:
            found = _ordered(operator, left, right, as_number, "a number")
    return not found if operator in _NEGATED else found


_NEGATED = frozenset(
    {
        Operator.CONTAINS_NOT, Operator.IS_NOT, Operator.IS_NOT_ONE_OF, Operator.IS_NOT_EMPTY, Operator.EXISTS_NOT,
        Operator.NOT_EQUAL,
    }
)  # fmt: skip

_ORDER: dict[Operator, Callable[[Any, Any], bool]] = {
    Operator.EQUAL: lambda left, right: left == right,
    Operator.NOT_EQUAL: lambda left, right: left == right,
    Operator.GREATER: lambda left, right: left > right,
    Operator.LESS: lambda left, right: left < right,
    Operator.AT_LEAST: lambda left, right: left >= right,
    Operator.AT_MOST: lambda left, right: left <= right,
    Operator.BEFORE: lambda left, right: left < right,
    Operator.AFTER: lambda left, right: left > right,
    Operator.LENGTH_IS: lambda left, right: left == right,
    Operator.LENGTH_AT_LEAST: lambda left, right: left >= right,
    Operator.LENGTH_AT_MOST: lambda left, right: left <= right,
}


def _exact(value: Any) -> str:
    return as_text(value)


def _folded(value: Any) -> str:
    return as_text(value).strip().casefold()


def _same(left: Any, right: Any, fold: Callable[[Any], str]) -> bool:
    for one, other in ((left, right), (right, left)):
        if isinstance(one, bool):
            return as_yes_no(other) is one
        if isinstance(one, int | float):
            return as_number(other) == one
    if isinstance(left, list | dict) and isinstance(right, list | dict):
        return left == right
    return fold(left) == fold(right)


def _holds_in(left: Any, operator: Operator, right: Any, fold: Callable[[Any], str]) -> bool:
    parts = _choices(right) if operator is Operator.CONTAINS_ALL else [right]
    return all(_contains(left, each, fold) for each in parts)


def _contains(left: Any, right: Any, fold: Callable[[Any], str]) -> bool:
    if isinstance(left, list | dict):  # of an object: one of its names
        return any(_same(each, right, fold) for each in cast("list[Any]", left))
    return left is not None and fold(right) in fold(left)


def _choices(right: Any) -> list[Any]:
    """The choices of "is one of" and the like: a list, or text with one on each line, or else between commas."""
    if isinstance(right, list):
        return cast("list[Any]", right)
    text = as_text(right)
    parts = text.splitlines() if "\n" in text else text.split(",")
    return [part.strip() for part in parts if part.strip()]


def _ordered(operator: Operator, left: Any, right: Any, read: Callable[[Any], Any], wanted: str) -> bool:
    if is_empty(left) or is_empty(right):
        return False
    sides = read(left), read(right)
    for value, side in zip((left, right), sides, strict=True):
        if side is None:
            shown = as_text(value)[:80]
            raise StepFailed(
                f"“{operator.label}” needs {wanted} on both sides, but one side is “{shown}”.",
                code="not_comparable",
                hint="Compare as text with “is” or “contains”, or make sure that the earlier step gives "
                + wanted
                + ".",
            )
    return _ORDER[operator](*sides)
