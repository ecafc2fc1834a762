"""What submitting looks like: the button above the canvas, and its dialogs. The state behind it is in `submitting`."""

import reflex as rx
from reflex.vars import ObjectVar

from builder import routes
from builder.components.badge import badge
from builder.components.button import button, link_button, submit
from builder.components.dialog import Dialog, dialog
from builder.components.field import paragraph_input, text_input, toggle
from builder.components.icon import icon
from builder.components.review import check_mark, standing_badge, tier_of
from builder.components.toast import notice
from builder.components.when import when
from builder.editor.submitting import Found, Said, Submitting


def submit_button() -> rx.Component:
    """Submits, or tells how the review stands."""
    fresh = (Submitting.state == "") | (Submitting.state == "withdrawn") | (Submitting.state == "superseded")
    return rx.el.button(
        rx.cond(
            fresh,
            rx.fragment(icon("send", 15), rx.el.span("Submit", class_name="gc-wide")),
            standing_badge(Submitting.state),
        ),
        type="button",
        title=rx.cond(fresh, "Submit for review", "How the review stands"),
        aria_label=rx.cond(fresh, "Submit for review", "Review"),
        aria_busy=Submitting.busy,
        class_name="gl-button gl-button--small",
        on_click=Submitting.open,
    )


def submit_dialogs() -> rx.Component:
    return rx.fragment(_standing(), _asking(), _done())


def _asking() -> rx.Component:
    form = rx.el.form(
        rx.el.div(_found(), _questions(), class_name="gl-dialog__body gl-stack"),
        rx.el.footer(
            button("Cancel", kind="quiet", on_click=Submitting.close),
            rx.cond(
                Submitting.blocked,
                button("Mend it first", disabled=True),
                submit("Submit for review", busy=Submitting.busy),
            ),
            class_name="gl-dialog__foot",
        ),
        on_submit=Submitting.submit,
    )
    return Dialog.create(
        form, open=Submitting.stage == "ask", title="Submit for review", wide=True, on_close=Submitting.close
    )


def _found() -> rx.Component:
    return rx.el.div(
        rx.el.div(
            rx.el.h3("What the automatic checks say"),
            tier_of(Submitting.tier),
            class_name="gl-row gl-row--apart gl-row--wrap",
        ),
        rx.el.ul(rx.foreach(Submitting.checks, _check), class_name="gl-checks gl-checks--tight"),
        rx.el.p(Submitting.why, class_name="gl-muted gl-small"),
        rx.cond(
            Submitting.leaks & ~Submitting.blocked,
            notice(
                "Data would go where it may not. Mend it first, or submit it and let the reviewer weigh it: "
                "like this it can be approved as an exception only.",
                "amber",
                icon_name="triangle-alert",
            ),
        ),
        rx.cond(Submitting.lacks != "", notice(Submitting.lacks, "amber", icon_name="list-checks")),
        rx.cond(
            Submitting.reviewers == 0,
            notice(_nobody(), "amber"),
        ),
        class_name="gl-stack gl-tight",
    )


def _nobody() -> rx.Component:
    return rx.el.span(
        "Nobody can decide it yet, because nobody decides about their own work: it takes another IT reviewer. ",
        rx.el.a("Invite one under People", href=routes.PEOPLE, target="_blank"),
        ", or ask your platform owner to. You can submit meanwhile.",
    )


def _check(check: ObjectVar[Found]) -> rx.Component:
    return rx.el.li(
        check_mark(check["ok"].to(str)),
        rx.el.div(
            rx.el.span(check["title"], class_name="gl-strong"),
            rx.el.p(check["sentence"], class_name="gl-muted gl-small"),
        ),
    )


def _questions() -> rx.Component:
    return rx.el.div(
        rx.el.h3("What a machine cannot know"),
        paragraph_input(
            "Which problem does it solve?",
            "problem",
            rows=2,
            default_value=Submitting.problem,
            min_length=3,
            max_length=2000,
            placeholder="Tickets wait for days before anybody reads them.",
        ),
        text_input(
            "Who will use it?", "users", default_value=Submitting.users, min_length=3, placeholder="The help desk"
        ),
        toggle("What it makes reaches customers", "customers", default_checked=Submitting.customers),
        toggle("It is an experiment", "experimental", default_checked=Submitting.experimental),
        class_name="gl-fields",
    )


def _done() -> rx.Component:
    return dialog(
        rx.el.p("Your workflow is under review as ", rx.el.strong("#", Submitting.number), "."),
        rx.el.p(
            rx.match(
                Submitting.reviewers,
                (0, "It waits until there is somebody who may decide."),
                (1, "The reviewer was told."),
                f"{Submitting.reviewers} reviewers were told.",
            ),
            " You hear of the decision here and in your inbox. Meanwhile you can go on editing: "
            "what is under review stays as it is.",
            class_name="gl-muted",
        ),
        open=Submitting.stage == "done",
        title="Submitted",
        on_close=Submitting.close,
        foot=rx.fragment(
            link_button("See the submission", f"{routes.REVIEWS}/{Submitting.number}"),
            button("Done", kind="primary", on_click=Submitting.close),
        ),
    )


def _standing() -> rx.Component:
    waits = Submitting.state == "open"
    return dialog(
        rx.el.div(
            standing_badge(Submitting.state),
            rx.el.span("#", Submitting.number, class_name="gl-muted"),
            class_name="gl-row",
        ),
        rx.cond(waits, rx.el.p("A reviewer looks at it. You hear of the decision here.", class_name="gl-muted")),
        rx.cond(
            Submitting.reason != "",
            rx.el.blockquote(
                rx.el.p(Submitting.reason),
                rx.el.p(Submitting.who, class_name="gl-muted gl-small"),
                class_name="gl-quote",
            ),
        ),
        rx.cond(Submitting.said, rx.el.div(rx.foreach(Submitting.said, _remark), class_name="gl-stack")),
        open=Submitting.stage == "state",
        title="Review",
        on_close=Submitting.close,
        foot=rx.fragment(
            link_button("See the submission", f"{routes.REVIEWS}/{Submitting.number}"),
            rx.cond(waits, button("Withdraw", on_click=Submitting.withdraw)),
            button("Submit again", kind="primary", busy=Submitting.busy, on_click=Submitting.check),
        ),
    )


def _remark(said: ObjectVar[Said]) -> rx.Component:
    return rx.el.div(
        rx.el.div(
            rx.el.span(said["who"], class_name="gl-strong"),
            rx.cond(said["step"] != "", badge(said["step"].to(str), "violet")),
            rx.el.span(when(said["at"].to(float)), class_name="gl-muted gl-small"),
            rx.cond(said["settled"], badge("Settled", "green")),
            class_name="gl-row gl-row--wrap",
        ),
        rx.el.p(said["text"]),
        class_name="gl-stack gl-none",
    )
