"""Comparing values exactly: what Dify's conditions mean, for workflows that come from there. The facts are those of
its engine.

- Text is compared as it is: capitals and spaces count.
- The right side is read as the left side is: for yes/no as yes/no, else as text. Yes/no and a list stay what they
  are. What cannot be read fails the step, also where the left side alone would have decided.
- Nothing has no part in a comparison: it is not equal and not unequal to anything.
- 0, no, blank text of no characters, an empty list and an empty object are empty.
- What cannot be compared (a number that is to contain something) fails the step.
"""

from __future__ import annotations

import json
from typing import Any, cast

from nodes.sdk import compare
from nodes.sdk.compare import Operator
from nodes.sdk.node import StepFailed
from nodes.sdk.words import quoted

_OPPOSITE = {
    Operator.CONTAINS_NOT: Operator.CONTAINS,
    Operator.IS_NOT_ONE_OF: Operator.IS_ONE_OF,
    Operator.IS_NOT_EMPTY: Operator.IS_EMPTY,
    Operator.EXISTS_NOT: Operator.EXISTS,
}
_OWN = frozenset(
    {
        Operator.BEFORE, Operator.AFTER, Operator.LENGTH_IS, Operator.LENGTH_AT_LEAST, Operator.LENGTH_AT_MOST,
    }
)  # fmt: skip
"""operators that only Greenlane has"""


def holds(left: Any, operator: Operator, right: Any = None) -> bool:
    """Whether `left operator right` is true. Raises `StepFailed` where the two cannot be compared."""
    if operator in _OWN:
        return compare.holds(left, operator, right, match_case=True)
    if operator in _OPPOSITE:
        return not holds(left, _OPPOSITE[operator], right)
    if operator in compare.ONE_SIDED:
        return not left if operator is Operator.IS_EMPTY else left is not None
    right = _read(right, left)
    match operator:
        case Operator.IS | Operator.IS_NOT:
            return left is not None and _is(left, operator, right) == (operator is Operator.IS)
        case Operator.CONTAINS | Operator.IS_ONE_OF:
            return bool(left) and _in(left, operator, right)
        case Operator.CONTAINS_ALL:
            return _contains_all(left, right)
        case Operator.STARTS_WITH | Operator.ENDS_WITH:
            return bool(left) and _at_an_end(left, operator, right)
        case Operator.EQUAL | Operator.NOT_EQUAL:
            return left is not None and _equal(left, operator, right) == (operator is Operator.EQUAL)
        case _:
            return left is not None and _ordered(left, operator, right)


def _read(right: Any, left: Any) -> Any:
    """The right side as the left side asks for it."""
    entries = cast("list[Any]", left) if isinstance(left, list) else []
    if isinstance(left, bool) or (entries and all(isinstance(each, bool) for each in entries)):
        if isinstance(right, list):
            return [_yes_no(each) for each in cast("list[Any]", right)]
        return None if right is None else _yes_no(right)
    return cast("list[Any]", right) if isinstance(right, list | bool) else _text(right)


def _text(value: Any) -> str:
    """A value as a text that is compared."""
    match value:
        case str():
            return value
        case None:
            return ""
        case int() | float():
            return str(value)
        case _:
            return json.dumps(value, ensure_ascii=False)


def _yes_no(value: Any) -> bool:
    """Yes/no itself, a number, or a text that is one of both in JSON."""
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except (ValueError, RecursionError):
            value = None
    if isinstance(value, int):
        return bool(value)
    raise _cannot("needs true or false, or 1 or 0, on its right side")


def _is(left: Any, operator: Operator, right: Any) -> bool:
    if not isinstance(left, str | bool):
        raise _cannot(f"“{operator.label}” compares text or yes/no, and not {_shown(left)}")
    return left == right


def _in(left: Any, operator: Operator, right: Any) -> bool:
    if operator is Operator.IS_ONE_OF:
        if not isinstance(right, list):
            raise _cannot(f"“{operator.label}” needs a list on its right side, and not {_shown(right)}")
        return left in cast("list[Any]", right)
    if isinstance(left, str):
        return str(right) in left  # a list as Python writes it
    if not isinstance(left, list):
        raise _cannot(f"“{operator.label}” looks into a text or a list, and not into {_shown(left)}")
    return right in left


def _contains_all(left: Any, right: Any) -> bool:
    wanted = cast("list[Any]", right) if isinstance(right, list) else [None]
    if not any(all(isinstance(each, kind) for each in wanted) for kind in (str, bool)):
        raise _cannot(f"“{Operator.CONTAINS_ALL.label}” needs a list of texts on its right side")
    if isinstance(left, str):
        return left != "" and all(isinstance(each, str) and each in left for each in wanted)
    return isinstance(left, list) and left != [] and all(each in left for each in wanted)


def _at_an_end(left: Any, operator: Operator, right: Any) -> bool:
    if not (isinstance(left, str) and isinstance(right, str)):
        raise _cannot(f"“{operator.label}” compares two texts, and not {_shown(left)} with {_shown(right)}")
    return left.startswith(right) if operator is Operator.STARTS_WITH else left.endswith(right)


def _equal(left: Any, operator: Operator, right: Any) -> bool:
    """Numbers by number: a whole left side reads a whole number on the right."""
    if isinstance(left, bool) and isinstance(right, bool):
        return left == right
    return left == _number(right, operator, whole=isinstance(_numeric(left, operator), int))


def _ordered(left: Any, operator: Operator, right: Any) -> bool:
    value, other = _numeric(left, operator), _number(right, operator, whole=False)
    match operator:
        case Operator.GREATER:
            return value > other
        case Operator.LESS:
            return value < other
        case Operator.AT_LEAST:
            return value >= other
        case _:
            return value <= other


def _numeric(left: Any, operator: Operator) -> int | float:
    if not isinstance(left, int | float):
        raise _cannot(f"“{operator.label}” compares numbers, and not {_shown(left)}")
    return left


def _number(right: Any, operator: Operator, *, whole: bool) -> int | float:
    try:
        if whole:
            return int(right)
        return right if isinstance(right, int) else float(right)
    except (TypeError, ValueError, OverflowError):
        kind = "a whole number" if whole else "a number"
        raise _cannot(f"“{operator.label}” needs {kind} on its right side, and not {_shown(right)}") from None


def _shown(value: Any) -> str:
    return quoted(value)[:80]


def _cannot(what: str) -> StepFailed:
    return StepFailed(
        f"The condition cannot be decided: {what}.",
        code="not_comparable",
        hint="Compare by another operator, or make sure that the earlier step gives a value that fits.",
    )
