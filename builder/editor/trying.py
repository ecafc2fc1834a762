"""Trying out on the canvas: one step, from a step on, a pin; what came of it is the run that is shown."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import asdict
from typing import Any

import reflex as rx

from builder import routes
from builder.components.toast import told
from builder.editor.state import Editor
from builder.session import current_actor, internal, requires
from builder.wiring import runtime
from runtime.errors import GreenlaneError, NotFound
from runtime.operations import calling, items, pinning, rights, tryouts
from runtime.operations.acting import acting_steps

CHOICES = 50
"""items or rounds offered to try a step with"""


class Tried(rx.State):
    """What is pinned, what was asked or refused, and with which items a step may be tried."""

    tried: rx.Field[dict[str, Any]] = rx.field(default_factory=dict)
    """of one workflow, by its name: pins, said (the last answer: step, asks or refused), items"""
    inside: rx.Field[dict[str, Any]] = rx.field(default_factory=dict)
    """a called workflow that is looked at: n, title, name, document"""

    @internal
    async def load(self) -> None:
        """What is pinned, for who edits the draft."""
        self.tried, self.inside = {}, {}
        with suppress(NotFound):
            if (await rights.why(runtime(), current_actor(), action="pin.see", name=self._name())).allowed:
                await self._pins()

    @requires("run.see")
    async def list_items(self, run: str, step: str) -> None:
        """With which items or rounds a step may be tried, the first of them without choice."""
        async with told(self):
            found = await items.list_tried(runtime(), current_actor(), run=run, step=step, most=CHOICES)
            choices = [asdict(each) for each in found]
            self._put(items={"run": run, "step": step, "choices": choices})

    @requires("run.start")
    async def run_step(self, step: str, run: str, path: str, sure: bool):
        """The step alone, with what is pinned, else with what it saw in a run; what changes something outside only
        once one is `sure`."""
        self._put(said=None)
        try:
            acting = [] if sure else await acting_steps(runtime(), current_actor(), workflow=self._name(), step=step)
            if acting:
                self._put(said={"step": step, "asks": acting})
                return None
            if run and not path:
                run, path = await _first_item(run, step)
            started = await tryouts.run_step(
                runtime(), current_actor(), workflow=self._name(), step=step, run=run, path=path, pinned=True
            )
        except GreenlaneError as error:
            self._refuse(step, error)
            return None
        return Editor.show(started.run)

    @requires("run.start")
    async def run_from(self, step: str, run: str):
        """From the step on, with what lies before it as it was, or as it is pinned."""
        self._put(said=None)
        try:
            started = await tryouts.run_from(
                runtime(), current_actor(), workflow=self._name(), step=step, run=run, pinned=True
            )
        except GreenlaneError as error:
            self._refuse(step, error)
            return None
        return Editor.show(started.run)

    @requires("pin.set")
    async def pin(self, step: str, run: str, path: str) -> None:
        """What the step handed on in a run, for all who edit the draft."""
        self._put(said=None)
        try:
            await pinning.pin_step(runtime(), current_actor(), name=self._name(), step=step, run=run, path=path)
            await self._pins()
        except GreenlaneError as error:
            self._refuse(step, error)

    @requires("pin.set")
    async def unpin(self, step: str) -> None:
        """The step runs again."""
        self._put(said=None)
        try:
            await pinning.unpin_step(runtime(), current_actor(), name=self._name(), step=step)
        except GreenlaneError as error:
            self._refuse(step, error)
        async with told(self):
            await self._pins()

    @requires("page.see")
    async def keep(self) -> None:
        """Do not run it."""
        self._put(said=None)

    @requires("workflow.list")
    async def look_inside(self, name: str, content: str) -> None:
        """The version of a called workflow, only to look at."""
        async with told(self):
            found = await calling.read_called(runtime(), current_actor(), name=name, content=content)
            self.inside = {
                "n": self.inside.get("n", 0) + 1, "name": found.name, "title": found.title, "number": found.number,
                "document": found.document.model_dump(mode="json", by_alias=True),
            }  # fmt: skip

    def _name(self) -> str:
        return routes.last(self.router.url.path)

    async def _pins(self) -> None:
        found = await pinning.list_pins(runtime(), current_actor(), name=self._name())
        self._put(pins=[each.step for each in found])

    def _put(self, **parts: Any) -> None:
        name = self._name()
        kept = self.tried if self.tried.get("name") == name else {"name": name}
        self.tried = {**kept, **parts}

    def _refuse(self, step: str, error: GreenlaneError) -> None:
        self._put(said={"step": step, "refused": {"message": error.sentence, "hint": error.hint}})


async def _first_item(run: str, step: str) -> tuple[str, str]:
    """The item or round a step is tried with where nobody chose one, with its run; no path for a step in no
    container."""
    found = await items.list_tried(runtime(), current_actor(), run=run, step=step, most=1)
    return (found[0].run, found[0].path) if found else (run, "")
