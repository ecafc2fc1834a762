"""Text as models write it, made readable; see prose.jsx for what it leaves out, and why."""

import reflex as rx


class Prose(rx.Component):
    """See prose.jsx."""

    library = rx.asset("prose.jsx", shared=True).importable_path
    tag = "Prose"
    text: rx.Var[str]


def prose(text: str | rx.Var[str]) -> rx.Component:
    return Prose.create(text=text)
