"""Entries of a list: a field inside one, when two are the same, their order and their sum."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, cast

from nodes.sdk.files import DERIVED, derived
from nodes.sdk.node import StepFailed
from nodes.sdk.reading import as_json, as_moment, as_number, as_text, is_empty
from nodes.sdk.words import quoted


def at(entry: Any, path: str) -> Any:
    """The value of a field inside an entry, written with dots; nothing where there is none."""
    for key in path.split(".") if path else ():
        if isinstance(entry, dict):
            known = cast("dict[str, Any]", entry)
            entry = derived(known, key) if key in DERIVED and key not in known else known.get(key)
        elif isinstance(entry, list) and key.isdecimal() and len(key) < 10:
            inner = cast("list[Any]", entry)
            entry = inner[int(key)] if int(key) < len(inner) else None
        else:
            return None
    return entry


def sameness(value: Any) -> str:
    """What is equal for values that count as the same: capitals and space at the ends do not matter."""
    return as_json(value) if isinstance(value, list | dict) else as_text(value).strip().casefold()


def in_order(entries: Sequence[Any], by: str = "", *, down: bool = False, exact: bool = False) -> list[Any]:
    """Sorted by numbers where all are numbers, by dates where all are dates, else by text; what is missing comes last.

    Exactly: numbers come before text, text is sorted by its signs, and only nothing is missing.
    """
    pairs = [(at(entry, by), entry) for entry in entries]
    gone = _is_nothing if exact else is_empty
    there = [pair for pair in pairs if not gone(pair[0])]
    read = _as_it_is if exact else _reader([value for value, _ in there])
    there.sort(key=lambda pair: read(pair[0]), reverse=down)
    return [entry for _, entry in there] + [entry for value, entry in pairs if gone(value)]


def _is_nothing(value: Any) -> bool:
    return value is None


def _as_it_is(value: Any) -> tuple[bool, Any]:
    return (False, value) if isinstance(value, int | float) else (True, as_text(value))


def _reader(values: list[Any]) -> Callable[[Any], Any]:
    readers: tuple[Callable[[Any], Any], ...] = (as_number, as_moment)
    return next((each for each in readers if all(each(value) is not None for value in values)), sameness)


def sum_of(entries: Sequence[Any], path: str) -> int | float:
    """The sum of a field; what is empty counts nothing. Raises `StepFailed` for what is no number."""
    total: int | float = 0
    for number, entry in enumerate(entries):
        value = at(entry, path)
        if is_empty(value):
            continue
        read = as_number(value)
        if read is None:
            raise StepFailed(
                f"“{path}” of entry {number + 1} is no number: {quoted(as_text(value)[:60])}.",
                code="not_a_number",
                hint="Keep only entries where it is one, or convert them first.",
            )
        total += read
    return round(total, 10) if isinstance(total, float) else total
