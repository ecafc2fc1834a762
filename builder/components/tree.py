"""A nested value as lines: names, values, depth by depth. Flat, because Reflex cannot draw what nests without end."""

from collections.abc import Iterator
from typing import Any, TypedDict

import reflex as rx
from reflex.vars import ObjectVar

LONGEST = 400
"""Characters of one value; the whole text stands in its own block."""

MOST = 300
"""Lines of one tree; a person reads no more, and a browser should not get more."""


class Line(TypedDict):
    """One line of a tree."""

    depth: int
    name: str
    value: str


def lines_of(value: Any) -> list[Line]:
    """A JSON value as lines, cut where it gets too long to read."""
    lines = list[Line]()
    for line in _lines(value, "", 0):
        if len(lines) == MOST:
            return [*lines, Line(depth=0, name="…", value="and more")]
        lines.append(line)
    return lines


def _lines(value: Any, name: str, depth: int) -> Iterator[Line]:
    below = depth + 1 if name else depth
    match value:
        case dict() if value:
            if name:
                yield Line(depth=depth, name=name, value="")
            for key, inner in value.items():
                yield from _lines(inner, str(key), below)
        case list() if value:
            if name:
                yield Line(depth=depth, name=name, value=f"{len(value)} items" if len(value) != 1 else "1 item")
            for place, inner in enumerate(value):
                yield from _lines(inner, str(place + 1), below)
        case _:
            yield Line(depth=depth, name=name, value=_plain(value))


def _plain(value: Any) -> str:
    match value:
        case None:
            return "nothing"
        case bool():
            return "yes" if value else "no"
        case {} | []:
            return "empty"
        case _:
            text = str(value)
            return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"


def tree(lines: rx.Var[list[Line]]) -> rx.Component:
    """The lines of `lines_of`."""
    return rx.el.div(rx.foreach(lines, _line), class_name="gl-tree")


def _line(line: ObjectVar[Line]) -> rx.Component:
    return rx.el.div(
        rx.cond(line["name"] != "", rx.el.span(line["name"], class_name="gl-tree__name"), rx.fragment()),
        rx.el.span(line["value"], class_name="gl-tree__value"),
        class_name="gl-tree__leaf",
        custom_attrs={"style": {"--depth": line["depth"]}},
    )
