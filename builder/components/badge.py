"""Badges: a status with its dot, a tone with a word, a risk tier."""

from typing import Literal

import reflex as rx

from builder.components.icon import icon
from builder.texts import STATUSES, TIERS

_WORDS = rx.Var.create(STATUSES).to(dict[str, str])
"""Looked up in the browser, where the status may change."""

Tone = Literal["green", "blue", "amber", "red", "grey", "violet", "teal"]


def status_badge(status: str | rx.Var[str]) -> rx.Component:
    """The status of a run or a step, in words and with a dot that pulses while it runs."""
    return rx.el.span(
        rx.el.span(class_name="gl-dot", aria_hidden=True),
        status_word(status),
        class_name=f"gl-badge gl-status gl-status--{status}",
    )


def status_word(status: str | rx.Var[str]) -> rx.Var[str]:
    """The status as a word."""
    return _WORDS[status]


def status_dot(status: str | rx.Var[str]) -> rx.Component:
    """Only the dot, where the word stands beside it anyway."""
    words = status_word(status)
    return rx.el.span(class_name=f"gl-dot gl-status gl-status--{status}", role="img", aria_label=words, title=words)


def badge(text: str | rx.Var[str], tone: Tone = "grey", *, icon_name: str = "") -> rx.Component:
    """A word with a colour; the word says it all without the colour."""
    parts = [icon(icon_name, 12)] if icon_name else []
    return rx.el.span(*parts, text, class_name=f"gl-badge gl-tone--{tone}")


def tier_badge(tier: Literal[1, 2, 3]) -> rx.Component:
    """The risk tier of a version."""
    tones: dict[int, str] = {1: "green", 2: "amber", 3: "red"}
    return rx.el.span(f"Tier {tier} · {TIERS[tier]}", class_name=f"gl-badge gl-tier gl-tone--{tones[tier]}")
