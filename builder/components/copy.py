"""A button that copies a text."""

import reflex as rx

from builder.shipped import shipped


class Copy(rx.Component):
    """See copy.jsx."""

    library = shipped(__file__, "copy.jsx")
    tag = "Copy"
    text: rx.Var[str]
    label: rx.Var[str]


def copy_button(text: str | rx.Var[str], label: str = "Copy") -> rx.Component:
    return Copy.create(text=text, label=label)
