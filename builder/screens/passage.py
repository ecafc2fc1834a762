"""A cited passage where it stands in its document."""

from contextlib import suppress
from typing import TypedDict

import reflex as rx

from builder import routes
from builder.components.empty import empty
from builder.components.icon import icon
from builder.components.link import link
from builder.components.loading import skeleton_card
from builder.components.shell import page
from builder.session import current_actor, internal
from builder.wiring import runtime
from runtime.errors import NotFound
from runtime.operations import passages


class Shown(TypedDict):
    """The page of the document in three parts; the middle one is the passage."""

    base: str
    base_title: str
    title: str
    place: str
    heading: str
    before: str
    text: str
    after: str


NOTHING = Shown(base="", base_title="", title="", place="", heading="", before="", text="", after="")


class OnePassage(rx.State):
    """The passage that is open."""

    shown: rx.Field[Shown] = rx.field(default_factory=NOTHING.copy)
    loaded: bool = False

    @internal
    async def load(self) -> None:
        self.shown, self.loaded = NOTHING.copy(), False
        _, _, rest = str(self.router.url.path).rstrip("/").partition("/knowledge/")
        base, _, passage = rest.partition("/passages/")
        with suppress(NotFound):  # the page says so
            self.shown = _shown(await passages.read_passage(runtime(), current_actor(), base=base, passage=passage))
        self.loaded = True


def _shown(found: passages.PassageView) -> Shown:
    place = f"characters {found.start:,} to {found.end:,}"
    return Shown(
        base=found.base,
        base_title=found.base_title,
        title=found.title,
        place=f"Page {found.page} of {found.pages}, {place}" if found.page else place.capitalize(),
        heading=found.heading,
        before=found.before,
        text=found.text,
        after=found.after,
    )


def screen() -> rx.Component:
    shown = OnePassage.shown
    return page(
        rx.cond(shown["title"] != "", shown["title"].to(str), "Passage"),
        rx.cond(
            OnePassage.loaded,
            rx.cond(shown["base"] != "", _document(), _missing()),
            skeleton_card("40%", "90%", "85%", "90%"),
        ),
        here=routes.KNOWLEDGE,
        above=rx.cond(
            shown["base"] != "",
            link(
                icon("chevron-left"),
                shown["base_title"].to(str),
                to=f"/knowledge/{shown['base'].to(str)}",
                class_name="gl-back",
            ),
            rx.fragment(),
        ),
        lead=shown["place"].to(str),
    )


def _document() -> rx.Component:
    shown = OnePassage.shown
    return rx.el.article(
        rx.cond(shown["heading"] != "", rx.el.p(shown["heading"], class_name="gl-eyebrow"), rx.fragment()),
        rx.el.p(
            rx.el.span(shown["before"], class_name="gl-muted"),
            rx.el.mark(shown["text"], id="passage"),
            rx.el.span(shown["after"], class_name="gl-muted"),
            class_name="gl-document",
        ),
        class_name="gl-card gl-card__body gl-stack",
    )


def _missing() -> rx.Component:
    return empty(
        "This passage is not here",
        "Its document may have been removed, or the knowledge base is not shared with you.",
        link("All knowledge bases", to=routes.KNOWLEDGE, class_name="gl-button gl-button--primary"),
        icon_name="search",
    )
