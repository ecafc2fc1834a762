"""The step types of the drawn documents: those there are, and two that fail when told."""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import replace
from functools import cache
from typing import Any

from nodes.catalogue import Catalogue, load
from nodes.sdk import Context, Effect, Node, Output, Result, StepFailed, Value, field, output

Where = tuple[str, str, str]
"""run, step and path"""
TOLD = "It was told to fail."
TRIES: Counter[Where] = Counter()
"""failed tries by where they were; a test that cuts a log sets back what it forgets"""
BEGAN: list[Where] = []
"""every try of every step that is no container, in order"""
PAUSE_S = 0.001


def where(ctx: Any) -> Where:
    """Which step of which run a context belongs to."""
    return ctx.run, ctx.step, ctx._frame.path


class Work(Node, label="Work"):
    """Hands on a value, or fails: for some values always, and a number of times at first."""

    value: Value = field("Value", default=None)
    fails_on: list[Any] = field("Fails for", default=[])
    fails_first: int = field("Fails so often", default=0)

    class Output(Output):
        """The value."""

        value: Any = output("The value")

    async def run(self, ctx: Context) -> Result:
        """Fail, or not."""
        if TRIES[where(ctx)] < self.fails_first or any(type(each) is type(self.value) and each == self.value
                                                       for each in self.fails_on):  # fmt: skip
            TRIES[where(ctx)] += 1
            raise StepFailed(TOLD, code="told")
        return self.Output(value=self.value)


class Slow(Work, label="Slow", effects=(Effect.COMPUTE,)):
    """The same, after some turns of the event loop; others go on meanwhile."""

    pause: int = field("Pause", default=0)
    hangs: bool = field("Hangs", default=False)

    async def run(self, ctx: Context) -> Result:
        """Wait, then fail or not."""
        await asyncio.sleep(3600 if self.hangs else self.pause * PAUSE_S)
        return await super().run(ctx)


@cache
def catalogue() -> Catalogue:
    """All step types; each notes when it is run."""
    known = load()
    types = {**known.types, "test.work": Work, "test.slow": Slow}
    return replace(known, types={name: _noted(name, each) for name, each in types.items()})


def _noted(name: str, node: type[Node]) -> type[Node]:
    class Noted(
        node, label=node.label, icon=node.icon, version=node.version, effects=tuple(node.effects),
        interrupted=node.interrupted, container=node.container,
    ):  # fmt: skip
        async def run(self, ctx: Context) -> Result:
            BEGAN.append(where(ctx))
            return await super().run(ctx)

    Noted.__doc__, Noted.type_id = node.__doc__, name
    return Noted
