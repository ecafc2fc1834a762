"""Trying a draft out from the page of a run: one step, from a step on, a pin, a replay; each shows what came of it."""

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from typing import Any, Literal, TypedDict

import reflex as rx

from builder import routes
from builder.components.button import button
from builder.components.dialog import confirm
from builder.components.field import bare_select
from builder.components.menu import menu, menu_item, menu_line
from builder.components.toast import tell, told
from builder.screens.run import Run
from builder.screens.run_items import NOUNS, name_of
from builder.session import current_actor, requires
from builder.wiring import runtime
from runtime.errors import NotFound
from runtime.operations import items, pinning, rights, runs, traces, tryouts
from runtime.operations.acting import acting_steps
from runtime.operations.items import Tried

OF_A_DRAFT = "Open workflow"
"""what the way to the origin of a run says, where that is a draft"""
PATIENCE_S = 20.0
"""how long a replay is waited for before it is shown as it stands"""


class Choice(TypedDict):
    """An item or a round a step may run with."""

    id: str
    """the run and the path there"""
    name: str


class Trying(rx.State):
    """What is being tried out."""

    busy: str = ""
    """what was pressed"""
    pinned: rx.Field[list[str]] = rx.field(default_factory=list)
    """steps of the draft that are pinned"""
    items: rx.Field[list[Choice]] = rx.field(default_factory=list)
    """with which items or rounds the open step may run"""
    item: str = ""
    """the one that is chosen"""
    acts: str = ""
    """what running the open step would change outside; then it is asked first"""

    @requires("run.see")
    async def look(self) -> None:
        """See what is pinned, where this person edits the draft, and with which items the open step may run."""
        shown = await self.get_state(Run)
        self.pinned, self.items, self.item, self.acts = [], [], "", ""
        if not shown.inspected["step"] or "/" in shown.inspected["step"] or shown.origin_words != OF_A_DRAFT:
            return
        with suppress(NotFound):
            tried = await items.list_tried(
                runtime(), current_actor(), run=shown.facts["id"], step=shown.inspected["step"]
            )
            kinds = {one["id"]: one["kind_of_items"] for one in shown.steps}
            self.items = [Choice(id=f"{each.run} {each.path}", name=_named(each, kinds)) for each in tried]
            self.item = self.items[0]["id"] if tried else ""
            workflow = shown.facts["workflow"]
            if (await rights.why(runtime(), current_actor(), action="pin.see", name=workflow)).allowed:
                pins = await pinning.list_pins(runtime(), current_actor(), name=workflow)
                self.pinned = [each.step for each in pins]

    @requires("run.see")
    async def choose(self, item: str) -> None:
        """The item whose values the step is given."""
        self.item = item

    @requires("page.see")
    async def keep(self) -> None:
        """Do not run it."""
        self.acts = ""

    @requires("run.start")
    async def run_step(self, step: str, sure: bool):
        """The step alone, with what it saw in this run; what changes something outside only once one is `sure`."""
        self.busy, self.acts = "step", ""
        yield
        shown = await self.get_state(Run)
        async with told(self):
            workflow = shown.facts["workflow"]
            acting = [] if sure else await acting_steps(runtime(), current_actor(), workflow=workflow, step=step)
            if acting:
                self.acts, self.busy = ", ".join(f"“{each}”" for each in acting), ""
                return
            run, _, path = self.item.partition(" ") if self.item else (shown.facts["id"], "", "")
            started = await tryouts.run_step(
                runtime(), current_actor(), workflow=workflow, step=step, run=run, path=path
            )
            yield rx.redirect(routes.run(started.run))
        self.busy = ""

    @requires("run.start")
    async def run_from(self, step: str):
        """From the step on, with what lies before it as it was."""
        self.busy = "from"
        yield
        shown = await self.get_state(Run)
        async with told(self):
            started = await tryouts.run_from(
                runtime(), current_actor(), workflow=shown.facts["workflow"], step=step, run=shown.facts["id"]
            )
            yield rx.redirect(routes.run(started.run))
        self.busy = ""

    @requires("pin.set")
    async def pin(self, step: str) -> None:
        """What the step handed on, for later runs of the draft."""
        shown = await self.get_state(Run)
        async with told(self):
            path = await _path_of(shown.facts["id"], step)
            await pinning.pin_step(
                runtime(), current_actor(), name=shown.facts["workflow"], step=step, run=shown.facts["id"], path=path
            )
            self.pinned = [*self.pinned, step]
            await tell(self, "Pinned", "“Run again with pins” gives this instead of running the step.")

    @requires("pin.set")
    async def unpin(self, step: str) -> None:
        """The step runs again, also in runs with pins."""
        shown = await self.get_state(Run)
        async with told(self):
            await pinning.unpin_step(runtime(), current_actor(), name=shown.facts["workflow"], step=step)
            self.pinned = [each for each in self.pinned if each != step]

    @requires("run.start")
    async def run_pinned(self):
        """The draft with the input of this run, pinned steps giving what is pinned."""
        self.busy = "pinned"
        yield
        shown = await self.get_state(Run)
        async with told(self):
            view = await traces.read_run(runtime(), current_actor(), run=shown.facts["id"])
            started = await tryouts.run_pinned(
                runtime(), current_actor(), workflow=shown.facts["workflow"], inputs=view.inputs
            )
            yield rx.redirect(routes.run(started.run))
        self.busy = ""

    @requires("run.start")
    async def replay(self, calls: Literal["refuse", "make"]):
        """The draft with the input and the recorded answers of this run; then both side by side."""
        self.busy = "replay"
        yield
        shown = await self.get_state(Run)
        async with told(self):
            started = await tryouts.replay_run(
                runtime(), current_actor(), workflow=shown.facts["workflow"], run=shown.facts["id"], calls=calls
            )
            with suppress(TimeoutError):
                async with asyncio.timeout(PATIENCE_S):
                    async for _ in runs.follow_run(runtime(), current_actor(), run=started.run):
                        pass
            yield rx.redirect(routes.compare(shown.facts["id"], started.run))
        self.busy = ""


