"""An outlet: connections to one host, with the credential that was registered for it."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import urlsplit

import aiohttp
import httpx

CONNECT_S = 10.0
"""longest wait for a connection"""
LARGEST_REPLY = 16_000_000
"""bytes of one reply, after decompression"""


class NotReached(Exception):
    """Nothing was sent: the host is unknown, refuses, or cannot be agreed with (TLS)."""


class Dropped(Exception):
    """The connection ended in the middle."""


class TooLarge(Exception):
    """The reply is larger than allowed."""


class Reply:
    """An answer that is still arriving."""

    __slots__ = ("_response", "_room", "headers", "status")

    def __init__(self, response: aiohttp.ClientResponse) -> None:
        self._response, self._room = response, LARGEST_REPLY
        self.status: int = response.status
        self.headers: Mapping[str, str] = response.headers

    async def read(self) -> bytes:
        """All of it. Raises `Dropped` or `TooLarge`."""
        return b"".join([chunk async for chunk in self._chunks()])

    async def lines(self) -> AsyncIterator[bytes]:
        """Line by line as they arrive, without their ends. Raises `Dropped` or `TooLarge`."""
        rest = b""
        async for chunk in self._chunks():
            *whole, rest = (rest + chunk).split(b"\n")
            for line in whole:
                yield line.rstrip(b"\r")
        if rest:
            yield rest

    async def _chunks(self) -> AsyncIterator[bytes]:
        try:
            async for chunk in self._response.content.iter_any():
                self._room -= len(chunk)
                if self._room < 0:
                    raise TooLarge(f"more than {LARGEST_REPLY:,} bytes")
                yield chunk
        except aiohttp.ClientError as error:
            raise Dropped(type(error).__name__) from error


class Outlet:
    """A way out to one host. It belongs to the event loop it is first used in.

    `headers` (a credential) go to this host only: paths cannot lead elsewhere, redirects are not followed, proxies and
    cookies are not used.
    """

    def __init__(self, base_url: str, headers: Mapping[str, str] | None = None) -> None:
        parts = urlsplit(base_url)
        if (
            parts.scheme not in ("http", "https")
            or not parts.hostname
            or parts.username
            or parts.query
            or parts.fragment
        ):
            raise ValueError(f"An outlet leads to an address like https://host/path, not to {base_url!r}.")
        self._base = base_url.rstrip("/")
        self._headers = dict(headers or {})
        self._session: aiohttp.ClientSession | None = None

    @asynccontextmanager
    async def post(
        self, path: str, body: bytes, headers: Mapping[str, str], *, deadline_s: float
    ) -> AsyncGenerator[Reply]:
        """Send `body` (JSON) to `path` below the base. Leaving the block early closes the connection.

        Raises `NotReached`, `Dropped`, or `TimeoutError` when reply and block are not done within `deadline_s`.
        """
        timeout = aiohttp.ClientTimeout(total=deadline_s, sock_connect=CONNECT_S)
        sent = self._headers | {"Content-Type": "application/json"} | dict(headers)
        try:
            async with self._open().post(
                f"{self._base}/{path}", data=body, headers=sent, timeout=timeout, allow_redirects=False
            ) as response:
                yield Reply(response)
        except (aiohttp.ServerTimeoutError, TimeoutError) as error:
            raise TimeoutError from error
        except (aiohttp.ClientConnectorError, aiohttp.InvalidURL) as error:
            raise NotReached(type(error).__name__) from error
        except aiohttp.ClientError as error:
            raise Dropped(type(error).__name__) from error

    async def close(self) -> None:
        """End all connections."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    def _open(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=0, ttl_dns_cache=60),
                cookie_jar=aiohttp.DummyCookieJar(),
                trust_env=False,
                auto_decompress=True,
                headers={"User-Agent": "greenlane"},
            )
        return self._session


def http_client(transport: Any = None) -> httpx.AsyncClient:
    """A client for a library that brings its own requests: no redirects, no proxies from the environment."""
    return httpx.AsyncClient(transport=transport, follow_redirects=False, trust_env=False, timeout=None)  # noqa: S113 - the caller sets one for each call
