"""A moment, told as people do."""

import reflex as rx

from builder.shipped import shipped


class When(rx.Component):
    """See when.jsx."""

    library = shipped(__file__, "when.jsx")
    tag = "When"
    moment: rx.Var[float]


def when(moment: float | rx.Var[float]) -> rx.Component:
    """`moment` is in seconds since 1970, as the runtime tells time; 0 shows nothing."""
    return When.create(moment=moment)
