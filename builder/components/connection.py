"""What is shown while the server cannot be reached; Reflex counts the failed tries."""

import reflex as rx
from reflex_components_core.core.banner import has_too_many_connection_errors

from builder.components.icon import icon


def connection_lost() -> rx.Component:
    """A bar on top of the page, gone by itself as soon as the server answers."""
    return rx.cond(
        has_too_many_connection_errors,
        rx.el.div(
            icon("wifi-off"),
            rx.el.span("Greenlane cannot be reached. Trying again …"),
            # A new page rather than a handler: when the session has ended, it leads to signing in.
            rx.el.a("Reload", href="", class_name="gl-connection__reload"),
            role="alert",
            class_name="gl-connection",
        ),
        rx.fragment(),
    )
