"""What one run looks like; the state behind it is in `run`."""

from collections.abc import Sequence

import reflex as rx
from reflex.vars import ObjectVar

from builder import routes
from builder.components.badge import status_badge, status_dot
from builder.components.button import button, link_button
from builder.components.card import card
from builder.components.chart import track
from builder.components.copy import copy_button
from builder.components.dialog import confirm
from builder.components.empty import empty
from builder.components.files import Handle, kept_files
from builder.components.icon import icon
from builder.components.link import link
from builder.components.loading import skeleton_card
from builder.components.prose import prose
from builder.components.shell import page
from builder.components.toast import notice
from builder.components.tree import Line, tree
from builder.components.when import when
from builder.screens import run_trying
from builder.screens.run import Given, Run, Step
from builder.screens.run_called import Called, call_told
from builder.screens.run_items import RunItems
from builder.screens.run_items_view import items_section
from builder.screens.run_step import Call, Message, Passage


def screen() -> rx.Component:
    facts = Run.facts
    going = (facts["status"] == "running") | (facts["status"] == "queued") | (facts["status"] == "waiting")
    actions = rx.cond(
        facts["id"] != "",
        rx.el.div(
            rx.cond(
                going, button("Stop run", icon_name="square", busy=Run.cancelling, on_click=Run.cancel), rx.fragment()
            ),
            rx.cond(
                Run.may_erase,
                button("Remove data", kind="quiet", icon_name="eraser", on_click=Run.ask(True)),
            ),
            run_trying.actions(),
            rx.cond(Run.origin != "", link_button(Run.origin_words, Run.origin, icon_name="workflow")),
            class_name="gl-row gl-tight",
        ),
        rx.fragment(),
    )
    return page(
        rx.cond(facts["id"] != "", facts["title"], "Run"),
        rx.cond(Run.loaded, rx.cond(facts["id"] != "", _found(), _missing()), skeleton_card("30%", "80%", "60%")),
        rx.el.span(on_unmount=Run.leave, hidden=True),
        _erase_dialog(),
        here=routes.RUNS,
        above=link(icon("chevron-left", 14), "Runs", to=routes.RUNS, class_name="gl-back"),
        actions=actions,
    )


def _missing() -> rx.Component:
    return empty(
        "There is no such run",
        "It was deleted, or it is not shared with you.",
        link_button("Go to runs", routes.RUNS),
        icon_name="compass",
    )


def _found() -> rx.Component:
    return rx.el.div(
        _facts(),
        rx.cond(
            Run.facts["error"] != "",
            notice(_problem(Run.facts["error"], Run.facts["hint"]), "red", icon_name="circle-alert"),
        ),
        _tied(Run.facts["error_run"].to(str), "Its error workflow began because of that: ", "see that run"),
        _tied(Run.facts["because"].to(str), "It began because another run failed: ", "see what failed"),
        rx.cond(Run.erased > 0, _removed()),
        rx.cond(Run.outputs, _values("Result", Run.outputs)),
        rx.el.section(
            rx.el.div(
                rx.el.h2("Steps"),
                rx.cond(
                    Run.inside,
                    rx.fragment(),
                    rx.el.p(
                        rx.cond(
                            Run.facts["because"] != "",
                            "What they handed on is for who may see that workflow, and for auditors.",
                            "What they handed on is for the app’s owner and for auditors.",
                        ),
                        class_name="gl-muted gl-small",
                    ),
                ),
                class_name="gl-card__head gl-row--wrap",
            ),
            rx.el.div(rx.foreach(Run.steps, _step), class_name="gl-steps"),
            class_name="gl-card",
        ),
        rx.cond(Run.inputs, _values("Input", Run.inputs)),
        class_name="gl-stack gl-loose",
    )


def _tied(other: rx.Var[str], words: str, leads: str) -> rx.Component:
    """A run that is there because of another one, from both sides."""
    to = link(leads, to=f"{routes.RUNS}/{other}")
    return rx.cond(other != "", notice(rx.el.span(words, to, "."), "grey", icon_name="workflow"))


