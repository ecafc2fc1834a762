"""Publishing what was approved: as an app people run, or as a template others start from.

`publish_panel(decision)` stands on the page of an approved submission, with `Publish.prepare(decision)` in its load.
"""

from typing import Literal, TypedDict

import reflex as rx
from reflex.vars import ObjectVar

from builder import routes
from builder.components.asking import Asking
from builder.components.badge import badge
from builder.components.button import button, icon_button, link_button, submit
from builder.components.card import card
from builder.components.dialog import dialog
from builder.components.field import bare_select, field, text_input
from builder.components.holders import FindsHolders, Holder, holder_icon, holder_search
from builder.components.toast import notice, told
from builder.components.when import when
from builder.session import current_actor, internal, requires
from builder.wiring import runtime
from runtime.errors import NotAllowed, NotFound
from runtime.operations import publishing, reaching
from runtime.operations.publishing import Offer

As = Literal["app", "template"]


class Choice(TypedDict):
    """An app or a template of the same workflow."""

    name: str
    title: str


class Publish(Asking, FindsHolders, rx.State):
    """What may become of the decision, and what is being filled in."""

    decision: str = ""
    standing: bool = False
    sentence: str = ""
    title: str = ""
    running: str = ""
    """the app that runs exactly this"""
    until: float = 0.0
    """when the approval ends by itself"""
    offered: str = ""
    """the template that is exactly this"""
    apps: rx.Field[list[Choice]] = rx.field(default_factory=list)
    templates: rx.Field[list[Choice]] = rx.field(default_factory=list)
    into: str = ""
    """the app or template it becomes the next release of; empty for a new one"""
    chosen: rx.Field[list[Holder]] = rx.field(default_factory=list)
    shut_out: rx.Field[list[str]] = rx.field(default_factory=list)
    """a sentence for each knowledge base that somebody chosen may not search"""
    busy: bool = False
    link: str = ""
    """where what was just published stands"""

    @rx.var
    def choices(self) -> list[Choice]:
        """What it may become the next release of."""
        return self.templates if self.asking == "template" else self.apps

    @internal
    async def prepare(self, decision: str) -> None:
        """What the panel offers for a decision; nothing for who may not publish."""
        if decision != self.decision:  # whoever clicked before the page had loaded again keeps their dialog
            self.asking, self.link = "", ""
        self.decision, self.busy = "", False
        if not decision:
            return
        try:
            offer = await publishing.prepare_publication(runtime(), current_actor(), decision=decision)
        except (NotAllowed, NotFound):
            return
        self._offer(decision, offer)

    def _offer(self, decision: str, offer: Offer) -> None:
        self.decision, self.standing, self.sentence = decision, offer.standing, offer.sentence
        self.title, self.running, self.offered, self.until = (
            offer.title,
            offer.published,
            offer.offered,
            offer.until or 0.0,
        )
        self.apps = [Choice(name=name, title=title) for name, title in offer.apps]
        self.templates = [Choice(name=name, title=title) for name, title in offer.templates]

    @requires("page.see")
    async def ask(self, what: As) -> None:
        self.asking, self.chosen, self.found, self.typed, self.link = what, [], [], "", ""
        self.shut_out = []
        self.into = self.choices[0]["name"] if self.choices else ""

    @requires("page.see")
    async def choose(self, into: str) -> None:
        self.into = into

    def _there(self) -> set[str]:
        return {each["id"] for each in self.chosen}

    @requires("page.see")
    async def add(self, holder: str) -> None:
        self.chosen = [*self.chosen, *(each for each in self.found if each["id"] == holder)]
        self._picked()
        await self._reach()

    @requires("page.see")
    async def drop(self, holder: str) -> None:
        self.chosen = [each for each in self.chosen if each["id"] != holder]
        await self._reach()

    async def _reach(self) -> None:
        """An app that draws on what its people may not read would fail for them: say so before, not after."""
        self.shut_out = []
        if self.asking == "app":
            holders = [each["id"] for each in self.chosen]
            found = await reaching.shut_out(runtime(), current_actor(), decision=self.decision, holders=holders)
            self.shut_out = [each.sentence for each in found]

    @requires("app.prepare")
    async def publish(self, form: dict[str, str]):
        """The door asks for the right, and for a fresh proof of who it is."""
        self.busy = True
        yield
        holders, title = [each["id"] for each in self.chosen], form.get("title", "")
        async with told(self):
            if self.asking == "template":
                done = await publishing.publish_template(
                    runtime(), current_actor(), decision=self.decision, title=title, holders=holders,
                    template=self.into or None,
                )  # fmt: skip
                self.link = f"{routes.LIBRARY}/{done.name}"
            else:
                done = await publishing.publish_app(
                    runtime(), current_actor(), decision=self.decision, title=title, holders=holders,
                    app=self.into or None,
                )  # fmt: skip
                self.link = routes.app(done.name)
            self.asking = ""
            offer = await publishing.prepare_publication(runtime(), current_actor(), decision=self.decision)
            self._offer(self.decision, offer)
        self.busy = False


