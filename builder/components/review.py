"""Pieces that tell of a review: its state, its tier, a check, a section that folds."""

from collections.abc import Sequence

import reflex as rx

from builder.components.badge import Tone, badge
from builder.components.icon import icon
from builder.texts import TIERS

STATES: dict[str, tuple[str, Tone, str]] = {
    "open": ("In review", "blue", "clock"),
    "changes": ("Changes requested", "amber", "message-square-warning"),
    "changes_requested": ("Changes requested", "amber", "message-square-warning"),
    "approved": ("Approved", "green", "check"),
    "conditions": ("Approved with conditions", "green", "list-checks"),
    "exception": ("Approved as an exception", "amber", "timer"),
    "denied": ("Denied", "red", "x"),
    "withdrawn": ("Withdrawn", "grey", "undo-2"),
    "superseded": ("Replaced by a newer one", "grey", "layers"),
    "taken_back": ("Approval withdrawn", "red", "ban"),
}
"""the states of a submission, as a person reads them"""

_TONES: dict[int, Tone] = {1: "green", 2: "amber", 3: "red"}


def standing_badge(state: str | rx.Var[str]) -> rx.Component | rx.Var:
    """How a submission stands."""
    return rx.match(
        state, *((name, badge(words, tone, icon_name=mark)) for name, (words, tone, mark) in STATES.items()), badge("–")
    )


def tier_of(tier: int | rx.Var[int]) -> rx.Component | rx.Var:
    """The risk tier of a version that is known only in the browser."""
    return rx.match(
        tier,
        *((number, badge(f"Tier {number} · {TIERS[number]}", tone)) for number, tone in _TONES.items()),
        badge("–"),
    )


def lacks_of(tier: int, unmet: Sequence[str]) -> str:
    """`Tier 3 asks that its test cases pass. That is not so yet.` Empty where nothing is missing."""
    return f"Tier {tier} asks that {', and that '.join(unmet)}. That is not so yet." if unmet else ""


def check_mark(ok: rx.Var[str]) -> rx.Component | rx.Var:
    """Passed, failed or a warning; said in words to those who do not see it."""
    marks = (("passed", "circle-check", "green"), ("failed", "circle-x", "red"), ("warning", "triangle-alert", "amber"))
    return rx.match(
        ok,
        *(
            (
                name,
                rx.el.span(
                    icon(mark, 17), rx.el.span(name, class_name="gl-hidden"), class_name=f"gl-check gl-tone--{tone}"
                ),
            )
            for name, mark, tone in marks
        ),
        rx.fragment(),
    )


def section(
    title: str | rx.Var[str],
    *content: rx.Component | rx.Var,
    about: str | rx.Var[str] | rx.Component = "",
    unfolded: bool | rx.Var[bool] = True,
) -> rx.Component:
    """A card that folds, with a line that tells what is inside."""
    return rx.el.details(
        rx.el.summary(
            icon("chevron-right", 16),
            rx.el.h2(title),
            rx.el.span(about, class_name="gl-fold__about"),
            class_name="gl-fold__head",
        ),
        rx.el.div(*content, class_name="gl-fold__body"),
        open=unfolded,
        class_name="gl-card gl-fold",
    )
