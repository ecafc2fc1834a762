"""The items of a for-each, the rounds of a loop: a page of them at a time, and one of them with its steps."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypedDict

import reflex as rx

from builder import routes
from builder.components.toast import told
from builder.components.tree import Line, lines_of
from builder.screens.run_called import in_places
from builder.screens.run_step import NOTHING_OPEN, Inspected, inspected_of, titled
from builder.session import current_actor, requires
from builder.texts import duration
from builder.wiring import runtime
from runtime.operations import items, traces
from runtime.operations.called import workflow_at
from runtime.operations.happened import Items, StepView
from runtime.operations.items import PAGE, ItemView

NOUNS: Mapping[str, str] = {"item": "Item", "round": "Round"}


class Row(TypedDict):
    """One that has ended, in the list."""

    path: str
    name: str
    status: str
    says: str
    took: str


class Inner(TypedDict):
    """One step inside of it."""

    id: str
    """behind the place of the workflow where that is called: `all[3]/call/ask`"""
    title: str
    status: str
    took: str
    path: str
    depth: int


class Opened(TypedDict):
    """The one that is open."""

    path: str
    name: str
    status: str
    error: str
    hint: str
    result: list[Line]
    steps: list[Inner]


NONE_OPEN = Opened(path="", name="", status="", error="", hint="", result=[], steps=[])


class RunItems(rx.State):
    """The page that is looked at. Never more rows than a page has reach the browser."""

    of: str = ""
    """the container, as the list of steps calls it; empty: none is open"""
    noun: str = "Item"
    rows: rx.Field[list[Row]] = rx.field(default_factory=list)
    failed: bool = False
    """whether only those that failed are shown"""
    after: int = 0
    more: bool = False
    opened: rx.Field[Opened] = rx.field(default_factory=NONE_OPEN.copy)
    inner: rx.Field[Inspected] = rx.field(default_factory=NOTHING_OPEN.copy)
    _around: str = ""

    @rx.var
    def shown(self) -> str:
        """Which of them are shown."""
        return f"{self.after + 1:,} to {self.after + len(self.rows):,}"

    @requires("run.see")
    async def look(self, step: str, kind: str, around: str) -> None:
        """Open a container."""
        self.of, self.noun, self._around, self.failed, self.after = step, NOUNS.get(kind, "Item"), around, False, 0
        self.opened, self.inner = NONE_OPEN, NOTHING_OPEN
        await self._page()

    @requires("run.see")
    async def choose(self, failed: bool) -> None:
        self.failed, self.after = failed, 0
        await self._page()

    @requires("run.see")
    async def turn(self, pages: int) -> None:
        self.after = max(0, self.after + pages * PAGE)
        await self._page()

    @requires("run.see")
    async def open(self, path: str) -> None:
        """Open one with its steps, or close it."""
        self.inner = NOTHING_OPEN
        if path in ("", self.opened["path"]):
            self.opened = NONE_OPEN
            return
        async with told(self):
            found = await items.read_item(runtime(), current_actor(), run=self._run(), path=path)
            self.opened = opened_of(found, name_of(path, self.noun))

    @requires("run.see")
    async def inspect(self, step: str) -> None:
        """Open a step as it went there, or close it."""
        row = next((one for one in self.opened["steps"] if one["id"] == step), None)
        if row is None or self.inner["step"] == step:
            self.inner = NOTHING_OPEN
            return
        async with told(self):
            found = await traces.inspect_step(
                runtime(), current_actor(), run=self._run(), step=step.rpartition("/")[2], path=row["path"]
            )
            self.inner = Inspected(**{**inspected_of(found["step"], found["input"]), "step": step})

    async def _page(self) -> None:
        async with told(self):
            page = await items.list_items(
                runtime(), current_actor(), run=self._run(), step=self.of.rpartition("/")[2], around=self._around,
                failed=self.failed, after=self.after,
            )  # fmt: skip
            self.more = page.more
            self.rows = [
                Row(path=one.path, name=name_of(one.path, self.noun), status=one.status, says=one.says,
                    took=duration(one.ended - one.started))
                for one in page.items
            ]  # fmt: skip

    def _run(self) -> str:
        return routes.last(self.router.url.path)


def name_of(path: str, noun: str) -> str:
    """`all[3]` as people count: “Item 4”."""
    return f"{noun} {int(path.rpartition('[')[2].rstrip(']') or 0) + 1:,}"


def opened_of(found: ItemView, name: str) -> Opened:
    """One item with its steps; those that did not run are left out."""
    error: Mapping[str, Any] = found.error or {}
    own = workflow_at(found.path)
    steps = [
        _inner(one, place, depth)
        for one, place, depth in in_places(found.steps, found.called, own)
        if one.status not in ("skipped", "waiting")
    ]
    return Opened(
        path=found.path, name=name, status=found.status, error=error.get("message", ""), hint=error.get("hint", ""),
        result=lines_of(found.result) if found.result is not None else [], steps=steps,
    )  # fmt: skip


def _inner(step: StepView, place: str, depth: int) -> Inner:
    took = duration(step.ended - step.started) if step.started is not None and step.ended is not None else ""
    id_ = f"{place}/{step.step}" if place else step.step
    return Inner(id=id_, title=titled(step), status=status_of(step), took=took, path=step.path or place, depth=depth)


def status_of(step: StepView) -> str:
    """How a step is marked: one that failed while the run went on, itself or in some of its items, as such."""
    if step.handled or (step.status == "done" and step.items and step.items.failed):
        return "partly_succeeded"
    return "queued" if step.status == "waiting" else step.status


def counted(found: Items | None) -> str:
    """“60 of 61 items done, 1 failed”; of what is not known how many there are, “60 items, 1 failed”."""
    if found is None:
        return ""
    ended, noun = found.done + found.failed, NOUNS[found.kind].lower()
    if found.of is not None and (found.kind == "item" or found.failed):
        words = f"{found.done:,} of {found.of:,} {noun}{'' if found.of == 1 else 's'} done"
    else:
        words = f"{ended:,} {noun}{'' if ended == 1 else 's'}"
    return f"{words}, {found.failed:,} failed" if found.failed else words
