"""The executor in this process: real store, full fsync, record hashes."""

import asyncio
from pathlib import Path

from runtime.assembly import assemble
from runtime.operations.people import local_owner
from runtime.operations.runs import run_to_end
from runtime.operations.trying import adopt_file
from runtime.settings import Settings
from runtime.store.database import probe
from tests.bench.measuring import Table, best
from tests.bench.workload import WAIT_S, chain, fan_out, flow
from tests.support.engine_room import Room
from tests.support.postgres import Server
from tests.support.processes import share

STEP = "one step more, with its record"
RUN = "a run of no steps: its durable start and end"


async def chains(table: Table, folder: Path) -> None:
    """µs for a pure step with its record, the start and end of its run included."""
    room = Room(folder / "chains")
    whole: dict[int, tuple[float, float]] = {}
    """µs and CPU µs of a run, by its steps"""
    try:
        for count, runs in ((10, 30), (100, 10), (1000, 3)):
            plan = chain(count)

            async def some(plan=plan, runs=runs) -> None:
                for _ in range(runs):
                    await room.end(plan)

            wall, cpu = await best(some)
            per = runs * count / 1e6
            whole[count] = wall / per * count, cpu / per * count
            table.note(f"chain of {count}: a step with its record", wall / per, "µs", f"CPU {cpu / per:.1f} µs")
        await _parts_of_a_short_run(table, room, whole)
        plan = fan_out(100)
        wall, _ = await best(lambda: room.end(plan))
        table.note("100 waits of 50 ms at once", wall * 1000, "ms")
        table.ratio("fan-out × ideal", wall / WAIT_S, 1.2)
    finally:
        room.close(1)


async def _parts_of_a_short_run(table: Table, room: Room, whole: dict[int, tuple[float, float]]) -> None:
    """What of a chain of 10 is its steps, and what any run costs, however short."""
    step, step_cpu = ((long - short) / 900 for short, long in zip(whole[100], whole[1000], strict=True))
    run, run_cpu = whole[10][0] - 10 * step, whole[10][1] - 10 * step_cpu
    table.note(STEP, step, "µs", f"CPU {step_cpu:.1f} µs, by the chains of 100 and 1000")
    table.note(
        RUN, run, "µs", f"CPU {run_cpu:.1f} µs: at most two durable commits, three threads; the rest of a chain of 10"
    )

    async def some() -> None:
        for _ in range(30):
            await room.writer.write(probe)

    wall, cpu = await best(some)
    table.note(
        "a durable commit of one page alone", wall / 30 * 1e6, "µs", f"CPU {cpu / 30 * 1e6:.1f} µs, on this disk"
    )


async def flows_on_postgres(table: Table, folder: Path) -> None:
    """The same on a Postgres of this machine that waits for the disk."""
    server = Server(on_disk=True)
    try:
        await flows(table, folder / "postgres", server.database())
    finally:
        server.remove()


async def flows(table: Table, folder: Path, database_url: str = "") -> None:
    """Runs a second of the thirty-step flow, by the door of this process."""
    runtime = assemble(Settings(data=folder / "flows", demo_model=False, database_url=database_url))
    where = "on Postgres" if database_url else "by the executor"
    try:
        owner, name = await adopt_file(runtime, flow())
        await share(runtime, per_minute=0)
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
            table.note(f"flow of 30 steps, {at_once} at once, {where}", runs / wall, "runs/s", more)
    finally:
        runtime.close()
