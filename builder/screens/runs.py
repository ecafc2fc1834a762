"""All runs this person may see, newest first."""

from typing import TypedDict

import reflex as rx
from reflex.vars import ObjectVar

from builder import routes
from builder.components.badge import status_badge
from builder.components.button import button, link_button
from builder.components.empty import empty
from builder.components.field import bare_select
from builder.components.link import link
from builder.components.loading import skeleton
from builder.components.shell import page
from builder.components.table import Column, row, table
from builder.components.toast import told
from builder.components.when import when
from builder.session import current_actor, internal, requires
from builder.texts import RUN_STATUSES, STATUSES, duration, money
from builder.wiring import runtime
from runtime.operations import traces, workflows
from runtime.operations.actors import permit

PAGE = 50
"""Rows fetched at a time."""

END_OF_TIME = 1e12

COLUMNS = (
    Column("Status"),
    Column("Workflow", lead=True),
    Column("Started by", short=True),
    Column("Started", short=True),
    Column("Duration", number=True),
    Column("Cost", number=True),
)


class Row(TypedDict):
    """One run."""

    id: str
    status: str
    title: str
    who: str
    created: float
    took: str
    cost: str


class Choice(TypedDict):
    """One workflow to filter by."""

    name: str
    title: str


class Runs(rx.State):
    """The rows fetched so far, and what they are narrowed to."""

    rows: rx.Field[list[Row]] = rx.field(default_factory=list)
    choices: rx.Field[list[Choice]] = rx.field(default_factory=list)
    loaded: bool = False
    more: bool = False
    workflow: str = ""
    status: str = ""

    @rx.var
    def shown(self) -> list[Row]:
        """The rows with the status that was chosen."""
        return [row for row in self.rows if self.status in ("", row["status"])]

    @internal
    async def load(self) -> None:
        async with told(self):
            makes = permit(current_actor(), "workflow.list").allowed  # who only uses apps has none to filter by
            found = await workflows.list_workflows(runtime(), current_actor()) if makes else []
            self.choices = [Choice(name=one.name, title=one.title) for one in found]
            self.rows = await self._fetch(before=END_OF_TIME)
            self.loaded = True

    async def _fetch(self, before: float) -> list[Row]:
        found = await traces.list_runs(
            runtime(), current_actor(), workflow=self.workflow or None, limit=PAGE, before=before
        )
        self.more = len(found) == PAGE
        return [_row(one) for one in found]

    @requires("run.see")
    async def narrow_to_workflow(self, name: str) -> None:
        self.workflow = name
        async with told(self):
            self.rows = await self._fetch(before=END_OF_TIME)

    @requires("page.see")
    async def narrow_to_status(self, status: str) -> None:
        self.status = status

    @requires("run.see")
    async def show_older(self) -> None:
        async with told(self):
            self.rows = [*self.rows, *await self._fetch(before=self.rows[-1]["created"])]

    @requires("page.see")
    async def show_all(self):
        self.workflow = self.status = ""
        return Runs.load


def _row(one: traces.RunCard) -> Row:
    return Row(
        id=one.run,
        status=one.status,
        title=one.title,
        who=who_started(one),
        created=one.created,
        took=duration(one.ended - one.started if one.started and one.ended else None),
        cost=money(one.cost),
    )


def who_started(one: traces.RunCard) -> str:
    """The person, and whether it was a program of theirs."""
    return f"{one.person}, by key" if one.via == "key" else one.person


def screen() -> rx.Component:
    return page(
        "Runs",
        rx.cond(
            Runs.loaded, _loaded(), rx.el.div(skeleton("100%", "100%", "100%"), class_name="gl-card gl-card__body")
        ),
        here=routes.RUNS,
        lead="Every run, with each step’s input and output.",
    )


def _loaded() -> rx.Component:
    narrowed = (Runs.workflow != "") | (Runs.status != "")
    return rx.fragment(
        rx.cond(Runs.rows | narrowed, _filters(), rx.fragment()),
        rx.cond(
            Runs.shown,
            rx.el.div(
                table("Runs", COLUMNS, rx.foreach(Runs.shown, _drawn)),
                rx.cond(
                    Runs.more,
                    rx.el.div(button("Show older", on_click=Runs.show_older), class_name="gl-row gl-row--end"),
                ),
                class_name="gl-stack",
            ),
            rx.cond(
                narrowed,
                empty(
                    "No run matches",
                    "Nothing was run with these filters yet.",
                    button("Show all runs", on_click=Runs.show_all),
                    icon_name="filter-x",
                ),
                empty(
                    "No runs yet",
                    "Open a workflow and press Run. What happened in each step is then kept here.",
                    link_button("Go to workflows", routes.HOME, kind="primary"),
                    icon_name="activity",
                ),
            ),
        ),
    )


def _filters() -> rx.Component:
    return rx.el.div(
        bare_select(
            rx.el.option("All workflows", value=""),
            rx.foreach(Runs.choices, lambda one: rx.el.option(one["title"], value=one["name"])),
            aria_label="Workflow",
            value=Runs.workflow,
            on_change=Runs.narrow_to_workflow,
        ),
        bare_select(
            rx.el.option("Any status", value=""),
            *(rx.el.option(STATUSES[status], value=status) for status in RUN_STATUSES),
            aria_label="Status",
            value=Runs.status,
            on_change=Runs.narrow_to_status,
        ),
        class_name="gl-filters",
    )


def _drawn(one: ObjectVar[Row]) -> rx.Component:
    return row(
        COLUMNS,
        status_badge(one["status"].to(str)),
        link(one["title"], to=f"{routes.RUNS}/{one['id']}", class_name="gl-cover gl-strong"),
        one["who"],
        when(one["created"].to(float)),
        one["took"],
        one["cost"],
    )
