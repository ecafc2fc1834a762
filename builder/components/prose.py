"""Text as models write it, made readable; see prose.jsx for what it leaves out, and why, prose_blocks.js for how."""

import reflex as rx

rx.asset("prose_blocks.js", shared=True)


class Prose(rx.Component):
    """See prose.jsx."""

    library = rx.asset("prose.jsx", shared=True).importable_path
    tag = "Prose"
    text: rx.Var[str]


def prose(text: str | rx.Var[str]) -> rx.Component:
    return Prose.create(text=text)
