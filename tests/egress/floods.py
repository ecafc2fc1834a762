"""Hosts that never stop, in a process of its own: how each call ends, what it costs in memory, and whether the next one
works. Prints JSON. `python -m tests.egress.floods` takes the worst of each kind, with `thorough` all."""

import asyncio
import itertools
import json
import os
import sys
import zlib
from collections.abc import Awaitable, Callable, Iterable
from pathlib import Path
from time import monotonic
from typing import Any

from nodes.sdk import Said, StepFailed
from runtime.egress import Dropped, NotReached, TooLarge, download, system_lookup
from runtime.gateway import Binding, Gateway
from tests.egress.paths import connection_test, http_steps
from tests.support.outside_host import OutsideHost, Reply

PATIENCE_S = 3.0
"""of every call; the product's is longer"""
THOROUGH = "thorough" in sys.argv
WORST = ("ten gigabytes", "a bomb", "a slow body", "endless events")
WORST_FAMILIES = ("openai",)
EVENTS = {
    "openai": b'data: {"id":"1","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":'
    b'{"content":"x"},"finish_reason":null}]}\n\n',
    "anthropic": b'event: content_block_delta\ndata: {"type":"content_block_delta","index":0,"delta":{"type":'
    b'"text_delta","text":"x"}}\n\n',
    "gemini": b'data: {"candidates":[{"content":{"parts":[{"text":"x"}],"role":"model"},"index":0}]}\n\n',
    "ollama_chat": b'{"model":"m","created_at":"2026-01-01T00:00:00Z","message":{"role":"assistant","content":"x"},'
    b'"done":false}\n',
}  # fmt: skip
"""one event of a stream that goes on, as each family of providers writes it"""


