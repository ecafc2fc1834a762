"""Memory with many editors open: the server that `greenlane serve` runs, people with sessions, their sockets."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

from runtime.assembly import assemble
from runtime.operations.sessions import NOWHERE, begin_session
from runtime.operations.workflows import create_workflow
from runtime.settings import Settings
from tests.bench.measuring import Table
from tests.bench.over_http import ROOT, answering, memory_of
from tests.bench.workload import flow
from tests.support.raw_socket import STATE, RawSocket
from tests.support.reviewing import drawn, somebody

EDITORS = 20
ROUTE = "/editor/[workflow_name]"
ARRIVE = f"{STATE}.reflex___state____on_load_internal_state.on_load_internal"
"""what a browser sends when it comes to a page"""


async def editors(table: Table, folder: Path, port: int) -> None:
    """Twenty people, each with a workflow of thirty steps open, as the socket of a browser opens it."""
    people = await _prepared(folder / "editors", port)
    async with product(folder / "editors", port) as server:
        first = await _open(port, *people.pop())  # what the first one loads, all the others find
        await asyncio.sleep(1)
        before = memory_of(server.pid)
        table.note("memory of `greenlane serve`, one editor open", before, "MB", "without the built pages")
        sockets = [await _open(port, *each) for each in people]
        await asyncio.sleep(1)
        after = memory_of(server.pid)
        table.note(f"with {EDITORS} editors open", after, "MB", f"{(after - before) / len(people):.2f} MB each")
        for each in (first, *sockets):
            await each.close()


async def _prepared(folder: Path, port: int) -> list[tuple[str, str]]:
    """People, each with a workflow and a session: (name of the workflow, cookie)."""
    runtime = assemble(Settings(data=folder, port=port, demo_model=False), sweeps=False)
    try:
        found = []
        for number in range(EDITORS):
            who = await somebody(runtime, f"Analyst {number}", "analyst")
            draft = await create_workflow(runtime, who, title=f"Flow {number}", document=drawn(flow()))
            begin = partial(begin_session, person=who.id, visit=NOWHERE, now=runtime.clock.now())
            session = await runtime.writer.write(begin)
            found.append((draft.name, session.token))
        return found
    finally:
        runtime.close()


@asynccontextmanager
async def product(folder: Path, port: int) -> AsyncIterator[asyncio.subprocess.Process]:
    """The product as `greenlane serve` runs it, but for the pages, which are files."""
    settings = {
        "GREENLANE_DATA": str(folder), "GREENLANE_PORT": str(port), "GREENLANE_DEMO_MODEL": "false",
        "__REFLEX_SKIP_COMPILE": "true", "REFLEX_ENV_MODE": "prod", "REFLEX_TELEMETRY_ENABLED": "false",
    }  # fmt: skip
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "uvicorn", "--factory", "builder.builder:app", "--port", str(port), "--ws",
        "websockets-sansio", "--log-level", "critical", cwd=ROOT, env=os.environ | settings,
    )  # fmt: skip
    try:
        await answering(port, b"HTTP/1.1")
        yield process
    finally:
        process.terminate()
        await process.wait()


async def _open(port: int, workflow: str, cookie: str) -> RawSocket:
    """A socket that has come to the editor and got its document."""
    socket = await RawSocket.open(f"http://127.0.0.1:{port}", cookie=cookie, token=f"tab-{workflow}")
    place = {"pathname": ROUTE, "asPath": f"/editor/{workflow}", "query": {"workflow_name": workflow}}
    await socket.send(ARRIVE, {}, place)
    async with asyncio.timeout(30):
        while not socket.seen(f'"name":"{workflow}"'):
            await socket._one()
    return socket
