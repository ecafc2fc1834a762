"""Text as models write it, made readable; see prose.jsx for what it leaves out, and why, prose_blocks.js for how."""

import reflex as rx

from builder.shipped import shipped

shipped(__file__, "prose_blocks.js")


class Prose(rx.Component):
    """See prose.jsx."""

    library = shipped(__file__, "prose.jsx")
    tag = "Prose"
    text: rx.Var[str]


def prose(text: str | rx.Var[str]) -> rx.Component:
    return Prose.create(text=text)
