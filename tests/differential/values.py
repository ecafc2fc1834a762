"""Values as the reference reads them: references in settings, conditions, changes of variables."""

from __future__ import annotations

import json
import operator
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

LARGEST = 2_000
"""characters of a value as JSON above which a document is of no interest: something doubled too often"""
_REFERENCE = re.compile(r'\{\{ ([a-z0-9_.]+)(?: \| (default|if_skipped)\("([a-z]*)"\))? \}\}')
_ORDER: dict[str, Callable[[Any, Any], bool]] = {
    "equal": operator.eq, "not_equal": operator.eq, "greater": operator.gt, "less": operator.lt, "at_most": operator.le
}  # fmt: skip
Roots = dict[str, Any]
"""what references begin with: steps that ran, containers around, `variables`"""


class Failed(Exception):
    """A step, and with it what it lies in, as long as nobody handles it."""

    def __init__(self, code: str, message: str = "", culprits: Iterable[str] = ()) -> None:
        super().__init__(code)
        self.code, self.message, self.culprits = code, message, set(culprits)


class TooLarge(Exception):
    """A value doubled too often."""


def fill(value: Any, roots: Roots, *, text: bool = False) -> Any:
    """A setting with the values its references name."""
    if isinstance(value, dict):
        return {name: fill(each, roots) for name, each in value.items()}
    if isinstance(value, list):
        return [fill(each, roots) for each in value]
    if not isinstance(value, str):
        return value
    whole = _REFERENCE.fullmatch(value)
    found = (
        look_up(whole, roots) if whole and not text else _REFERENCE.sub(lambda at: written(look_up(at, roots)), value)
    )
    if len(canonical(found)) > LARGEST:
        raise TooLarge
    return found


def look_up(reference: re.Match[str], roots: Roots) -> Any:
    """The value a reference names; null where there is none."""
    name, otherwise, words = reference.groups()
    root, *keys = name.split(".")
    value = look_up_keys(roots.get(root), keys)
    if otherwise == "if_skipped":
        around = look_up_keys(roots.get(root), keys[:-1])
        return value if isinstance(around, dict) and keys[-1] in around else words
    return words if otherwise == "default" and value in (None, "") else value


def look_up_keys(value: Any, keys: list[str]) -> Any:
    for key in keys:
        value = value.get(key) if isinstance(value, dict) else None
    return value


def written(value: Any) -> str:
    """A value inside a text."""
    if isinstance(value, str):
        return value
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return "" if value is None else json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def canonical(value: Any) -> str:
    """A value as JSON; 2.0 is 2."""
    return json.dumps(_whole(value), sort_keys=True)


def _whole(value: Any) -> Any:
    if isinstance(value, list):
        return [_whole(each) for each in value]
    if isinstance(value, dict):
        return {name: _whole(each) for name, each in value.items()}
    return int(value) if isinstance(value, float) and value.is_integer() else value


def hold(conditions: Sequence[Mapping[str, Any]], match: str, roots: Roots) -> bool:
    """Whether all, or any, of some conditions hold; looked at no further than needed."""
    results = (
        _holds(fill(each["left"], roots), each["operator"], fill(each.get("right"), roots)) for each in conditions
    )
    return all(results) if match == "all" else any(results)


def asks_for(value: Any, steps: Iterable[str]) -> bool:
    """Whether a setting refers to one of some steps."""
    return any(
        each[1].partition(".")[0] in steps for each in _REFERENCE.finditer(json.dumps(value).replace('\\"', '"'))
    )


def _holds(left: Any, how: str, right: Any) -> bool:
    match how:
        case "is":
            return same(left, right)
        case "exists":
            return left is not None
        case "contains":
            if isinstance(left, list):
                return any(same(each, right) for each in left)
            return left is not None and written(right).lower() in written(left).strip().lower()
    found = False
    if not (_empty(left) or _empty(right)):  # nothing is neither more nor less
        found = _ORDER[how](number(left), number(right))
    return not found if how == "not_equal" else found


def same(one: Any, other: Any) -> bool:
    """Whether two values are the same to a person."""
    if isinstance(one, int | float) or isinstance(other, int | float):
        return (read := as_number(one)) is not None and read == as_number(other)
    if isinstance(one, list) and isinstance(other, list):
        return one == other
    return written(one).strip().lower() == written(other).strip().lower()


def as_number(value: Any) -> int | float | None:
    """A number, also where it stands as text; None for what is none."""
    if isinstance(value, str) and re.fullmatch(r"[+-]?\d+", value.strip()):
        return int(value)
    return value if isinstance(value, int | float) else None


def number(value: Any, code: str = "not_comparable") -> int | float:
    """A number, or a step fails."""
    if (found := as_number(value)) is None:
        raise Failed(code)
    return found


def _empty(value: Any) -> bool:
    return value is None or value == [] or (isinstance(value, str) and not value.strip())


def changed(old: Any, how: str, value: Any) -> Any:
    """What a variable holds after a change."""
    match how:
        case "set":
            return value
        case "clear":
            empty = {int: 0, float: 0, str: "", list: []}
            return empty.get(type(old))
        case "add" | "subtract" | "multiply":
            left, right = (number(each, "cannot_change_variable") for each in (0 if old is None else old, value))
            return {"add": left + right, "subtract": left - right, "multiply": left * right}[how]
        case "append" if isinstance(old, str):
            return old + written(value)
        case "append" if old is None or isinstance(old, list):
            return [*(old or []), value]
        case "extend" if isinstance(value, list) and (old is None or isinstance(old, list)):
            return [*(old or []), *value]
        case "remove_first" if old is None or isinstance(old, list):
            return (old or [])[1:]
        case "remove_last" if old is None or isinstance(old, list):
            return (old or [])[:-1]
    raise Failed("cannot_change_variable")
