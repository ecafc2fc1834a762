"""A button that copies a text."""

import reflex as rx


class Copy(rx.Component):
    """See copy.jsx."""

    library = rx.asset("copy.jsx", shared=True).importable_path
    tag = "Copy"
    text: rx.Var[str]
    label: rx.Var[str]


def copy_button(text: str | rx.Var[str], label: str = "Copy") -> rx.Component:
    return Copy.create(text=text, label=label)
