"""What the page of an app looks like; the state behind it is in `app`, looking after it in `app_manage_view`."""

import reflex as rx
from reflex.vars import ObjectVar

from builder import routes
from builder.components.badge import status_badge, status_dot
from builder.components.button import button, icon_button, link_button, submit
from builder.components.card import card
from builder.components.copy import copy_button
from builder.components.empty import empty
from builder.components.icon import icon, workflow_icon
from builder.components.inputs import inputs
from builder.components.link import link
from builder.components.loading import skeleton_card
from builder.components.prose import prose
from builder.components.reveal import reveal
from builder.components.shell import page
from builder.components.tabs import tabs
from builder.components.toast import notice
from builder.components.when import when
from builder.screens.answer import source
from builder.screens.app import App, Going, Past
from builder.screens.app_chat import Chat
from builder.screens.app_chat_view import chat
from builder.screens.app_manage import Manage
from builder.screens.app_manage_view import manage
from builder.screens.run import Given
from builder.screens.run_view import value_of


def screen() -> rx.Component:
    title = rx.cond(App.runs_it, App.facts["title"], rx.cond(Manage.name != "", Manage.title, "App"))
    return page(
        title,
        rx.cond(
            App.loaded,
            rx.cond(App.runs_it | (Manage.name != ""), _found(), _missing()),
            skeleton_card("30%", "80%", "60%"),
        ),
        rx.el.span(on_unmount=App.leave, hidden=True),
        here=routes.APPS,
        above=link(icon("chevron-left", 14), "Apps", to=routes.APPS, class_name="gl-back"),
        lead=rx.cond(App.runs_it, App.facts["about"].to(str), "").to(str),
    )


def _missing() -> rx.Component:
    return empty(
        "There is no such app",
        "It does not exist, or it is not shared with you.",
        link_button("Go to apps", routes.APPS),
        icon_name="compass",
    )


def _found() -> rx.Component:
    both = tabs("Run or look after it", (("run", "Run"), ("manage", "Manage")), App.tab, App.choose)
    return rx.fragment(
        rx.cond(App.runs_it & (Manage.name != ""), both),
        rx.cond(App.runs_it & (App.tab == "run"), rx.cond(Chat.on, chat(), _running()), manage()),
    )


def _running() -> rx.Component:
    return rx.el.div(
        rx.el.div(_form(), class_name="gl-app__side gl-stack"),
        rx.el.div(
            rx.cond(App.run["id"] != "", _run(), _before()),
            _past(),
            class_name="gl-stack gl-loose",
        ),
        class_name="gl-app",
    )


def _form() -> rx.Component:
    facts = App.facts
    return rx.el.section(
        reveal(App.refilled),
        rx.cond(facts["stopped"] != "", _stands_still()),
        rx.el.form(
            inputs(App.asked),
            rx.cond(App.use, _use()),
            submit(
                "Run",
                icon_name="play",
                busy=App.starting,
                disabled=facts["stopped"] != "",
            ),
            on_submit=App.start,
            key=f"{facts['id']}-{App.filled}",
            class_name="gl-stack gl-loose gl-app__form",
        ),
        rx.el.p(
            rx.el.span(workflow_icon(facts["icon"].to(str), 14), "by ", facts["owner"], class_name="gl-row gl-tight"),
            class_name="gl-faint gl-small",
        ),
        class_name="gl-card gl-card__body gl-stack",
    )


def _stands_still() -> rx.Component:
    words = rx.fragment(
        rx.el.p(App.facts["stopped"], class_name="gl-strong"),
        rx.cond(App.facts["hint"] != "", rx.el.p(App.facts["hint"])),
    )
    return notice(words, "amber", icon_name="octagon-pause")


def _use() -> rx.Component:
    """What may be entered, right above the button."""
    return rx.el.div(
        icon("shield-check", 15),
        rx.el.div(rx.foreach(App.use, rx.el.p)),
        class_name="gl-app__use",
    )


def _before() -> rx.Component:
    return rx.el.div(
        empty("Your result appears here", "Fill in the form and press Run.", icon_name="sparkles"),
        class_name="gl-card gl-app__empty",
    )


