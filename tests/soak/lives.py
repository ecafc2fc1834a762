"""One life: the product is opened on the data there is, works, and is closed while it is busy."""

import asyncio
import itertools
import random
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import Any, cast

from runtime.assembly import assemble
from runtime.errors import Conflict
from runtime.operations.people import local_owner
from runtime.operations.runs import cancel_run, follow_run, run_to_end, start_run
from runtime.operations.runtime import Runtime
from runtime.settings import Settings
from tests.kill.workflow import NAME, inputs_of
from tests.support.processes import share

AT_ONCE = 24
WAYS = {"waited for": 40, "queued": 25, "followed": 20, "cancelled": 15}
"""how many of a hundred starts go on in which way"""


@dataclass
class Soak:
    """What is known of all lives."""

    settings: Settings
    chance: random.Random
    numbers: Any = field(default_factory=itertools.count)
    accepted: set[str] = field(default_factory=set[str])
    """runs whose start was answered"""
    cancelled: set[str] = field(default_factory=set[str])
    """runs that were told to stop"""
    refused: list[str] = field(default_factory=list[str])
    """what should have been done and was not"""

    async def live(self, runs: int) -> None:
        """Start so many runs and close in their midst, at times with no grace at all."""
        runtime = assemble(self.settings)
        await share(runtime, per_minute=0)
        try:
            left = itertools.repeat(None, runs)
            workers = [asyncio.create_task(self._work(runtime, left)) for _ in range(AT_ONCE)]
            # the first worker to find nothing left to start leaves the others in the midst of their runs
            done, busy = await asyncio.wait(workers, return_when=asyncio.FIRST_COMPLETED)
            for each in busy:
                each.cancel()
            await asyncio.wait(busy)
            for each in done:
                each.result()
        finally:
            runtime.close(self.chance.choice((0.0, 0.05, 0.3)))

    async def rest(self) -> None:
        """A last life that starts nothing, until all runs have ended; then nothing may be left in the engine."""
        runtime = assemble(self.settings)
        try:
            for _ in range(1_200):
                if not _open_runs(runtime):
                    break
                await asyncio.sleep(0.05)
            await asyncio.sleep(0.1)  # the last caller is told after the commit
            held = await asyncio.to_thread(_held, runtime)
            if any(held):
                self.refused.append(f"the idle engine still holds (runs, waiting callers, tasks) {held}")
        finally:
            runtime.close(1)

    async def _work(self, runtime: Runtime, left: Any) -> None:
        owner = await local_owner(runtime)
        for _ in left:
            inputs = inputs_of(next(self.numbers))
            way = self.chance.choices(list(WAYS), list(WAYS.values()))[0]
            if way == "waited for":
                self.accepted.add((await run_to_end(runtime, owner, workflow=NAME, inputs=inputs)).run)
                continue
            started = await start_run(runtime, owner, workflow=NAME, inputs=inputs, queued=way == "queued")
            self.accepted.add(started.run)
            if way == "followed":
                await self._follow(runtime, owner, started.run)
            elif way == "cancelled":
                await self._cancel(runtime, owner, started.run)

    async def _follow(self, runtime: Runtime, owner: Any, run: str) -> None:
        """Look until the end, or go away before it."""
        most = self.chance.choice((1, 4, 1_000))
        kinds: list[str] = []
        async with aclosing(cast("AsyncGenerator[dict[str, Any]]", follow_run(runtime, owner, run=run))) as events:
            async for event in events:
                kinds.append(event["kind"])
                if len(kinds) == most:
                    break
        if most == 1_000 and kinds[-1:] != ["run.ended"]:
            self.refused.append(f"{run}: whoever followed it was not told its end but {kinds[-1:]}")

    async def _cancel(self, runtime: Runtime, owner: Any, run: str) -> None:
        await asyncio.sleep(self.chance.uniform(0, 0.1))
        self.cancelled.add(run)
        try:
            ended = await cancel_run(runtime, owner, run=run)
        except Conflict:  # it was faster
            return
        if ended.status != "cancelled":
            self.refused.append(f"{run}: was cancelled and is {ended.status}")


def _open_runs(runtime: Runtime) -> int:
    return runtime.reader.now(
        lambda tx: tx.exec_driver_sql("SELECT count(*) FROM run WHERE ended IS NULL").scalar_one()
    )


def _held(runtime: Runtime) -> tuple[int, int, int]:
    """Runs, waiting callers and steps' tasks of an engine."""
    engine = runtime.engine

    async def count() -> tuple[int, int, int]:
        sweeps = {asyncio.current_task(), engine._sweeper._sweeping if engine._sweeper else None}
        return len(engine._live), len(engine._waiting), len(asyncio.all_tasks() - sweeps)

    return asyncio.run_coroutine_threadsafe(count(), engine._loop).result(10)
