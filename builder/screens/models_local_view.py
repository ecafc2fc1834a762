"""What the models of this machine look like on the models screen; the state behind it is in `models_local`."""

import reflex as rx
from reflex.vars import ObjectVar

from builder.components.again import Again
from builder.components.badge import badge
from builder.components.button import button
from builder.components.card import card
from builder.components.copy import copy_button
from builder.components.dialog import form_dialog
from builder.components.field import text_input
from builder.components.section import section
from builder.components.table import Column, row, table
from builder.screens.models import Models
from builder.screens.models_local import LocalRow
from builder.texts import DEMO_QUALITY

COLUMNS = (
    Column("Model", lead=True),
    Column("State", short=True),
    Column("Size", number=True),
    Column("Memory in use", number=True),
    Column("Aliases"),
    Column(""),
)


def local_section() -> rx.Component:
    """What is installed, or the command that installs it; and the dialog that binds an alias."""
    return rx.cond(Models.may_bind | (Models.local.length() > 0), _section())


def _section() -> rx.Component:
    return section(
        "On this machine",
        "A local model needs no key, and nothing leaves this machine. It starts at the first call, and rests when"
        " nobody calls for ten minutes.",
        rx.cond(Models.engine, rx.fragment(), _how_to_install()),
        rx.cond(Models.local, table("Models of this machine", COLUMNS, rx.foreach(Models.local, _drawn))),
        _bind_dialog(),
        Again.create(on_again=Models.look_again),
    )


def _how_to_install() -> rx.Component:
    return card(
        rx.el.div(
            rx.el.p("It is not installed. In the folder of Greenlane on this machine:", class_name="gl-muted"),
            rx.el.div(
                rx.el.code(Models.command, class_name="gl-mono"),
                copy_button(Models.command, "Copy the command"),
                class_name="gl-row gl-row--wrap",
            ),
            rx.el.p(
                "This fetches llama.cpp and a very small model, 127 MB together, and checks both by their hashes. The"
                " model is of demo quality: good for seeing a flow run, not for its answers. Better ones are added"
                " with ",
                rx.el.code("greenlane local-model add FILE.gguf", class_name="gl-mono"),
                ".",
                class_name="gl-muted gl-small",
            ),
            class_name="gl-stack",
        ),
        title="Local model",
    )


def _drawn(one: ObjectVar[LocalRow]) -> rx.Component:
    name = one["name"].to(str)
    return row(
        COLUMNS,
        rx.el.div(
            rx.el.span(
                rx.el.span(name, class_name="gl-mono"),
                rx.cond(one["demo"], badge(DEMO_QUALITY, "violet", icon_name="drama")),
                class_name="gl-row gl-row--wrap gl-tight",
            ),
            rx.cond(one["error"], rx.el.p(one["error"], class_name="gl-error")),
        ),
        rx.match(
            one["state"],
            ("running", badge("Running", "green")),
            ("failing", badge("Failing", "red")),
            badge("Resting", "grey"),
        ),
        one["size"],
        one["memory"],
        one["aliases"],
        rx.cond(Models.may_bind, button("Bind an alias", small=True, on_click=Models.ask_local(name))),
    )


def _bind_dialog() -> rx.Component:
    return form_dialog(
        rx.el.p("Steps that name the alias use ", rx.el.strong(Models.chosen_local), " from then on.",
                class_name="gl-muted"),
        text_input("Alias", "local_alias", help="One that steps name already, such as “fast”, or a new one.",
                   placeholder="fast", max_length=40),
        open=Models.asking == "local",
        title="Bind an alias to this model",
        verb="Bind",
        on_submit=Models.bind_local,
        on_close=Models.close,
    )  # fmt: skip
