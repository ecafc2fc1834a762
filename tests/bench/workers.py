"""Runs a second with several workers: an API that executes nothing hands everything to them."""

import asyncio
import json
from pathlib import Path

from runtime.operations.keys import create_key
from runtime.operations.trying import adopt_file
from tests.bench.measuring import Table, best
from tests.bench.over_http import Line
from tests.bench.workload import FLOW, flow
from tests.support.postgres import Server
from tests.support.processes import Company, share

AT_ONCE, RUNS = 32, 320


async def with_workers_on_postgres(table: Table, folder: Path) -> None:
    """The same on a Postgres of this machine that waits for the disk."""
    server = Server(on_disk=True)
    try:
        await with_workers(table, folder, server.database())
    finally:
        server.remove()


async def with_workers(table: Table, folder: Path, database_url: str = "") -> None:
    """The flow over HTTP with 1, 2 and 4 workers beside the API."""
    company = Company(folder / ("pg-workers" if database_url else "workers"), database_url)
    runtime = company.runtime()
    owner, _ = await adopt_file(runtime, flow())
    secret = (await create_key(runtime, owner, label="bench")).text
    await share(runtime, at_once=1000, per_minute=0)
    runtime.close()
    place = "Postgres" if database_url else "SQLite"
    try:
        _, url = company.api()
        port, path = int(url.rpartition(":")[2]), f"/api/v1/workflows/{FLOW}/runs"
        running = 0
        for workers in (1, 2, 4):
            while running < workers:
                company.worker()
                running += 1
            await asyncio.sleep(5)  # until they know one another
            lines = [await Line(port, secret, path, {"inputs": {"text": "a"}}).open() for _ in range(AT_ONCE)]
            assert json.loads(await lines[0].ask())["status"] == "succeeded"

            async def some(lines=lines) -> None:
                async def one(line: Line) -> None:
                    for _ in range(RUNS // len(lines)):
                        await line.ask()

                await asyncio.gather(*map(one, lines))

            wall, _ = await best(some, 2)
            words = f"flow by {workers} worker{'s' if workers > 1 else ''}, {AT_ONCE} at once, {place}"
            table.note(words, RUNS / wall, "runs/s")
            for each in lines:
                each.close()
    finally:
        company.close()
