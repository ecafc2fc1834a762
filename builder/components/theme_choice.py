"""Light, dark, or as the system; kept in the browser and applied before the first paint."""

import reflex as rx
from reflex.style import set_color_mode

from builder.components.icon import icon
from builder.components.tabs import choice


def theme_choice() -> rx.Component:
    """The choice in full."""
    return choice(
        "Appearance",
        [("light", "Light", "sun"), ("dark", "Dark", "moon"), ("system", "System", "monitor")],
        rx.style.color_mode,
        set_color_mode,
    )


def theme_button() -> rx.Component:
    """One button that goes to the other of light and dark."""
    is_dark = rx.style.resolved_color_mode == "dark"
    words = rx.cond(is_dark, "Use light appearance", "Use dark appearance")
    return rx.el.button(
        rx.cond(is_dark, icon("sun"), icon("moon")),
        type="button",
        class_name="gl-button gl-button--quiet gl-button--icon",
        aria_label=words,
        title=words,
        on_click=rx.style.toggle_color_mode,
    )