def _removed() -> rx.Component:
    """What was given and made is gone; that it ran, and how, stays."""
    by = rx.cond(Run.erased_by != "", rx.fragment(", by ", Run.erased_by), ", because its app keeps it no longer")
    return notice(
        rx.el.span("Data removed ", when(Run.erased), by, ". How it went stays on record."),
        "grey",
        icon_name="eraser",
    )


def _erase_dialog() -> rx.Component:
    return confirm(
        rx.el.p(
            "What the run was given, what its steps handed on and its files are removed for good, for everybody,"
            " and from what was tried out with it."
        ),
        rx.el.p("That it ran, when, for whom and how it ended stays on record.", class_name="gl-muted"),
        open=Run.asking,
        title="Remove the data of this run?",
        verb="Remove data",
        on_confirm=Run.erase,
        on_close=Run.ask(False),
    )


def _facts() -> rx.Component:
    facts = Run.facts
    shown = (
        ("Status", status_badge(facts["status"].to(str))),
        ("Started", when(facts["started"].to(float))),
        ("Duration", rx.cond(facts["took"] != "", facts["took"], "–")),
        ("Started by", facts["who"]),
        ("Tokens", rx.cond(facts["tokens"] != "", facts["tokens"], "–")),
        ("Cost", rx.cond(facts["cost"] != "", facts["cost"], "–")),
    )
    return rx.el.dl(
        *(rx.el.div(rx.el.dt(name), rx.el.dd(value)) for name, value in shown), class_name="gl-card gl-facts"
    )


def _problem(sentence: rx.Var, hint: rx.Var) -> rx.Component:
    return rx.fragment(
        rx.el.p(sentence, class_name="gl-strong"), rx.cond(hint != "", rx.el.p(hint, class_name="gl-muted"))
    )


def _values(title: str, values: rx.Var[Sequence[Given]]) -> rx.Component:
    return card(rx.el.div(rx.foreach(values, _value), class_name="gl-answer"), title=title)


def _value(given: ObjectVar[Given]) -> rx.Component:
    return rx.el.div(
        rx.el.div(
            rx.el.h3(given["name"], class_name="gl-answer__name"),
            rx.cond(given["text"] != "", copy_button(given["text"].to(str)), rx.fragment()),
            class_name="gl-row gl-row--apart",
        ),
        value_of(given),
    )


def value_of(given: ObjectVar[Given]) -> rx.Component:
    """A value as people read it."""
    files = given["files"].to(list[Handle])
    words = rx.cond(given["text"] != "", prose(given["text"].to(str)), tree(given["tree"].to(list[Line])))
    return rx.cond(files, kept_files(files), words)


def _step(step: ObjectVar[Step]) -> rx.Component:
    """A step with its share of the time; it opens for whoever may look inside."""
    is_open = Run.inspected["step"] == step["id"]
    opens = rx.el.button(
        *_told(step),
        icon("chevron-right", 15),
        type="button",
        class_name="gl-step-row__head",
        aria_expanded=is_open,
        on_click=[Run.open_step(step["id"].to(str)), run_trying.Trying.look],
    )
    return rx.el.div(
        rx.cond(Run.inside, opens, rx.el.div(*_told(step), class_name="gl-step-row__head gl-step-row__head--shut")),
        rx.cond(is_open, _open_step(), rx.fragment()),
        class_name="gl-step-row",
    )


def _told(step: ObjectVar[Step]) -> tuple[rx.Component, ...]:
    status = step["status"].to(str)
    return (
        status_dot(status),
        rx.el.span(
            rx.el.span(step["title"], class_name="gl-strong gl-clip"),
            rx.cond(
                step["kind"] != step["title"],
                rx.el.span(step["kind"], class_name="gl-step-row__kind gl-clip"),
            ),
            rx.cond(step["waits"] != "", _waits(step)),
            rx.cond(step["items"] != "", rx.el.span(step["items"], class_name="gl-step-row__kind")),
            rx.cond(step["says"] != "", rx.el.span(step["says"], class_name="gl-step-row__kind gl-step-row__went")),
            class_name="gl-stack gl-none gl-step-row__name",
            custom_attrs={"data-depth": step["depth"].to(str)},
        ),
        track(step["begin"].to(float), step["end"].to(float), status),
        rx.el.span(step["took"], class_name="gl-number gl-muted gl-small"),
    )


