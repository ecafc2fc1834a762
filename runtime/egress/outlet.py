"""An outlet: connections to one host, with the credential that was registered for it."""

from __future__ import annotations

import re
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager

import aiohttp
from yarl import URL

from runtime.egress import reply as replies
from runtime.egress.addresses import Zone
from runtime.egress.connector import Lookup, connector, system_lookup
from runtime.egress.reply import Reply, in_words
from runtime.egress.target import Refused, Target, read_target

CONNECT_S = 10.0
"""longest wait for a connection"""

_OURS = frozenset({"host", "content-length", "transfer-encoding", "connection", "upgrade", "expect", "te"})
"""headers that say where a request goes and where it ends: nobody else writes them"""
_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_VALUE = re.compile(r"[^\x00-\x08\x0a-\x1f\x7f]*")


class Outlet:
    """A way out to one host. It belongs to the event loop it is first used in.

    `headers` (a credential) go to this host only: paths cannot lead elsewhere, redirects are not followed, proxies and
    cookies are not used. What the host's name leads to has to lie inside `zone`.
    """

    def __init__(
        self,
        base_url: str,
        headers: Mapping[str, str] | None = None,
        *,
        zone: Zone = "public",
        lookup: Lookup = system_lookup,
    ) -> None:
        """Raises `Refused` for what is no plain web address."""
        target = read_target(base_url)
        if "?" in target.path:
            raise Refused("an outlet has no query")
        self.origin = target.origin
        self._base = str(target).rstrip("/")
        self._headers = dict(headers or {})
        self._zone: Zone = zone
        self._lookup = lookup
        self._session: aiohttp.ClientSession | None = None

    @asynccontextmanager
    async def post(
        self, path: str, body: bytes, headers: Mapping[str, str], *, deadline_s: float
    ) -> AsyncGenerator[Reply]:
        """Send `body` (JSON) to `path` below the base. Leaving the block early closes the connection.

        Raises as `open` does.
        """
        sent = {"Content-Type": "application/json"} | dict(headers)
        reply = await self.open("POST", f"{self._base}/{path}", body, sent, deadline_s=deadline_s)
        try:
            yield reply
        finally:
            reply.close()

    async def open(
        self,
        method: str,
        address: str,
        body: bytes | None,
        headers: Mapping[str, str],
        *,
        deadline_s: float,
        largest: int | None = None,
    ) -> Reply:
        """Send a request to an address of this host; whoever asks closes the reply. The deadline holds from here to
        the last byte of the reply.

        Raises `Refused` when the address leads elsewhere or a header is none, `Barred` when the host's name leads
        outside the zone, `NotReached`, `Dropped`, or `TimeoutError`.
        """
        target = read_target(address)
        if target.origin != self.origin:
            raise Refused(f"it leads to {target.named}, and this outlet does not")
        sent = self._headers | dict(headers)
        for name, value in sent.items():
            if not _NAME.fullmatch(name) or not _VALUE.fullmatch(value):
                raise Refused("a header that is none")
            if name.lower() in _OURS:
                raise Refused(f"the header {name}")
        timeout = aiohttp.ClientTimeout(total=deadline_s, sock_connect=CONNECT_S)
        try:
            response = await self._open().request(
                method, URL(str(target), encoded=True), data=body, headers=sent, timeout=timeout, allow_redirects=False
            )
        except (aiohttp.ClientError, TimeoutError, ValueError) as error:
            raise in_words(error) from error
        return Reply(response, replies.LARGEST_REPLY if largest is None else largest)

    async def close(self) -> None:
        """End all connections."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    def _open(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=connector(self._zone, self._lookup),
                cookie_jar=aiohttp.DummyCookieJar(),
                trust_env=False,
                auto_decompress=True,
                headers={"User-Agent": "greenlane"},
            )
        return self._session


class Outlets:
    """Outlets to many hosts, one for each host and zone, made when they are first asked for."""

    def __init__(self, lookup: Lookup = system_lookup) -> None:
        self._lookup = lookup
        self._kept: dict[tuple[tuple[str, str, int], Zone], Outlet] = {}

    def to(self, target: Target, zone: Zone) -> Outlet:
        """The outlet to a host."""
        found = self._kept.get((target.origin, zone))
        if found is None:
            address = f"{target.scheme}://{target.named}"
            found = self._kept[target.origin, zone] = Outlet(address, zone=zone, lookup=self._lookup)
        return found

    async def close(self) -> None:
        """End all connections."""
        outlets, self._kept = list(self._kept.values()), {}
        for each in outlets:
            await each.close()
