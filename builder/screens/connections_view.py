"""What the connections screen looks like; the state behind it is in `connections`."""

from functools import partial
from typing import Any, Literal

import reflex as rx
from reflex.vars import ArrayVar, ObjectVar

from builder import routes
from builder.components.badge import badge
from builder.components.button import button
from builder.components.checked_form import checked_input
from builder.components.dialog import confirm, form_dialog
from builder.components.empty import empty
from builder.components.field import paragraph_input, select, toggle
from builder.components.loading import skeleton_card
from builder.components.menu import menu, menu_item, menu_line
from builder.components.section import section
from builder.components.share import Share, share_dialog
from builder.components.shell import page
from builder.components.table import Column, row, table
from builder.components.when import when
from builder.screens.connections import PROVIDERS, Connections, Row
from builder.screens.credential_view import credential_dialog
from builder.texts import CLEARANCES, HOSTINGS

HOSTS = (
    Column("Connection", lead=True),
    Column("Host", lead=True),
    Column("May get data up to", short=True),
    Column("Credential"),
    Column(""),
)
MODELS = (
    Column("Connection", lead=True),
    Column("Address", lead=True),
    Column("Hosting", short=True),
    Column("Key"),
    Column(""),
)

_text = partial(checked_input, Connections)


def screen() -> rx.Component:
    host = rx.el.strong(Connections.given["host"])
    return page(
        "Connections",
        rx.cond(
            Connections.loaded,
            rx.el.div(
                _part(
                    "http", "Systems that workflows call", "Connect a system",
                    "The step “Call HTTP” reaches these hosts and no other.",
                    Connections.hosts,
                    lambda: table("Systems that workflows call", HOSTS, rx.foreach(Connections.hosts, _host)),
                    "No system is connected",
                    "Until then nothing leaves but what is said to models.",
                    "IT connects them, and shares each with those whose workflows may call it.", "plug",
                ),
                _part(
                    "model", "Where models are asked", "Connect a provider",
                    "Aliases on the Models page lead over these: a provider, or a server of your own such as Ollama or "
                    "vLLM.",
                    Connections.models,
                    lambda: table("Where models are asked", MODELS, rx.foreach(Connections.models, _model)),
                    "No provider of models is connected",
                    "Connect one, give it its key, and bind an alias to it on the Models page.",
                    "IT connects them. The models you may use are on the Models page.", "boxes",
                ),
                class_name="gl-stack gl-loose",
            ),
            skeleton_card("100%", "100%"),
        ),
        _host_dialog(),
        _model_dialog(),
        credential_dialog(),
        _switch_dialog("stop", "Stop this connection?", "Stop it", "Calls to ", host,
                       " fail from now on, with a sentence that says so.", on_submit=Connections.stop),
        _switch_dialog("start", "Use this connection again?", "Use it again", "Workflows may call ", host, " again.",
                       on_submit=Connections.start),
        _forget_dialog(),
        _remove_dialog(),
        share_dialog(),
        here=routes.CONNECTIONS,
        lead="What may be reached from here, and what may be sent there. Each credential goes to its own host only.",
    )  # fmt: skip


def _part(
    kind: Literal["http", "model"], title: str, verb: str, about: str, rows: ArrayVar[Any], drawn: Any, none: str,
    then: str, otherwise: str, icon_name: str,
) -> rx.Component:  # fmt: skip
    add = button(verb, icon_name="plus", on_click=Connections.ask_new(kind))
    first = button(verb, kind="primary", icon_name="plus", on_click=Connections.ask_new(kind))
    return section(
        title,
        about,
        rx.cond(
            rows,
            drawn(),
            empty(
                rx.cond(Connections.may_add, none, f"{none} that you may use"),
                rx.cond(Connections.may_add, then, otherwise),
                rx.cond(Connections.may_add, first),
                icon_name=icon_name,
            ),
        ),
        actions=rx.cond(Connections.may_add & (rows.length() > 0), add),
    )


