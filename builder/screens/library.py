"""Library: approved workflows to start from. What a template does is read before one begins."""

from contextlib import suppress
from typing import TypedDict

import reflex as rx
from reflex.vars import ObjectVar

from builder import routes
from builder.components.button import button, link_button
from builder.components.card import card
from builder.components.dialog import confirm, form_dialog
from builder.components.empty import empty
from builder.components.field import search, text_input
from builder.components.icon import icon, workflow_icon
from builder.components.link import link
from builder.components.loading import skeleton, skeleton_cards
from builder.components.prose import prose
from builder.components.share import Share, share_dialog
from builder.components.shell import page
from builder.components.toast import tell, told
from builder.components.when import when
from builder.session import current_actor, internal, requires
from builder.texts import count
from builder.wiring import runtime
from runtime.errors import NotFound
from runtime.operations import templates
from runtime.operations.actors import permit
from runtime.operations.templates import TemplateCard

LONGEST_TITLE = 120


class Card(TypedDict):
    """A template as its card shows it."""

    name: str
    title: str
    about: str
    icon: str
    owner: str
    steps: str
    used: str
    created: float


NO_CARD = Card(name="", title="", about="", icon="", owner="", steps="", used="", created=0.0)


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


class Template(rx.State):
    """The template that is read."""

    card: rx.Field[Card] = rx.field(default_factory=NO_CARD.copy)
    walk: str = ""
    loaded: bool = False
    asking: str = ""
    withdraws: bool = False
    """whether this person may take it out of the library"""

    @internal
    async def load(self) -> None:
        self.card, self.walk, self.loaded, self.asking = NO_CARD.copy(), "", False, ""
        name = str(self.router.url.path).rstrip("/").rpartition("/")[2]
        self.withdraws = permit(current_actor(), "template.withdraw").allowed
        with suppress(NotFound):  # the page says so
            view = await templates.open_template(runtime(), current_actor(), template=name)
            self.card, self.walk = card_of(view.card), view.walk
        self.loaded = True

    @requires("page.see")
    async def ask(self, what: str) -> None:
        self.asking = what

    @requires("page.see")
    async def close(self) -> None:
        self.asking = ""

    @requires("workflow.create")
    async def use(self, form: dict[str, str]):
        """Start a draft of one's own."""
        async with told(self):
            draft = await templates.use_template(
                runtime(), current_actor(), template=self.card["name"], title=form.get("title", "")
            )
            self.asking = ""
            return rx.redirect(routes.editor(draft.name))

    @requires("template.withdraw")
    async def withdraw(self):
        async with told(self):
            await templates.withdraw_template(runtime(), current_actor(), template=self.card["name"])
            await tell(self, "Withdrawn", "Nobody starts from it any more; drafts that were started stay.")
            return rx.redirect(routes.LIBRARY)


def card_of(found: TemplateCard) -> Card:
    return Card(
        name=found.name,
        title=found.title,
        about=found.description,
        icon=found.icon,
        owner=found.owner,
        steps=count(found.steps, "step"),
        used=f"used {count(found.used, 'time')}" if found.used else "",
        created=found.created,
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
    return rx.cond(
        Library.cards,
        rx.el.div(rx.foreach(Library.cards, _card), class_name="gl-cards"),
        rx.cond(
            Library.wanted != "",
            empty("No template matches", "Try another word, or clear the search.", icon_name="search-x"),
            empty(
                "No templates for you yet",
                "When IT publishes a workflow as a template for you or your group, it appears here.",
                link_button("Go to workflows", routes.HOME),
                icon_name="book-copy",
            ),
        ),
    )


def _card(one: ObjectVar[Card]) -> rx.Component:
    return rx.el.article(
        rx.el.div(
            rx.el.span(workflow_icon(one["icon"].to(str)), class_name="gl-workflow__icon"),
            rx.el.h2(
                link(one["title"], to=f"{routes.LIBRARY}/{one['name']}", class_name="gl-cover"),
                class_name="gl-grow gl-clip",
            ),
            class_name="gl-workflow__head",
        ),
        rx.el.p(one["about"], class_name="gl-workflow__about"),
        rx.el.div(
            rx.el.span(one["steps"], " · by ", one["owner"]), rx.el.span(one["used"]), class_name="gl-workflow__foot"
        ),
        class_name="gl-card gl-card--link gl-workflow",
    )


def template_screen() -> rx.Component:
    """One template: what it does, and the button that makes a draft of it."""
    return page(
        rx.cond(Template.card["name"] != "", Template.card["title"], "Template"),
        rx.cond(
            Template.loaded,
            rx.cond(Template.card["name"] != "", _found(), _missing()),
            rx.el.div(skeleton("30%", "80%", "60%"), class_name="gl-card gl-card__body"),
        ),
        here=routes.LIBRARY,
        lead=Template.card["about"].to(str),
        above=link(icon("chevron-left", 14), "Library", to=routes.LIBRARY, class_name="gl-back"),
        actions=rx.cond(Template.card["name"] != "", _actions()),
    )


def _actions() -> rx.Component:
    return rx.fragment(
        rx.cond(
            Template.withdraws,
            button("Withdraw", kind="quiet", icon_name="archive", on_click=Template.ask("withdraw")),
        ),
        rx.cond(
            Template.withdraws,
            button(
                "Share", icon_name="share-2", on_click=Share.ask("template", Template.card["name"].to(str),
                                                                 Template.card["title"].to(str)),
            ),
        ),
        button("Use this template", kind="primary", icon_name="copy-plus", on_click=Template.ask("use")),
    )  # fmt: skip


def _missing() -> rx.Component:
    return empty(
        "There is no such template",
        "It was withdrawn, or it is not shared with you.",
        link_button("Go to the library", routes.LIBRARY),
        icon_name="compass",
    )


def _found() -> rx.Component:
    one = Template.card
    return rx.fragment(
        card(prose(Template.walk), title="What it does"),
        rx.el.p(
            one["steps"], " · by ", one["owner"], " · published ", when(one["created"].to(float)),
            class_name="gl-faint gl-small",
        ),
        form_dialog(
            text_input("Name", "title", default_value=one["title"].to(str), max_length=LONGEST_TITLE,
                       help="Your draft opens in the editor. It remembers which template it came from."),
            open=Template.asking == "use",
            title="Use this template",
            verb="Make a draft",
            on_submit=Template.use,
            on_close=Template.close,
        ),
        confirm(
            rx.el.p("Nobody starts from it any more. Drafts that were started from it stay.", class_name="gl-muted"),
            open=Template.asking == "withdraw",
            title="Withdraw this template?",
            verb="Withdraw",
            on_confirm=Template.withdraw,
            on_close=Template.close,
        ),
        share_dialog(),
    )  # fmt: skip
