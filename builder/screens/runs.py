"""Runs: from a person, a day, an app or a word of the answer to the exact run. What it looks like is in `runs_view`."""

from typing import Literal, TypedDict

import reflex as rx

from builder.components.day import first_moment, last_moment
from builder.components.toast import told
from builder.session import current_actor, internal, requires
from builder.texts import duration, money
from builder.wiring import runtime
from runtime.operations import exploring
from runtime.operations.actors import permit
from runtime.operations.exploring import Wanted
from runtime.operations.traces import RunCard

PAGE = 50
"""Rows fetched at a time."""

END_OF_TIME = 1e12

Whose = Literal["mine", "all"]
Narrowing = Literal["of", "status", "since", "until"]


class Row(TypedDict):
    """One run."""

    id: str
    status: str
    title: str
    said: str
    who: str
    created: float
    took: str
    cost: str


class Choice(TypedDict):
    """An app or a workflow to filter by."""

    id: str
    title: str


NOTHING = {"words": "", "who": "", "of": "", "status": "", "since": "", "until": ""}


class Runs(rx.State):
    """The rows fetched so far, and what they are narrowed to."""

    rows: rx.Field[list[Row]] = rx.field(default_factory=list)
    choices: rx.Field[list[Choice]] = rx.field(default_factory=list)
    loaded: bool = False
    more: bool = False
    explores: bool = False
    """whether this person may look into everybody's runs"""
    whose: Whose = "mine"
    wanted: rx.Field[dict[str, str]] = rx.field(default_factory=NOTHING.copy)
    cleared: int = 0
    """counts how often the filters were emptied: what is typed belongs to the browser until then"""

    @rx.var
    def narrowed(self) -> bool:
        """Whether anything is looked for."""
        return self.wanted != NOTHING

    @internal
    async def load(self) -> None:
        self.explores = permit(current_actor(), "run.explore").allowed
        self.whose, self.loaded = "all" if self.explores else "mine", False
        self.wanted, self.cleared = NOTHING.copy(), self.cleared + 1
        async with told(self):
            await self._look()
        self.loaded = True

    async def _look(self) -> None:
        """From the newest on."""
        found = await exploring.list_ran(runtime(), current_actor(), everybody=self._everybody)
        self.choices = [Choice(id=one.id, title=f"{one.title} (app)" if one.app else one.title) for one in found]
        self.rows = await self._fetch(END_OF_TIME)

    async def _fetch(self, before: float) -> list[Row]:
        said = self.wanted
        found = await exploring.explore_runs(
            runtime(),
            current_actor(),
            wanted=Wanted(
                who=said["who"] if self._everybody else "",
                of=said["of"] or None,
                status=said["status"] or None,
                since=first_moment(said["since"]),
                before=min(before, last_moment(said["until"])),
                words=said["words"],
            ),
            limit=PAGE,
            everybody=self._everybody,
        )
        self.more = len(found) == PAGE
        return [row_of(one) for one in found]

    @property
    def _everybody(self) -> bool:
        return self.explores and self.whose == "all"

    @requires("run.list")
    async def choose(self, whose: Whose) -> None:
        self.whose = whose
        async with told(self):
            await self._look()

    @requires("run.list")
    async def narrow(self, by: Narrowing, value: str) -> None:
        self.wanted = {**self.wanted, by: value}
        async with told(self):
            self.rows = await self._fetch(END_OF_TIME)

    @requires("run.list")
    async def search(self, form: dict[str, str]) -> None:
        self.wanted = {**self.wanted, **{name: form.get(name, "").strip() for name in ("words", "who")}}
        async with told(self):
            self.rows = await self._fetch(END_OF_TIME)

    @requires("run.list")
    async def show_older(self) -> None:
        async with told(self):
            self.rows = [*self.rows, *await self._fetch(self.rows[-1]["created"])]

    @requires("run.list")
    async def show_all(self) -> None:
        self.wanted, self.cleared = NOTHING.copy(), self.cleared + 1
        async with told(self):
            await self._look()


def row_of(one: RunCard) -> Row:
    """A run as its row shows it."""
    return Row(
        id=one.run,
        status=one.status,
        title=one.title,
        said=one.said,
        who=who_started(one),
        created=one.created,
        took=duration(one.ended - one.started if one.started and one.ended else None),
        cost=money(one.cost),
    )


def who_started(one: RunCard) -> str:
    """The person, and whether it was a program of theirs."""
    return f"{one.person}, by key" if one.via == "key" else one.person
