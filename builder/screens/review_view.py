"""What a review looks like: the summary, sections that fold, and the bar to decide in; its state is in `review`."""

import reflex as rx
from reflex.vars import ObjectVar

from builder import routes
from builder.canvas.picture import picture
from builder.components.badge import badge, status_badge
from builder.components.button import button, link_button, submit
from builder.components.card import card
from builder.components.code import DiffLine, differing
from builder.components.empty import empty
from builder.components.field import bare_select, paragraph_input
from builder.components.files import Bring
from builder.components.icon import icon
from builder.components.link import link
from builder.components.loading import skeleton, spinner
from builder.components.review import check_mark, section, standing_badge, tier_of
from builder.components.shell import page
from builder.components.table import Column, row, table
from builder.components.toast import notice
from builder.components.walk import walk
from builder.components.when import when
from builder.screens.publish import publish_panel
from builder.screens.review import ReviewPage
from builder.screens.review_deciding import decided, deciding_bar, dialogs
from builder.screens.review_shown import Asked, Change, Check, Choice, Flow, Item, Remark
from builder.screens.run import Given
from builder.screens.run_view import value_of

FLOWS = (Column("What", lead=True), Column("Class", short=True), Column("Goes to"), Column("Cleared for", short=True))
ITEMS = (Column("Kind", short=True), Column("Name", lead=True), Column("As approved"))


def screen() -> rx.Component:
    head = ReviewPage.head
    draft = head["workflow"].to(str)
    return page(
        rx.cond(head["number"].to(int) > 0, head["title"], "Review"),
        rx.cond(ReviewPage.loaded, rx.cond(head["number"].to(int) > 0, _found(), _missing()), _loading()),
        *dialogs(),
        here=routes.REVIEWS,
        above=link(icon("chevron-left", 14), "Reviews", to=routes.REVIEWS, class_name="gl-back"),
        actions=rx.cond(
            head["number"].to(int) > 0,
            rx.el.div(
                rx.cond(
                    ReviewPage.own & (draft != ""),
                    link_button("Open the workflow", f"/editor/{draft}", small=True, icon_name="workflow"),
                ),
                standing_badge(head["state"].to(str)),
                tier_of(head["tier"].to(int)),
                class_name="gl-row gl-row--wrap",
            ),
        ),
    )


def _loading() -> rx.Component:
    return rx.el.div(skeleton("30%", "80%", "60%"), class_name="gl-card gl-card__body")


def _missing() -> rx.Component:
    return empty(
        "There is no such submission",
        "It may have been removed, or it is not for you to see.",
        link_button("All workflows", routes.WORKFLOWS),
        icon_name="compass",
    )


def _found() -> rx.Component:
    return rx.el.div(
        decided(),
        publish_panel(ReviewPage.approval),
        _summary(),
        rx.cond(ReviewPage.first, rx.fragment(), _changes()),
        _data(),
        _checks(),
        _walkthrough(),
        _inventory(),
        _try(),
        _remarks(),
        deciding_bar(),
        class_name="gl-review",
    )


def _summary() -> rx.Component:
    head = ReviewPage.head
    return card(
        rx.el.div(
            rx.el.div(
                rx.el.p("What it is for", class_name="gl-eyebrow"),
                rx.el.p(head["problem"], class_name="gl-review__problem"),
                rx.cond(head["about"] != "", rx.el.p(head["about"], class_name="gl-muted")),
                rx.el.p(
                    head["who"],
                    " submitted ",
                    head["version"],
                    ", ",
                    when(head["created"].to(float)),
                    class_name="gl-muted gl-small",
                ),
                rx.cond(
                    ReviewPage.reasons,
                    rx.el.p("Why this tier", class_name="gl-eyebrow gl-review__why"),
                ),
                rx.el.ul(
                    rx.foreach(ReviewPage.reasons, lambda each: rx.el.li(icon("scale", 15), rx.el.p(each))),
                    class_name="gl-review__tells",
                ),
                class_name="gl-stack gl-tight",
            ),
            rx.el.ul(
                _tells("users", head["users"], "Who uses it"),
                _tells("globe", head["customers"], head["experimental"]),
                _tells("shield", head["checks"], "Automatic checks", bad=head["failed"].to(bool)),
                _tells("route", head["flow"], "What data goes where", bad=head["leaks"].to(int) > 0),
                _tells("git-compare", head["changed"], "Against what was approved last"),
                _tells("coins", head["cost"], "Cost forecast"),
                class_name="gl-review__tells",
            ),
            class_name="gl-review__summary",
        ),
        rx.cond(
            (head["lacks"] != "") & (head["state"] == "open"),
            notice(f"{head['lacks']} A condition can bring what is missing.", "amber", icon_name="list-checks"),
        ),
    )


