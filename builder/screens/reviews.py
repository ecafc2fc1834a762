"""What waits for a decision, longest first, and what was decided lately."""

from typing import TypedDict

import reflex as rx
from reflex.vars import ObjectVar

from builder import routes
from builder.components.badge import badge
from builder.components.button import link_button
from builder.components.empty import empty
from builder.components.icon import workflow_icon
from builder.components.link import link
from builder.components.loading import skeleton
from builder.components.review import standing_badge, tier_of
from builder.components.shell import page
from builder.components.table import Column, row, table
from builder.components.toast import told
from builder.components.when import when
from builder.session import current_actor, internal, requires
from builder.wiring import runtime
from runtime.operations import submissions
from runtime.operations.submissions import SubmissionCard

WAITING = (
    Column("Workflow", lead=True),
    Column("From"),
    Column("Waiting since", short=True),
    Column("Tier", short=True),
    Column("For you", short=True),
)
DECIDED = (
    Column("Workflow", lead=True),
    Column("From"),
    Column("Decided", short=True),
    Column("Tier", short=True),
    Column("State", short=True),
)


class Row(TypedDict):
    """One submission in a list."""

    number: int
    title: str
    icon: str
    version: str
    who: str
    moment: float
    tier: int
    state: str
    mine: str
    """how this reviewer took part; empty: they may decide"""


class Reviews(rx.State):
    """The two lists."""

    waiting: rx.Field[list[Row]] = rx.field(default_factory=list)
    decided: rx.Field[list[Row]] = rx.field(default_factory=list)
    loaded: bool = False

    @internal
    async def load(self) -> None:
        async with told(self):
            waiting, decided = await submissions.list_reviews(runtime(), current_actor())
            self.waiting = [_row(card, card.created, why) for card, why in waiting]
            self.decided = [_row(card, card.closed or card.created) for card in decided]
            self.loaded = True

    @requires("submission.review")
    async def refresh(self):
        return Reviews.load


def _row(card: SubmissionCard, moment: float, mine: str = "") -> Row:
    return Row(
        number=card.number,
        title=card.title,
        icon=card.icon,
        version=f"#{card.number} · version {card.version}",
        who=card.who,
        moment=moment,
        tier=card.tier,
        state=state_of(card),
        mine=mine,
    )


def state_of(card: SubmissionCard) -> str:
    """How a submission stands, as `standing_badge` knows it."""
    if card.withdrawn is not None:
        return "taken_back"
    return card.kind or card.status


def screen() -> rx.Component:
    return page(
        "Reviews",
        rx.cond(
            Reviews.loaded, _loaded(), rx.el.div(skeleton("100%", "100%", "100%"), class_name="gl-card gl-card__body")
        ),
        here=routes.REVIEWS,
        lead="Workflows that wait for a decision. The one that has waited longest comes first.",
    )


def _loaded() -> rx.Component:
    return rx.el.div(
        rx.cond(
            Reviews.waiting,
            table("Waiting for a decision", WAITING, rx.foreach(Reviews.waiting, _waits)),
            rx.el.div(
                empty(
                    "Nothing waits for you",
                    "You are told as soon as somebody submits a workflow.",
                    link_button("Go to workflows", routes.WORKFLOWS),
                    icon_name="circle-check",
                ),
                class_name="gl-card",
            ),
        ),
        rx.cond(
            Reviews.decided,
            rx.el.section(
                rx.el.h2("Decided lately"),
                table("Decided lately", DECIDED, rx.foreach(Reviews.decided, _was_decided)),
                class_name="gl-stack",
            ),
        ),
        class_name="gl-stack gl-loose",
    )


def _named(one: ObjectVar[Row]) -> rx.Component:
    return rx.el.span(
        rx.el.span(workflow_icon(one["icon"].to(str), 16), class_name="gl-workflow__icon gl-workflow__icon--small"),
        rx.el.span(
            link(one["title"], to=f"{routes.REVIEWS}/{one['number']}", class_name="gl-cover gl-strong"),
            rx.el.span(one["version"], class_name="gl-muted gl-small"),
            class_name="gl-stack gl-none",
        ),
        class_name="gl-row",
    )


def _waits(one: ObjectVar[Row]) -> rx.Component:
    return row(
        WAITING,
        _named(one),
        one["who"],
        when(one["moment"].to(float)),
        tier_of(one["tier"].to(int)),
        rx.cond(
            one["mine"] == "",
            badge("You may decide", "green"),
            rx.el.span("You ", one["mine"], class_name="gl-muted gl-small"),
        ),
    )


def _was_decided(one: ObjectVar[Row]) -> rx.Component:
    return row(
        DECIDED,
        _named(one),
        one["who"],
        when(one["moment"].to(float)),
        tier_of(one["tier"].to(int)),
        standing_badge(one["state"].to(str)),
    )
