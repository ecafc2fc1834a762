"""The dialog in which a credential is entered: once, and never shown again. The state behind it is in `connections`."""

from functools import partial

import reflex as rx

from builder.components.checked_form import checked_input
from builder.components.dialog import form_dialog
from builder.components.field import select
from builder.components.tabs import choice
from builder.components.toast import notice
from builder.screens.connections import SENDS, Connections

_text = partial(checked_input, Connections)

KEPT = (("vault", "Enter it here", "key-round"), ("server", "Variable of the server", "server"))


def credential_dialog() -> rx.Component:
    return form_dialog(
        rx.cond(
            Connections.added,
            notice("The connection is added. If it needs a credential, set it now, or later from its menu.", "green",
                   icon_name="circle-check"),
        ),
        rx.el.p(
            "It is sealed, sent to ", rx.el.strong(Connections.given["host"], class_name="gl-break"),
            " and nowhere else, and shown to nobody.",
            rx.cond(Connections.added, "", " One that was set before is replaced."), class_name="gl-muted",
        ),
        rx.cond(
            Connections.kind == "http",
            select("How it is sent", "how", SENDS.items(), value=Connections.how, on_change=Connections.choose_how),
        ),
        rx.match(
            Connections.how,
            ("header", _text("Header", "header", mono=True, placeholder="X-Api-Key", max_length=60)),
            ("query", _text("Name in the address", "query", "As in ?api_key=…; other ways are safer where the host "
                            "offers one.", mono=True, placeholder="api_key", max_length=60)),
            ("basic", _text("User", "login", max_length=200)),
            rx.fragment(),
        ),
        rx.cond(Connections.may_add, choice("Where it is kept", KEPT, Connections.kept, Connections.choose_kept)),
        rx.cond(
            Connections.kept == "vault",
            _secret(),
            _text("Variable", "key_env", "It holds the credential in the environment of the server; only this name is "
                  "stored here.", mono=True, placeholder="GREENLANE_KEY_DESK", max_length=100),
        ),
        open=Connections.asking == "credential",
        title=f"Credential of “{Connections.given['name']}”",
        verb="Set credential",
        on_submit=Connections.save_credential,
        on_close=Connections.close,
        leave=rx.cond(Connections.added, "Later", "Cancel"),
    )  # fmt: skip


def _secret() -> rx.Component | rx.Var:
    """One box whatever it is called; it is empty each time."""
    box = partial(_text, name="secret", type="password", mono=True, max_length=8000)
    return rx.match(
        Connections.how,
        ("header", box("Value of the header", help="As the host wants it, with a scheme where there is one.")),
        ("basic", box("Password")),
        ("query", box("Value")),
        rx.cond(Connections.kind == "model", box("Key"), box("Token", help="Without the word “Bearer”.")),
    )
