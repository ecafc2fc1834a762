"""Bringing a form that was filled elsewhere into sight."""

import reflex as rx

from builder.shipped import shipped


class Reveal(rx.Component):
    """See reveal.jsx."""

    library = shipped(__file__, "reveal.jsx")
    tag = "Reveal"
    at: rx.Var[int]


def reveal(at: int | rx.Var[int]) -> rx.Component:
    """Inside of what is to be seen; `at` counts how often it should be."""
    return Reveal.create(at=at)
