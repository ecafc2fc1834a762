"""Inbox: what waits for this person's decision, what they decided, and what they were told."""

from typing import TypedDict

import reflex as rx
from reflex.vars import ObjectVar

from builder import routes
from builder.components.badge import badge
from builder.components.bell import News
from builder.components.button import button
from builder.components.empty import empty
from builder.components.icon import icon
from builder.components.link import link
from builder.components.loading import skeleton_card
from builder.components.shell import page
from builder.components.tabs import tabs
from builder.components.toast import told
from builder.components.when import when
from builder.session import current_actor, internal, requires
from builder.wiring import runtime
from runtime.operations import inbox, notifications
from runtime.operations.inbox import Entry

OPEN, DECIDED, NEWS = "open", "decided", "news"


class Asked(TypedDict):
    """A question in a list."""

    id: str
    title: str
    about: str
    who: str
    opened: float
    deadline: float
    decision: str
    decided: float


class Told(TypedDict):
    """A notification."""

    id: str
    text: str
    link: str
    at: float
    new: bool


class Inbox(rx.State):
    """The three lists; the first is what one comes for."""

    tab: str = OPEN
    open: rx.Field[list[Asked]] = rx.field(default_factory=list)
    decided: rx.Field[list[Asked]] = rx.field(default_factory=list)
    news: rx.Field[list[Told]] = rx.field(default_factory=list)
    loaded: bool = False

    @rx.var
    def unseen(self) -> int:
        """How many notifications are new."""
        return sum(each["new"] for each in self.news)

    @internal
    async def load(self) -> None:
        async with told(self):
            await self._refresh()
            self.tab = NEWS if not self.open and self.unseen else OPEN
            self.loaded = True

    async def _refresh(self) -> None:
        actor = current_actor()
        self.open = [_asked(each) for each in await inbox.list_inbox(runtime(), actor)]
        self.decided = [_asked(each) for each in await inbox.list_decided(runtime(), actor)]
        found = await notifications.list_notifications(runtime(), actor)
        self.news = [
            Told(id=each.id, text=each.text, link=each.link, at=each.at, new=each.seen is None) for each in found
        ]

    @requires("inbox.see")
    async def choose(self, tab: str) -> None:
        self.tab = tab

    @requires("notification.see")
    async def mark_seen(self):
        """Everything that is shown now."""
        async with told(self):
            if self.news:
                await notifications.mark_seen(runtime(), current_actor(), until=self.news[0]["at"])
            await self._refresh()
        return News.look


def _asked(entry: Entry) -> Asked:
    return Asked(
        id=entry.id,
        title=entry.title,
        about=entry.about,
        who=entry.asked_by,
        opened=entry.opened,
        deadline=entry.deadline or 0.0,
        decision=entry.decision,
        decided=entry.decided or 0.0,
    )


def screen() -> rx.Component:
    return page(
        "Inbox",
        tabs(
            "What is shown",
            ((OPEN, "To decide"), (DECIDED, "Decided"), (NEWS, "Notifications")),
            Inbox.tab,
            Inbox.choose,
        ),
        rx.cond(
            Inbox.loaded,
            rx.match(Inbox.tab, (DECIDED, _decided()), (NEWS, _news()), _open()),
            skeleton_card("60%", "90%", "40%"),
        ),
        here=routes.INBOX,
        lead="What runs ask you to decide, and what you should know.",
    )


def _open() -> rx.Component:
    return rx.cond(
        Inbox.open,
        rx.el.ul(rx.foreach(Inbox.open, _question), class_name="gl-asks"),
        empty(
            "Nothing waits for you",
            "When a run needs your decision, it appears here, and the menu shows a number.",
            icon_name="inbox",
        ),
    )


def _question(one: ObjectVar[Asked]) -> rx.Component:
    return rx.el.li(
        link(one["title"], to=f"{routes.INBOX}/{one['id']}", class_name="gl-cover gl-strong"),
        rx.el.p(one["about"], " · from ", one["who"], class_name="gl-muted gl-small"),
        rx.el.p(
            rx.el.span("asked ", when(one["opened"].to(float))),
            rx.cond(
                one["deadline"].to(float) > 0,
                rx.el.span(icon("clock", 13), "time runs out ", when(one["deadline"].to(float)), class_name="gl-due"),
            ),
            class_name="gl-asks__times",
        ),
        class_name="gl-card gl-asks__one",
    )


def _decided() -> rx.Component:
    return rx.cond(
        Inbox.decided,
        rx.el.ul(rx.foreach(Inbox.decided, _past), class_name="gl-asks"),
        empty("Nothing decided yet", "What you decide is kept here.", icon_name="history"),
    )


def _past(one: ObjectVar[Asked]) -> rx.Component:
    return rx.el.li(
        link(one["title"], to=f"{routes.INBOX}/{one['id']}", class_name="gl-cover gl-strong"),
        rx.el.p(one["about"], " · from ", one["who"], class_name="gl-muted gl-small"),
        rx.el.p(badge(one["decision"].to(str)), when(one["decided"].to(float)), class_name="gl-asks__times"),
        class_name="gl-card gl-asks__one",
    )


def _news() -> rx.Component:
    return rx.cond(
        Inbox.news,
        rx.el.div(
            rx.cond(
                Inbox.unseen > 0,
                rx.el.div(
                    button("Mark all as read", icon_name="check-check", small=True, on_click=Inbox.mark_seen),
                    class_name="gl-row gl-row--end",
                ),
            ),
            rx.el.ul(rx.foreach(Inbox.news, _one_news), class_name="gl-card gl-news"),
            class_name="gl-stack",
        ),
        empty("No notifications", "What happens to your apps, reviews and runs is told here.", icon_name="bell"),
    )


def _one_news(one: ObjectVar[Told]) -> rx.Component:
    return rx.el.li(
        rx.el.span(class_name=rx.cond(one["new"], "gl-dot gl-tone--blue", "gl-dot gl-news__old"), aria_hidden=True),
        rx.el.div(
            rx.cond(
                one["link"] != "",
                link(one["text"], to=one["link"].to(str), class_name="gl-cover"),
                rx.el.span(one["text"]),
            ),
            rx.cond(one["new"], rx.el.span("New", class_name="gl-hidden")),
            class_name="gl-grow",
        ),
        when(one["at"].to(float)),
    )
