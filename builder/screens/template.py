"""One template: a drawing of its steps, what each does, and the button that makes a draft of it."""

from contextlib import suppress
from typing import Any

import reflex as rx

from builder import routes
from builder.canvas.picture import picture
from builder.components.asking import Asking
from builder.components.button import button, link_button
from builder.components.card import card
from builder.components.dialog import confirm, form_dialog
from builder.components.empty import empty
from builder.components.field import text_input
from builder.components.icon import icon
from builder.components.link import link
from builder.components.loading import skeleton_card
from builder.components.share import Share, share_dialog
from builder.components.shell import page
from builder.components.toast import tell, told
from builder.components.walk import Part, parts_of, walk
from builder.components.when import when
from builder.screens.library import NO_CARD, Card, card_of
from builder.session import current_actor, internal, requires
from builder.wiring import runtime
from runtime.errors import NotAllowed, NotFound
from runtime.operations import templates
from runtime.operations.actors import permit

LONGEST_TITLE = 120


class Template(Asking, rx.State):
    """The template that is read."""

    card: rx.Field[Card] = rx.field(default_factory=NO_CARD.copy)
    parts: rx.Field[list[Part]] = rx.field(default_factory=list)
    drawn: rx.Field[dict[str, Any]] = rx.field(default_factory=dict)
    loaded: bool = False
    steers: bool = False
    """whether this person may take it out of the library, and say who may start from it"""

    @internal
    async def load(self) -> None:
        name = routes.last(self.router.url.path)
        if name != self.card["name"]:  # who comes back may have pressed a button before this
            self.asking = ""
        self.card, self.parts, self.drawn, self.loaded = NO_CARD.copy(), [], {}, False
        self.steers = permit(current_actor(), "template.withdraw").allowed
        with suppress(NotFound, NotAllowed):  # the page says so, to both the same
            view = await templates.open_template(runtime(), current_actor(), template=name)
            self.card, self.parts, self.drawn = card_of(view.card), parts_of(view.walk), view.picture.drawn()
        self.loaded = True

    @requires("page.see")
    async def ask(self, what: str) -> None:
        self.asking = what

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


def screen() -> rx.Component:
    return page(
        rx.cond(Template.card["name"] != "", Template.card["title"], "Template"),
        rx.cond(
            Template.loaded,
            rx.cond(Template.card["name"] != "", _found(), _missing()),
            skeleton_card("30%", "80%", "60%"),
        ),
        here=routes.LIBRARY,
        lead=Template.card["about"].to(str),
        above=link(icon("chevron-left", 14), "Library", to=routes.LIBRARY, class_name="gl-back"),
        actions=rx.cond(Template.card["name"] != "", _actions()),
    )


def _actions() -> rx.Component:
    name, title = Template.card["name"].to(str), Template.card["title"].to(str)
    return rx.fragment(
        rx.cond(
            Template.steers,
            rx.fragment(
                button("Withdraw", kind="quiet", icon_name="archive", on_click=Template.ask("withdraw")),
                button("Share", icon_name="share-2", on_click=Share.ask("template", name, title)),
            ),
        ),
        button("Use this template", kind="primary", icon_name="copy-plus", on_click=Template.ask("use")),
    )


def _missing() -> rx.Component:
    return empty(
        "There is no such template",
        "It was withdrawn, or it is not shared with you.",
        link_button("Go to the library", routes.LIBRARY),
        icon_name="compass",
    )


def _found() -> rx.Component:
    one = Template.card
    return rx.el.div(
        rx.el.p(
            one["steps"], " · by ", one["owner"], " · released ", when(one["released"].to(float)),
            rx.cond(one["used"] != "", f" · {one['used']}", ""), class_name="gl-muted gl-small",
        ),
        picture(Template.drawn, f"The steps of {one['title']}"),
        card(walk(Template.parts), title="What it does"),
        _use_dialog(),
        _withdraw_dialog(),
        share_dialog(),
        class_name="gl-stack gl-loose",
    )  # fmt: skip


def _use_dialog() -> rx.Component:
    return form_dialog(
        text_input(
            "Name", "title", default_value=Template.card["title"].to(str), max_length=LONGEST_TITLE,
            help="Your draft opens in the editor. It remembers which template it came from.",
        ),
        open=Template.asking == "use",
        title="Use this template",
        verb="Make a draft",
        on_submit=Template.use,
        on_close=Template.close,
    )  # fmt: skip


def _withdraw_dialog() -> rx.Component:
    return confirm(
        rx.el.p("Nobody starts from it any more. Drafts that were started from it stay.", class_name="gl-muted"),
        open=Template.asking == "withdraw",
        title="Withdraw this template?",
        verb="Withdraw",
        on_confirm=Template.withdraw,
        on_close=Template.close,
    )
