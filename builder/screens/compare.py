"""Two runs side by side: what each step got, gave and cost in both, and where they part. Drawn in `compare_view`."""

from contextlib import suppress
from typing import Any, Literal, TypedDict

import reflex as rx

from builder import routes
from builder.components.toast import told
from builder.components.tree import Line, lines_of
from builder.screens.run_step import spoken, titled
from builder.session import current_actor, internal, requires
from builder.texts import STATUSES, count, duration, money
from builder.wiring import runtime
from runtime.errors import NotAllowed, NotFound
from runtime.operations import traces
from runtime.operations.comparing import Compared, Comparison, Side, compare_runs
from runtime.operations.traces import RunCard

WORDS = {"status": "Status", "input": "Input", "output": "Output", "tokens": "Tokens", "cost": "Cost"}
"""what may differ, as people call it"""
OFFERED = 100
"""of one's newest runs, to choose from"""

Which = Literal["a", "b"]


class Head(TypedDict):
    """One of the two runs."""

    id: str
    title: str
    status: str
    started: float
    took: str
    tokens: str
    cost: str


class Row(TypedDict):
    """One step in both runs."""

    key: str
    title: str
    where: str
    left: str
    right: str
    """its status; empty where that run had no such step"""
    left_took: str
    right_took: str
    tokens: str
    cost: str
    notes: str
    """given or pinned"""
    differs: list[str]
    inner: bool


class Opened(TypedDict):
    """The open step, in both runs."""

    key: str
    left_input: list[Line]
    right_input: list[Line]
    left_output: list[Line]
    right_output: list[Line]
    left_error: str
    right_error: str


class Offered(TypedDict):
    """A run to choose."""

    id: str
    words: str


NOBODY = Head(id="", title="", status="", started=0.0, took="", tokens="", cost="")
CLOSED = Opened(
    key="", left_input=[], right_input=[], left_output=[], right_output=[], left_error="", right_error=""
)  # fmt: skip


class Compare(rx.State):
    """The two runs that are looked at."""

    a: rx.Field[Head] = rx.field(default_factory=NOBODY.copy)
    b: rx.Field[Head] = rx.field(default_factory=NOBODY.copy)
    offered: rx.Field[list[Offered]] = rx.field(default_factory=list)
    rows: rx.Field[list[Row]] = rx.field(default_factory=list)
    opened: rx.Field[Opened] = rx.field(default_factory=CLOSED.copy)
    said: str = ""
    """how much differs, in a sentence"""
    only: bool = False
    """whether only steps that differ are shown"""
    loaded: bool = False
    _found: Comparison | None = None

    @internal
    async def load(self) -> None:
        self.loaded, self.rows, self.opened, self.said, self._found = False, [], CLOSED, "", None
        asked = self.router.url.query_parameters
        left, right = str(asked.get("a", "")), str(asked.get("b", ""))
        self.a, self.b = await _head(left), await _head(right)
        same = self.a["title"] and (await _card(left))
        cards = await traces.list_runs(runtime(), current_actor(), workflow=same.name if same else None, limit=OFFERED)
        self.offered = offered(cards, {left, right})
        if self.a["id"] and self.b["id"]:
            async with told(self):
                self._found = await compare_runs(runtime(), current_actor(), left=left, right=right)
                self._show()
        self.loaded = True

    @requires("run.see")
    async def choose(self, which: Which, run: str):
        a, b = (run, self.b["id"]) if which == "a" else (self.a["id"], run)
        return rx.redirect(routes.compare(a, b))

    @requires("run.see")
    async def swap(self):
        return rx.redirect(routes.compare(self.b["id"], self.a["id"]))

    @requires("run.see")
    async def narrow(self, only: bool) -> None:
        self.only = only
        self._show()

    @requires("run.see")
    async def open_step(self, key: str) -> None:
        found = self._found.steps if self._found is not None else []
        here = next((each for each in found if _key(each) == key), None)
        self.opened = CLOSED if here is None or self.opened["key"] == key else opened_of(here)

    def _show(self) -> None:
        if self._found is not None:
            self.said = sentence_of(self._found)
            self.rows = [row_of(each) for each in self._found.steps if each.differs or not self.only]


