"""A workflow drawn on a page, to look at."""

from typing import Any

import reflex as rx

from builder.canvas import PICTURE
from builder.canvas.canvas import DEPENDENCIES, PROSE


class _Picture(rx.NoSSRComponent):
    """See Picture.jsx."""

    library = PICTURE
    tag = "Picture"
    lib_dependencies: list[str] = DEPENDENCIES

    drawn: rx.Var[dict[str, Any]]
    """document, types, exits, problems"""
    label: rx.Var[str]
    prose: rx.Var[Any]
    """the component that shows its notes"""


def picture(drawn: rx.Var[dict[str, Any]], label: str | rx.Var[str]) -> rx.Component:
    """The drawing; `drawn` comes from `Picture.drawn`. Nothing while it is empty."""
    return rx.cond(drawn, _Picture.create(drawn=drawn, label=label, prose=PROSE))
