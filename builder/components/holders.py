"""Looking for somebody who may hold a right: a person, a group or a role."""

from typing import TypedDict

import reflex as rx

from builder.components.field import search
from builder.components.icon import icon
from builder.components.toast import told
from builder.session import current_actor, requires
from builder.wiring import runtime
from runtime.operations import people


class Holder(TypedDict):
    """Somebody who was found."""

    id: str
    kind: str
    name: str
    about: str


class FindsHolders(rx.State, mixin=True):
    """A state that adds holders to those it has: what was typed, and who is called that."""

    found: rx.Field[list[Holder]] = rx.field(default_factory=list)
    typed: str = ""
    picks: int = 0
    """how often somebody was picked; each time the search begins anew"""

    @requires("person.find")
    async def look_up(self, text: str) -> None:
        self.typed = text
        async with told(self):
            there = self._there()
            self.found = [
                Holder(id=each.id, kind=each.kind, name=each.name, about=each.about)
                for each in await people.find_holders(runtime(), current_actor(), text=text)
                if each.id not in there
            ]

    def _there(self) -> set[str]:
        """Whom it has already."""
        raise NotImplementedError

    def _picked(self) -> None:
        self.found, self.typed, self.picks = [], "", self.picks + 1


def holder_search(state: type[FindsHolders], label: str, name: str) -> rx.Component:
    """The box; a screen shows `state.found` below it."""
    return search(label, key=f"search-{state.picks}", on_change=state.look_up.debounce(150), id=f"{name}-search")


def holder_icon(kind: rx.Var, size: int) -> rx.Component | rx.Var:
    return rx.match(kind, ("group", icon("users", size)), ("role", icon("badge", size)), icon("user", size))
