"""One step's turn: what it saw when it began, and the pin that may stand in for its work."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from nodes.sdk import Leave, StepFailed
from runtime.engine.context import StepContext
from runtime.engine.ports import Pin
from runtime.graph.plan import PlanStep


@dataclass(slots=True)  # not frozen: one is made for every step, and freezing costs as much as the rest of it
class Turn:
    """One step's turn: what it saw when it began."""

    step: PlanStep
    context: StepContext
    seen: int
    started: float
    read: str
    """digest of its inputs"""


async def play(pin: Pin, context: StepContext) -> Leave:
    """Give what is pinned in the place of a step's own work."""
    if pin.delay_s:
        await asyncio.sleep(pin.delay_s)
    for chunk in pin.chunks:
        context.say(chunk)
    if pin.error:
        raise StepFailed(pin.error, code="pinned_error")
    return Leave(pin.exit, dict(pin.outputs))
