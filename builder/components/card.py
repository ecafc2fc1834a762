"""Cards: a surface with a head, a body and a foot."""

import reflex as rx


def card(
    *content: rx.Component | str | rx.Var,
    title: str | rx.Var[str] = "",
    actions: rx.Component | None = None,
    foot: rx.Component | None = None,
    id: str | None = None,  # noqa: A002 - the name of the attribute
) -> rx.Component:
    """A titled surface; `actions` stand right of the title, `foot` below a line."""
    head = [rx.el.div(rx.el.h2(title), actions or rx.fragment(), class_name="gl-card__head")] if title != "" else []
    feet = [rx.el.div(foot, class_name="gl-card__foot")] if foot is not None else []
    body = rx.el.div(*content, class_name="gl-card__body")
    return rx.el.section(*head, body, *feet, id=id, class_name="gl-card")
