"""What looking after an app looks like; the state behind it is in `app_manage`."""

import reflex as rx
from reflex.vars import ObjectVar

from builder import routes
from builder.components.api_keys import key_dialogs, key_row
from builder.components.badge import badge
from builder.components.button import button, link_button
from builder.components.card import card
from builder.components.copy import copy_button
from builder.components.dialog import form_dialog
from builder.components.field import paragraph_input, text_input
from builder.components.section import section
from builder.components.share import Share, share_dialog
from builder.components.table import Column, row, table
from builder.components.toast import notice
from builder.components.when import when
from builder.screens.app_limits import limits_section
from builder.screens.app_manage import Manage, Release
from builder.screens.app_schedules_view import schedules

RELEASES = (Column("Release", lead=True), Column("Published", short=True), Column("By"), Column("Why"), Column(""))
KEYS = (Column("Name", lead=True), Column("Begins with"), Column("Created", short=True), Column(""))


def manage() -> rx.Component:
    """Everything one does with an app beside running it."""
    return rx.el.div(
        rx.cond(
            Manage.stopped != "",
            notice(Manage.stopped, "amber", icon_name="octagon-pause"),
            rx.cond(Manage.until > 0, _until()),
        ),
        _actions(),
        _releases(),
        _data(),
        rx.cond(Manage.owns, schedules()),
        rx.cond(Manage.owns, _keys()),
        rx.cond(Manage.steers, limits_section()),
        _stop_dialog(),
        _resume_dialog(),
        _back_dialog(),
        _keep_dialog(),
        key_dialogs(
            Manage, title="Create a key for this app", placeholder="Billing system", made="The new key",
            on_make=Manage.make_key, on_revoke=Manage.revoke,
        ),
        share_dialog(),
        class_name="gl-stack gl-loose",
    )  # fmt: skip


def _until() -> rx.Component:
    """An exception or a condition ends the approval by itself."""
    return notice(
        rx.el.span(
            "Its approval holds until ",
            when(Manage.until),
            ". Then it stops by itself, unless what was asked for is done.",
        ),
        "blue",
        icon_name="timer",
    )


def _actions() -> rx.Component:
    switch = rx.cond(
        Manage.by_switch,
        button("Let it run again", icon_name="play", on_click=Manage.ask("resume")),
        button("Stop the app", kind="danger", icon_name="octagon-pause", on_click=Manage.ask("stop")),
    )
    return rx.el.div(
        rx.cond(Manage.steers, switch),
        rx.cond(
            Manage.shares,
            button("Share", icon_name="share-2", on_click=Share.ask("app", Manage.name, Manage.title)),
        ),
        rx.cond(
            Manage.submission > 0,
            link_button("How it was approved", f"{routes.REVIEWS}/{Manage.submission}", icon_name="badge-check"),
        ),
        class_name="gl-row gl-row--wrap",
    )


def _releases() -> rx.Component:
    return section(
        "Releases",
        "What the app ran and runs. Each rests on an approval.",
        table("Releases", RELEASES, rx.foreach(Manage.releases, _release)),
    )


def _release(one: ObjectVar[Release]) -> rx.Component:
    back = rx.cond(
        one["stands"],
        rx.cond(
            Manage.steers,
            button("Roll back", kind="quiet", small=True, on_click=Manage.ask_back(one["number"].to(int))),
        ),
        rx.el.span(one["sentence"], class_name="gl-muted gl-small"),
    )
    return row(
        RELEASES,
        rx.el.span(
            rx.el.span("Release ", one["number"], class_name="gl-strong"),
            rx.el.span(" · ", one["version"], class_name="gl-muted"),
        ),
        when(one["at"].to(float)),
        one["who"],
        rx.cond(one["reason"] != "", one["reason"], "Newly approved"),
        rx.cond(one["now"], badge("Runs now", "green"), back),
    )


def _data() -> rx.Component:
    """How long what its runs were given and made is kept."""
    kept = rx.cond(
        Manage.keep_days > 0,
        rx.fragment("It is removed ", rx.el.strong(Manage.keep_days, " days"), " after a run has ended."),
        "It is kept until somebody removes it on the page of a run.",
    )
    return section(
        "Data of its runs",
        "What runs were given, what they handed back, and their files. That they ran always stays on record.",
        rx.el.p(kept),
        actions=rx.cond(Manage.steers | Manage.owns, button("Change", icon_name="eraser", on_click=Manage.ask("keep"))),
    )


def _keep_dialog() -> rx.Component:
    return form_dialog(
        rx.el.p("What is older goes within a few minutes, for good. The change stands in the audit log.",
                class_name="gl-muted"),
        text_input("Days after a run has ended", "keep_days", type="number", min="1", max="3650", optional=True,
                   default_value=rx.cond(Manage.keep_days > 0, f"{Manage.keep_days}", ""),
                   help="Leave it empty to keep the data."),
        open=Manage.asking == "keep",
        title="How long is the data of runs kept?",
        verb="Save",
        on_submit=Manage.keep,
        on_close=Manage.close,
    )  # fmt: skip


def _keys() -> rx.Component:
    return section(
        "API keys of this app",
        "A program with such a key starts this app, and reaches nothing else.",
        rx.cond(
            Manage.keys,
            table("API keys of this app", KEYS, rx.foreach(Manage.keys, lambda key: key_row(KEYS, Manage, key))),
        ),
        card(
            rx.el.pre(Manage.example, class_name="gl-code"),
            title="Start it from a program",
            actions=copy_button(Manage.example),
        ),
        actions=button("Create key", icon_name="plus", on_click=Manage.ask_key),
    )


def _stop_dialog() -> rx.Component:
    return form_dialog(
        rx.el.p("Runs that are going on end at once, and none starts until somebody lets it run again.",
                class_name="gl-muted"),
        paragraph_input("Why", "why_stop", min_length=10, max_length=1000,
                        help="Shown to whoever wants to run it, and kept in the audit log."),
        open=Manage.asking == "stop",
        title="Stop this app?",
        verb="Stop the app",
        on_submit=Manage.stop,
        on_close=Manage.close,
        busy=Manage.busy,
    )  # fmt: skip


def _resume_dialog() -> rx.Component:
    return form_dialog(
        rx.el.p("Its approval and what it depends on are asked again at each start.", class_name="gl-muted"),
        paragraph_input("Why it may run again", "why_resume", min_length=10, max_length=1000,
                        help="Kept in the audit log; its owner is told."),
        open=Manage.asking == "resume",
        title="Let it run again?",
        verb="Let it run",
        on_submit=Manage.resume,
        on_close=Manage.close,
    )  # fmt: skip


def _back_dialog() -> rx.Component:
    return form_dialog(
        rx.el.p("A new release will run what release ", Manage.release, " ran. Runs that go on end as they began.",
                class_name="gl-muted"),
        paragraph_input("Why", "why_back", min_length=10, max_length=1000, help="Kept with the release."),
        open=Manage.asking == "back",
        title="Roll back?",
        verb="Roll back",
        on_submit=Manage.roll_back,
        on_close=Manage.close,
    )  # fmt: skip
