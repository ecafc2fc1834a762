"""Apps: what this person may run. For whoever works with apps and draws none, this is home."""

from typing import Literal

import reflex as rx
from reflex.vars import ObjectVar

from builder import routes
from builder.components.badge import badge
from builder.components.button import link_button
from builder.components.empty import empty
from builder.components.icon import workflow_icon
from builder.components.loading import skeleton_cards
from builder.components.narrow import Narrowed, narrow_box, no_match
from builder.components.shelf import Shelved, shelf, shelf_card
from builder.components.shell import page
from builder.components.tabs import choice
from builder.components.toast import told
from builder.session import current_actor, internal, requires
from builder.wiring import runtime
from runtime.operations import apps, overseeing
from runtime.operations.actors import permit
from runtime.operations.apps import AppCard

Which = Literal["mine", "all"]


class Card(Shelved):
    """An app as its card shows it."""

    icon: str
    owner: str
    stopped: str


class Apps(Narrowed, rx.State):
    """The cards, and whose they are."""

    cards: rx.Field[list[Card]] = rx.field(default_factory=list)
    loaded: bool = False
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
        narrow_box(Apps, "Search apps", rx.cond(Apps.looks_after, which)),
    )


def _listed() -> rx.Component:
    return shelf(
        Apps.shown,
        _app,
        rx.cond(
            Apps.cards,
            no_match("app"),
            empty(
                "No apps for you yet",
                rx.cond(
                    Apps.makes,
                    "An app is a workflow that IT has approved and published. Draw one and submit it for review.",
                    "When somebody shares an app with you or with your group, it appears here.",
                ),
                rx.cond(Apps.makes, link_button("Go to workflows", routes.WORKFLOWS, kind="primary"), rx.fragment()),
                icon_name="layout-grid",
            ),
        ),
    )


def _app(card: ObjectVar[Card]) -> rx.Component:
    return shelf_card(
        card,
        rx.el.span("by ", card["owner"]),
        rx.cond(card["stopped"] != "", badge("Does not run now", "amber"), badge("Ready", "green")),
        mark=workflow_icon(card["icon"].to(str)),
        to=f"{routes.APPS}/{card['name']}",
    )
