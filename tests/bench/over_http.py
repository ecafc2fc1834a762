"""The flow over HTTP: a server in its own process with a key, and a client that costs next to nothing."""

import asyncio
import json
import os
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from runtime.assembly import assemble
from runtime.operations.connecting import Connecting
from runtime.operations.connections import add_connection
from runtime.operations.keys import create_key
from runtime.operations.trying import adopt_file
from runtime.settings import Settings
from tests.bench.desk import desk
from tests.bench.measuring import Table, best
from tests.bench.workload import FLOW, WORKING, flow, working_flow
from tests.support.processes import share

ROOT = Path(__file__).parents[2]
TICKS = os.sysconf("SC_CLK_TCK")


class Line:
    """One kept-alive connection that sends the same request again and again."""

    def __init__(self, port: int, secret: str, path: str, body: object) -> None:
        packed = json.dumps(body).encode()
        self._request = (
            f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {secret}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(packed)}\r\n\r\n"
        ).encode() + packed
        self._port = port

    async def open(self) -> "Line":
        self._reader, self._writer = await asyncio.open_connection("127.0.0.1", self._port)
        return self

    async def ask(self) -> bytes:
        """Send and give the body of the answer."""
        self._writer.write(self._request)
        head = await self._reader.readuntil(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 200"), head
        length = int(head.lower().split(b"content-length:")[1].split(b"\r\n")[0])
        return await self._reader.readexactly(length)

    def close(self) -> None:
        self._writer.close()


@asynccontextmanager
async def api(folder: Path, port: int) -> AsyncIterator[asyncio.subprocess.Process]:
    """`greenlane api` over a data folder, answering."""
    settings = {"GREENLANE_DATA": str(folder), "GREENLANE_DEMO_MODEL": "false", "GREENLANE_PORT": str(port)}
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "builder.command", "api", cwd=ROOT, env=os.environ | settings,
        stdout=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    try:
        await answering(port)
        yield process
    finally:
        process.terminate()
        await process.wait()


async def answering(port: int, begins: bytes = b"HTTP/1.1 200") -> None:
    """Wait for the first answered request."""
    for _ in range(6_000):
        try:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
        except ConnectionError:
            await asyncio.sleep(0.005)
            continue
        writer.write(b"GET /health HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        assert (await reader.readline()).startswith(begins)
        writer.close()
        return
    raise AssertionError("the server did not answer")


def cpu_of(pid: int) -> float:
    """CPU seconds a process has used so far."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def memory_of(pid: int) -> float:
    """MB a process keeps in memory."""
    return int(Path(f"/proc/{pid}/status").read_text().split("VmRSS:")[1].split()[0]) / 1024


async def flows(table: Table, folder: Path, port: int) -> None:
    """Requests a second of the thirty-step flow with auth, door and the whole durable log."""
    settings = Settings(data=folder / "http", demo_model=False)
    secret = await _prepared(settings, flow())
    await _asked(table, settings.data, port, secret, FLOW, "flow of 30 steps", 640)


async def working_flows(table: Table, folder: Path, port: int) -> None:
    """The same with code in the sandbox and a call of another system, over egress, with its durable intent."""
    settings = Settings(data=folder / "working", demo_model=False)
    async with desk() as host:
        secret = await _prepared(settings, working_flow(f"http://{host}/orders/7"), host)
        await _asked(table, settings.data, port, secret, WORKING, "flow of 30 steps with code and HTTP", 320)


async def _prepared(settings: Settings, document: bytes, host: str = "") -> str:
    """A data folder with the workflow, with any number of starts a minute, and a connection; gives a key."""
    runtime = assemble(settings, sweeps=False)
    owner, _ = await adopt_file(runtime, document)
    secret = (await create_key(runtime, owner, label="bench")).text
    await share(runtime, per_minute=0)
    if host:
        connecting = Connecting(name="Desk", host=host, internal=True, plain=True, clearance="internal")
        await add_connection(runtime, owner, connecting=connecting)
    runtime.close()
    return secret


async def _asked(table: Table, data: Path, port: int, secret: str, workflow: str, words: str, most: int) -> None:
    body = {"inputs": {"text": "a"}}
    async with api(data, port) as server:
        for at_once, runs in ((1, 60), (32, most)):
            lines = [
                await Line(port, secret, f"/api/v1/workflows/{workflow}/runs", body).open() for _ in range(at_once)
            ]
            first = json.loads(await lines[0].ask())
            assert first["status"] == "succeeded", first

            async def some(lines=lines, runs=runs) -> None:
                async def one(line: Line) -> None:
                    for _ in range(runs // len(lines)):
                        await line.ask()

                await asyncio.gather(*map(one, lines))

            spent = cpu_of(server.pid)
            wall, _ = await best(some, 4)
            spent = (cpu_of(server.pid) - spent) / 5 / runs
            name = f"{words}, {at_once} at once, through HTTP"
            table.note(name, runs / wall, "req/s", f"CPU of the server {spent * 1000:.2f} ms a request")
            for each in lines:
                each.close()


async def starting(table: Table, folder: Path, port: int) -> None:
    """Cold start of the API, time of `check`, memory when idle."""
    found, memory = [], 0.0
    for _ in range(3):
        begun = time.perf_counter()
        async with api(folder / "http", port) as server:
            found.append(time.perf_counter() - begun)
            await asyncio.sleep(1)
            memory = memory_of(server.pid)
    table.note("cold start of `greenlane api` to the first answer", min(found), "s")
    table.note("memory of `greenlane api`, idle", memory, "MB")
    example = next((ROOT / "examples").glob("*.yaml"))

    async def check() -> None:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "builder.command", "check", str(example), cwd=ROOT, stdout=asyncio.subprocess.DEVNULL
        )
        assert await process.wait() == 0

    wall, _ = await best(check, 3)
    table.note("`greenlane check` of an example", wall, "s")
