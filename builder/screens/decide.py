"""One question of a run: what is to be decided, and the buttons."""

from contextlib import suppress
from typing import TypedDict

import reflex as rx
from reflex.vars import ObjectVar

from builder import routes
from builder.components.bell import News
from builder.components.button import button_class, link_button
from builder.components.empty import empty
from builder.components.icon import icon
from builder.components.link import link
from builder.components.loading import skeleton
from builder.components.prose import prose
from builder.components.shell import page
from builder.components.toast import notice, tell, told
from builder.components.when import when
from builder.session import current_actor, internal, requires
from builder.wiring import runtime
from runtime.errors import NotFound
from runtime.operations import inbox
from runtime.operations.inbox import LONGEST_COMMENT, Entry

LOOKS = {"approved": "gl-button--primary", "again": "gl-button--primary", "stop": "gl-button--danger"}
"""how a button stands out, by its id"""


class Button(TypedDict):
    """One answer."""

    id: str
    label: str
    look: str


class Asked(TypedDict):
    """The question, and the answer once there is one."""

    id: str
    title: str
    text: str
    about: str
    who: str
    opened: float
    deadline: float
    status: str
    decision: str
    comment: str
    by: str
    decided: float
    run: str


NOTHING = Asked(
    id="", title="", text="", about="", who="", opened=0.0, deadline=0.0, status="", decision="", comment="", by="",
    decided=0.0, run="",
)  # fmt: skip


class Decide(rx.State):
    """The question that is open."""

    asked: rx.Field[Asked] = rx.field(default_factory=NOTHING.copy)
    buttons: rx.Field[list[Button]] = rx.field(default_factory=list)
    comment: str = ""
    loaded: bool = False
    deciding: str = ""
    """the id of the button that was pressed, while the answer is on its way"""

    @internal
    async def load(self) -> None:
        self.loaded, self.asked, self.buttons, self.comment, self.deciding = False, NOTHING.copy(), [], "", ""
        wanted = routes.last(self.router.url.path)
        with suppress(NotFound):  # the page says so
            self._show(await inbox.read_entry(runtime(), current_actor(), entry=wanted))
        self.loaded = True

    @requires("inbox.answer")
    async def write(self, comment: str) -> None:
        self.comment = comment[:LONGEST_COMMENT]

    @requires("inbox.answer")
    async def decide(self, choice: str):
        self.deciding = choice
        yield
        entry = self.asked["id"]
        async with told(self):
            done = await inbox.answer_entry(
                runtime(), current_actor(), entry=entry, choice=choice, comment=self.comment
            )
            await tell(self, done.decision, "The run goes on.")
        self.deciding = ""
        async with told(self):  # whoever was faster
            self._show(await inbox.read_entry(runtime(), current_actor(), entry=entry))
        yield News.look

    def _show(self, entry: Entry) -> None:
        self.asked = Asked(
            id=entry.id,
            title=entry.title,
            text=entry.text,
            about=entry.about,
            who=entry.asked_by,
            opened=entry.opened,
            deadline=entry.deadline or 0.0,
            status=entry.status,
            decision=entry.decision,
            comment=entry.comment,
            by=entry.decided_by,
            decided=entry.decided or 0.0,
            run=entry.run,
        )
        self.buttons = [Button(id=each.id, label=each.label, look=LOOKS.get(each.id, "")) for each in entry.choices]


def screen() -> rx.Component:
    asked = Decide.asked
    return page(
        rx.cond(asked["id"] != "", asked["title"], "Decision"),
        rx.cond(
            Decide.loaded,
            rx.cond(asked["id"] != "", _found(), _missing()),
            rx.el.div(skeleton("40%", "90%", "70%"), class_name="gl-card gl-card__body"),
        ),
        here=routes.INBOX,
        above=link(icon("chevron-left", 14), "Inbox", to=routes.INBOX, class_name="gl-back"),
    )


def _missing() -> rx.Component:
    return empty(
        "There is no such question",
        "It was asked of somebody else, or its run was deleted.",
        link_button("Go to the inbox", routes.INBOX),
        icon_name="compass",
    )


def _found() -> rx.Component:
    asked = Decide.asked
    return rx.el.div(
        rx.el.p(
            asked["about"], " · from ", asked["who"], " · asked ", when(asked["opened"].to(float)),
            rx.cond(
                (asked["deadline"].to(float) > 0) & (asked["status"] == "open"),
                rx.fragment(" · ", _due(asked["deadline"].to(float))),
            ),
            class_name="gl-muted gl-small",
        ),
        rx.el.section(
            rx.cond(
                asked["text"] != "",
                prose(asked["text"].to(str)),
                rx.el.p("Nothing more was written about it.", class_name="gl-muted"),
            ),
            class_name="gl-card gl-card__body",
        ),
        rx.match(asked["status"], ("open", _answering()), ("answered", _answered()), _closed()),
        rx.cond(
            asked["run"] != "",
            link_button("Look at the run", f"{routes.RUNS}/{asked['run']}", icon_name="activity"),
        ),
        class_name="gl-stack gl-loose gl-decide",
    )  # fmt: skip


def _due(deadline: rx.Var[float]) -> rx.Component:
    return rx.el.span("time runs out ", when(deadline), class_name="gl-due")


def _answering() -> rx.Component:
    return rx.el.div(
        rx.el.div(
            rx.el.label(
                "Comment", rx.el.span("optional", class_name="gl-label__optional"), html_for="comment",
                class_name="gl-label",
            ),
            rx.el.textarea(
                id="comment", default_value=Decide.comment, on_blur=Decide.write, max_length=LONGEST_COMMENT, rows=3,
                placeholder="Kept with the decision; later steps of the run can use it.", class_name="gl-input",
            ),
            class_name="gl-field",
        ),
        rx.el.div(rx.foreach(Decide.buttons, _button), class_name="gl-decide__bar"),
        class_name="gl-stack",
    )  # fmt: skip


def _button(one: ObjectVar[Button]) -> rx.Component:
    return rx.el.button(
        one["label"],
        type="button",
        class_name=f"{button_class()} {one['look']}",
        aria_busy=Decide.deciding == one["id"],
        disabled=(Decide.deciding != "") & (Decide.deciding != one["id"]),
        on_click=Decide.decide(one["id"].to(str)),
    )


def _answered() -> rx.Component:
    asked = Decide.asked
    return notice(
        rx.fragment(
            rx.el.p(
                asked["decision"],
                rx.cond(asked["by"] != "", rx.fragment(" – ", asked["by"])),
                ", ",
                when(asked["decided"].to(float)),
                class_name="gl-strong",
            ),
            rx.cond(asked["comment"] != "", rx.el.p(asked["comment"])),
        ),
        icon_name="circle-check",
    )


def _closed() -> rx.Component:
    return notice("The run has ended meanwhile, so nothing is to be decided any more.", "grey", icon_name="info")
