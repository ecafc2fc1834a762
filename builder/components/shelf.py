"""A shelf: one card for each thing that can be opened."""

from collections.abc import Callable, Sequence
from typing import Any, TypedDict

import reflex as rx
from reflex.vars import ObjectVar

from builder.components.link import link


class Shelved(TypedDict):
    """What every card says, and the name its address ends with."""

    name: str
    title: str
    about: str


def shelf(cards: rx.Var | Sequence[Any], draw: Callable[..., rx.Component], none: rx.Component) -> rx.Component:
    """`draw` makes a `shelf_card` of each; `none` stands there when there are no cards."""
    return rx.cond(cards, rx.el.div(rx.foreach(cards, draw), class_name="gl-cards"), none)


def shelf_card(
    card: ObjectVar,
    *foot: rx.Component | rx.Var,
    mark: rx.Component | rx.Var,
    to: str | rx.Var[str],
    corner: rx.Component | None = None,
    origin: rx.Component | None = None,
) -> rx.Component:
    """The whole card is the link `to` the thing; `corner` is right of its title, `origin` below what it is about."""
    return rx.el.article(
        rx.el.div(
            rx.el.span(mark, class_name="gl-workflow__icon"),
            rx.el.h2(link(card["title"], to=to, class_name="gl-cover"), class_name="gl-grow gl-clip"),
            corner or rx.fragment(),
            class_name="gl-workflow__head",
        ),
        rx.el.p(card["about"], class_name="gl-workflow__about"),
        origin or rx.fragment(),
        rx.el.div(*foot, class_name="gl-workflow__foot"),
        class_name="gl-card gl-card--link gl-workflow",
    )
