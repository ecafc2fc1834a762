"""A list that gets shorter as one types: the box, what was typed, and what is said when nothing is left."""

from collections.abc import Mapping
from typing import Any, TypeVar

import reflex as rx

from builder.components.empty import empty
from builder.components.field import search
from builder.session import requires

Row = TypeVar("Row", bound=Mapping[str, Any])


class Narrowed(rx.State, mixin=True):
    """A state with such a list; what of it is shown is a computed var of its own."""

    wanted: str = ""

    @requires("page.see")
    async def search(self, text: str) -> None:
        self.wanted = text


def narrowed(rows: list[Row], wanted: str, *names: str) -> list[Row]:
    """The rows that say what was typed in one of the fields of these names, or across them."""
    wanted = wanted.strip().lower()
    return [row for row in rows if wanted in " ".join(row[name] for name in names).lower()]


def narrow_box(state: type[Narrowed], label: str, *beside: rx.Component) -> rx.Component:
    """The box, and other filters beside it."""
    box = search(label, default_value=state.wanted, on_change=state.search.debounce(150))
    return rx.el.div(box, *beside, class_name="gl-filters")


def no_match(what: str) -> rx.Component:
    return empty(f"No {what} matches", "Try another word, or clear the search.", icon_name="search-x")
