"""Every component in every state, in light and in dark: what to look at after touching the stylesheet."""

from typing import Literal

import reflex as rx

from builder.components.badge import badge, status_badge, tier_badge
from builder.components.button import button, icon_button
from builder.components.card import card
from builder.components.chart import Bar, chart
from builder.components.code import code, diff
from builder.components.copy import copy_button
from builder.components.dialog import confirm
from builder.components.empty import empty
from builder.components.field import paragraph_input, search, select, text_input, toggle
from builder.components.loading import skeleton, spinner
from builder.components.menu import menu, menu_item, menu_line
from builder.components.prose import prose
from builder.components.shell import page
from builder.components.table import Column, row, table
from builder.components.tabs import choice, tabs
from builder.components.toast import notice, tell
from builder.components.tree import lines_of, tree
from builder.components.when import when
from builder.session import requires
from builder.texts import STATUSES

COLORS = ("ground", "sunken", "surface", "raised", "text", "muted", "faint", "accent", "accent-soft", "border",
          "red", "amber", "blue", "grey", "violet", "teal")  # fmt: skip

SAMPLE = {"ticket": {"from": "Ada", "lines": ["It does not open.", "Since Monday."]}, "urgent": True, "score": 0.82}

BARS = [
    Bar(label="Classify", status="done", value="1.2 s", start=0, end=0.42),
    Bar(label="Draft an answer", status="running", value="1.6 s", start=0.42, end=1),
    Bar(label="Send", status="waiting", value="", start=1, end=1),
]

COLUMNS = (Column("Status"), Column("Workflow", lead=True), Column("Started"), Column("Duration", number=True))


class Gallery(rx.State):
    """Enough to try what moves."""

    tab: str = "form"
    mode: str = "all"
    width: str = "full"
    asking: bool = False

    @requires("page.see")
    async def show_tab(self, tab: str) -> None:
        self.tab = tab

    @requires("page.see")
    async def choose(self, mode: str) -> None:
        self.mode = mode

    @requires("page.see")
    async def set_width_to(self, width: str) -> None:
        self.width = width

    @requires("page.see")
    async def ask(self, asking: bool) -> None:
        self.asking = asking

    @requires("page.see")
    async def tell(self) -> None:
        await tell(self, "Workflow duplicated", "The copy is called “Ticket triage (2)”.")


def screen() -> rx.Component:
    return page(
        "Gallery",
        rx.el.div(
            _pair("Colours", _colors),
            _pair("Buttons", _buttons),
            _pair("Fields", _fields),
            _pair("Badges", _badges),
            _pair("Tabs, choice, menu", _tabs),
            _pair("Table", _table),
            _pair("Empty, notices, loading", _empty),
            _pair("Prose, tree, code, diff", _code),
            _pair("Chart", _chart),
            class_name=rx.cond(Gallery.width == "phone", "gl-gallery gl-gallery--phone", "gl-gallery"),
        ),
        confirm(
            rx.el.p("Its draft goes for good. The records of its runs stay.", class_name="gl-muted"),
            open=Gallery.asking,
            title="Delete this workflow?",
            verb="Delete workflow",
            on_confirm=Gallery.ask(False),
            on_close=Gallery.ask(False),
        ),
        lead="Every component in light and dark.",
        actions=rx.el.div(
            choice(
                "Width", [("full", "Full width", ""), ("phone", "Phone width", "")], Gallery.width, Gallery.set_width_to
            ),
            button("Show a toast", on_click=Gallery.tell),
            button("Open a dialog", on_click=Gallery.ask(True)),
            class_name="gl-row gl-row--wrap gl-tight",
        ),
    )


def _pair(title: str, draw) -> rx.Component:
    return rx.el.section(
        rx.el.h2(title), rx.el.div(_swatch(draw, "light"), _swatch(draw, "dark"), class_name="gl-gallery__pair"),
        class_name="gl-stack",
    )  # fmt: skip


def _swatch(draw, theme: Literal["light", "dark"]) -> rx.Component:
    """`draw` makes ids of the theme's name, so that each label finds its own control."""
    return rx.el.div(draw(theme), data_theme=theme, class_name="gl-gallery__swatch gl-stack")


