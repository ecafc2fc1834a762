"""A secret that is shown once: its dialog is the only place where it can ever be read."""

from typing import Any

import reflex as rx

from builder.components.button import button
from builder.components.copy import copy_button
from builder.components.dialog import dialog
from builder.components.toast import notice


def once_dialog(
    secret: str | rx.Var[str],
    warning: str,
    *before: rx.Component,
    open: bool | rx.Var[bool],  # noqa: A002 - what the element calls it
    title: str,
    on_close: Any,
) -> rx.Component:
    """`on_close` forgets the secret; `before` says what to do with it."""
    return dialog(
        *before,
        notice(warning, "amber", icon_name="triangle-alert"),
        rx.el.div(rx.el.code(secret, class_name="gl-code"), copy_button(secret), class_name="gl-secret"),
        open=open,
        title=title,
        on_close=on_close,
        foot=button("Done", kind="primary", on_click=on_close),
    )