def _tells(icon_name: str, text: rx.Var, about: str | rx.Var, *, bad: rx.Var[bool] | bool = False) -> rx.Component:
    return rx.el.li(
        icon(icon_name, 17),
        rx.el.div(rx.el.span(text, class_name="gl-strong"), rx.el.p(about)),
        class_name=rx.cond(bad, "gl-tone--red", ""),
    )


def _changes() -> rx.Component:
    return section(
        "What changed",
        rx.cond(
            ReviewPage.changes,
            rx.el.div(rx.foreach(ReviewPage.changes, _change)),
            rx.el.p("Nothing: it is what was approved last.", class_name="gl-muted"),
        ),
        about=ReviewPage.head["changed"].to(str),
    )


def _change(change: ObjectVar[Change]) -> rx.Component:
    return rx.el.div(
        rx.el.div(
            rx.cond(change["material"], badge("Material", "amber"), badge("Words only")),
            rx.el.span(change["sentence"], class_name="gl-strong gl-small"),
            rx.cond(change["reason"] != "", rx.el.span(change["reason"], class_name="gl-muted gl-small")),
            class_name="gl-change__head",
        ),
        rx.cond(
            change["beside"],
            rx.el.div(
                _side(change["before"].to(str), "was", "Before"),
                _side(change["after"].to(str), "is", "Now"),
                class_name="gl-change__texts",
            ),
        ),
        rx.cond(change["lines"].to(list).length() > 0, differing(change["lines"].to(list[DiffLine]))),
        class_name="gl-change",
    )


def _side(text: rx.Var[str], which: str, label: str) -> rx.Component:
    shown = rx.el.pre(text, class_name=f"gl-code gl-change__{which}", aria_label=label, tab_index=0)
    return rx.cond(text != "", shown)


def _drawing() -> rx.Component:
    """The workflow; what may not go where is marked on its connection."""
    return picture(ReviewPage.drawn, "The steps of the workflow")


def _data() -> rx.Component:
    return section(
        "What data goes where",
        rx.cond(ReviewPage.head["leaks"].to(int) > 0, _drawing()),
        rx.cond(
            ReviewPage.flow,
            table("What data goes where", FLOWS, rx.foreach(ReviewPage.flow, _flow)),
            rx.el.p(
                rx.cond(ReviewPage.head["withheld"] != "", ReviewPage.head["withheld"], "Nothing goes anywhere."),
                class_name="gl-muted",
            ),
        ),
        about=ReviewPage.head["flow"].to(str),
    )


def _flow(line: ObjectVar[Flow]) -> rx.Component:
    what = rx.el.div(
        rx.el.span(line["source"], class_name="gl-strong"),
        rx.cond(
            line["allowed"],
            rx.cond(line["edge"] != "", rx.el.span(line["edge"], class_name="gl-muted gl-small")),
            rx.el.div(
                rx.cond(line["edge"] != "", rx.el.span("On ", rx.el.strong(line["edge"]), class_name="gl-small")),
                notice(line["sentence"].to(str), "red", icon_name="triangle-alert"),
                class_name="gl-stack gl-tight",
            ),
        ),
        class_name="gl-stack gl-none",
    )
    return row(
        FLOWS,
        what,
        line["data_class"],
        line["sink"],
        rx.cond(
            line["allowed"],
            badge(line["clearance"].to(str), "green", icon_name="check"),
            badge(rx.cond(line["clearance"] != "", line["clearance"].to(str), "nothing"), "red", icon_name="x"),
        ),
    )


def _checks() -> rx.Component:
    return section(
        "Automatic checks",
        rx.el.ul(rx.foreach(ReviewPage.checks, _check), class_name="gl-checks"),
        about=ReviewPage.head["checks"].to(str),
    )


def _check(check: ObjectVar[Check]) -> rx.Component:
    return rx.el.li(
        check_mark(check["ok"].to(str)),
        rx.el.div(
            rx.el.span(check["title"], class_name="gl-strong"),
            rx.el.p(check["sentence"], class_name="gl-muted gl-small"),
            rx.cond(
                check["evidence"].to(list[str]).length() > 0,
                rx.el.ul(rx.foreach(check["evidence"].to(list[str]), rx.el.li)),
            ),
        ),
    )


def _walkthrough() -> rx.Component:
    return section(
        "What it does, step by step",
        rx.cond(ReviewPage.head["leaks"].to(int) == 0, _drawing()),
        walk(ReviewPage.parts),
        about="in plain words, the same for everybody",
        unfolded=ReviewPage.first,
    )


def _inventory() -> rx.Component:
    return section(
        "What it uses",
        table("What it uses", ITEMS, rx.foreach(ReviewPage.items, _item)),
        about="an approval holds for these as they are",
        unfolded=False,
    )


