"""What the list of runs looks like; the state behind it is in `runs`."""

import reflex as rx
from reflex.vars import ObjectVar

from builder import routes
from builder.components.badge import status_badge
from builder.components.button import button, link_button, submit
from builder.components.day import day_input
from builder.components.empty import empty
from builder.components.field import bare_select, search
from builder.components.link import link
from builder.components.loading import skeleton_card
from builder.components.places import Me
from builder.components.shell import page
from builder.components.table import Column, row, table
from builder.components.tabs import choice
from builder.components.when import when
from builder.screens.runs import Row, Runs
from builder.texts import RUN_STATUSES, STATUSES

COLUMNS = (
    Column("Run", lead=True),
    Column("Status"),
    Column("Started by"),
    Column("Started", short=True),
    Column("Duration", number=True),
    Column("Cost", number=True),
)


def screen() -> rx.Component:
    whose = choice("Whose runs", (("all", "Everybody’s", ""), ("mine", "Mine", "")), Runs.whose, Runs.choose)
    return page(
        "Runs",
        rx.cond(Runs.loaded, _loaded(), skeleton_card("100%", "100%", "100%")),
        here=routes.RUNS,
        lead=rx.cond(
            Runs.explores,
            "Every run of everybody, with each step’s input and output. What you look for is kept in the audit log.",
            "What you ran, what came out, and how it went.",
        ),
        actions=rx.fragment(
            rx.cond(Runs.explores, whose), link_button("Compare runs", routes.COMPARE, icon_name="columns-2")
        ),
    )


def _loaded() -> rx.Component:
    return rx.fragment(
        rx.cond(Runs.choices, _filters()),
        rx.cond(
            Runs.rows,
            rx.el.div(
                table("Runs", COLUMNS, rx.foreach(Runs.rows, _drawn)),
                rx.cond(
                    Runs.more,
                    rx.el.div(button("Show older", on_click=Runs.show_older), class_name="gl-row gl-row--center"),
                ),
                class_name="gl-stack",
            ),
            rx.cond(
                Runs.narrowed,
                empty(
                    "No run matches",
                    "Look for fewer words, or for another day.",
                    button("Show all runs", on_click=Runs.show_all),
                    icon_name="filter-x",
                ),
                _nothing_yet(),
            ),
        ),
    )


def _nothing_yet() -> rx.Component:
    makes = Me.places.contains(routes.WORKFLOWS)
    return empty(
        "No runs yet",
        rx.cond(
            makes,
            "Open a workflow and press Run. What happened in each step is then kept here.",
            "Open an app and press Run. What came out and how is then kept here.",
        ),
        rx.cond(
            makes,
            link_button("Go to workflows", routes.WORKFLOWS, kind="primary"),
            link_button("Go to apps", routes.APPS, kind="primary"),
        ),
        icon_name="activity",
    )


def _filters() -> rx.Component:
    return rx.el.form(
        search("Words in input or result", name="words", max_length=200),
        rx.cond(Runs.whose == "all", search("Person", name="who", max_length=100)),
        submit("Search", kind="plain", icon_name="search"),
        bare_select(
            rx.el.option("All apps and workflows", value=""),
            rx.foreach(Runs.choices, lambda one: rx.el.option(one["title"], value=one["id"])),
            aria_label="App or workflow",
            value=Runs.wanted["of"],
            on_change=lambda value: Runs.narrow("of", value),
        ),
        bare_select(
            rx.el.option("Any status", value=""),
            *(rx.el.option(STATUSES[status], value=status) for status in RUN_STATUSES),
            aria_label="Status",
            value=Runs.wanted["status"],
            on_change=lambda value: Runs.narrow("status", value),
        ),
        rx.el.div(
            day_input("From", "since", on_change=lambda value: Runs.narrow("since", value)),
            day_input("To", "until", on_change=lambda value: Runs.narrow("until", value)),
            class_name="gl-days",
        ),
        on_submit=Runs.search,
        key=f"filters-{Runs.cleared}",
        class_name="gl-filters",
    )


def _drawn(one: ObjectVar[Row]) -> rx.Component:
    return row(
        COLUMNS,
        rx.el.div(
            link(one["title"], to=f"{routes.RUNS}/{one['id']}", class_name="gl-cover gl-strong"),
            rx.cond(one["said"] != "", rx.el.p(one["said"], class_name="gl-muted gl-small gl-clip")),
            class_name="gl-said",
        ),
        status_badge(one["status"].to(str)),
        one["who"],
        when(one["created"].to(float)),
        one["took"],
        one["cost"],
    )
