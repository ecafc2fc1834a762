"""What a model call costs besides the model: both routes, and LiteLLM without us, against a bare call."""

import asyncio
import sys
from pathlib import Path

import aiohttp
import httpx

from nodes.sdk import Said
from runtime.gateway import Binding, Gateway
from runtime.gateway.litellm_route import warm
from tests.bench.measuring import Table, best

CALLS = 30
SAID = [Said("user", "hello")]
ASKED = {"messages": [{"role": "user", "content": "hello"}], "max_tokens": 100}


async def calls(table: Table) -> None:
    """Added milliseconds and CPU of one call."""
    server = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.support.model_server", cwd=Path(__file__).parents[2],
        stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    assert server.stdout is not None
    try:
        url = (await server.stdout.readline()).decode().split()[-1]
        bare, bare_cpu = await _bare(url)
        table.note("a bare call", bare, "ms", f"CPU {bare_cpu:.2f} ms")
        wall, cpu = await _gateway(url, fast=True)
        table.note("fast route: added to a call", wall - bare, "ms", f"CPU {cpu:.2f} ms")
        table.ratio("fast route adds, of 2 ms", (wall - bare) / 2, 1)
        alone, alone_cpu = await _litellm_alone(url)
        table.note("LiteLLM alone, called directly: added to a call", alone - bare, "ms", f"CPU {alone_cpu:.2f} ms")
        wall, cpu = await _gateway(url, fast=False)
        table.note("LiteLLM route: added to a call", wall - bare, "ms", f"CPU {cpu:.2f} ms")
        table.note("ours on top of LiteLLM alone", wall - alone, "ms", f"CPU {cpu - alone_cpu:+.2f} ms")
        table.ratio("LiteLLM route's CPU, of 5 ms", cpu / 5, 1)
    finally:
        server.terminate()
        await server.wait()


async def _bare(url: str) -> tuple[float, float]:
    async with aiohttp.ClientSession() as session:

        async def one() -> None:
            async with session.post(f"{url}/chat/completions", json={"model": "scripted"} | ASKED) as reply:
                await reply.read()

        return await _each(one)


async def _litellm_alone(url: str) -> tuple[float, float]:
    """The same module over a transport of its own making, without our way out, tries, words and counting around it."""
    litellm = await asyncio.wrap_future(warm())
    transport = litellm.llms.custom_httpx.http_handler.AsyncHTTPHandler.create_async_transport()
    client = litellm.aclient_session = httpx.AsyncClient(transport=transport)

    async def one() -> None:
        await litellm.acompletion(model="openai/scripted", api_base=url, api_key="none", max_retries=0, **ASKED)

    try:
        return await _each(one)
    finally:
        litellm.aclient_session = None
        litellm.in_memory_llm_clients_cache.flush_cache()  # nor may its client serve the route measured next
        await client.aclose()


async def _gateway(url: str, *, fast: bool) -> tuple[float, float]:
    gateway = Gateway()
    binding = Binding(
        alias="fast", model="openai/scripted", base_url=url, key="", price_in=None, price_out=None, max_tokens=100,
        hosting="here", clearance="public", timeout_s=30, fast=fast,
    )  # fmt: skip

    async def one() -> None:
        await gateway.ask([binding], SAID)

    try:
        return await _each(one)
    finally:
        await gateway.close()


async def _each(one) -> tuple[float, float]:
    """Milliseconds and CPU milliseconds of one call."""

    async def some() -> None:
        for _ in range(CALLS):
            await one()

    wall, cpu = await best(some)
    return wall / CALLS * 1000, cpu / CALLS * 1000
