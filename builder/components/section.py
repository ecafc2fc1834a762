"""A part of a page under its own heading, with a sentence of what it holds."""

import reflex as rx


def section(
    title: str, about: str, *content: rx.Component | rx.Var, actions: rx.Component | None = None
) -> rx.Component:
    """`actions` stand right of the heading."""
    head = [rx.el.h2(title), rx.el.p(about, class_name="gl-muted gl-small")]
    if actions is None:
        return rx.el.section(rx.el.div(*head), *content, class_name="gl-stack")
    return rx.el.section(
        rx.el.div(rx.el.div(*head, class_name="gl-grow gl-section__words"), actions, class_name="gl-row gl-row--wrap"),
        *content,
        class_name="gl-stack",
    )
