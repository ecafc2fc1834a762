"""Filters: the closed set of small changes a reference may make to its value. All are pure."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, cast

from nodes.sdk import ANY, NUMBER, TEXT, Kind, Shape, StepFailed
from nodes.sdk.files import is_file
from nodes.sdk.reading import as_json, as_moment, as_text, length

_DATE_SIGNS = re.compile(r"(?:[^%]|%[aAbBdHIjmMpSyYZz%])*")


@dataclass(frozen=True, slots=True)
class Filter:
    """One filter: what it does, which kinds it takes, what it makes of a shape, and how it is written."""

    apply: Callable[..., Any]
    example: str
    takes: frozenset[Kind] | None = None
    """None: any kind"""
    gives: Shape | None = None
    """None: decided by `shape_after`"""
    argument: type | None = None
    optional: bool = False

    def refuses(self, arguments: tuple[Any, ...]) -> bool:
        """Whether these arguments cannot be right."""
        if self.argument is None:
            return bool(arguments)
        if len(arguments) != 1:
            return bool(arguments) or not self.optional
        return not isinstance(arguments[0], self.argument)


def _end(index: int) -> Callable[[Any], Any]:
    def pick(value: Any) -> Any:
        each = cast("list[Any]", value) if isinstance(value, list) else as_text(value)
        return each[index] if each else None

    return pick


def _default(value: Any, other: Any) -> Any:
    return other if value is None or value == "" else value


def _unchanged(value: Any, *_: Any) -> Any:
    """`if_skipped` and `required` look at the step, not at the value: `binding` does that."""
    return value


def _join(value: Any, between: str = ", ") -> str:
    return (
        between.join(as_text(each) for each in cast("list[Any]", value)) if isinstance(value, list) else as_text(value)
    )


def _python(value: Any) -> str:
    """A value as programs in Python write it into a text: imported workflows were made for it."""
    match value:
        case None | [] | ():
            return ""
        case str():
            return value
        case list() if all(is_file(each) for each in cast("list[Any]", value)):
            return ""
        case list() if all(isinstance(each, str) for each in cast("list[Any]", value)):
            return json.dumps(value, ensure_ascii=False)
        case dict():
            return "" if is_file(value) else json.dumps(value, ensure_ascii=False)
        case _:
            return str(value)


def _markdown(value: Any) -> str:
    """A list as lines with a dash, an object as JSON over several lines, a file as its name."""
    match value:
        case list() if all(is_file(each) for each in cast("list[Any]", value)):
            return "\n".join(as_text(each) for each in cast("list[Any]", value))
        case list():
            return "\n".join(f"- {each}" for each in cast("list[Any]", value))
        case dict():
            return as_text(value) if is_file(value) else json.dumps(value, ensure_ascii=False, indent=2)
        case _:
            return _python(value)


def _date(value: Any, form: str) -> str:
    if value is None or value == "":
        return ""
    moment = as_moment(value)
    if moment is None:
        shown = as_text(value)[:60]
        raise StepFailed(
            f"“{shown}” is no date, so it cannot be written as one.",
            code="not_a_date",
            hint="Dates are written like 2026-11-03 or 2026-11-03T14:30.",
        )
    return moment.strftime(form)


def _upper(value: Any) -> str:
    return as_text(value).upper()


def _lower(value: Any) -> str:
    return as_text(value).lower()


def _trim(value: Any) -> str:
    return as_text(value).strip()


FILTERS: dict[str, Filter] = {
    "upper": Filter(_upper, "upper", gives=TEXT),
    "lower": Filter(_lower, "lower", gives=TEXT),
    "trim": Filter(_trim, "trim", gives=TEXT),
    "json": Filter(as_json, "json", gives=TEXT),
    "length": Filter(length, "length", frozenset({Kind.TEXT, Kind.LIST, Kind.OBJECT}), NUMBER),
    "first": Filter(_end(0), "first", frozenset({Kind.TEXT, Kind.LIST})),
    "last": Filter(_end(-1), "last", frozenset({Kind.TEXT, Kind.LIST})),
    "default": Filter(_default, 'default("none")', argument=object),
    "if_skipped": Filter(_unchanged, 'if_skipped("none")', argument=str),
    "required": Filter(_unchanged, "required"),
    "join": Filter(_join, 'join(", ")', frozenset({Kind.LIST}), TEXT, argument=str, optional=True),
    "markdown": Filter(_markdown, "markdown", gives=TEXT),
    "python": Filter(_python, "python", gives=TEXT),
    "date": Filter(_date, 'date("%d.%m.%Y")', frozenset({Kind.DATE, Kind.TEXT}), TEXT, argument=str),
}
"""every filter by its name"""


def shape_after(name: str, shape: Shape) -> Shape:
    """The shape a filter makes of a shape."""
    fixed = FILTERS[name].gives
    if fixed:
        return fixed
    if name in ("default", "if_skipped", "required") or shape.kind is Kind.TEXT:
        return shape
    return shape.items or ANY


def date_form_is_known(form: str) -> bool:
    """Whether every sign after % in a date form means the same on every machine."""
    return bool(_DATE_SIGNS.fullmatch(form))
