"""No such page, or not for this person: the answer is the same."""

import reflex as rx

from builder.components.shell import lost


def screen() -> rx.Component:
    return lost()