def _host(one: ObjectVar[Row]) -> rx.Component:
    return row(
        HOSTS,
        _named(one),
        _where(
            one,
            rx.cond(one["internal"], badge("Our own network", "teal", icon_name="building-2")),
            rx.cond(one["plain"], badge("Without encryption", "amber", icon_name="lock-open")),
        ),
        one["clearance"],
        _credential(one),
        _menu(one),
    )


def _model(one: ObjectVar[Row]) -> rx.Component:
    return row(MODELS, _named(one), _where(one, badge(one["provider"].to(str), "grey")), one["hosting"],
               _credential(one), _menu(one))  # fmt: skip


def _named(one: ObjectVar[Row]) -> rx.Component:
    return rx.el.div(
        rx.el.span(one["name"], class_name="gl-strong gl-break"),
        rx.cond(one["about"] != "", rx.el.p(one["about"], class_name="gl-muted gl-break")),
        rx.cond(one["owners"] != "", rx.el.p("Owned by ", one["owners"], class_name="gl-faint gl-small")),
    )


def _where(one: ObjectVar[Row], *badges: rx.Component | rx.Var) -> rx.Component:
    return rx.el.div(
        rx.el.span(
            rx.el.span(one["where"], class_name="gl-mono gl-break"),
            *badges,
            rx.cond(
                one["stopped"].to(float) > 0,
                rx.el.span(badge("Stopped", "red", icon_name="circle-stop"), " ", when(one["stopped"].to(float)),
                           class_name="gl-row gl-tight gl-muted"),
            ),
            class_name="gl-row gl-row--wrap gl-tight",
        ),
        rx.el.p(
            rx.match(
                one["tested"],
                ("busy", badge("Testing", "blue", icon_name="loader")),
                ("reached", badge("Reached", "green", icon_name="circle-check")),
                ("wrong_key", badge("Credential refused", "amber", icon_name="key-round")),
                ("refused", badge("Refused", "amber", icon_name="circle-alert")),
                ("not_reached", badge("Not reached", "red", icon_name="unplug")),
                rx.fragment(),
            ),
            " ",
            one["told"],
            role="status",
            class_name="gl-small gl-muted",
        ),
        class_name="gl-stack gl-tight",
    )  # fmt: skip


def _credential(one: ObjectVar[Row]) -> rx.Component | rx.Var:
    return rx.cond(
        one["sends"] != "",
        rx.el.div(
            rx.el.span(
                rx.el.span(one["sends"], class_name="gl-break"),
                rx.cond(one["key_missing"], badge("Is missing", "red", icon_name="key-round")),
                class_name="gl-row gl-row--wrap gl-tight",
            ),
            rx.cond(
                one["set_at"].to(float) > 0,
                rx.el.p("Set ", when(one["set_at"].to(float)), " by ", one["set_by"], class_name="gl-small gl-muted"),
            ),
        ),
        rx.el.span("None", class_name="gl-faint"),
    )


def _menu(one: ObjectVar[Row]) -> rx.Component | rx.Var:
    name, chosen = one["name"].to(str), one["id"].to(str)
    return rx.cond(
        one["may_test"] | Connections.may_add,
        menu(
            f"Actions for {name}",
            rx.cond(one["may_test"], menu_item("Test", "activity", Connections.test(chosen))),
            rx.cond(one["may_set"], menu_item("Set its credential", "key-round", Connections.ask_credential(chosen))),
            rx.cond(
                one["may_set"] & (one["sends"] != ""),
                menu_item("Remove its credential", "key-square", Connections.ask(chosen, "forget")),
            ),
            rx.cond(one["may_change"], menu_item("Change", "pencil", Connections.ask_change(chosen))),
            rx.cond(one["may_share"], menu_item("Share", "share-2", Share.ask("connection", chosen, name))),
            rx.cond(
                Connections.may_add,
                rx.cond(
                    one["stopped"].to(float) > 0,
                    menu_item("Use again", "circle-play", Connections.ask(chosen, "start")),
                    menu_item("Stop at once", "circle-stop", Connections.ask(chosen, "stop")),
                ),
            ),
            rx.cond(
                one["may_remove"],
                rx.fragment(
                    menu_line(), menu_item("Remove", "trash-2", Connections.ask(chosen, "remove"), danger=True)
                ),
            ),
        ),
    )