async def _card(run: str) -> RunCard | None:
    """A run this person may see; None where there is none."""
    with suppress(NotFound, NotAllowed):
        return (await traces.read_run(runtime(), current_actor(), run=run)).card if run else None
    return None


async def _head(run: str) -> Head:
    card = await _card(run)
    if card is None:
        return NOBODY.copy()
    tokens = card.tokens_in + card.tokens_out
    took = card.ended - card.started if card.started and card.ended else None
    return Head(
        id=card.run, title=card.title, status=card.status, started=card.started or 0.0, took=duration(took),
        tokens=f"{tokens:,}" if tokens else "", cost=money(card.cost),
    )  # fmt: skip


def offered(cards: list[RunCard], chosen: set[str]) -> list[Offered]:
    """Runs to choose from; what is chosen is among them."""
    ids = {each.run for each in cards}
    more = [Offered(id=each, words=each) for each in sorted(chosen - ids) if each]
    return [
        *more,
        *(
            Offered(
                id=each.run,
                words=f"{each.title} · {STATUSES.get(each.status, each.status)}, {each.run[-6:]}",
            )
            for each in cards
        ),
    ]


def sentence_of(found: Comparison) -> str:
    """How much differs."""
    differ = sum(bool(each.differs) for each in found.steps)
    said = f"{count(differ, 'step')} of {len(found.steps)} differ{'s' if differ == 1 else ''}."
    if not differ:
        said = "The one step is the same." if len(found.steps) == 1 else f"All {len(found.steps)} steps are the same."
    said += " The two runs were given different inputs." if found.inputs else ""
    said += f" {count(found.left_off, 'more item')} are not compared." if found.left_off else ""
    return said


def row_of(one: Compared) -> Row:
    """One step as its row shows it."""
    left, right = one.left, one.right
    return Row(
        key=_key(one),
        title=titled(one),
        where=_where(one.path),
        left=_status(left),
        right=_status(right),
        left_took=duration(left.duration) if left and left.origin == "" else "",
        right_took=duration(right.duration) if right and right.origin == "" else "",
        tokens=_both(*(f"{each.tokens:,}" if each and each.tokens else "" for each in (left, right))),
        cost=_both(*(money(each.cost) if each else "" for each in (left, right))),
        notes=", ".join(
            f"{each.origin} {where}" for each, where in ((left, "left"), (right, "right")) if each and each.origin
        ),
        differs=[WORDS[each] for each in one.differs],
        inner=bool(one.path),
    )


def opened_of(one: Compared) -> Opened:
    """One step in full."""
    left, right = one.left, one.right
    return Opened(
        key=_key(one),
        left_input=_lines(left.input if left else None),
        right_input=_lines(right.input if right else None),
        left_output=_lines(left.output if left else None),
        right_output=_lines(right.output if right else None),
        left_error=left.error if left else "",
        right_error=right.error if right else "",
    )


def _lines(value: Any) -> list[Line]:
    if isinstance(value, dict):
        value = {spoken(str(name)): each for name, each in value.items() if each is not None}
    return lines_of(value) if value is not None else []


def _both(left: str, right: str) -> str:
    return left if left == right else f"{left or '–'} → {right or '–'}"


def _status(side: Side | None) -> str:
    return "" if side is None else "queued" if side.status == "waiting" else side.status


def _key(one: Compared) -> str:
    return f"{one.path}/{one.step}"


def _where(path: str) -> str:
    """`each[3]` as people count: item 4."""
    parts = [each.partition("[")[2].rstrip("]") for each in path.split("/") if each]
    return " › ".join(f"item {int(each) + 1}" for each in parts if each)
