"""Audit: who did what, when, or was refused; for auditors and platform owners."""

from typing import TypedDict

import reflex as rx
from reflex.vars import ObjectVar

from builder import routes
from builder.components.badge import badge
from builder.components.button import button, submit
from builder.components.day import day_input, first_moment, last_moment
from builder.components.empty import empty
from builder.components.field import bare_select, search
from builder.components.shell import page
from builder.components.table import Column, row, table
from builder.components.toast import notice, told
from builder.components.when import when
from builder.session import current_actor, internal, requires
from builder.texts import count
from builder.wiring import runtime
from runtime.operations import audit
from runtime.operations.audit import AREAS, AuditEntry, Looked

COLUMNS = (
    Column("What", lead=True), Column("Who"), Column("Thing"), Column("Said"), Column("When", short=True),
    Column("Row", number=True),
)  # fmt: skip
SHOWN_OF_A_THING = 40


class Entry(TypedDict):
    """A row of the log."""

    id: int
    at: float
    who: str
    words: str
    action: str
    thing: str
    called: str
    refused: bool
    reason: str


class Audit(rx.State):
    """What is looked for and what was found."""

    entries: rx.Field[list[Entry]] = rx.field(default_factory=list)
    more: bool = False
    loaded: bool = False
    verdict: str = ""
    whole: bool = True
    busy: bool = False
    _looked: Looked = Looked()
    _before: int = 0

    @internal
    async def load(self) -> None:
        self._looked, self.verdict = Looked(), ""
        async with told(self):
            await self._look()

    async def _look(self, before: int = 0) -> None:
        found = await audit.search_audit(runtime(), current_actor(), looked=self._looked, before=before)
        fresh = [_entry(each) for each in found.entries]
        self.entries = [*self.entries, *fresh] if before else fresh
        self._before, self.more, self.loaded = found.before, found.before > 0, True

    @requires("audit.search")
    async def search(self, form: dict[str, str]) -> None:
        self._looked = Looked(
            person=form.get("person", "").strip(),
            area=form.get("area", ""),
            thing=form.get("thing", "").strip(),
            outcome=form.get("outcome", ""),
            since=first_moment(form.get("since", "")),
            until=last_moment(form.get("until", "")),
            words=form.get("words", ""),
        )
        async with told(self):
            await self._look()

    @requires("audit.search")
    async def go_on(self) -> None:
        async with told(self):
            await self._look(self._before)

    @requires("audit.verify")
    async def verify(self):
        self.busy = True
        yield
        async with told(self):
            found = await audit.verify_audit(runtime(), current_actor())
            self.whole = found.broken is None
            self.verdict = (
                f"The log is whole: {count(found.rows, 'row')}, each fits the one before. Last link {found.head}"
                if self.whole
                else f"The log was tampered with: {audit.in_words(found)} Keep a copy of the database as it is."
            )
        self.busy = False


def _entry(found: AuditEntry) -> Entry:
    return Entry(
        id=found.id, at=found.at, who=found.who or ("Nobody signed in" if not found.person else found.person),
        words=found.words[:1].upper() + found.words[1:], action=found.action,
        thing=short_thing(found.thing),
        called=found.called, refused=found.outcome == "refused", reason=told_of(found.reason),
    )  # fmt: skip


def told_of(reason: str) -> str:
    """A refusal of something that is there, in the words the person read, and what they were not told."""
    if reason.startswith("hidden: "):
        return f"{reason.removeprefix('hidden: ')} (It is there, but not for them.)"
    return reason.removeprefix("not there: ")


def short_thing(thing: str) -> str:
    """What fits into a cell; of a handler its state and its own name."""
    if thing.startswith("reflex___state"):
        thing = thing.rpartition("____")[2]
    return thing if len(thing) <= SHOWN_OF_A_THING else f"{thing[:SHOWN_OF_A_THING]}…"


def screen() -> rx.Component:
    check = button("Check the log", icon_name="shield-check", on_click=Audit.verify, busy=Audit.busy)
    return page(
        "Audit",
        rx.cond(
            Audit.verdict != "",
            rx.cond(
                Audit.whole,
                notice(Audit.verdict, "green", icon_name="shield-check"),
                notice(Audit.verdict, "red", icon_name="shield-alert"),
            ),
        ),
        _filters(),
        rx.cond(
            Audit.entries,
            table("What happened", COLUMNS, rx.foreach(Audit.entries, _drawn)),
            rx.cond(Audit.loaded, empty("Nothing fits", "Look for less, or for another day.", icon_name="search-x")),
        ),
        rx.cond(Audit.more, rx.el.div(button("Show older", on_click=Audit.go_on), class_name="gl-row gl-row--center")),
        here=routes.AUDIT,
        lead="Everything that was done or refused, each row chained to the one before.",
        actions=check,
    )


def _filters() -> rx.Component:
    areas = [rx.el.option("Everything", value=""), *(rx.el.option(area.title(), value=area) for area in AREAS)]
    outcomes = (("", "Done or refused"), ("done", "Done"), ("refused", "Refused"))
    return rx.el.form(
        search("Words", name="words"),
        search("Person", name="person"),
        search("Thing: its id or name", name="thing"),
        bare_select(*areas, name="area", aria_label="What about"),
        bare_select(*(rx.el.option(words, value=value) for value, words in outcomes), name="outcome",
                    aria_label="Outcome"),
        rx.el.div(day_input("From", "since"), day_input("To", "until"), class_name="gl-days"),
        submit("Search", kind="plain", icon_name="search"),
        on_submit=Audit.search,
        class_name="gl-filters",
    )  # fmt: skip


def _drawn(entry: ObjectVar[Entry]) -> rx.Component:
    return row(
        COLUMNS,
        rx.el.div(
            rx.el.span(entry["words"], " ", class_name="gl-strong", title=entry["action"].to(str)),
            rx.cond(entry["refused"], badge("Refused", "red")),
        ),
        entry["who"],
        rx.cond(
            entry["called"] != "",
            rx.el.span(entry["called"], class_name="gl-break", title=entry["thing"].to(str)),
            rx.el.code(entry["thing"], class_name="gl-small gl-break"),
        ),
        rx.cond(entry["reason"] != "", rx.el.span(entry["reason"], class_name="gl-small gl-break")),
        when(entry["at"].to(float)),
        entry["id"].to(str),
    )
