"""No such page, or not for this person: the answer is the same."""

import reflex as rx

from builder import routes
from builder.components.button import link_button
from builder.components.empty import empty
from builder.components.shell import page


def screen() -> rx.Component:
    return page(
        "Page not found",
        empty(
            "There is nothing here",
            "The address is wrong, or what it led to was deleted, or it is not shared with you.",
            link_button("Go to workflows", routes.HOME, kind="primary"),
            icon_name="compass",
        ),
    )
