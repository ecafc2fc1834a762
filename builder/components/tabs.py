"""Tabs show one of several panels; a choice sets one of several values."""

from collections.abc import Sequence
from typing import Any

import reflex as rx

from builder.components.icon import icon


def tabs(label: str, names: Sequence[tuple[str, str]], chosen: str | rx.Var[str], on_choose: Any) -> rx.Component:
    """The row of tabs; names are (value, words). The screen shows the panel that belongs to `chosen`."""
    return rx.el.div(
        *(
            rx.el.button(
                words,
                type="button",
                role="tab",
                class_name="gl-tab",
                aria_selected=chosen == value,
                on_click=on_choose(value),
            )
            for value, words in names
        ),
        role="tablist",
        aria_label=label,
        class_name="gl-tabs",
    )


def choice(
    label: str, options: Sequence[tuple[str, str, str]], chosen: str | rx.Var[str], on_choose: Any
) -> rx.Component:
    """A few values side by side; options are (value, words, icon or "")."""
    return rx.el.div(
        *(
            rx.el.button(
                icon(icon_name, 15) if icon_name else rx.fragment(),
                words,
                type="button",
                aria_pressed=chosen == value,
                on_click=on_choose(value),
            )
            for value, words, icon_name in options
        ),
        role="group",
        aria_label=label,
        class_name="gl-choice",
    )
