"""Where connections are made: names are resolved once, every answer is judged, and what was judged is connected to."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Awaitable, Callable
from typing import Any

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult

from runtime.egress.addresses import Zone, barred

Lookup = Callable[[str, int], Awaitable[list[str]]]
"""the addresses of a host, as the network's name service gives them"""

REMEMBERED_S = 60
"""how long an answer of the name service is used again"""


class Barred(OSError):
    """A name led, or would have led, to an address that may not be connected to."""


async def system_lookup(host: str, port: int) -> list[str]:
    """What the machine's own resolver says."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(each[4][0]) for each in found]


def connector(zone: Zone, lookup: Lookup = system_lookup) -> aiohttp.TCPConnector:
    """A pool of connections that stays inside `zone`. The sockets are judged once more where they are made, so that
    an address that was never looked up (digits in the place of a name) is judged too."""

    def make(info: Any) -> socket.socket:
        family, kind, protocol, _, address = info
        if why := barred(str(address[0]), zone):
            raise Barred(f"{address[0]} is {why}")
        return socket.socket(family, kind, protocol)

    return aiohttp.TCPConnector(
        limit=0, ttl_dns_cache=REMEMBERED_S, resolver=_Resolver(zone, lookup), socket_factory=make
    )


class _Resolver(AbstractResolver):
    """Gives the answers of `lookup` when every single one may be connected to, and none otherwise."""

    def __init__(self, zone: Zone, lookup: Lookup) -> None:
        self._zone: Zone = zone
        self._lookup = lookup

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        addresses = list(dict.fromkeys(await self._lookup(host, port)))
        for each in addresses:
            if why := barred(each, self._zone):
                raise Barred(f"{host} leads to {each}: {why}")
        found = [
            ResolveResult(
                hostname=host, host=each, port=port, proto=0, flags=socket.AI_NUMERICHOST,
                family=socket.AF_INET6 if ":" in each else socket.AF_INET,
            )
            for each in addresses
        ]  # fmt: skip
        wanted = [each for each in found if family in (socket.AF_UNSPEC, each["family"])]
        if not wanted:
            raise OSError(f"{host} has no address")
        return wanted

    async def close(self) -> None:
        """Nothing is kept here."""
