"""What the models screen looks like; the state behind it is in `models`."""

from functools import partial
from typing import Literal

import reflex as rx
from reflex.vars import ObjectVar

from builder import routes
from builder.components.badge import badge
from builder.components.button import button
from builder.components.checked_form import checked_input
from builder.components.dialog import confirm, form_dialog
from builder.components.empty import empty
from builder.components.field import paragraph_input, select, toggle
from builder.components.loading import skeleton_card
from builder.components.menu import menu, menu_item, menu_line
from builder.components.shell import page
from builder.components.table import Column, row, table
from builder.screens.models import Models, Row
from builder.screens.models_local_view import local_section
from builder.texts import CLEARANCES, DEMO_MODEL, DEMO_QUALITY, HOSTINGS

COLUMNS = (
    Column("Alias", lead=True),
    Column("Model", lead=True),
    Column("Hosting", short=True),
    Column("May see"),
    Column("Per million tokens", short=True),
    Column("This month", number=True),
    Column(""),
)

_text = partial(checked_input, Models)


def screen() -> rx.Component:
    return page(
        "Models",
        rx.cond(
            Models.loaded,
            rx.el.div(
                rx.cond(
                    Models.rows,
                    table("Model aliases", COLUMNS, rx.foreach(Models.rows, _drawn)),
                    empty(
                        "No model is bound",
                        "Steps name an alias such as “fast” or “careful”. Bind one to the model that should answer.",
                        rx.cond(Models.may_bind, button("Bind a model", kind="primary", on_click=Models.ask_new)),
                        icon_name="boxes",
                    ),
                ),
                local_section(),
                class_name="gl-stack gl-loose",
            ),
            skeleton_card("100%", "100%"),
        ),
        _bind_dialog(),
        _remove_dialog(),
        _switch_dialog("off", "Switch this model off?", "Every call fails from now on, also in runs that are going on.",
                       "Switch off"),
        _switch_dialog("on", "Switch this model on again?", "Steps that name it may use it again.", "Switch on"),
        here=routes.MODELS,
        lead="Steps name an alias, never a vendor. Change what stands behind it, and no workflow changes.",
        actions=rx.cond(
            Models.may_bind, button("Bind a model", kind="primary", icon_name="plus", on_click=Models.ask_new)
        ),
    )  # fmt: skip


def _drawn(one: ObjectVar[Row]) -> rx.Component:
    name = one["name"].to(str)
    return row(
        COLUMNS,
        rx.el.div(
            rx.el.span(name, class_name="gl-strong"),
            rx.cond(one["about"] != "", rx.el.p(one["about"], class_name="gl-muted"), rx.fragment()),
        ),
        rx.el.span(
            rx.el.span(one["model"], class_name="gl-mono gl-break"),
            rx.cond(one["over"] != "", rx.el.span("over ", one["over"], class_name="gl-muted gl-small")),
            rx.cond(one["off"], badge("Switched off", "amber", icon_name="octagon-pause")),
            rx.cond(one["demo"], badge(DEMO_MODEL, "violet", icon_name="drama"), rx.fragment()),
            rx.cond(one["demo_quality"], badge(DEMO_QUALITY, "violet", icon_name="drama")),
            rx.cond(one["key_missing"], badge("Key is missing", "red", icon_name="key-round"), rx.fragment()),
            rx.cond(one["fast"], badge("Fast path", "teal", icon_name="zap"), rx.fragment()),
            class_name="gl-row gl-row--wrap gl-tight",
        ),
        one["hosting"],
        one["clearance"],
        one["price"],
        one["spent"],
        rx.cond(Models.may_bind, _menu(one)),
    )


def _menu(one: ObjectVar[Row]) -> rx.Component:
    name = one["name"].to(str)
    return menu(
        f"Actions for {name}",
        menu_item("Change", "pencil", Models.ask_change(name)),
        rx.cond(
            one["off"],
            menu_item("Switch on", "play", Models.ask_switch("on", name)),
            menu_item("Switch off", "octagon-pause", Models.ask_switch("off", name)),
        ),
        menu_line(),
        menu_item("Remove", "trash-2", Models.ask_remove(name), danger=True),
    )


