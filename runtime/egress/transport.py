"""httpx transports that lead where `Ways` say, else nowhere. Imported late, by whoever needs them: httpx is heavy."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import NoReturn

import httpx

from runtime.egress.connector import Barred
from runtime.egress.reply import Dropped, NotReached, Reply, TooLarge
from runtime.egress.target import Refused
from runtime.egress.ways import way_here

LONGEST_S = 3600.0
AT_ONCE = 4_096
"""bytes handed to a library before others get their turn: it may take milliseconds over a line"""

LONGEST_LINE = 2_000_000
"""bytes without a line's end: libraries put a line together piece by piece, which takes the square of its length"""

_OURS = frozenset({"host", "content-length", "transfer-encoding", "accept-encoding", "connection"})
"""request headers that the outlet writes itself"""
_UNDONE = frozenset({"content-encoding", "content-length", "transfer-encoding", "connection"})
"""reply headers that are no longer true after the outlet has read the body"""
_ONWARD = frozenset({"location", "refresh"})
"""what a library would follow by itself: it is kept from it, so that a redirect is an answer like any other"""


def http_client() -> httpx.AsyncClient:
    """A client over our transport: no redirects, no proxies from the environment."""
    return httpx.AsyncClient(transport=Transport(), follow_redirects=False, trust_env=False, timeout=None)  # noqa: S113 - the caller sets one for each call


def silent_client() -> httpx.Client:
    """A synchronous client that sends nothing."""
    return httpx.Client(transport=Nowhere(), trust_env=False)


class Nowhere(httpx.BaseTransport):
    """For the synchronous clients of a library that is only asked asynchronously: nothing leaves."""

    def handle_request(self, request: httpx.Request) -> NoReturn:
        raise httpx.ConnectError("nothing is sent this way", request=request) from Refused("a synchronous request")


class Transport(httpx.AsyncBaseTransport):
    """Leads where `Ways.leading` says for the task it is used in."""

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if (outlet := way_here()) is None:
            raise httpx.ConnectError("nobody has said where it may lead", request=request) from Refused("no way out")
        try:
            headers = {name: value for name, value in request.headers.items() if name not in _OURS}
            address = str(request.url.copy_with(fragment=None))
            reply = await outlet.open(
                request.method, address, await request.aread() or None, headers, deadline_s=_deadline(request)
            )
        except (Refused, Barred, NotReached) as error:
            raise httpx.ConnectError(str(error), request=request) from error
        except Dropped as error:
            raise httpx.ReadError(str(error), request=request) from error
        except TimeoutError as error:
            raise httpx.ReadTimeout("", request=request) from error
        left_out = _UNDONE | _ONWARD
        told = [
            (name.encode(), value.encode()) for name, value in reply.headers.items() if name.lower() not in left_out
        ]
        return httpx.Response(reply.status, headers=told, stream=_Stream(reply, request), request=request)


class _Stream(httpx.AsyncByteStream):
    def __init__(self, reply: Reply, request: httpx.Request) -> None:
        self._reply, self._request = reply, request

    async def __aiter__(self) -> AsyncIterator[bytes]:
        try:
            async for chunk in _in_lines(self._reply.chunks(AT_ONCE)):
                yield chunk
        except (Dropped, TooLarge) as error:
            raise httpx.ReadError(str(error), request=self._request) from error
        except TimeoutError as error:
            raise httpx.ReadTimeout("", request=self._request) from error

    async def aclose(self) -> None:
        self._reply.close()


async def _in_lines(chunks: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """The same, as long as lines end somewhere."""
    line = 0
    async for chunk in chunks:
        yield chunk
        end = chunk.rfind(b"\n")
        line = line + len(chunk) if end < 0 else len(chunk) - end - 1
        if line > LONGEST_LINE:
            raise TooLarge(f"a line of more than {LONGEST_LINE:,} bytes")


def _deadline(request: httpx.Request) -> float:
    """The longest of a request's own time limits, from its beginning to the end of its reply."""
    limits: dict[str, float | None] = request.extensions.get("timeout", {})
    return max((each for each in limits.values() if each is not None), default=LONGEST_S)
