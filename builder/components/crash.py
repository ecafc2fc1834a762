"""What is shown when a page fails to draw. The failure goes to our log; the page says what to do."""

import reflex as rx
from reflex_components_core.base.error_boundary import ErrorBoundary

from builder import routes
from builder.components.icon import icon


def crash_boundary() -> rx.Component:
    """Goes around the whole app."""
    return ErrorBoundary.create(fallback_render=_sorry())


def _sorry() -> rx.Component:
    return rx.el.main(
        rx.el.div(
            rx.el.span(icon("triangle-alert", 22), class_name="gl-empty__icon"),
            rx.el.h1("This page could not be shown"),
            rx.el.p("The failure was recorded. What you did before is saved.", class_name="gl-empty__text"),
            rx.el.div(
                rx.el.a("Reload the page", href="", class_name="gl-button gl-button--primary"),
                rx.el.a("Go to the start", href=routes.START, class_name="gl-button"),
                class_name="gl-empty__actions",
            ),
            class_name="gl-empty",
        )
    )
