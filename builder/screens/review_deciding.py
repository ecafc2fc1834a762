"""Deciding on the page of a review: what was decided, the bar that stays in sight, and its dialogs."""

import reflex as rx
from reflex.vars import ObjectVar

from builder.components.badge import badge
from builder.components.button import button, link_button
from builder.components.dialog import form_dialog
from builder.components.field import paragraph_input, select, text_input
from builder.components.menu import menu, menu_item, menu_line
from builder.components.review import standing_badge
from builder.components.toast import notice
from builder.components.when import when
from builder.screens.publish import Publish
from builder.screens.review import Kind, ReviewPage
from builder.screens.review_forms import DEMANDS
from builder.screens.review_shown import Choice, Demanded

REASON = "What you looked at, and what decided it. The author and every auditor read this."
DIALOGS: dict[Kind, tuple[str, str]] = {
    "approved": ("Approve this version", "Approve"),
    "conditions": ("Approve with conditions", "Approve with conditions"),
    "changes": ("Ask for changes", "Ask for changes"),
    "denied": ("Deny", "Deny"),
    "exception": ("Approve as an exception", "Approve as an exception"),
}
"""title and verb of the dialog of each decision"""


def decided() -> rx.Component:
    """What was decided, why, and whether it holds."""
    decision = ReviewPage.decision
    return rx.cond(
        decision["kind"] != "",
        rx.el.section(
            rx.el.div(
                standing_badge(decision["kind"].to(str)),
                rx.el.span(
                    decision["who"], " · ", when(decision["at"].to(float)), class_name="gl-muted gl-small gl-grow"
                ),
                rx.cond(
                    ReviewPage.may_withdraw & (decision["kind"] != "taken_back"),
                    button("Withdraw approval", kind="quiet", small=True, on_click=ReviewPage.ask("withdraw", "")),
                ),
                class_name="gl-row gl-row--wrap",
            ),
            rx.el.p(decision["reason"]),
            rx.cond(
                decision["approval"].to(bool) & ~decision["holds"].to(bool),
                notice(decision["ruling"].to(str), "red", icon_name="ban"),
            ),
            rx.cond(
                decision["expires"].to(float) > 0,
                rx.el.dl(
                    _fact("Ends", when(decision["expires"].to(float))),
                    _fact("Instead", decision["controls"]),
                    _fact("Answer for it", decision["owners"]),
                    class_name="gl-stack gl-tight",
                ),
            ),
            rx.el.div(rx.foreach(ReviewPage.demands, _demand)),
            class_name="gl-card gl-card__body gl-stack",
        ),
    )


def _fact(name: str, value: rx.Var | rx.Component) -> rx.Component:
    return rx.el.div(rx.el.dt(name, class_name="gl-eyebrow"), rx.el.dd(value))


def _demand(demand: ObjectVar[Demanded]) -> rx.Component:
    met = demand["met"].to(float) > 0
    return rx.el.div(
        rx.cond(
            met,
            badge("Met", "green", icon_name="check"),
            rx.cond(demand["overdue"], badge("Overdue", "red", icon_name="timer"), badge("Open", "amber")),
        ),
        rx.el.div(
            rx.el.p(demand["text"], class_name="gl-strong"),
            rx.cond(
                met,
                rx.el.p(demand["by"], " · ", demand["note"], class_name="gl-muted gl-small"),
                rx.el.p("Until ", when(demand["due"].to(float)), class_name="gl-muted gl-small"),
            ),
            class_name="gl-grow",
        ),
        rx.cond(
            ReviewPage.may_withdraw & ~met,
            button("Mark as met", small=True, on_click=ReviewPage.ask("meet", demand["id"].to(str))),
        ),
        class_name="gl-demand",
    )


