"""A list that gets shorter as one types: the box, what was typed, and what is said when nothing is left."""

import reflex as rx

from builder.components.empty import empty
from builder.components.field import search
from builder.session import requires


class Narrowed(rx.State, mixin=True):
    """A state with such a list; what of it is shown is a computed var of its own."""

    wanted: str = ""

    @requires("page.see")
    async def search(self, text: str) -> None:
        self.wanted = text


def narrow_box(state: type[Narrowed], label: str, *beside: rx.Component) -> rx.Component:
    """The box, and other filters beside it."""
    box = search(label, default_value=state.wanted, on_change=state.search.debounce(150))
    return rx.el.div(box, *beside, class_name="gl-filters")


def no_match(what: str) -> rx.Component:
    return empty(f"No {what} matches", "Try another word, or clear the search.", icon_name="search-x")
