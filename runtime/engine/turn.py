"""One step's turn: what it saw when it began, and the pin that may stand in for its work."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Coroutine
from dataclasses import dataclass
from typing import Any, TypeVar

from nodes.sdk import Leave, StepFailed
from runtime.engine.context import StepContext
from runtime.engine.ports import Pin
from runtime.engine.state import Where
from runtime.engine.walk import Walk
from runtime.graph.plan import PlanStep

T = TypeVar("T")


@dataclass(slots=True)  # not frozen: one is made for every step, and freezing costs as much as the rest of it
class Turn:
    """One step's turn: what it saw when it began."""

    step: PlanStep
    context: StepContext
    seen: int
    started: float
    read: str
    """digest of its inputs"""
    walk: Walk
    try_: int = 1

    @property
    def where(self) -> Where:
        """Step and path."""
        return self.step.id, self.walk.frame.path


async def play(pin: Pin, context: StepContext, exits: Collection[str] = ()) -> Leave:
    """Give what is pinned in the place of a step's own work."""
    if pin.delay_s:
        await asyncio.sleep(pin.delay_s)
    for chunk in pin.chunks:
        context.say(chunk)
    if pin.error:
        raise StepFailed(pin.error, code="pinned_error")
    return Leave(_way_of(pin, exits), dict(pin.outputs))


def _way_of(pin: Pin, exits: Collection[str]) -> str:
    """The way a pinned step leaves by: the one that is pinned, else the one that a pinned value names (the class, the
    case, the decision)."""
    if pin.exit in exits:
        return pin.exit
    return next((each for each in pin.outputs.values() if isinstance(each, str) and each in exits), pin.exit)


async def within(seconds: float, work: Coroutine[Any, Any, T]) -> T:
    """The result of some work, as long as it takes no longer. Raises `StepFailed`."""
    try:
        return await asyncio.wait_for(work, seconds)
    except TimeoutError:
        raise StepFailed(
            f"This step was stopped after {seconds:g} seconds, its time limit.",
            code="timeout",
            hint="Give it more time under “When it fails”, or make its work smaller.",
            retry=True,
        ) from None