def _colors(_: str) -> rx.Component:
    shown = [
        rx.el.div(rx.el.i(style={"background": f"var(--gl-{name})"}), name, class_name="gl-gallery__color")
        for name in COLORS
    ]
    return rx.el.div(*shown, class_name="gl-fields gl-fields--two")


def _buttons(_: str) -> rx.Component:
    kinds = ("plain", "primary", "quiet", "danger")
    words = {"plain": "Duplicate", "primary": "Run workflow", "quiet": "Cancel", "danger": "Delete"}
    return rx.fragment(
        _line(*(button(words[kind], kind=kind) for kind in kinds)),
        _line(*(button(words[kind], kind=kind, disabled=True) for kind in kinds)),
        _line(*(button(words[kind], kind=kind, busy=True) for kind in kinds)),
        _line(*(button(words[kind], kind=kind, small=True, icon_name="play") for kind in kinds)),
        _line(icon_button("plus", "Add"), icon_button("settings", "Settings", kind="plain"), copy_button("text")),
    )


def _fields(theme: str) -> rx.Component:
    return rx.el.div(
        text_input("Name", f"{theme}-name", placeholder="Answer customer mail", help="What people will look for."),
        text_input(
            "Base URL", f"{theme}-url", default_value="models.example", error="An address begins with https://."
        ),
        text_input("Alias", f"{theme}-alias", default_value="careful", disabled=True, optional=True),
        select("May see data up to", f"{theme}-class", [("internal", "Internal"), ("public", "Public")]),
        paragraph_input("What problem does it solve?", f"{theme}-problem", placeholder="In one or two sentences"),
        search("Search workflows"),
        toggle("Fast path", f"{theme}-on", default_checked=True, help="A shorter way to the model."),
        toggle("Not available here", f"{theme}-off", disabled=True),
        class_name="gl-fields",
    )


def _badges(_: str) -> rx.Component:
    return rx.fragment(
        _line(*(status_badge(status) for status in STATUSES)),
        _line(tier_badge(1), tier_badge(2), tier_badge(3)),
        _line(badge("Fast path", "teal", icon_name="zap"), badge("Scripted demo – no AI", "violet", icon_name="drama")),
    )


def _tabs(_: str) -> rx.Component:
    return rx.fragment(
        tabs("Step", [("form", "Settings"), ("runs", "Last run"), ("help", "Help")], Gallery.tab, Gallery.show_tab),
        _line(
            choice("Show", [("all", "All", ""), ("mine", "Mine", "user")], Gallery.mode, Gallery.choose),
            menu(
                "Actions",
                menu_item("Rename", "pencil", Gallery.tell),
                menu_line(),
                menu_item("Delete", "trash-2", Gallery.ask(True), danger=True),
            ),
        ),
    )


def _table(_: str) -> rx.Component:
    return table(
        "Runs",
        COLUMNS,
        row(COLUMNS, status_badge("running"), "Ticket triage", when(1_795_251_600), "1.4 s"),
        row(COLUMNS, status_badge("failed"), "Meeting notes", when(1_795_165_200), "12.0 s"),
    )


def _empty(_: str) -> rx.Component:
    return rx.fragment(
        card(empty("No runs yet", "Open a workflow and press Run.", button("Go to workflows", kind="primary"))),
        notice("The demo model answers from a script.", "blue"),
        notice("This key is shown only now.", "amber", icon_name="triangle-alert"),
        notice("The model did not answer within 30 s.", "red", icon_name="circle-alert"),
        _line(spinner(), rx.el.div(skeleton("40%", "90%"), class_name="gl-grow")),
    )


def _code(_: str) -> rx.Component:
    return rx.fragment(
        prose("The ticket is about **billing**:\n\n- charged twice\n- deadline on *Friday*"),
        tree(rx.Var.create(lines_of(SAMPLE))),
        code('{"category": "billing",\n "urgent": true}'),
        diff([("same", "You sort tickets."), ("removed", "Be brief."), ("added", "Answer in one word.")]),
    )


def _chart(_: str) -> rx.Component:
    return chart("Steps", rx.Var.create(BARS))


def _line(*parts: rx.Component) -> rx.Component:
    return rx.el.div(*parts, class_name="gl-row gl-row--wrap gl-tight")
