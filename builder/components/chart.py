"""Bars on one scale: how long each of several things took, and when."""

from typing import TypedDict

import reflex as rx
from reflex.vars import ObjectVar

from builder.components.badge import status_dot


class Bar(TypedDict):
    """One bar: from and to are shares of the whole, 0 to 1."""

    label: str
    status: str
    value: str
    start: float
    end: float


def chart(label: str, bars: rx.Var[list[Bar]]) -> rx.Component:
    """The bars under one another; the figures are text, so nothing is only in the picture."""
    return rx.el.ul(rx.foreach(bars, _bar), class_name="gl-chart", aria_label=label)


def _bar(bar: ObjectVar[Bar]) -> rx.Component:
    return rx.el.li(
        rx.el.span(
            status_dot(bar["status"].to(str)),
            rx.el.span(bar["label"], class_name="gl-clip"),
            class_name="gl-row gl-tight",
        ),
        track(bar["start"].to(float), bar["end"].to(float), bar["status"].to(str)),
        rx.el.span(bar["value"], class_name="gl-number gl-muted"),
    )


def track(start: rx.Var[float] | float, end: rx.Var[float] | float, status: rx.Var[str] | str) -> rx.Component:
    """One bar on its track, without words."""
    return rx.el.span(
        rx.el.span(
            class_name=f"gl-chart__bar gl-status gl-status--{status}",
            custom_attrs={"style": {"--from": start, "--to": end}},
        ),
        class_name="gl-chart__track",
        aria_hidden=True,
    )
