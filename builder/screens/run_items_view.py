"""How the items of a for-each and the rounds of a loop look on the page of a run."""

from typing import Any

import reflex as rx
from reflex.vars import ObjectVar

from builder.components.badge import status_dot
from builder.components.button import button
from builder.components.icon import icon
from builder.components.toast import notice
from builder.components.tree import Line, tree
from builder.screens.run_items import Inner, Row, RunItems


def items_section() -> rx.Component:
    """The page of the container that is open, with how to turn it."""
    return rx.el.section(
        rx.el.div(
            rx.el.h3(RunItems.noun, "s", class_name="gl-panel-title"),
            rx.el.div(
                _which("All", False),
                _which("Only failed", True),
                class_name="gl-choice",
                role="radiogroup",
                aria_label="Which are shown",
            ),
            class_name="gl-row gl-row--apart gl-row--wrap",
        ),
        rx.el.ol(rx.foreach(RunItems.rows, _row), class_name="gl-items"),
        rx.cond(RunItems.rows, rx.fragment(), rx.el.p("None.", class_name="gl-muted gl-small")),
        rx.cond(
            (RunItems.after > 0) | RunItems.more,
            rx.el.div(
                button("Earlier", small=True, disabled=RunItems.after == 0, on_click=RunItems.turn(-1)),
                rx.el.span(RunItems.shown, class_name="gl-muted gl-small"),
                button("Later", small=True, disabled=~RunItems.more, on_click=RunItems.turn(1)),
                class_name="gl-row gl-row--apart",
            ),
        ),
        class_name="gl-wide gl-stack gl-tight",
        aria_label=RunItems.noun + "s",
    )


def _which(words: str, failed: bool) -> rx.Component:
    return rx.el.button(
        words,
        type="button",
        role="radio",
        aria_checked=RunItems.failed == failed,
        on_click=RunItems.choose(failed),
    )


def _row(row: ObjectVar[Row]) -> rx.Component:
    is_open = RunItems.opened["path"] == row["path"]
    return rx.el.li(
        _opener(
            row,
            rx.el.span(row["name"], class_name="gl-items__name"),
            rx.el.span(row["says"], class_name="gl-grow gl-clip gl-muted"),
            is_open=is_open,
            on_click=RunItems.open(row["path"].to(str)),
        ),
        rx.cond(is_open, _opened(), rx.fragment()),
    )


def _opener(one: ObjectVar[Any], *words: rx.Component, is_open: rx.Var[bool], on_click: Any) -> rx.Component:
    """The line of an item, or of a step in it, that opens what is behind it."""
    return rx.el.button(
        status_dot(one["status"].to(str)),
        *words,
        rx.el.span(one["took"], class_name="gl-number gl-muted gl-small"),
        icon("chevron-right", 14),
        type="button",
        class_name="gl-items__row",
        aria_expanded=is_open,
        on_click=on_click,
    )


def _opened() -> rx.Component:
    one = RunItems.opened
    return rx.el.div(
        rx.cond(
            one["error"] != "",
            notice(
                rx.fragment(
                    rx.el.p(one["error"], class_name="gl-strong"),
                    rx.cond(one["hint"] != "", rx.el.p(one["hint"], class_name="gl-muted")),
                ),
                "red",
                icon_name="circle-alert",
            ),
            rx.el.div(rx.el.h4("Result", class_name="gl-panel-title"), tree(one["result"].to(list[Line]))),
        ),
        rx.el.ol(rx.foreach(one["steps"].to(list[Inner]), _inner), class_name="gl-items"),
        class_name="gl-items__open gl-stack gl-tight",
    )


def _inner(step: ObjectVar[Inner]) -> rx.Component:
    inner = RunItems.inner
    is_open = inner["step"] == step["id"]
    return rx.el.li(
        _opener(
            step,
            rx.el.span(
                step["title"],
                class_name="gl-grow gl-clip gl-step-row__name",
                custom_attrs={"data-depth": step["depth"].to(str)},
            ),
            is_open=is_open,
            on_click=RunItems.inspect(step["id"].to(str)),
        ),
        rx.cond(
            is_open,
            rx.el.div(
                rx.cond(inner["error"] != "", notice(rx.el.p(inner["error"]), "red", icon_name="circle-alert")),
                rx.el.div(rx.el.h4("Input", class_name="gl-panel-title"), tree(inner["input"].to(list[Line]))),
                rx.el.div(rx.el.h4("Output", class_name="gl-panel-title"), tree(inner["output"].to(list[Line]))),
                class_name="gl-items__open gl-items__both",
            ),
        ),
    )
