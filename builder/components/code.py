"""Text that machines read: a block of code, and what changed between two."""

from collections.abc import Iterable
from typing import Literal

import reflex as rx


def code(text: str | rx.Var[str], label: str = "Code") -> rx.Component:
    """A block that scrolls on its own and can be reached by keyboard."""
    return rx.el.pre(text, class_name="gl-code", tab_index=0, aria_label=label)


def diff(lines: Iterable[tuple[Literal["same", "added", "removed"], str]], label: str = "Changes") -> rx.Component:
    """Line by line; an added or removed line says so by its element, its sign and its colour."""
    make = {"same": rx.el.span, "added": rx.el.ins, "removed": rx.el.del_}
    return rx.el.pre(
        *(make[kind](text) for kind, text in lines), class_name="gl-code gl-diff", tab_index=0, aria_label=label
    )
