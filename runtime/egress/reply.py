"""An answer that is still arriving, and the ways in which it may not."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from email.utils import parsedate_to_datetime
from math import isfinite

import aiohttp
from aiohttp.http_exceptions import HttpProcessingError

from runtime.egress.connector import Barred

LARGEST_REPLY = 16_000_000
"""bytes of one reply, after decompression"""
LONGEST_LINE = 1_000_000
AT_ONCE = 65_536
"""bytes of a body that are handed on before others get their turn: a host that sends without a pause, and whoever takes
long over each piece, keep nobody else waiting"""


class NotReached(Exception):
    """Nothing was sent: the host is unknown, refuses, or cannot be agreed with (TLS)."""


class Dropped(Exception):
    """The connection ended in the middle."""


class TooLarge(Exception):
    """The reply is larger than allowed."""


class Reply:
    """An answer that is still arriving. Reading it raises `Dropped`, `TooLarge` or `TimeoutError`."""

    __slots__ = ("_largest", "_response", "_room", "headers", "status")

    def __init__(self, response: aiohttp.ClientResponse, largest: int) -> None:
        self._response, self._largest, self._room = response, largest, largest
        self.status: int = response.status
        self.headers: Mapping[str, str] = _headers_of(response)

    async def read(self) -> bytes:
        """All of it."""
        return b"".join([chunk async for chunk in self.chunks()])

    async def lines(self) -> AsyncIterator[bytes]:
        """Line by line as they arrive, without their ends."""
        rest = b""
        async for chunk in self.chunks():
            *whole, rest = (rest + chunk).split(b"\n")
            for line in whole:
                yield line.rstrip(b"\r")
            if len(rest) > LONGEST_LINE:
                raise TooLarge(f"a line of more than {LONGEST_LINE:,} bytes")
        if rest:
            yield rest

    async def chunks(self, at_once: int = AT_ONCE) -> AsyncIterator[bytes]:
        """Piece by piece, decompressed, at most `at_once` bytes each. Size counts after decompression."""
        try:
            async for chunk in self._response.content.iter_any():
                self._room -= len(chunk)
                if self._room < 0:
                    raise TooLarge(f"more than {self._largest:,} bytes")
                for at in range(0, len(chunk), at_once):
                    yield chunk[at : at + at_once]
                    await asyncio.sleep(0)
        except TimeoutError as error:
            raise TimeoutError from error
        except (aiohttp.ClientError, HttpProcessingError) as error:
            raise Dropped(type(error).__name__) from error

    def close(self) -> None:
        """End the connection, unless all was read and another request may use it."""
        self._response.close()


def waiting_time(after: str | None, date: str | None = None) -> float | None:
    """Seconds a `Retry-After` header asks for (RFC 9110 §10.2.3). Its form with a date is counted from what the host
    takes for now, its `Date`; None where there is nothing to go by."""
    try:
        seconds = float(after or "")
        return max(0.0, seconds) if isfinite(seconds) else None
    except ValueError:
        pass
    try:
        return max(0.0, (parsedate_to_datetime(after or "") - parsedate_to_datetime(date or "")).total_seconds())
    except (ValueError, TypeError):
        return None


def in_words(error: Exception) -> Exception:
    """One of ours for what a request failed with before its reply began."""
    if isinstance(error, TimeoutError):
        return TimeoutError()
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, Barred):
            return cause
        cause = cause.__cause__ or cause.__context__
    if isinstance(error, aiohttp.ClientConnectorError | aiohttp.InvalidURL):
        return NotReached(type(error).__name__)
    return Dropped(type(error).__name__)


def _headers_of(response: aiohttp.ClientResponse) -> Mapping[str, str]:
    """As text that can be kept: what is no UTF-8 is Latin-1, as old hosts write it (RFC 9110 §5.5)."""
    if all(value.isascii() for value in response.headers.values()):
        return response.headers
    found = response.headers.copy()
    found.update([(name, _text(value)) for name, value in response.headers.items()])
    return found


def _text(value: str) -> str:
    try:
        value.encode()
    except UnicodeEncodeError:  # aiohttp keeps bytes that are no UTF-8 as half characters
        return value.encode("utf-8", "surrogateescape").decode("latin-1")
    return value
