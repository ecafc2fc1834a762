"""What is shown while something is on its way: its outline, or a spinner where there is no outline."""

import reflex as rx


def spinner(label: str = "Loading") -> rx.Component:
    return rx.el.span(class_name="gl-spinner", role="status", aria_label=label)


def skeleton(*widths: str) -> rx.Component:
    """Grey lines of these widths (`"40%"`) in place of text."""
    lines = [rx.el.span(class_name="gl-skeleton", style={"width": width}) for width in widths or ("60%", "90%", "75%")]
    return rx.el.div(*lines, class_name="gl-stack gl-tight", role="status", aria_label="Loading")


def skeleton_card(*widths: str) -> rx.Component:
    """The outline of a card."""
    return rx.el.div(skeleton(*widths), class_name="gl-card gl-card__body")


def skeleton_cards(number: int) -> rx.Component:
    """The outline of a list of cards."""
    return rx.el.div(*(skeleton_card("45%", "90%", "70%") for _ in range(number)), class_name="gl-cards")
