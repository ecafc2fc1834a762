"""Library: approved workflows to start from; what one of them does stands on its own page, see `template`."""

import reflex as rx
from reflex.vars import ObjectVar

from builder import routes
from builder.components.button import link_button
from builder.components.empty import empty
from builder.components.field import search
from builder.components.icon import workflow_icon
from builder.components.loading import skeleton_cards
from builder.components.narrow import no_match
from builder.components.shelf import Shelved, shelf, shelf_card
from builder.components.shell import page
from builder.components.toast import told
from builder.session import current_actor, internal, requires
from builder.texts import count
from builder.wiring import runtime
from runtime.operations import templates
from runtime.operations.templates import TemplateCard


class Card(Shelved):
    """A template as its card shows it."""

    icon: str
    owner: str
    steps: str
    used: str
    released: float


NO_CARD = Card(name="", title="", about="", icon="", owner="", steps="", used="", released=0.0)


class Library(rx.State):
    """The list, and what is searched for."""

    cards: rx.Field[list[Card]] = rx.field(default_factory=list)
    loaded: bool = False
    wanted: str = ""

    @internal
    async def load(self) -> None:
        self.wanted = ""
        await self._find()

    @requires("template.list")
    async def search(self, text: str) -> None:
        self.wanted = text
        await self._find()

    async def _find(self) -> None:
        async with told(self):
            found = await templates.list_templates(runtime(), current_actor(), words=self.wanted)
            self.cards, self.loaded = [card_of(each) for each in found], True


def card_of(found: TemplateCard) -> Card:
    return Card(
        name=found.name,
        title=found.title,
        about=found.description,
        icon=found.icon,
        owner=found.owner,
        steps=count(found.steps, "step"),
        used=f"used {count(found.used, 'time')}" if found.used else "",
        released=found.released,
    )


def screen() -> rx.Component:
    """The list."""
    return page(
        "Library",
        rx.cond(Library.loaded, rx.fragment(_filters(), _listed()), skeleton_cards(3)),
        here=routes.LIBRARY,
        lead="Workflows that were reviewed once, to start your own from.",
    )


def _filters() -> rx.Component:
    return rx.cond(
        Library.cards | (Library.wanted != ""),
        rx.el.div(search("Search templates", on_change=Library.search.debounce(150)), class_name="gl-filters"),
    )


def _listed() -> rx.Component:
    return shelf(
        Library.cards,
        _card,
        rx.cond(
            Library.wanted != "",
            no_match("template"),
            empty(
                "No templates for you yet",
                "When IT publishes a workflow as a template for you or your group, it appears here.",
                link_button("Go to workflows", routes.WORKFLOWS),
                icon_name="book-copy",
            ),
        ),
    )


def _card(one: ObjectVar[Card]) -> rx.Component:
    return shelf_card(
        one,
        rx.el.span(one["steps"], " · by ", one["owner"]),
        rx.el.span(one["used"]),
        mark=workflow_icon(one["icon"].to(str)),
        to=f"{routes.LIBRARY}/{one['name']}",
    )
