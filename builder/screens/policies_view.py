"""What the policies screen looks like; the state behind it is in `policies`."""

import reflex as rx
from reflex.vars import ArrayVar, ObjectVar

from builder import routes
from builder.components.badge import badge
from builder.components.button import icon_button
from builder.components.card import card
from builder.components.dialog import form_dialog
from builder.components.field import paragraph_input, select, text_input, toggle
from builder.components.icon import icon
from builder.components.loading import skeleton_cards
from builder.components.shell import page
from builder.components.table import Column, row, table
from builder.components.when import when
from builder.screens.policies import Line, Policies, Rule
from builder.texts import CLEARANCES, TIERS
from runtime.operations.policies import NEEDS

RULINGS = {"stop": "Stop the app until it is approved again", "grace": "Let it go on for some days, then stop it",
           "carry_on": "Let it go on, and record the change"}  # fmt: skip
DRIFTS = (
    Column("What changes", lead=True),
    *(Column(f"Tier {tier} · {words}") for tier, words in TIERS.items()),
)


def screen() -> rx.Component:
    return page(
        "Policies",
        rx.cond(
            Policies.loaded,
            rx.el.div(
                card(
                    rx.el.div(rx.foreach(Policies.reviews, _rule), class_name="gl-stack"),
                    title="What a review asks for",
                ),
                card(
                    rx.el.div(rx.foreach(Policies.lowerings, _rule), class_name="gl-stack"),
                    title="What makes data less confidential",
                ),
                card(
                    rx.el.div(rx.foreach(Policies.codes, _rule), _cage(), class_name="gl-stack"),
                    title="Code that people write",
                ),
                card(
                    rx.el.div(rx.foreach(Policies.shares, _rule), class_name="gl-stack"),
                    title="How much may run",
                ),
                rx.el.section(
                    rx.el.h2("When something changes under an approved app"),
                    table("What becomes of an app", DRIFTS, rx.foreach(Policies.drifts, _line)),
                    class_name="gl-stack",
                ),
                card(
                    rx.el.ul(
                        rx.foreach(
                            Policies.fixed,
                            lambda words: rx.el.li(icon("lock", 14), rx.el.span(words), class_name="gl-row gl-tight"),
                        ),
                        class_name="gl-stack gl-tight",
                    ),
                    title="What nobody can change",
                ),
                class_name="gl-stack gl-loose",
            ),
            skeleton_cards(2),
        ),
        _dialog("ruling", _ruling_fields()),
        _dialog("lowering", _lowering_fields()),
        _dialog("review", _review_fields()),
        _dialog("isolation", _isolation_fields()),
        _dialog("share", _share_fields()),
        here=routes.POLICIES,
        lead="The rules by which workflows are decided about and apps go on or stop.",
    )


def _rule(rule: ObjectVar[Rule]) -> rx.Component:
    return rx.el.div(
        rx.el.div(
            rx.el.h3(rule["title"]),
            rx.el.p(rule["words"]),
            _origin(rule),
            class_name="gl-stack gl-tighter gl-grow",
        ),
        _change(rule),
        class_name="gl-row gl-row--apart",
    )


def _cage() -> rx.Component:
    """What this machine can do about it."""
    return rx.cond(
        Policies.no_cage == "",
        rx.el.p(badge("Works", "green"), " This machine can build the cage.", class_name="gl-small gl-muted"),
        rx.el.p(badge("No cage", "amber"), " ", Policies.no_cage, class_name="gl-small gl-muted"),
    )


def _line(line: ObjectVar[Line]) -> rx.Component:
    rules = line["rules"].to(ArrayVar[list[Rule]])
    return row(DRIFTS, rx.el.span(line["title"], class_name="gl-strong"), *(_cell(rules[at]) for at in range(3)))


def _cell(rule: ObjectVar[Rule]) -> rx.Component:
    return rx.el.div(
        rx.el.div(rx.el.span(rule["words"]), _origin(rule), class_name="gl-stack gl-tighter gl-grow"),
        _change(rule),
        class_name="gl-row gl-row--apart gl-tight",
    )


def _origin(rule: ObjectVar[Rule]) -> rx.Component:
    """Whether it is the default, and if not, who chose otherwise and when."""
    return rx.cond(
        rule["changed"].to(float) > 0,
        rx.el.span(
            badge("Changed", "amber"), rx.el.span(rule["by"]), when(rule["changed"].to(float)),
            title=f"Default: {rule['default']}", class_name="gl-row gl-row--wrap gl-tight gl-small gl-muted",
        ),
        rx.el.span("Default", class_name="gl-small gl-faint"),
    )  # fmt: skip


def _change(rule: ObjectVar[Rule]) -> rx.Component:
    name = rule["name"].to(str)
    return rx.cond(
        Policies.may_change,
        icon_button("pencil", f"Change: {rule['title']}", small=True, on_click=Policies.ask_change(name)),
    )


def _dialog(shape: str, fields: tuple[rx.Component, ...]) -> rx.Component:
    return form_dialog(
        rx.el.p(Policies.chosen["about"], class_name="gl-muted"),
        *fields,
        paragraph_input("Why", "reason", help="Kept in the audit log beside the change.", rows=2, min_length=10),
        open=Policies.shape == shape,
        title=Policies.chosen["title"],
        verb="Save",
        on_submit=Policies.save,
        on_close=Policies.close,
    )


def _share_fields() -> tuple[rx.Component, ...]:
    return (
        text_input("Runs at once", "at_once", type="number", min="1", help="Further ones wait for their turn.",
                   default_value=Policies.given["at_once"]),
        text_input("Starts in a minute", "per_minute", type="number", min="0",
                   help="Further ones are refused; 0 is as many as one likes.",
                   default_value=Policies.given["per_minute"]),
    )  # fmt: skip


def _ruling_fields() -> tuple[rx.Component, ...]:
    return (
        select("Then", "do", RULINGS.items(), default_value=Policies.given["do"]),
        text_input("Days", "days", help="Only where it goes on for some days.", optional=True, input_mode="numeric",
                   default_value=Policies.given["days"]),
    )  # fmt: skip


def _lowering_fields() -> tuple[rx.Component, ...]:
    classes = list(CLEARANCES.items())
    return (
        *(
            select(f"{CLEARANCES[name]} becomes", name, classes[: at + 2], default_value=Policies.given[name])
            for at, name in enumerate(("internal", "confidential", "restricted"))
        ),
        toggle("Only data tagged personal", "personal_only", default_checked=Policies.ticked.contains("personal_only"),
               help="The strict reading: masking names makes no trade secret harmless."),
    )  # fmt: skip


def _review_fields() -> tuple[rx.Component, ...]:
    return (
        rx.el.fieldset(
            rx.el.legend("What has to be there", class_name="gl-label"),
            *(
                toggle(words[0].upper() + words[1:], name, default_checked=Policies.ticked.contains(name))
                for name, words in NEEDS.items()
            ),
            class_name="gl-stack gl-tight",
        ),
    )


def _isolation_fields() -> tuple[rx.Component, ...]:
    return (
        toggle(
            "Run code also where no cage can be built",
            "reduced",
            default_checked=Policies.ticked.contains("reduced"),
            help="Reduced isolation: limits on time, memory and system calls remain.",
        ),
    )
