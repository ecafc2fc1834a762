"""An answer as it comes and as it is read: its words while they are written, the passages it rests on."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypedDict

import reflex as rx
from reflex.vars import ObjectVar

from builder.components.link import link
from runtime.operations.sources import Source

TEXT_S = 0.1
"""text that is being written goes down this often at most"""
QUIET = {"flow.start", "flow.finish", "flow.answer"}
"""steps that say nothing of themselves to whoever runs an app"""
EXCERPT = 280


class Cited(TypedDict):
    """A passage the answer rests on."""

    number: str
    title: str
    page: str
    excerpt: str
    link: str


@dataclass(frozen=True)
class Said:
    """What the step that speaks now has said so far; another step, attempt or try begins anew."""

    place: tuple[str, int, int] = ("", 0, 0)
    text: str = ""

    def heard(self, event: Mapping[str, Any]) -> "Said":
        place = (event["step"], event["attempt"], event["try"])
        before = self.text if place == self.place else ""
        return Said(place, before[: event["offset"]] + event["text"])


def cited_of(found: list[Source]) -> list[Cited]:
    """Passages as they are listed; only what this person may open has a link."""
    return [
        Cited(
            number=str(one.number),
            title=one.title,
            page=f"page {one.page}" if one.page else "",
            excerpt=excerpt_of(one.text),
            link=f"/knowledge/{one.base}/passages/{one.passage}" if one.readable else "",
        )
        for one in found
    ]


def excerpt_of(text: str) -> str:
    """The beginning of a passage, without the marks of headings, which mean nothing in a line."""
    plain = re.sub(r"^#{1,6} ", "", text, flags=re.MULTILINE)
    return plain if len(plain) <= EXCERPT else f"{plain[:EXCERPT].rsplit(' ', 1)[0]} …"


def source(one: ObjectVar[Cited]) -> rx.Component:
    """A passage: where it stands, and its words."""
    where = rx.fragment(
        rx.el.span(one["title"], class_name="gl-strong"), rx.cond(one["page"] != "", f", {one['page']}", "")
    )
    return rx.el.li(
        rx.el.span(one["number"], class_name="gl-sources__number"),
        rx.el.div(
            rx.cond(one["link"] != "", link(where, to=one["link"].to(str)), rx.el.span(where)),
            rx.el.p(one["excerpt"], class_name="gl-muted gl-small"),
        ),
    )
