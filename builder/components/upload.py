"""Files to bring, by a button or dropped."""

from typing import Any

import reflex as rx

from builder.shipped import shipped


class Upload(rx.Component):
    """See upload.jsx."""

    library = shipped(__file__, "upload.jsx")
    tag = "Upload"
    address: rx.Var[str]
    accept: rx.Var[str]
    hint: rx.Var[str]
    on_brought: rx.EventHandler[rx.event.no_args_event_spec]


def upload(address: str | rx.Var[str], *, accept: str, hint: str, on_brought: Any) -> rx.Component:
    """`address` takes each file as the body of a POST; `on_brought` is called after each that was taken."""
    return Upload.create(address=address, accept=accept, hint=hint, on_brought=on_brought)