def _item(item: ObjectVar[Item]) -> rx.Component:
    return row(ITEMS, item["kind"], rx.el.span(item["name"], class_name="gl-strong"), item["facts"])


def _try() -> rx.Component:
    form = rx.el.form(
        rx.foreach(ReviewPage.inputs, _input),
        rx.el.div(
            submit("Run it", busy=ReviewPage.trying, kind="plain"),
            rx.cond(ReviewPage.trying, spinner("Running")),
            class_name="gl-row",
        ),
        on_submit=ReviewPage.start_try,
        class_name="gl-fields",
    )
    outcome = rx.cond(
        ReviewPage.tried != "",
        rx.el.div(
            rx.el.div(
                status_badge(ReviewPage.tried_status),
                link("Open the run", to=f"{routes.RUNS}/{ReviewPage.tried}"),
                class_name="gl-row",
            ),
            rx.cond(ReviewPage.trouble != "", notice(ReviewPage.trouble, "red", icon_name="circle-alert")),
            rx.foreach(ReviewPage.result, _given),
            class_name="gl-stack",
        ),
    )
    return rx.cond(
        ReviewPage.may_try,
        section(
            "Try it", form, outcome, about="runs exactly this version, as you; kept among your runs", unfolded=False
        ),
    )


def _given(given: ObjectVar[Given]) -> rx.Component:
    return rx.el.div(
        rx.el.p(given["name"], class_name="gl-answer__name"),
        value_of(given),
    )


def _input(asked: ObjectVar[Asked]) -> rx.Component:
    name, label = asked["name"].to(str), asked["label"].to(str)
    plain = {"name": name, "id": f"try-{name}", "class_name": "gl-input", "auto_complete": "off"}
    control = rx.match(
        asked["kind"],
        ("paragraph", rx.el.textarea(**plain, rows=4)),
        ("json", rx.el.textarea(**plain, rows=4)),
        ("list", rx.el.textarea(**plain, rows=2, placeholder='["one", "two"]')),
        ("number", rx.el.input(**plain, type="number", step="any")),
        ("date", rx.el.input(**plain, type="date")),
        ("yes_no", rx.el.input(type="checkbox", role="switch", name=name, id=f"try-{name}")),
        ("file", Bring.create(id=f"try-{name}", name=name, many=False)),
        ("files", Bring.create(id=f"try-{name}", name=name, many=True)),
        (
            "choice",
            bare_select(
                rx.el.option("", value=""),
                rx.foreach(asked["options"].to(list[str]), lambda each: rx.el.option(each, value=each)),
                name=name,
                id=f"try-{name}",
            ),
        ),
        rx.el.input(**plain),
    )
    return rx.el.div(rx.el.label(label, html_for=f"try-{name}", class_name="gl-label"), control, class_name="gl-field")


def _remarks() -> rx.Component:
    form = rx.el.form(
        bare_select(
            rx.el.option("On the whole", value=""),
            rx.foreach(ReviewPage.steps, _step),
            name="step",
            aria_label="What the remark is about",
        ),
        paragraph_input("Remark", "text", rows=2, max_length=4000),
        rx.el.div(submit("Add remark", kind="plain"), class_name="gl-row gl-row--end"),
        on_submit=ReviewPage.remark,
        reset_on_submit=True,
        class_name="gl-fields",
    )
    return section(
        "Remarks",
        rx.cond(
            ReviewPage.remarks,
            rx.el.div(rx.foreach(ReviewPage.remarks, _remark), class_name="gl-stack"),
            rx.el.p("Nobody has said anything yet. The author hears of what you write.", class_name="gl-muted"),
        ),
        rx.cond(ReviewPage.may_remark, form),
        unfolded=ReviewPage.remarks.length() > 0,
    )


def _step(step: ObjectVar[Choice]) -> rx.Component:
    return rx.el.option(step["title"], value=step["id"].to(str))


def _remark(remark: ObjectVar[Remark]) -> rx.Component:
    return rx.el.div(
        rx.el.span(remark["who"].to(str)[:1].upper(), class_name="gl-avatar", aria_hidden=True),
        rx.el.div(
            rx.el.div(
                rx.el.span(remark["who"], class_name="gl-strong"),
                rx.cond(remark["step"] != "", badge(remark["step"].to(str), "violet")),
                rx.el.span(when(remark["at"].to(float)), class_name="gl-muted gl-small"),
                rx.cond(
                    remark["settled"],
                    badge("Settled", "green"),
                    rx.cond(
                        remark["settles"],
                        button("Settle", kind="quiet", small=True, on_click=ReviewPage.settle(remark["id"].to(str))),
                    ),
                ),
                class_name="gl-row gl-row--wrap",
            ),
            rx.el.p(remark["text"]),
        ),
        class_name=rx.cond(remark["settled"], "gl-remark gl-remark--settled", "gl-remark"),
    )
