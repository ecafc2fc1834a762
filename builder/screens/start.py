"""Where everybody arrives: leads on to what they come for, see `places.start_of`."""

import reflex as rx

from builder.components.loading import skeleton_cards
from builder.components.shell import page


def screen() -> rx.Component:
    return page("Greenlane", skeleton_cards(3))