def _everybody() -> rx.Component | rx.Var:
    return rx.cond(
        Connections.chosen == "",
        toggle("Everybody who builds may use it", "everybody",
               help="Otherwise only those it is shared with; you can share it afterwards."),
    )  # fmt: skip


def _host_dialog() -> rx.Component:
    is_new = Connections.chosen == ""
    return form_dialog(
        rx.el.div(
            _text("Name", "name", "What people call it.", placeholder="Ticket desk", max_length=60),
            _text("Host", "host", "It stays as it is: a credential goes to one host only.", mono=True,
                  placeholder="desk.example.com", read_only=~is_new, max_length=260),
            class_name="gl-fields gl-fields--two",
        ),
        _text("What it is for", "description", optional=True, placeholder="Opens tickets for the help desk",
              max_length=300),
        rx.el.div(
            select("May get data up to", "clearance", CLEARANCES.items(), default_value=Connections.given["clearance"],
                   help="A workflow that would send more there cannot run."),
            _text("Path to test", "probe", "“Test” looks there: best one that asks for the credential.", mono=True,
                  placeholder="/v1/me", max_length=300),
            class_name="gl-fields gl-fields--two",
        ),
        toggle("A host of our own network", "internal", default_checked=Connections.inside,
               help="Its name may lead to an address that is not public. Others may not: that is how attacks come in."),
        toggle("Without encryption", "plain", default_checked=Connections.plain,
               help="http instead of https; only for hosts of our own."),
        _everybody(),
        open=(Connections.asking == "connect") & (Connections.kind == "http"),
        title=rx.cond(is_new, "Connect a system", f"Change “{Connections.given['name']}”"),
        verb="Save",
        on_submit=Connections.save,
        on_close=Connections.close,
        wide=True,
    )  # fmt: skip


def _model_dialog() -> rx.Component:
    is_new = Connections.chosen == ""
    return form_dialog(
        rx.el.div(
            _text("Name", "name", "What people call it.", placeholder="OpenAI, team account", max_length=60),
            select("Provider", "provider", PROVIDERS.items(), default_value=Connections.given["provider"]),
            class_name="gl-fields gl-fields--two",
        ),
        _text("Address", "base_url", "The key is sent to this host only.", type="url", mono=True,
              placeholder="https://api.openai.com/v1", max_length=300),
        _text("What it is for", "description", optional=True, max_length=300),
        select("Hosting", "hosting", HOSTINGS.items(), default_value=Connections.given["hosting"],
               help="Where it runs. Only what is hosted by us may lie inside our network."),
        _everybody(),
        open=(Connections.asking == "connect") & (Connections.kind == "model"),
        title=rx.cond(is_new, "Connect a provider", f"Change “{Connections.given['name']}”"),
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


def _forget_dialog() -> rx.Component:
    return confirm(
        rx.el.p("Calls to ", rx.el.strong(Connections.given["host"]), " carry none from then on. It cannot be brought "
                "back; a new one can be set.", class_name="gl-muted"),
        open=Connections.asking == "forget",
        title="Remove its credential?",
        verb="Remove credential",
        on_confirm=Connections.forget,
        on_close=Connections.close,
    )  # fmt: skip


def _remove_dialog() -> rx.Component:
    return confirm(
        rx.el.p("Calls to ", rx.el.strong(Connections.given["host"]), " fail until it is connected again, and its "
                "credential is forgotten.", class_name="gl-muted"),
        open=Connections.asking == "remove",
        title="Remove this connection?",
        verb="Remove connection",
        on_confirm=Connections.remove,
        on_close=Connections.close,
    )  # fmt: skip
