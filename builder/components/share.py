"""The one dialog by which anything is shared: `share_dialog()` once on a screen, `Share.ask(kind, name, title)` opens.

Works for workflows, apps, templates, knowledge bases and connections alike.
"""

from typing import Literal, TypedDict

import reflex as rx
from reflex.vars import ObjectVar

from builder.components.button import button, icon_button
from builder.components.dialog import dialog
from builder.components.field import bare_select
from builder.components.holders import FindsHolders, Holder, holder_icon, holder_search
from builder.components.icon import icon
from builder.components.toast import told
from builder.session import current_actor, requires
from builder.wiring import runtime
from runtime.operations import rights
from runtime.operations.rights import OFFERED, Kind, Level

WORDS = {"see": "can see", "run": "can run", "edit": "can edit", "share": "can share", "own": "owns"}
OWN_WORDS = {
    "base": {"see": "can search", "edit": "can add documents"},
    "connection": {"run": "can use", "edit": "can change"},
}
"""rights that are called otherwise on some things"""


class Held(TypedDict):
    """A right in the list."""

    holder: str
    kind: str
    name: str
    level: str


class Choice(TypedDict):
    """A level on offer."""

    level: str
    words: str


class Share(FindsHolders, rx.State):
    """The thing that is being shared, and with whom it is."""

    kind: Literal["", "workflow", "app", "template", "base", "connection"] = ""
    name: str = ""
    title: str = ""
    held: rx.Field[list[Held]] = rx.field(default_factory=list)
    choices: rx.Field[list[Choice]] = rx.field(default_factory=list)

    @requires("page.see")
    async def ask(self, kind: Kind, name: str, title: str) -> None:
        self.kind, self.held = "", []
        async with told(self):
            await self._refresh(kind, name)
            self.kind, self.name, self.title = kind, name, title
            self._picked()
            words = WORDS | OWN_WORDS.get(kind, {})
            self.choices = [Choice(level=level, words=words[level]) for level in OFFERED[kind]]

    async def _refresh(self, kind: Kind, name: str) -> None:
        found = await rights.list_rights(runtime(), current_actor(), kind=kind, name=name)
        self.held = [Held(holder=each.holder, kind=each.kind, name=each.name, level=each.level) for each in found]

    @requires("page.see")
    async def close(self) -> None:
        self.kind, self.held, self.found = "", [], []

    def _there(self) -> set[str]:
        return {each["holder"] for each in self.held}

    @requires("page.see")
    async def give(self, holder: str, level: Level) -> None:
        if self.kind:
            async with told(self):
                await rights.give(
                    runtime(), current_actor(), kind=self.kind, name=self.name, holder=holder, level=level
                )
                self._picked()
            async with told(self):
                await self._refresh(self.kind, self.name)

    @requires("page.see")
    async def add(self, holder: str) -> None:
        """Somebody new gets the least that makes sense; what more is chosen in the list."""
        if self.kind:
            least: Level = "run" if self.kind in ("workflow", "app", "connection") else "see"
            async with told(self):
                await rights.give(
                    runtime(), current_actor(), kind=self.kind, name=self.name, holder=holder, level=least
                )
                self._picked()
                await self._refresh(self.kind, self.name)

    @requires("page.see")
    async def take(self, holder: str) -> None:
        if self.kind:
            async with told(self):
                await rights.take(runtime(), current_actor(), kind=self.kind, name=self.name, holder=holder)
                await self._refresh(self.kind, self.name)


def share_dialog() -> rx.Component:
    """Once on a screen that shares something."""
    return dialog(
        rx.el.div(
            holder_search(Share, "Add people, groups or a role", "share"),
            rx.cond(
                Share.found,
                rx.el.div(rx.foreach(Share.found, _found), class_name="gl-share__found"),
                rx.cond(
                    Share.typed != "",
                    rx.el.p("Nobody here is called that.", class_name="gl-muted gl-small"),
                ),
            ),
            class_name="gl-stack gl-tight",
        ),
        rx.el.div(rx.foreach(Share.held, _held)),
        open=Share.kind != "",
        title=f"Share “{Share.title}”",
        on_close=Share.close,
        foot=button("Done", kind="primary", on_click=Share.close),
    )


def _mark(kind: rx.Var) -> rx.Component:
    return rx.el.span(holder_icon(kind, 16), class_name="gl-share__mark")


def _found(found: ObjectVar[Holder]) -> rx.Component:
    return rx.el.button(
        _mark(found["kind"]),
        rx.el.span(
            rx.el.span(found["name"], class_name="gl-strong"),
            rx.el.span(found["about"], class_name="gl-muted gl-small gl-clip"),
            class_name="gl-stack gl-grow gl-none",
        ),
        icon("plus", 16),
        type="button",
        class_name="gl-pick",
        on_click=Share.add(found["id"].to(str)),
    )


def _held(held: ObjectVar[Held]) -> rx.Component:
    name, holder = held["name"].to(str), held["holder"].to(str)
    level = held["level"].to(str)
    known = rx.foreach(Share.choices, lambda each: rx.el.option(each["words"], value=each["level"]))
    return rx.el.div(
        _mark(held["kind"]),
        rx.el.span(name, class_name="gl-grow gl-clip"),
        bare_select(known, value=level, aria_label=f"What {name} may do", on_change=Share.give(holder)),
        icon_button("x", f"Take the right from {name}", small=True, on_click=Share.take(holder)),
        class_name="gl-share__row",
    )
