"""What the schedules of an app look like; the state behind it is in `app_schedules`."""

import reflex as rx
from reflex.vars import ObjectVar

from builder import routes
from builder.components.badge import badge, status_word
from builder.components.button import button, icon_button
from builder.components.dialog import confirm, form_dialog
from builder.components.empty import empty
from builder.components.field import select, text_input
from builder.components.inputs import inputs
from builder.components.link import link
from builder.components.section import section
from builder.components.table import Column, row, table
from builder.components.toast import notice
from builder.components.when import when
from builder.screens.app_schedules import Scheduled, Schedules
from runtime.operations.schedules import DAYS, zones

COLUMNS = (Column("When", lead=True), Column("With"), Column("Next", short=True), Column("Last run"), Column(""))
EVERY = {"hour": "Every hour", "day": "Every day", "workday": "Monday to Friday", "week": "Every week",
         "month": "Every month", "cron": "As a cron expression says"}  # fmt: skip


def schedules() -> rx.Component:
    """The section, with its dialogs."""
    return rx.fragment(
        section(
            "Schedules",
            "Runs that begin by themselves. They act as the app, and do exactly what was approved.",
            rx.cond(
                Schedules.rows,
                table("Schedules", COLUMNS, rx.foreach(Schedules.rows, _row)),
                rx.cond(
                    Schedules.wants_file == "",
                    empty("No schedule yet", "For example every Monday at 08:00.", icon_name="calendar-clock"),
                    notice(
                        f"Each run needs a file (“{Schedules.wants_file}”), and nobody brings one when a schedule"
                        " begins it. Let the workflow fetch what it needs with “Call HTTP”, or let a program start"
                        " the app.",
                    ),
                ),
            ),
            actions=rx.cond(
                Schedules.wants_file == "", button("New schedule", icon_name="plus", on_click=Schedules.ask_new)
            ),
        ),
        _new_dialog(),
        confirm(
            rx.el.p("No run begins by it any more. The runs it began stay.", class_name="gl-muted"),
            open=Schedules.asking == "remove",
            title="Remove this schedule?",
            verb="Remove",
            on_confirm=Schedules.remove,
            on_close=Schedules.close,
        ),
    )


def _row(one: ObjectVar[Scheduled]) -> rx.Component:
    name = one["id"].to(str)
    return row(
        COLUMNS,
        rx.el.div(
            rx.el.span(one["words"], class_name="gl-strong"),
            rx.el.span(one["zone"], class_name="gl-muted gl-small"),
            class_name="gl-stack gl-tighter",
        ),
        rx.el.span(one["inputs"], class_name="gl-small"),
        rx.cond(one["stopped"] == "", when(one["next_due"].to(float)), _stopped(one)),
        rx.cond(
            one["last_run"] != "",
            rx.el.span(
                link(when(one["last_due"].to(float)), to=f"{routes.RUNS}/{one['last_run']}"),
                " · ",
                status_word(one["last_status"].to(str)),
            ),
            rx.el.span("None yet", class_name="gl-faint"),
        ),
        rx.el.div(
            rx.cond(
                one["stopped"] == "",
                button("Switch off", kind="quiet", small=True, on_click=Schedules.stop(name)),
                button("Switch on", kind="quiet", small=True, on_click=Schedules.resume(name)),
            ),
            icon_button("trash-2", "Remove this schedule", small=True, on_click=Schedules.ask_remove(name)),
            class_name="gl-row gl-row--end gl-tight",
        ),
    )


def _stopped(one: ObjectVar[Scheduled]) -> rx.Component:
    return rx.el.div(
        badge("Off", "amber"),
        rx.el.span(one["stopped"], class_name="gl-small gl-muted"),
        class_name="gl-stack gl-tight",
    )


def _new_dialog() -> rx.Component:
    every = Schedules.every
    return form_dialog(
        select("How often", "when_every", EVERY.items(), value=every, on_change=Schedules.choose_every),
        rx.cond(
            every == "week",
            select("On", "when_weekday", [(str(at), day) for at, day in enumerate(DAYS)], default_value="0"),
        ),
        rx.cond(
            every == "month",
            text_input("On day", "when_day", type="number", min="1", max="31", default_value="1",
                       help="In a shorter month its last day."),
        ),
        rx.match(  # each has a key, or what stands in one would stay in the next
            every,
            (
                "hour",
                text_input("At minute", "when_minute", type="number", min="0", max="59", default_value="0",
                           key="minute"),
            ),
            (
                "cron",
                text_input("Cron expression", "when_cron", mono=True, placeholder="0 8 * * 1", max_length=200,
                           key="cron", help="Minute, hour, day of the month, month, day of the week."),
            ),
            text_input("At", "when_at", type="time", default_value="08:00", key="at"),
        ),
        select(
            "Time zone", "when_zone", [(each, each.replace("_", " ")) for each in zones()],
            default_value=Schedules.zone, help="The time stays the same on the clock there, in summer and winter.",
        ),
        rx.cond(
            Schedules.asked,
            rx.el.fieldset(
                rx.el.legend("What each run is given", class_name="gl-label"), inputs(Schedules.asked),
                class_name="gl-stack",
            ),
        ),
        open=Schedules.asking == "new",
        title="New schedule",
        verb="Set the schedule",
        on_submit=Schedules.create,
        on_close=Schedules.close,
        busy=Schedules.busy,
    )  # fmt: skip