def publish_panel(decision: rx.Var[str] | str) -> rx.Component:
    """What stands on the page of an approved submission; empty for whoever may not publish."""
    return rx.cond((Publish.decision != "") & (Publish.decision == decision), _panel())


def _panel() -> rx.Component:
    buttons = rx.el.div(
        button("Publish as an app", kind="primary", icon_name="rocket", on_click=Publish.ask("app")),
        button("Publish as a template", icon_name="book-copy", on_click=Publish.ask("template")),
        class_name="gl-row gl-row--wrap",
    )
    there = rx.el.div(
        badge("Published", "green"),
        rx.cond(
            Publish.running != "",
            link_button("Open the app", f"{routes.APPS}/{Publish.running}", small=True, icon_name="layout-grid"),
        ),
        rx.cond(
            Publish.offered != "",
            link_button("Open the template", f"{routes.LIBRARY}/{Publish.offered}", small=True, icon_name="book-copy"),
        ),
        class_name="gl-row gl-row--wrap",
    )
    return rx.fragment(
        card(
            rx.el.div(
                rx.cond(
                    Publish.standing,
                    rx.el.p(
                        "Only exactly what was approved can be published. As an app people run it; as a template they "
                        "start from it.",
                        class_name="gl-muted",
                    ),
                    notice(Publish.sentence, "amber", icon_name="triangle-alert"),
                ),
                rx.cond(
                    Publish.until > 0,
                    rx.el.p(
                        "It holds until ",
                        when(Publish.until),
                        " unless what was asked for is done by then.",
                        class_name="gl-muted gl-small",
                    ),
                ),
                rx.cond(Publish.link != "", _done(), rx.cond((Publish.running != "") | (Publish.offered != ""), there)),
                rx.cond(Publish.standing, buttons),
                class_name="gl-stack",
            ),
            title="Publish",
            id="publish",
        ),
        _dialog(),
    )


def _done() -> rx.Component:
    return notice(rx.el.span("Published. ", rx.el.a("Open it", href=Publish.link)), "green", icon_name="circle-check")


def _dialog() -> rx.Component:
    is_app = Publish.asking == "app"
    again = Publish.into != ""
    form = rx.el.form(
        rx.cond(
            Publish.choices.length() > 0,
            field(
                "As",
                bare_select(
                    rx.foreach(
                        Publish.choices,
                        lambda each: rx.el.option(f"The next release of “{each['title']}”", value=each["name"]),
                    ),
                    rx.el.option(rx.cond(is_app, "A new app", "A new template"), value=""),
                    value=Publish.into,
                    on_change=Publish.choose,
                    id="publish-into",
                ),
                id="publish-into",
            ),
        ),
        text_input(
            "Title", "title", id="publish-title", default_value=Publish.title, max_length=100,
            help="What people see: say in a few words what it does for them.",
        ),
        _holders(),
        rx.foreach(Publish.shut_out, lambda each: notice(each, "amber", icon_name="triangle-alert")),
        rx.el.div(
            button("Cancel", kind="quiet", on_click=Publish.close),
            submit("Publish", busy=Publish.busy, disabled=(Publish.chosen.length() == 0) & ~again),
            class_name="gl-row gl-tight gl-row--end",
        ),
        on_submit=Publish.publish,
        class_name="gl-stack",
    )  # fmt: skip
    return dialog(
        form,
        open=Publish.asking != "",
        title=rx.cond(is_app, "Publish as an app", "Publish as a template"),
        on_close=Publish.close,
    )


def _holders() -> rx.Component:
    """For whom; a next release keeps those it has."""
    help_words = rx.cond(
        Publish.into != "",
        "Whoever has it keeps it. Add others here.",
        rx.cond(
            Publish.asking == "template",
            "Groups, people or a role that may start from it. Nobody else learns that it exists.",
            "Groups or people who may run it. Nobody else learns that it exists.",
        ),
    )
    return rx.el.div(
        rx.el.p("For", class_name="gl-label"),
        rx.el.div(rx.foreach(Publish.chosen, _one_chosen), class_name="gl-row gl-row--wrap gl-tight"),
        holder_search(Publish, "Add groups or people", "publish"),
        rx.cond(
            Publish.found,
            rx.el.div(rx.foreach(Publish.found, _one_found), class_name="gl-share__found"),
            rx.el.p(rx.cond(Publish.typed != "", "Nobody here is called that.", help_words), class_name="gl-help"),
        ),
        class_name="gl-field",
    )


def _one_chosen(one: ObjectVar[Holder]) -> rx.Component:
    name = one["name"].to(str)
    return rx.el.span(
        holder_icon(one["kind"], 14),
        name,
        icon_button("x", f"Take {name} out", small=True, on_click=Publish.drop(one["id"].to(str))),
        class_name="gl-chosen",
    )


def _one_found(one: ObjectVar[Holder]) -> rx.Component:
    return rx.el.button(
        holder_icon(one["kind"], 14),
        rx.el.span(one["name"], class_name="gl-strong"),
        rx.el.span(one["about"], class_name="gl-muted gl-small gl-clip"),
        type="button",
        class_name="gl-pick",
        on_click=Publish.add(one["id"].to(str)),
    )