def _named(card: Tried, kinds: Mapping[str, str]) -> str:
    """“Item 4 (failed)”, further inside “Round 1 › Item 4”; `kinds` says what each container has."""
    parts = [name_of(part, NOUNS.get(kinds.get(part.partition("[")[0], ""), "Item")) for part in card.path.split("/")]
    return " › ".join(parts) + (" (failed)" if card.failed else "")


async def _path_of(run: str, step: str) -> str:
    """Where the step is that the page shows: in a container the last time it ran."""
    return (await traces.inspect_step(runtime(), current_actor(), run=run, step=step))["step"].path


def actions() -> rx.Component:
    """What can be done with a run as a whole."""
    ended = ~((Run.facts["status"] == "running") | (Run.facts["status"] == "queued"))
    compare = menu_item("Compare with another run", "columns-2", rx.redirect(routes.compare(Run.facts["id"], "")))
    replays = rx.fragment(
        menu_line(),
        menu_item("Run again with pins", "pin", Trying.run_pinned),
        menu_item("Replay with the draft; nothing leaves", "rotate-ccw", Trying.replay("refuse")),
        menu_item("Replay, with real calls where nothing is recorded", "rotate-ccw", Trying.replay("make")),
    )
    return rx.cond(
        Run.inside & ended,
        menu("Try this run out", compare, rx.cond(_of_a_draft(), replays)),
    )


def step_actions() -> rx.Component:
    """What can be done with the open step, where it is one of the draft itself."""
    step = Run.inspected["step"].to(str)
    choice = bare_select(
        rx.foreach(Trying.items, lambda each: rx.el.option(each["name"], value=each["id"])),
        value=Trying.item,
        on_change=Trying.choose,
        aria_label="With the values of",
    )
    return rx.cond(
        _of_a_draft() & ~step.contains("/"),
        rx.el.div(
            button("Run this step", icon_name="play", small=True, busy=Trying.busy == "step",
                   on_click=Trying.run_step(step, False)),
            rx.cond(Trying.items, rx.el.label("with", choice, class_name="gl-row gl-tight gl-small gl-trying__with")),
            button("Run from here", icon_name="step-forward", small=True, busy=Trying.busy == "from",
                   on_click=Trying.run_from(step)),
            rx.cond(
                Trying.pinned.contains(step),
                button("Unpin", icon_name="pin-off", small=True, kind="quiet", on_click=Trying.unpin(step)),
                button("Pin this result", icon_name="pin", small=True, kind="quiet", on_click=Trying.pin(step)),
            ),
            _asks_first(step),
            class_name="gl-row gl-row--wrap gl-tight gl-wide",
        ),
    )  # fmt: skip


def _asks_first(step: rx.Var[str]) -> rx.Component:
    """What changes something outside does so again."""
    return confirm(
        rx.el.p("Trying it is no rehearsal: ", Trying.acts, " changes something outside, and does so again."),
        open=Trying.acts != "",
        title="Run this step?",
        verb="Run it",
        kind="primary",
        on_confirm=Trying.run_step(step, True),
        on_close=Trying.keep,
    )


def _of_a_draft() -> Any:
    """Whether it is a run of a draft this person may open, with its data. What ran because one failed is none."""
    return (Run.origin_words == OF_A_DRAFT) & (Run.erased == 0.0) & (Run.facts["because"] == "")
