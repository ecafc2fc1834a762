"""API keys of a person or of an app: a row for each, and the dialogs that make, show and revoke one.

A state that has keys is a `Keys` and adds what makes and revokes them, because the two are different rights.
"""

from collections.abc import Sequence
from typing import Any, TypedDict

import reflex as rx
from reflex.vars import ObjectVar

from builder.components.asking import Asking
from builder.components.badge import badge
from builder.components.button import button
from builder.components.dialog import confirm, form_dialog
from builder.components.field import text_input
from builder.components.once import once_dialog
from builder.components.table import Column, row
from builder.components.when import when
from builder.session import requires
from runtime.operations.keys import KeyCard


class Key(TypedDict):
    """A key, without its secret."""

    id: str
    label: str
    begins: str
    created: float
    expires: float
    """0 for never"""
    revoked: bool


class Keys(Asking, rx.State, mixin=True):
    """The keys, and what is asked about one (key, made, revoke); the secret of a new one only until that closes."""

    keys: rx.Field[list[Key]] = rx.field(default_factory=list)
    chosen: str = ""
    chosen_label: str = ""
    new_key: str = ""

    @requires("page.see")
    async def ask_key(self) -> None:
        self.asking = "key"

    @requires("page.see")
    async def ask_revoke(self, key: str, label: str) -> None:
        self.asking, self.chosen, self.chosen_label = "revoke", key, label

    @requires("page.see")
    async def close(self) -> None:
        self.asking = self.new_key = ""


def keys_of(found: Sequence[KeyCard]) -> list[Key]:
    return [
        Key(
            id=each.id, label=each.label, begins=f"{each.prefix}…", created=each.created, expires=each.expires or 0.0,
            revoked=each.revoked is not None,
        )
        for each in found
    ]  # fmt: skip


def key_row(
    columns: Sequence[Column], state: type[Keys], key: ObjectVar[Key], *more: rx.Component | rx.Var
) -> rx.Component:
    """Name, beginning, day of making, `more`, and how to revoke it."""
    ask = state.ask_revoke(key["id"].to(str), key["label"].to(str))
    return row(
        columns,
        rx.el.span(key["label"], class_name="gl-strong"),
        rx.el.code(key["begins"]),
        when(key["created"].to(float)),
        *more,
        rx.cond(key["revoked"], badge("Revoked"), button("Revoke", kind="quiet", small=True, on_click=ask)),
    )


def key_dialogs(
    state: type[Keys], *, title: str, placeholder: str, made: str, on_make: Any, on_revoke: Any
) -> rx.Component:
    """Once on a page with keys; `made` is the title over a new one."""
    return rx.fragment(
        form_dialog(
            text_input("Name", "label", placeholder=placeholder, max_length=80, help="What will use it."),
            open=state.asking == "key",
            title=title,
            verb="Create key",
            on_submit=on_make,
            on_close=state.close,
        ),
        once_dialog(
            state.new_key,
            "This key is shown only now. Copy it before you close this.",
            open=state.asking == "made",
            title=made,
            on_close=state.close,
        ),
        confirm(
            rx.el.p(
                "Programs that use ", rx.el.strong(state.chosen_label), " are refused at once.", class_name="gl-muted"
            ),
            open=state.asking == "revoke",
            title="Revoke this key?",
            verb="Revoke key",
            on_confirm=on_revoke,
            on_close=state.close,
        ),
    )
