"""`python -m tests.bench`: switches first, then figures, then ratios against the targets."""

import argparse
import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from runtime.sandbox.cage import cage
from runtime.store.database import open_engine
from tests.bench import (
    containers,
    editors,
    executor,
    governing,
    model_calls,
    over_http,
    peer,
    sandboxed,
    searching,
    workers,
)
from tests.bench.measuring import Table
from tests.support.ports import free_port

PARTS = (
    "executor",
    "containers",
    "http",
    "work",
    "workers",
    "calls",
    "start",
    "search",
    "sandbox",
    "review",
    "editors",
    "peer",
)
Measure = Callable[[], Awaitable[object]]


def switches(folder: Path) -> dict[str, str]:
    """What is on while it is measured, read from what runs where that can be read."""
    with open_engine(folder / "switches.db").connect() as tx:
        synchronous = tx.exec_driver_sql("PRAGMA synchronous").scalar_one()
    return {
        "sandbox": "on (bubblewrap, filter of system calls)" if cage().works else f"OFF: {cage().why_not}",
        "auth": "on (API key, checked on every request)",
        "fsync": "on" if synchronous >= 2 else "off",
        "chain": "on (hash of every record, last one in the audit row)",
    }


async def bench(port: int, parts: set[str]) -> Table:
    """Everything, or the named parts."""
    with TemporaryDirectory(prefix="greenlane-bench-", dir=".data") as name:
        folder = Path(name)
        table = Table(switches(folder))
        table.begin()
        for part, (title, measures) in _parts(table, folder, port).items():
            if part in parts:
                table.part(title)
                for each in measures:
                    await each()
        if "peer" in parts:
            table.part("LangGraph, in an environment of its own")
            await against(table, await peer.measured(folder))
        return table


def _parts(table: Table, folder: Path, port: int) -> dict[str, tuple[str, tuple[Measure, ...]]]:
    """Title and measures of each part that stands alone, in the order they are taken."""
    executed = (partial(executor.chains, table, folder), partial(executor.flows, table, folder))
    worked = (partial(workers.with_workers, table, folder), partial(workers.with_workers_on_postgres, table, folder))
    return {
        "executor": ("Executor, in this process", executed),
        "containers": ("Items and rounds, in this process", (partial(containers.containers, table, folder),)),
        "postgres": (
            "On Postgres, in this process; its server beside it, full fsync",
            (partial(executor.flows_on_postgres, table, folder),),
        ),
        "http": ("Through HTTP, the server in a process of its own", (partial(over_http.flows, table, folder, port),)),
        "work": (
            "Through HTTP, with code in the sandbox and a call of another system",
            (partial(over_http.working_flows, table, folder, port),),
        ),
        "workers": ("Executed by workers, the API in a process of its own", worked),
        "calls": ("One model call", (partial(model_calls.calls, table),)),
        "start": ("Start and memory", (partial(over_http.starting, table, folder, port),)),
        "search": ("Search in a knowledge base", (partial(searching.searching, table, folder),)),
        "sandbox": ("Code in the sandbox", (partial(sandboxed.sandboxed, table),)),
        "review": (
            "Reviews and the audit chain, in this process",
            (partial(governing.reviewing, table, folder),),
        ),
        "editors": (
            "Open editors, the server in a process of its own",
            (partial(editors.editors, table, folder, port),),
        ),
    }


async def against(table: Table, theirs: dict[str, float]) -> None:
    """Their figures beside ours."""
    for name, value in theirs.items():
        table.note(f"LangGraph {name}", value, "µs" if name.endswith("us") else "runs/s")
    for count in (10, 100, 1000):
        ours = table.figures.get(f"chain of {count}: a step with its record")
        if ours:
            words = f"pure step with its record, chain of {count} / theirs without"
            table.ratio(words, ours / theirs[f"chain_{count}_us"], 0.25)
    if one_more := table.figures.get(executor.STEP):
        fixed = table.figures[executor.RUN] / 10
        table.note(
            "of our chain of 10, what starting and ending costs a step", fixed / theirs["chain_10_us"], "× theirs"
        )
        table.note("and what the step itself costs", one_more / theirs["chain_10_us"], "× theirs")
    best = max(theirs["flow_1"], theirs["flow_32"])
    if ours := table.figures.get("flow of 30 steps, 32 at once, through HTTP"):
        table.ratio("flow through HTTP / theirs without checkpointer", ours / best, 3, at_least=True)
        table.ratio("flow through HTTP / theirs with SQLite saver", ours / theirs["flow_saver_1"], 3, at_least=True)
    best = max(theirs["working_1"], theirs["working_32"])
    if ours := table.figures.get("flow of 30 steps with code and HTTP, 32 at once, through HTTP"):
        table.ratio("flow with code and HTTP / theirs without checkpointer and cage", ours / best, 1.5, at_least=True)


def main() -> None:
    parser = argparse.ArgumentParser(prog="tests.bench", description="Measure speed.")
    parser.add_argument("--port", type=int, default=0, help="0: any free one")
    parser.add_argument("--only", nargs="*", default=PARTS, choices=PARTS)
    options = parser.parse_args()
    Path(".data").mkdir(mode=0o700, exist_ok=True)
    table = asyncio.run(bench(options.port or free_port(), set(options.only)))
    print(f"\nbench: figures {len(table.figures)} targets missed {len(table.missed)}")


if __name__ == "__main__":
    main()
