"""What the connections screen looks like; the state behind it is in `connections`."""

from functools import partial
from typing import Any, Literal

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
from builder.components.when import when
from builder.screens.connections import Connections, Row
from builder.texts import CLEARANCES

COLUMNS = (
    Column("Connection", lead=True),
    Column("Host", lead=True),
    Column("May get data up to", short=True),
    Column("Credential"),
    Column(""),
)

_text = partial(checked_input, Connections)


def screen() -> rx.Component:
    add = button("Add a connection", kind="primary", icon_name="plus", on_click=Connections.ask_new)
    host = rx.el.strong(Connections.given["host"])
    return page(
        "Connections",
        rx.cond(
            Connections.loaded,
            rx.cond(
                Connections.rows,
                table("Connections", COLUMNS, rx.foreach(Connections.rows, _drawn)),
                empty(
                    "No host is connected",
                    "The step “Call HTTP” reaches only hosts that IT has connected. Until then nothing leaves but "
                    "what is said to models.",
                    rx.cond(Connections.may_change, add),
                    icon_name="plug",
                ),
            ),
            skeleton_card("100%", "100%"),
        ),
        _connect_dialog(),
        _switch_dialog("stop", "Stop this connection?", "Stop it", "Steps that call ", host,
                       " fail from now on, with a sentence that says so.", on_submit=Connections.stop),
        _switch_dialog("start", "Use this connection again?", "Use it again", "Steps may call ", host, " again.",
                       on_submit=Connections.start),
        _remove_dialog(),
        here=routes.CONNECTIONS,
        lead="The outside hosts that workflows may call, and what may be sent there. Nothing else is reached.",
        actions=rx.cond(Connections.may_change & (Connections.rows.length() > 0), add),
    )  # fmt: skip


def _drawn(one: ObjectVar[Row]) -> rx.Component:
    name, chosen = one["name"].to(str), one["id"].to(str)
    return row(
        COLUMNS,
        rx.el.div(
            rx.el.span(name, class_name="gl-strong"),
            rx.cond(one["about"] != "", rx.el.p(one["about"], class_name="gl-muted")),
        ),
        rx.el.span(
            rx.el.span(one["host"], class_name="gl-mono"),
            rx.cond(one["internal"], badge("Our own network", "teal", icon_name="building-2")),
            rx.cond(one["plain"], badge("Without encryption", "amber", icon_name="lock-open")),
            rx.cond(
                one["stopped"].to(float) > 0,
                rx.el.span(badge("Stopped", "red", icon_name="circle-stop"), " ", when(one["stopped"].to(float)),
                           class_name="gl-row gl-tight gl-muted"),
            ),
            class_name="gl-row gl-row--wrap gl-tight",
        ),
        one["clearance"],
        rx.cond(
            one["sends"] != "",
            rx.el.span(
                rx.el.span(one["sends"], class_name="gl-mono gl-small"),
                rx.cond(one["key_missing"], badge("Is missing", "red", icon_name="key-round")),
                class_name="gl-row gl-row--wrap gl-tight",
            ),
            rx.el.span("None", class_name="gl-faint"),
        ),
        rx.cond(
            Connections.may_change,
            menu(
                f"Actions for {name}",
                menu_item("Change", "pencil", Connections.ask_change(chosen)),
                rx.cond(
                    one["stopped"].to(float) > 0,
                    menu_item("Use again", "circle-play", Connections.ask(chosen, "start")),
                    menu_item("Stop at once", "circle-stop", Connections.ask(chosen, "stop")),
                ),
                menu_line(),
                menu_item("Remove", "trash-2", Connections.ask(chosen, "remove"), danger=True),
            ),
        ),
    )  # fmt: skip


def _connect_dialog() -> rx.Component:
    is_new = Connections.chosen == ""
    return form_dialog(
        rx.el.div(
            _text("Name", "name", "What people call it.", placeholder="Ticket desk", max_length=60),
            _text("Host", "host", "It stays as it is: a credential goes to one host only.", mono=True,
                  placeholder="desk.example.com", read_only=~is_new),
            class_name="gl-fields gl-fields--two",
        ),
        _text("What it is for", "description", optional=True, placeholder="Opens tickets for the help desk",
              max_length=300),
        select("May get data up to", "clearance", CLEARANCES.items(), default_value=Connections.given["clearance"],
               help="A workflow that would send more there cannot run."),
        _text("Path to test", "probe", "What “Test” calls.", mono=True, placeholder="/"),
        toggle("A host of our own network", "internal", default_checked=Connections.inside,
               help="Its name may lead to an address that is not public. Others may not: that is how attacks come in."),
        toggle("Without encryption", "plain", default_checked=Connections.plain,
               help="http instead of https; only for hosts of our own."),
        open=Connections.asking == "connect",
        title=rx.cond(is_new, "Add a connection", f"Change “{Connections.given['name']}”"),
        verb="Save",
        on_submit=Connections.save,
        on_close=Connections.close,
        wide=True,
    )  # fmt: skip


def _switch_dialog(
    what: Literal["stop", "start"], title: str, verb: str, *about: str | rx.Component, on_submit: Any
) -> rx.Component:
    return form_dialog(
        rx.el.p(*about, class_name="gl-muted"),
        paragraph_input("Why", "reason", help="Kept in the audit log.", rows=2, min_length=10),
        open=Connections.asking == what,
        title=title,
        verb=verb,
        on_submit=on_submit,
        on_close=Connections.close,
    )


def _remove_dialog() -> rx.Component:
    return confirm(
        rx.el.p("Steps that call ", rx.el.strong(Connections.given["host"]), " fail until it is connected again.",
                class_name="gl-muted"),
        open=Connections.asking == "remove",
        title="Remove this connection?",
        verb="Remove connection",
        on_confirm=Connections.remove,
        on_close=Connections.close,
    )  # fmt: skip