def deciding_bar() -> rx.Component:
    """Stays in sight while one reads; says why not, where one may not decide."""
    waits = ReviewPage.head["state"] == "open"
    bar = rx.el.div(
        rx.el.span(
            "You decide about exactly this version and what it uses.",
            class_name="gl-verdict__says gl-verdict__says--aside",
        ),
        button("Ask for changes", icon_name="message-square-warning", on_click=ReviewPage.ask("changes", "")),
        button("Approve", kind="primary", icon_name="check", on_click=ReviewPage.ask("approved", "")),
        menu(
            "More decisions",
            menu_item("Approve with conditions", "list-checks", ReviewPage.ask("conditions", "")),
            menu_item("Approve as an exception", "timer", ReviewPage.ask("exception", "")),
            menu_line(),
            menu_item("Deny", "x", ReviewPage.ask("denied", ""), danger=True),
        ),
        role="region",
        aria_label="Decide",
        class_name="gl-verdict",
    )
    barred = rx.el.div(
        rx.el.span(ReviewPage.hindrance, class_name="gl-verdict__says"),
        rx.cond(ReviewPage.own, button("Withdraw submission", on_click=ReviewPage.take_back)),
        role="region",
        aria_label="Decide",
        class_name="gl-verdict",
    )
    unpublished = (Publish.decision != "") & Publish.standing & (Publish.running == "") & (Publish.offered == "")
    publish = rx.el.div(
        link_button("To publishing", "#publish", icon_name="rocket"),
        rx.el.span("It is approved, and not published yet.", class_name="gl-verdict__says"),
        role="region",
        aria_label="What comes next",
        class_name="gl-verdict",
    )
    return rx.cond(waits, rx.cond(ReviewPage.may_decide, bar, barred), rx.cond(unpublished, publish))


def dialogs() -> list[rx.Component]:
    """One for each decision, and those for what comes after."""
    return [*(_decision(kind) for kind in DIALOGS), _withdraw(), _meet()]


def _decision(kind: Kind) -> rx.Component:
    title, verb = DIALOGS[kind]
    reason = paragraph_input("Reason", "reason", help=REASON, rows=4, min_length=10, max_length=4000)
    fields: list[rx.Component] = [reason]
    if kind == "conditions":
        fields = [_conditions(), reason]
    if kind == "exception":
        fields = [
            text_input("Ends on", "expires", type="date", help="From the next day on it does not start any more."),
            paragraph_input(
                "Compensating controls", "controls", rows=2, min_length=10, help="What stands in for what is missing."
            ),
            text_input("Who answers for it", "owners", min_length=3, placeholder="Names"),
            reason,
        ]
    if kind in ("approved", "conditions", "exception"):
        fields.append(rx.cond(ReviewPage.tiers, _tier()))
    return form_dialog(
        *fields,
        open=ReviewPage.asking == kind,
        title=title,
        verb=verb,
        on_submit=ReviewPage.decide,
        on_close=ReviewPage.close,
        wide=kind == "conditions",
    )


def _tier() -> rx.Component:
    higher = rx.foreach(ReviewPage.tiers, _option)
    return select("Risk tier", "tier", (), more=higher, help="You may raise it, never lower it.")


def _option(tier: ObjectVar[Choice]) -> rx.Component:
    return rx.el.option(tier["title"], value=tier["id"].to(str))


def _conditions() -> rx.Component:
    rows = [
        rx.cond(
            ReviewPage.rows > place,
            rx.el.div(
                text_input(f"Condition {place + 1}", f"text{place}", min_length=10, placeholder="What has to be done"),
                text_input("Until", f"due{place}", type="date"),
                class_name="gl-demand__row",
            ),
        )
        for place in range(DEMANDS)
    ]
    more = rx.cond(
        ReviewPage.rows < DEMANDS,
        button("Another condition", kind="quiet", small=True, icon_name="plus", on_click=ReviewPage.more_rows),
    )
    return rx.el.div(*rows, rx.el.div(more), class_name="gl-stack")


def _withdraw() -> rx.Component:
    return form_dialog(
        rx.el.p("Nothing that rests on this approval starts any more.", class_name="gl-muted"),
        paragraph_input("Reason", "reason", rows=3, min_length=10, max_length=4000),
        open=ReviewPage.asking == "withdraw",
        title="Withdraw the approval?",
        verb="Withdraw approval",
        on_submit=ReviewPage.withdraw,
        on_close=ReviewPage.close,
    )


def _meet() -> rx.Component:
    return form_dialog(
        paragraph_input("How you know", "note", rows=3, min_length=10, max_length=4000),
        open=ReviewPage.asking == "meet",
        title="Mark the condition as met",
        verb="It is met",
        on_submit=ReviewPage.meet,
        on_close=ReviewPage.close,
    )
