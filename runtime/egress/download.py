"""A file by its web address: redirects are followed, and every hop is read and judged as if it were the first."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urljoin

from runtime.egress.addresses import Zone
from runtime.egress.connector import Lookup, system_lookup
from runtime.egress.file_name import file_name
from runtime.egress.outlet import Outlet
from runtime.egress.reply import Reply
from runtime.egress.target import Refused, Target, read_target

MOST_HOPS = 5
_ELSEWHERE = frozenset({301, 302, 303, 307, 308})


class NoFile(Exception):
    """The host answered, but not with a file. `status` says with what."""

    def __init__(self, status: int) -> None:
        super().__init__(f"status {status}")
        self.status = status


@dataclass(frozen=True, slots=True)
class Downloaded:
    """A file as its host gave it. Name and media type are what the host says, and no more than that."""

    content: bytes
    name: str
    media: str


async def download(
    address: str,
    *,
    largest: int,
    deadline_s: float,
    zone: Zone = "public",
    headers: Mapping[str, str] | None = None,
    lookup: Lookup = system_lookup,
) -> Downloaded:
    """Get a file of at most `largest` bytes after decompression. `headers` (a credential) go to the host of `address`
    only: behind a redirect to another one they are left out, and never taken up again. The deadline holds for all hops
    together.

    Raises `NoFile`, or what `Outlet.open` and reading its reply raise.
    """
    async with asyncio.timeout(deadline_s):
        target, sent = read_target(address), dict(headers or {})
        for _ in range(MOST_HOPS + 1):
            outlet = Outlet(f"{target.scheme}://{target.named}", zone=zone, lookup=lookup)
            reply: Reply | None = None
            try:
                reply = await outlet.open("GET", str(target), None, sent, deadline_s=deadline_s, largest=largest)
                if reply.status in _ELSEWHERE and "Location" in reply.headers:
                    onward = _onward(target, reply.headers["Location"])
                    sent = sent if onward.origin == target.origin else {}
                    target = onward
                    continue
                if reply.status != 200:
                    raise NoFile(reply.status)
                media = reply.headers.get("Content-Type", "").partition(";")[0].strip().lower()
                return Downloaded(await reply.read(), file_name(reply.headers, target.path), media)
            finally:
                if reply is not None:
                    reply.close()
                await outlet.close()
    raise Refused(f"it leads on more than {MOST_HOPS} times")


def _onward(here: Target, location: str) -> Target:
    """Where a redirect leads. From an encrypted address it never leads to an open one."""
    try:
        onward = read_target(urljoin(str(here), location).partition("#")[0])
    except ValueError as error:
        raise Refused("it leads to something that is no address") from error
    if here.scheme == "https" and onward.scheme == "http":
        raise Refused("it leads from an encrypted address to an open one")
    return onward