def endless(piece: bytes) -> Iterable[bytes]:
    """Ten gigabytes of it, in pieces of 64 kB or of what is more."""
    whole = piece * (65_536 // len(piece) + 1)
    return itertools.repeat(whole, 10_000_000_000 // len(whole))


def floods(event: bytes) -> dict[str, Callable[[], Reply]]:
    """What a host may do that never stops."""
    as_events = {"Content-Type": "text/event-stream"}
    found: dict[str, Callable[[], Reply]] = {
        "ten gigabytes": lambda: Reply(chunks=endless(b" ")),
        "a bomb": lambda: Reply(body=bomb(), headers={"Content-Encoding": "gzip"}),
        "a slow body": lambda: Reply(chunks=itertools.repeat(b" "), pause_s=0.05),
        "silence": lambda: Reply(silent=True),
        "endless headers": lambda: Reply(raw=b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 500_000),
        "endless events": lambda: Reply(chunks=endless(event), headers=as_events),
        "slow events": lambda: Reply(chunks=itertools.repeat(event), pause_s=0.05, headers=as_events),
        "endless comments": lambda: Reply(chunks=endless(b": still there\n\n"), headers=as_events),
        "an event without an end": lambda: Reply(chunks=endless(b"data: " + b"x" * 60_000), headers=as_events),
    }
    return {name: flood for name, flood in found.items() if THOROUGH or name in WORST}


def bomb() -> bytes:
    """A third of a megabyte that becomes three hundred."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    return b"".join([*(packer.compress(b"\0" * 1_000_000) for _ in range(300)), packer.flush()])


async def measured(call: Callable[[], Awaitable[str]]) -> dict[str, Any]:
    """How a call ends, and by how many megabytes the process grew meanwhile at most."""
    before, begun = _memory_from_now(), monotonic()
    code = await call()
    return {"code": code, "grew_mb": (_memory("VmHWM") - before) // 1000, "seconds": round(monotonic() - begun, 1)}


async def main() -> dict[str, Any]:
    """Everything through everything."""
    found: dict[str, Any] = {}
    gateway = Gateway()
    with OutsideHost() as host:
        async with http_steps() as steps:
            await steps.connect(host.name, internal=True)

            async def step(**settings: Any) -> str:
                return await steps.call(f"{host.url}/x", **settings)

            for name, flood in floods(EVENTS["openai"]).items():
                for kind, settings in (
                    ("step", {"timeout_s": PATIENCE_S}),
                    ("step for a file", {"take": "file", "largest_mb": 20.0, "timeout_s": PATIENCE_S}),
                ):
                    found[f"{kind}: {name}"] = await _flooded(
                        host, flood, lambda s=settings: step(**{"retries": 0} | s)
                    )
            found["step: afterwards"] = await measured(step)
        for name, flood in floods(EVENTS["openai"]).items():
            for way, call in (("file by address", _file(host)), ("test of a connection", _test(host))):
                found[f"{way}: {name}"] = await _flooded(host, flood, call)
        host.say(Reply(body=b"fine"))
        found["file by address: afterwards"] = await measured(_file(host))
        families = EVENTS if THOROUGH else WORST_FAMILIES
        for family, fast in (("openai", True), *((each, False) for each in families)):
            way = "fast route" if fast else family
            host.say(Reply(status=500))
            await _model(gateway, host, family, fast=fast, stream=True, patience_s=120)()  # it loads what it needs
            for name, flood in floods(EVENTS[family]).items():
                streams = (True, False) if THOROUGH else (True,)
                for stream in streams:
                    call = _model(gateway, host, family, fast=fast, stream=stream)
                    found[f"{way}{'' if stream else ', at once'}: {name}"] = await _flooded(host, flood, call)
        fine = b'{"choices":[{"index":0,"message":{"role":"assistant","content":"fine"},"finish_reason":"stop"}]}'
        for fast in (True, False):
            host.say(Reply(body=fine))
            call = _model(gateway, host, "openai", fast=fast, stream=False)
            found[f"{'fast route' if fast else 'openai'}: afterwards"] = await measured(call)
        await gateway.close()
    return found


async def _flooded(host: OutsideHost, flood: Callable[[], Reply], call: Callable[[], Awaitable[str]]) -> dict[str, Any]:
    host.clear()
    host.say(flood())
    came = await measured(call)
    return came | {"asked": len(host.got), "host": host.name}


def _file(host: OutsideHost) -> Callable[[], Awaitable[str]]:
    async def call() -> str:
        try:
            await download(f"{host.url}/x", largest=20_000_000, deadline_s=PATIENCE_S, zone="here")
        except (TooLarge, Dropped, NotReached, TimeoutError) as error:
            return type(error).__name__
        return "arrived"

    return call


def _test(host: OutsideHost) -> Callable[[], Awaitable[str]]:
    """“Test connection” reads no body: an answer that never ends is an answer."""
    address = host.url.removeprefix("http://")
    return lambda: connection_test(kind="http", internal=True, lookup=system_lookup)(address)


def _model(
    gateway: Gateway, host: OutsideHost, family: str, *, fast: bool, stream: bool, patience_s: float = PATIENCE_S
) -> Callable[[], Awaitable[str]]:
    binding = Binding(
        "a", f"{family}/m", f"{host.url}/v1", key="sk", fast=fast, hosting="here", retries=0, timeout_s=patience_s
    )

    async def call() -> str:
        heard: list[str] = []
        try:
            await gateway.ask([binding], [Said("user", "hi")], on_text=heard.append if stream else None)
        except StepFailed as error:
            return error.code
        return "arrived"

    return call


def _memory_from_now() -> int:
    """What this process holds; its highest mark begins anew."""
    Path("/proc/self/clear_refs").write_text("5")
    return _memory("VmRSS")


def _memory(which: str) -> int:
    """Kilobytes, from what the kernel says of this process."""
    lines = Path(f"/proc/{os.getpid()}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(which))


if __name__ == "__main__":
    json.dump(asyncio.run(main()), sys.stdout)
