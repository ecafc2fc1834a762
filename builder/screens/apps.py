"""Apps: what this person may run. For whoever works with apps and draws none, this is home."""

from typing import Literal, TypedDict

import reflex as rx
from reflex.vars import ObjectVar

from builder import routes
from builder.components.badge import badge
from builder.components.button import link_button
from builder.components.empty import empty
from builder.components.field import search
from builder.components.icon import workflow_icon
from builder.components.link import link
from builder.components.loading import skeleton_cards
from builder.components.shell import page
from builder.components.tabs import choice
from builder.components.toast import told
from builder.session import current_actor, internal, requires
from builder.wiring import runtime
from runtime.operations import apps, overseeing
from runtime.operations.actors import permit
from runtime.operations.apps import AppCard

Which = Literal["mine", "all"]


class Card(TypedDict):
    """An app as its card shows it."""

    name: str
    title: str
    about: str
    icon: str
    owner: str
    stopped: str


class Apps(rx.State):
    """The list, and what was typed."""

    cards: rx.Field[list[Card]] = rx.field(default_factory=list)
    loaded: bool = False
    wanted: str = ""
    which: Which = "mine"
    looks_after: bool = False
    """whether this person looks after all apps"""
    makes: bool = False

    @rx.var
    def shown(self) -> list[Card]:
        """The cards that match what was typed."""
        words = self.wanted.casefold().split()
        return [
            card
            for card in self.cards
            if all(word in f"{card['title']} {card['about']} {card['owner']}".casefold() for word in words)
        ]

    @internal
    async def load(self) -> None:
        actor = current_actor()
        self.looks_after = permit(actor, "app.oversee_all").allowed
        self.makes = permit(actor, "workflow.list").allowed
        if not self.looks_after:
            self.which = "mine"
        async with told(self):
            await self._refresh()

    async def _refresh(self) -> None:
        ask = overseeing.list_all_apps if self.which == "all" else apps.list_apps
        self.cards = [card_of(each) for each in await ask(runtime(), current_actor())]
        self.loaded = True

    @requires("page.see")
    async def search(self, text: str) -> None:
        self.wanted = text

    @requires("app.list")
    async def choose(self, which: Which) -> None:
        self.which = which
        async with told(self):
            await self._refresh()


def card_of(found: AppCard) -> Card:
    return Card(
        name=found.name,
        title=found.title,
        about=found.description,
        icon=found.icon,
        owner=found.owner,
        stopped=found.stopped,
    )


def screen() -> rx.Component:
    return page(
        "Apps",
        rx.cond(Apps.loaded, rx.fragment(_filters(), _listed()), skeleton_cards(6)),
        here=routes.APPS,
        lead="Reviewed by IT, ready to run. What you may run is listed here.",
    )


def _filters() -> rx.Component:
    which = choice("Which apps", (("mine", "Shared with me", ""), ("all", "All apps", "")), Apps.which, Apps.choose)
    return rx.cond(
        Apps.cards | Apps.looks_after,
        rx.el.div(
            search("Search apps", default_value=Apps.wanted, on_change=Apps.search.debounce(150)),
            rx.cond(Apps.looks_after, which),
            class_name="gl-filters",
        ),
    )


def _listed() -> rx.Component:
    return rx.cond(
        Apps.shown,
        rx.el.div(rx.foreach(Apps.shown, _app), class_name="gl-cards"),
        rx.cond(
            Apps.cards,
            empty("No app matches", "Try another word, or clear the search.", icon_name="search-x"),
            empty(
                "No apps for you yet",
                rx.cond(
                    Apps.makes,
                    "An app is a workflow that IT has approved and published. Draw one and submit it for review.",
                    "When somebody shares an app with you or with your group, it appears here.",
                ),
                rx.cond(Apps.makes, link_button("Go to workflows", routes.HOME, kind="primary"), rx.fragment()),
                icon_name="layout-grid",
            ),
        ),
    )


def _app(card: ObjectVar[Card]) -> rx.Component:
    return rx.el.article(
        rx.el.div(
            rx.el.span(workflow_icon(card["icon"].to(str)), class_name="gl-workflow__icon"),
            rx.el.h2(
                link(card["title"], to=f"{routes.APPS}/{card['name']}", class_name="gl-cover"),
                class_name="gl-grow gl-clip",
            ),
            class_name="gl-workflow__head",
        ),
        rx.el.p(card["about"], class_name="gl-workflow__about"),
        rx.el.div(
            rx.el.span("by ", card["owner"]),
            rx.cond(card["stopped"] != "", badge("Does not run now", "amber"), badge("Ready", "green")),
            class_name="gl-workflow__foot",
        ),
        class_name="gl-card gl-card--link gl-workflow",
    )