def _waits(step: ObjectVar[Step]) -> rx.Component:
    """Whom a step waits for, and how long."""
    until = step["until"].to(float)
    return rx.el.span(
        "waits for ",
        step["waits"],
        rx.cond(until > 0, rx.fragment(", time runs out ", when(until))),
        class_name="gl-due gl-step-row__waits",
    )


def _open_step() -> rx.Component:
    step, called = Run.inspected, Run.inspected["called"].to(Called)
    return rx.el.div(
        run_trying.step_actions(),
        rx.cond(called["name"] != "", call_told(called)),
        rx.cond(
            step["error"] != "",
            rx.el.div(
                rx.cond(
                    step["went"],
                    notice(_problem(step["error"], step["hint"]), "amber", icon_name="circle-alert"),
                    notice(_problem(step["error"], step["hint"]), "red", icon_name="circle-alert"),
                ),
                class_name="gl-wide",
            ),
        ),
        rx.cond(RunItems.of == step["step"], items_section()),
        _side("Input", _or_nothing(step["input"].to(list[Line]), "Nothing was recorded.")),
        rx.el.div(
            rx.el.div(
                rx.el.h3("Output", class_name="gl-panel-title"),
                rx.cond(step["raw"] != "", copy_button(step["raw"].to(str), "Copy as JSON"), rx.fragment()),
                class_name="gl-row gl-row--apart",
            ),
            _or_nothing(step["output"].to(list[Line]), "Nothing came out."),
        ),
        rx.cond(step["passages"].to(list[Passage]), _passages(step["passages"].to(list[Passage]))),
        rx.cond(step["calls"].to(list[Call]), _calls(step["calls"].to(list[Call]))),
        class_name="gl-step-row__body",
    )


def _or_nothing(lines: rx.Var, words: str) -> rx.Component:
    return rx.cond(lines, tree(lines), rx.el.p(words, class_name="gl-muted gl-small"))


def _side(title: str, content: rx.Component) -> rx.Component:
    return rx.el.div(rx.el.h3(title, class_name="gl-panel-title"), content)


def _calls(calls: rx.Var[Sequence[Call]]) -> rx.Component:
    return rx.el.div(
        rx.el.h3("Model calls", class_name="gl-panel-title"),
        rx.foreach(calls, _call),
        class_name="gl-wide gl-stack gl-tight",
    )


def _call(call: ObjectVar[Call]) -> rx.Component:
    """What was asked of which model, with what it used; the messages unfold."""
    messages = call["messages"].to(list[Message])
    return rx.el.details(
        rx.el.summary(
            icon("chevron-right", 15),
            rx.el.span(call["alias"], class_name="gl-strong"),
            rx.el.code(call["model"], class_name="gl-small gl-clip"),
            rx.el.span(class_name="gl-grow"),
            rx.el.span(call["tokens"], class_name="gl-muted gl-small"),
            rx.el.span(call["cost"], class_name="gl-muted gl-small"),
            class_name="gl-call__head",
        ),
        rx.el.div(rx.foreach(messages, _message), class_name="gl-call__said"),
        class_name="gl-call",
    )


def _message(message: ObjectVar[Message]) -> rx.Component:
    return rx.el.div(
        rx.el.p(message["role"], class_name="gl-eyebrow"), rx.el.pre(message["text"], class_name="gl-code")
    )


def _passages(passages: rx.Var[Sequence[Passage]]) -> rx.Component:
    return rx.el.div(
        rx.el.h3("Passages", class_name="gl-panel-title"),
        rx.el.ol(rx.foreach(passages, _passage), class_name="gl-sources"),
        class_name="gl-wide",
    )


def _passage(one: ObjectVar[Passage]) -> rx.Component:
    title = rx.el.span(one["title"], class_name="gl-strong")
    return rx.el.li(
        rx.el.span(one["number"], class_name="gl-sources__number"),
        rx.el.div(
            rx.el.div(
                rx.cond(one["link"] != "", link(title, to=one["link"].to(str)), title),
                rx.el.span(one["page"], class_name="gl-muted gl-small"),
                rx.el.span(one["score"], class_name="gl-muted gl-small"),
                class_name="gl-row gl-row--wrap gl-tight",
            ),
            rx.el.p(one["text"], class_name="gl-muted gl-small"),
        ),
    )
