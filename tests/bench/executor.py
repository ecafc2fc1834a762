"""The executor in this process: real store, full fsync, record hashes."""

import asyncio
from pathlib import Path

from runtime.assembly import assemble
from runtime.engine.engine import Start
from runtime.operations.people import local_owner
from runtime.operations.runs import run_to_end
from runtime.operations.trying import adopt_file
from runtime.settings import Settings
from tests.bench.measuring import Table, best
from tests.bench.workload import WAIT_S, chain, fan_out, flow
from tests.support.engine_room import Room

assert Start, "what a run of the engine begins with"


async def chains(table: Table, folder: Path) -> None:
    """µs for a pure step with its record, the start and end of its run included."""
    room = Room(folder / "chains")
    try:
        for count, runs in ((10, 30), (100, 10), (1000, 3)):
            plan = chain(count)

            async def some(plan=plan, runs=runs) -> None:
                for _ in range(runs):
                    await room.end(plan)

            wall, cpu = await best(some)
            per = runs * count / 1e6
            table.note(f"chain of {count}: a step with its record", wall / per, "µs", f"CPU {cpu / per:.1f} µs")
        plan = fan_out(100)
        wall, _ = await best(lambda: room.end(plan))
        table.note("100 waits of 50 ms at once", wall * 1000, "ms")
        table.ratio("fan-out × ideal", wall / WAIT_S, 1.2)
    finally:
        room.close(1)


async def flows(table: Table, folder: Path) -> None:
    """Runs a second of the thirty-step flow, by the door of this process."""
    runtime = assemble(Settings(data=folder / "flows", demo_model=False))
    try:
        owner, name = await adopt_file(runtime, flow())
        assert owner == await local_owner(runtime)
        for at_once, runs in ((1, 60), (32, 640)):

            async def some(at_once=at_once, runs=runs) -> None:
                async def one() -> None:
                    for _ in range(runs // at_once):
                        end = await run_to_end(runtime, owner, workflow=name, inputs={"text": "a"})
                        assert end.status == "succeeded", end

                await asyncio.gather(*(one() for _ in range(at_once)))

            before = runtime.writer.commits
            wall, cpu = await best(some, 4)
            commits = (runtime.writer.commits - before) / 5 / runs
            more = f"CPU {cpu / runs * 1000:.2f} ms a run, {commits:.2f} commits a run"
            table.note(f"flow of 30 steps, {at_once} at once, by the executor", runs / wall, "runs/s", more)
    finally:
        runtime.close()
