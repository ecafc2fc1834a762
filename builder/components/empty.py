"""What is shown instead of nothing: why it is empty, and the next thing to do."""

import reflex as rx

from builder.components.icon import icon


def empty(
    title: str | rx.Var[str], text: str | rx.Var[str], *actions: rx.Component, icon_name: str = "sparkles"
) -> rx.Component:
    return rx.el.div(
        rx.el.span(icon(icon_name, 22), class_name="gl-empty__icon"),
        rx.el.h2(title),
        rx.el.p(text, class_name="gl-empty__text"),
        rx.el.div(*actions, class_name="gl-empty__actions") if actions else rx.fragment(),
        class_name="gl-empty",
    )
