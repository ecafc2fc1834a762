"""What two runs side by side look like; the state behind it is in `compare`."""

import reflex as rx
from reflex.vars import ObjectVar

from builder import routes
from builder.components.badge import badge, status_badge, status_dot
from builder.components.button import button
from builder.components.card import card
from builder.components.empty import empty
from builder.components.field import bare_select
from builder.components.icon import icon
from builder.components.link import link
from builder.components.loading import skeleton_card
from builder.components.shell import page
from builder.components.table import Column, row, table
from builder.components.tabs import choice
from builder.components.toast import notice
from builder.components.tree import Line, tree
from builder.components.when import when
from builder.screens.compare import Compare, Head, Row, Which

COLUMNS = (
    Column("Step", lead=True),
    Column("First run", short=True),
    Column("Second run", short=True),
    Column("Tokens", number=True),
    Column("Cost", number=True),
    Column("What differs"),
)


def screen() -> rx.Component:
    chosen = (Compare.a["id"] != "") & (Compare.b["id"] != "")
    return page(
        "Compare runs",
        rx.cond(
            Compare.loaded,
            rx.el.div(_heads(), rx.cond(chosen, _steps(), _choose()), class_name="gl-stack gl-loose"),
            skeleton_card("30%", "80%", "60%"),
        ),
        here=routes.RUNS,
        above=link(icon("chevron-left", 14), "Runs", to=routes.RUNS, class_name="gl-back"),
        lead="What each step got, gave and cost in both runs, and where they part.",
        actions=rx.cond(chosen, button("Swap", icon_name="arrow-left-right", on_click=Compare.swap)),
    )


def _heads() -> rx.Component:
    return rx.el.div(_head("First run", "a", Compare.a), _head("Second run", "b", Compare.b), class_name="gl-pair")


def _head(label: str, which: Which, head: rx.Var[Head]) -> rx.Component:
    """A run, and how to choose another."""
    one = head.to(dict[str, str])
    select = bare_select(
        rx.el.option("Choose a run", value=""),
        rx.foreach(Compare.offered, lambda each: rx.el.option(each["words"], value=each["id"])),
        aria_label=label,
        value=one["id"],
        on_change=lambda value: Compare.choose(which, value),
    )
    facts = rx.el.div(
        status_badge(one["status"]),
        rx.el.span(when(head.to(Head)["started"].to(float)), class_name="gl-muted gl-small"),
        rx.cond(one["took"] != "", rx.el.span(one["took"], class_name="gl-muted gl-small")),
        rx.cond(one["tokens"] != "", rx.el.span(one["tokens"], " tokens", class_name="gl-muted gl-small")),
        rx.cond(one["cost"] != "", rx.el.span(one["cost"], class_name="gl-muted gl-small")),
        link("Open", to=f"{routes.RUNS}/{one['id']}", class_name="gl-small"),
        class_name="gl-row gl-row--wrap gl-tight",
    )
    return card(rx.el.div(select, rx.cond(one["id"] != "", facts), class_name="gl-stack gl-tight"), title=label)


def _choose() -> rx.Component:
    return empty("Choose two runs", "Runs of one workflow compare best.", icon_name="columns-2")


def _steps() -> rx.Component:
    shown = choice(
        "Which steps", (("", "All steps", ""), ("only", "Only what differs", "")),
        rx.cond(Compare.only, "only", ""), lambda value: Compare.narrow(value == "only"),
    )  # fmt: skip
    return rx.el.div(
        rx.el.div(rx.el.p(Compare.said, role="status"), shown, class_name="gl-row gl-row--apart gl-row--wrap"),
        rx.cond(
            Compare.rows,
            table("Steps of both runs", COLUMNS, rx.foreach(Compare.rows, _row)),
            empty("No step differs", "Both runs did the same.", icon_name="equal"),
        ),
        class_name="gl-stack",
    )


def _row(one: ObjectVar[Row]) -> rx.Component:
    is_open = Compare.opened["key"] == one["key"]
    title = rx.el.button(
        icon("chevron-right", 14),
        rx.el.span(one["title"], class_name="gl-strong"),
        rx.cond(one["where"] != "", rx.el.span(one["where"], class_name="gl-muted gl-small")),
        rx.cond(one["notes"] != "", rx.el.span(one["notes"], class_name="gl-muted gl-small")),
        type="button",
        class_name=rx.cond(one["inner"], "gl-compare__step gl-compare__step--inner", "gl-compare__step"),
        aria_expanded=is_open,
        on_click=Compare.open_step(one["key"].to(str)),
    )
    return rx.fragment(
        row(
            COLUMNS,
            title,
            _side(one["left"].to(str), one["left_took"].to(str)),
            _side(one["right"].to(str), one["right_took"].to(str)),
            one["tokens"],
            one["cost"],
            rx.el.span(
                rx.foreach(one["differs"].to(list[str]), lambda word: badge(word, "amber")),
                class_name="gl-row gl-row--wrap gl-tight",
            ),
        ),
        rx.cond(is_open, rx.el.tr(rx.el.td(_opened(), col_span=len(COLUMNS)), class_name="gl-compare__open")),
    )


def _side(status: rx.Var[str], took: rx.Var[str]) -> rx.Component:
    there = rx.el.span(
        status_dot(status), rx.cond(took != "", took, ""), class_name="gl-row gl-tight gl-muted gl-small"
    )
    return rx.cond(status != "", there, rx.el.span("not there", class_name="gl-muted gl-small"))


def _opened() -> rx.Component:
    one = Compare.opened
    return rx.el.div(
        _half("First run", one["left_input"], one["left_output"], one["left_error"]),
        _half("Second run", one["right_input"], one["right_output"], one["right_error"]),
        class_name="gl-pair",
    )


def _half(label: str, given: rx.Var, output: rx.Var, error: rx.Var) -> rx.Component:
    return rx.el.div(
        rx.el.h3(label, class_name="gl-eyebrow"),
        rx.cond(error != "", notice(error.to(str), "red", icon_name="circle-alert")),
        rx.el.h4("Input", class_name="gl-panel-title"),
        _tree(given, "Nothing was recorded."),
        rx.el.h4("Output", class_name="gl-panel-title"),
        _tree(output, "Nothing came out."),
        class_name="gl-stack gl-tight",
    )


def _tree(lines: rx.Var, words: str) -> rx.Component:
    shown = lines.to(list[Line])
    return rx.cond(shown, tree(shown), rx.el.p(words, class_name="gl-muted gl-small"))
