"""Text that machines read: a block of code, and what changed between two."""

from collections.abc import Iterable, Sequence
from typing import Literal, TypedDict

import reflex as rx
from reflex.vars import ObjectVar


class DiffLine(TypedDict):
    """A line of a difference: same, added, removed, or a gap."""

    kind: str
    text: str


def code(text: str | rx.Var[str], label: str = "Code") -> rx.Component:
    """A block that scrolls on its own and can be reached by keyboard."""
    return rx.el.pre(text, class_name="gl-code", tab_index=0, aria_label=label)


def diff(lines: Iterable[tuple[Literal["same", "added", "removed"], str]], label: str = "Changes") -> rx.Component:
    """Line by line; an added or removed line says so by its element, its sign and its colour."""
    make = {"same": rx.el.span, "added": rx.el.ins, "removed": rx.el.del_}
    return rx.el.pre(
        *(make[kind](text) for kind, text in lines), class_name="gl-code gl-diff", tab_index=0, aria_label=label
    )


def differing(lines: rx.Var[Sequence[DiffLine]], label: str = "What changed, line by line") -> rx.Component:
    """The same, of lines known only at run time."""
    return rx.el.pre(rx.foreach(lines, _line), class_name="gl-code gl-diff", tab_index=0, aria_label=label)


def _line(line: ObjectVar[DiffLine]) -> rx.Component | rx.Var:
    return rx.match(
        line["kind"],
        ("added", rx.el.ins(line["text"])),
        ("removed", rx.el.del_(line["text"])),
        rx.el.span(line["text"]),
    )
