"""What a model call costs besides the model: both routes against a bare call of the same server."""

import asyncio
import sys
from pathlib import Path

import aiohttp

from nodes.sdk import Said
from runtime.gateway import Binding, Gateway
from tests.bench.measuring import Table, best

CALLS = 30
SAID = [Said("user", "hello")]


async def calls(table: Table) -> None:
    """Added milliseconds and CPU of one call."""
    server = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.support.model_server", cwd=Path(__file__).parents[2],
        stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    assert server.stdout is not None
    try:
        url = (await server.stdout.readline()).decode().split()[-1]
        bare_wall, bare_cpu = await _bare(url)
        table.note("a bare call", bare_wall, "ms", f"CPU {bare_cpu:.2f} ms")
        for name, fast in (("fast route", True), ("LiteLLM", False)):
            wall, cpu = await _gateway(url, fast)
            table.note(f"{name}: added to a call", wall - bare_wall, "ms", f"CPU {cpu:.2f} ms")
            if fast:
                table.ratio("fast route adds, of 2 ms", (wall - bare_wall) / 2, 1)
            else:
                table.ratio("LiteLLM's CPU, of 5 ms", cpu / 5, 1)
    finally:
        server.terminate()
        await server.wait()


async def _bare(url: str) -> tuple[float, float]:
    async with aiohttp.ClientSession() as session:

        async def some() -> None:
            for _ in range(CALLS):
                body = {"model": "scripted", "messages": [{"role": "user", "content": "hello"}]}
                async with session.post(f"{url}/chat/completions", json=body) as reply:
                    await reply.read()

        wall, cpu = await best(some)
    return wall / CALLS * 1000, cpu / CALLS * 1000


async def _gateway(url: str, fast: bool) -> tuple[float, float]:
    gateway = Gateway()
    binding = Binding(
        alias="fast", model="openai/scripted", base_url=url, key="", price_in=None, price_out=None, max_tokens=100,
        hosting="here", clearance="public", timeout_s=30, fast=fast,
    )  # fmt: skip

    async def some() -> None:
        for _ in range(CALLS):
            await gateway.ask([binding], SAID)

    try:
        wall, cpu = await best(some)
    finally:
        await gateway.close()
    return wall / CALLS * 1000, cpu / CALLS * 1000