def _switch_dialog(what: Literal["off", "on"], title: str, about: str, verb: str) -> rx.Component:
    return form_dialog(
        rx.el.p(about, class_name="gl-muted"),
        paragraph_input("Why", f"why_{what}", min_length=10, max_length=1000, help="Kept in the audit log."),
        open=Models.asking == what,
        title=title,
        verb=verb,
        on_submit=Models.switch,
        on_close=Models.close,
    )


def _bind_dialog() -> rx.Component:
    over = rx.foreach(Models.connections, lambda one: rx.el.option(one["name"], value=one["id"]))
    others = rx.foreach(Models.rows, lambda one: rx.el.option(one["name"], value=one["name"]))
    return form_dialog(
        rx.el.div(
            _text("Alias", "name", "What steps name.", placeholder="careful", read_only=~Models.is_new),
            select("Leads over", "connection", [("", "An address of its own")], more=over, value=Models.over,
                   on_change=Models.choose_over, help="Providers are connected on the Connections page."),
            class_name="gl-fields gl-fields--two",
        ),
        _text("What it is for", "description", optional=True, placeholder="Long texts that need care", max_length=300),
        rx.cond(
            Models.over != "",
            _text("Model", "model", "As its provider names it.", placeholder="gpt-5-mini", mono=True),
            rx.fragment(
                _text("Model", "model", "Provider and model, with a slash between.", placeholder="openai/gpt-5-mini",
                      mono=True),
                rx.cond(
                    Models.given["model"].startswith("local/"),  # it answers where nobody has to say
                    rx.fragment(),
                    rx.fragment(
                        _text("Base URL", "base_url", "The key is sent to this address only.", type="url", mono=True,
                              placeholder="https://api.openai.com/v1"),
                        _text("Variable that holds the key", "key_env", "The key stays in the environment of the "
                              "server; only this name is stored.", optional=True, mono=True,
                              placeholder="GREENLANE_KEY_OPENAI"),
                    ),
                ),
            ),
        ),
        rx.el.div(
            rx.cond(
                Models.over == "",
                select("Hosting", "hosting", HOSTINGS.items(), default_value=Models.given["hosting"]),
            ),
            select("May see data up to", "clearance", CLEARANCES.items(), default_value=Models.given["clearance"]),
            _text("Price in", "price_in", "US dollars per million tokens.", optional=True, input_mode="decimal"),
            _text("Price out", "price_out", "Empty means unknown, not free.", optional=True, input_mode="decimal"),
            _text("Limit per month", "month_limit", "US dollars; then it stops.", optional=True, input_mode="decimal"),
            _text("Longest answer", "max_tokens", "In tokens.", input_mode="numeric"),
            select("When it does not answer, ask", "fallback", [("", "Nobody else")], more=others,
                   default_value=Models.given["fallback"]),
            class_name="gl-fields gl-fields--two",
        ),
        toggle("Fast path", "fast", default_checked=Models.fast,
               help="For servers that speak the OpenAI protocol: a shorter way to them, with the same checks."),
        open=Models.asking == "bind",
        title=rx.cond(Models.is_new, "Bind a model", f"Change “{Models.given['name']}”"),
        verb="Save",
        on_submit=Models.bind,
        on_close=Models.close,
        wide=True,
    )  # fmt: skip


def _remove_dialog() -> rx.Component:
    name = Models.given["name"]
    return confirm(
        rx.el.p("Steps that name ", rx.el.strong(name), " fail until it is bound again.", class_name="gl-muted"),
        open=Models.asking == "remove",
        title="Remove this alias?",
        verb="Remove alias",
        on_confirm=Models.remove,
        on_close=Models.close,
    )
