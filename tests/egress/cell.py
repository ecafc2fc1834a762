"""Runs the battery and prints what came of it as JSON. Only ever inside a network of its own: it takes every address
there is. `unshare -n python -m tests.egress.cell` gives each model provider its share of the addresses, so that each
address is tried by several of them; with `thorough` each gets them all."""

import asyncio
import json
import sys
from collections import Counter
from collections.abc import Awaitable, Iterator, Sequence
from typing import Any, TypeVar

from runtime.egress import Ways
from runtime.gateway import OFFERED, Gateway
from runtime.gateway.litellm_route import warm
from tests.egress.listeners import NOTHING, Arrival, Listeners
from tests.egress.paths import (
    CANARY,
    GOOD,
    Attempt,
    HttpStep,
    connection_test,
    file_by_address,
    http_steps,
    model_calls,
    tempt,
)
from tests.support.hostile_addresses import ADDRESSES, TURNING, Names

HOSTILE = [each.format(port=8080) for each in ADDRESSES]
ONWARD = [each for each in HOSTILE if each.isascii() and each.isprintable() and len(each) < 300]
"""those that a redirect can name"""
STATUSES = (301, 302, 303, 307, 308)
AT_ONCE = 16
T = TypeVar("T")
ITS_HOSTS = [f"ost: {each}".encode() for each in ("api.example.com", *TURNING)]
"""those the credential is for"""
THOROUGH = "thorough" in sys.argv
SHARE, SHARE_ONWARD = 6, 40
"""of a provider: every sixth address, every fortieth redirect, each provider beginning at another"""


class Battery:
    """Leads every way out to every hostile address, and notes how each of them ended."""

    def __init__(self, listeners: Listeners) -> None:
        self.listeners = listeners
        self.found: dict[str, dict[str, Any]] = {}

    async def run(self) -> None:
        gateway = Gateway(lookup=Names())
        try:
            async with http_steps() as steps:
                await steps.connect("api.example.com")
                ways = {
                    "HTTP step": steps.call, "file by address": file_by_address,
                    "test of a connection": connection_test(kind="http"),
                    "test of a model's connection": connection_test(kind="model"),
                } | model_calls(gateway)  # fmt: skip
                await self.addresses(ways | {"HTTP step over a connection to the address": steps.connected})
                await self.redirects(ways)
                await self.turning(ways | {"HTTP step": steps.connected})
                await self.credentials(ways, steps)
            await self.twins()
        finally:
            await gateway.close()

    async def addresses(self, ways: dict[str, Attempt]) -> None:
        for at, (name, way) in enumerate(ways.items()):
            arrives = await self.control(way)
            outcomes = await self.all(way, _share(HOSTILE, name, at, SHARE))
            await self.note("addresses", name, outcomes, control=arrives)

    async def redirects(self, ways: dict[str, Attempt]) -> None:
        for at, (name, way) in enumerate(ways.items()):
            every = [(status, place) for place in ONWARD for status in STATUSES]
            answers = iter(mine := _share(every, name, at, SHARE_ONWARD))

            def away(_: Arrival, answers: Iterator[tuple[int, str]] = answers) -> bytes:
                return _away(*next(answers, (302, "http://127.0.0.1:8080/")))

            self.listeners.answer = away
            await self.note("redirects", name, await self.all(way, [f"{GOOD}/v1"] * len(mine)))

    async def turning(self, ways: dict[str, Attempt]) -> None:
        """Names whose answer changes: between check and connection, between tries, back and forth."""
        for name, way in ways.items():
            outcomes = [await way(f"http://{host}:8080/v1") for host in TURNING for _ in range(4)]
            await self.note("turning", name, outcomes)

    async def credentials(self, ways: dict[str, Attempt], steps: HttpStep) -> None:
        """A second public host stands for the attacker's: it may be reached, the credential may not reach it."""
        self.listeners.answer = lambda each: (
            _away(302, "http://evil.example.com/") if b"ost: api.example.com" in each.said else NOTHING
        )
        await steps.connect("evil.example.com", key_env="", header="", credential="none")
        for name, way in ways.items():
            await self.note("credential", name, [await way(f"{GOOD}/v1") for _ in range(3)])
        headers = (
            {"name": "Host", "value": "evil.example.com"},
            {"name": "X-Forwarded-Host", "value": "evil.example.com"},
        )
        outcomes = [await steps.call(GOOD, headers=[each]) for each in headers]
        outcomes += [await steps.call("http://evil.example.com/", query=[{"name": "u", "value": GOOD}])]
        await self.note("credential", "HTTP step with headers", outcomes)

    async def twins(self) -> None:
        """What of LiteLLM nobody asks: its synchronous twins, and embeddings."""
        litellm = await asyncio.wrap_future(warm())
        ways, said = Ways(Names()), [{"role": "user", "content": "hi"}]
        for place, address in (("outside", GOOD + "/v1"), ("inside", "http://127.0.0.1:8080/v1")):
            asked: dict[str, Any] = {"api_base": address, "api_key": CANARY, "timeout": 3, "max_retries": 0}
            models = [f"{provider}/m" for provider in OFFERED]
            asking: dict[str, Sequence[Awaitable[Any]]] = {
                "synchronous": [
                    asyncio.to_thread(litellm.completion, model=each, messages=said, **asked) for each in models
                ]
                + [asyncio.to_thread(litellm.embedding, model=each, input=["hi"], **asked) for each in models],
                "embeddings": [litellm.aembedding(model=each, input=["hi"], **asked) for each in models],
            }
            for name, calls in asking.items():
                with ways.leading(GOOD, "public"):
                    ended = await asyncio.gather(*calls, return_exceptions=True)
                await self.note("twins", f"{name} {place}", [type(each).__name__ for each in ended])
        await ways.close()

    async def control(self, way: Attempt) -> bool:
        """Whether this way reaches a host that it may reach: or the battery would pass for want of a way."""
        self.listeners.answer = lambda _: NOTHING
        self.listeners.arrived.clear()
        for _ in range(5):  # the first may end before everything it needs is loaded
            await way(f"{GOOD}/v1")
            if self.listeners.arrived:
                return True
        return False

    async def all(self, way: Attempt, addresses: list[str]) -> list[str]:
        self.listeners.arrived.clear()
        found: list[str] = []
        for at in range(0, len(addresses), AT_ONCE):
            found += await asyncio.gather(*map(way, addresses[at : at + AT_ONCE]))
        return found

    async def note(self, battery: str, way: str, outcomes: list[str], **more: Any) -> None:
        await asyncio.to_thread(self.listeners.settle)
        keys = self.listeners.heard(CANARY.encode())
        evil = [each for each in keys if not any(host in each.said for host in ITS_HOSTS)]
        evil += self.listeners.heard(f"{CANARY}-environment".encode())
        self.found.setdefault(battery, {})[way] = more | {
            "tried": len(outcomes), "outcomes": Counter(outcomes), "leaked": len(evil), "kept": len(keys) - len(evil),
            "arrived": len(self.listeners.arrived),
            "astray": sorted({f"{each.address}:{each.port}" for each in self.listeners.astray}),
        }  # fmt: skip
        self.listeners.arrived.clear()


def _share(every: list[T], way: str, at: int, share: int) -> list[T]:
    return every[at % share :: share] if way.startswith("model of") and not THOROUGH else every


def _away(status: int, place: str) -> bytes:
    return f"HTTP/1.1 {status} Away\r\nLocation: {place}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".encode()


if __name__ == "__main__":
    tempt()
    with Listeners() as everywhere:
        battery = Battery(everywhere)
        asyncio.run(battery.run())
    json.dump(battery.found, sys.stdout)
