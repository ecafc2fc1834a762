"""Dialogs: a question or a form on top of the page."""

from typing import Any

import reflex as rx

from builder.components.button import Kind, button, submit
from builder.shipped import shipped


class Dialog(rx.Component):
    """See dialog.jsx."""

    library = shipped(__file__, "dialog.jsx")
    tag = "Dialog"
    open: rx.Var[bool]
    title: rx.Var[str]
    wide: rx.Var[bool]
    on_close: rx.EventHandler[rx.event.no_args_event_spec]


def dialog(
    *content: rx.Component | str | rx.Var,
    open: bool | rx.Var[bool],  # noqa: A002 - what the element calls it
    title: str | rx.Var[str],
    on_close: Any,
    foot: rx.Component | None = None,
    wide: bool = False,
) -> rx.Component:
    """`on_close` is asked for by the cross, by Escape and by a click outside; it sets what `open` reads."""
    feet = [rx.el.footer(foot, class_name="gl-dialog__foot")] if foot is not None else []
    body = rx.el.div(*content, class_name="gl-dialog__body gl-stack")
    return Dialog.create(body, *feet, open=open, title=title, wide=wide, on_close=on_close)


def form_dialog(
    *fields: rx.Component | rx.Var,
    open: bool | rx.Var[bool],  # noqa: A002
    title: str | rx.Var[str],
    verb: str,
    on_submit: Any,
    on_close: Any,
    busy: bool | rx.Var[bool] = False,
    wide: bool = False,
    leave: str | rx.Var[str] = "Cancel",
) -> rx.Component:
    """A form with its own buttons; Enter sends it. `leave` is the word of the other button."""
    foot = rx.el.footer(
        button(leave, kind="quiet", on_click=on_close), submit(verb, busy=busy), class_name="gl-dialog__foot"
    )
    body = rx.el.div(*fields, class_name="gl-dialog__body gl-fields")
    form = rx.el.form(body, foot, on_submit=on_submit)
    return Dialog.create(form, open=open, title=title, wide=wide, on_close=on_close)


def confirm(
    *content: rx.Component | str | rx.Var,
    open: bool | rx.Var[bool],  # noqa: A002
    title: str | rx.Var[str],
    verb: str,
    on_confirm: Any,
    on_close: Any,
    kind: Kind = "danger",
    busy: bool | rx.Var[bool] = False,
) -> rx.Component:
    """Asks before something that cannot be taken back; the verb says what will happen."""
    foot = rx.fragment(
        button("Cancel", kind="quiet", on_click=on_close),
        button(verb, kind=kind, on_click=on_confirm, busy=busy),
    )
    return dialog(*content, open=open, title=title, on_close=on_close, foot=foot)