_NOTHING = (
    "It is done and handed nothing back. An app ends like this where a guard stops something; "
    "whoever looks after it can see why."
)


def _run() -> rx.Component:
    run = App.run
    status = run["status"].to(str)
    going = (status == "running") | (status == "queued") | (status == "waiting")
    removed = run["erased"].to(float) > 0
    nothing = (status == "succeeded") & (App.outputs.length() == 0) & ~removed
    head = rx.el.div(
        status_badge(status),
        rx.el.span(run["took"], rx.cond(run["cost"] != "", f" · {run['cost']}", ""), class_name="gl-muted gl-small"),
        rx.el.span(class_name="gl-grow"),
        rx.cond(going, button("Stop", icon_name="square", small=True, on_click=App.stop)),
        link_button("How it went", f"{routes.RUNS}/{run['id']}", small=True, icon_name="list-tree", kind="quiet"),
        class_name="gl-row gl-row--wrap gl-app__head",
    )
    failed = rx.fragment(
        rx.el.p(run["error"], class_name="gl-strong"), rx.cond(run["hint"] != "", rx.el.p(run["hint"]))
    )
    return rx.el.section(
        rx.el.div(
            head,
            rx.cond(going, rx.el.ul(rx.foreach(App.steps, _step), class_name="gl-going", aria_live="polite")),
            rx.cond(run["error"] != "", notice(failed, "red", icon_name="circle-alert")),
            rx.cond(App.writing != "", rx.el.div(prose(App.writing), class_name="gl-writing")),
            rx.cond(App.outputs, rx.el.div(rx.foreach(App.outputs, _output), class_name="gl-answer")),
            rx.cond(removed, notice(_removed(), "grey", icon_name="eraser")),
            rx.cond(nothing, notice(_NOTHING, "grey", icon_name="circle-slash")),
            rx.cond(App.sources, _sources()),
            class_name="gl-card__body gl-stack gl-loose",
        ),
        class_name="gl-card",
    )


def _removed() -> rx.Component:
    return rx.el.span("The data of this run was removed ", when(App.run["erased"].to(float)), ".")


def _step(step: ObjectVar[Going]) -> rx.Component:
    return rx.el.li(
        status_dot(step["status"].to(str)),
        rx.el.span(step["title"], class_name="gl-strong gl-clip"),
        rx.el.span(step["says"], class_name="gl-muted gl-small"),
    )


def _output(given: ObjectVar[Given]) -> rx.Component:
    several = App.outputs.length() > 1
    return rx.el.div(
        rx.el.div(
            rx.cond(several, rx.el.h3(given["name"], class_name="gl-answer__name"), rx.el.span()),
            rx.cond(given["text"] != "", copy_button(given["text"].to(str))),
            class_name="gl-row gl-row--apart",
        ),
        value_of(given),
    )


def _sources() -> rx.Component:
    return rx.el.div(
        rx.el.h2("Sources", class_name="gl-sources__title"),
        rx.el.ol(rx.foreach(App.sources, source), class_name="gl-sources"),
    )


def _past() -> rx.Component:
    return rx.cond(
        App.past,
        card(rx.el.ul(rx.foreach(App.past, _one_past), class_name="gl-past"), title="My earlier runs"),
    )


def _one_past(one: ObjectVar[Past]) -> rx.Component:
    run = one["id"].to(str)
    return rx.el.li(
        rx.el.button(
            rx.el.span(
                rx.el.span(rx.cond(one["said"] != "", one["said"], "A run"), class_name="gl-clip"),
                rx.el.span(
                    when(one["created"].to(float)),
                    rx.cond(one["took"] != "", f" · {one['took']}", ""),
                    class_name="gl-muted gl-small",
                ),
                class_name="gl-stack gl-none gl-grow",
            ),
            rx.cond(one["status"] == "succeeded", rx.fragment(), status_badge(one["status"].to(str))),
            type="button",
            class_name="gl-past__open",
            aria_current=rx.cond(App.run["id"] == one["id"], "true", "false"),
            on_click=App.look(run),
        ),
        icon_button("rotate-ccw", "Fill the form as for this run", small=True, on_click=App.again(run)),
    )
