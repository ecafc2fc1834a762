"""For libraries that bring their own requests: where these may lead is said around each call, in the task of it."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from contextvars import ContextVar

from runtime.egress.addresses import Zone
from runtime.egress.connector import Lookup, system_lookup
from runtime.egress.outlet import Outlet, Outlets
from runtime.egress.target import read_target

_way: ContextVar[Outlet | None] = ContextVar("way", default=None)


class Ways:
    """The ways out of one library. What it sends leaves only inside `leading`, and only to that host; whatever it
    would send by itself (news, price lists, measurements) is refused."""

    def __init__(self, lookup: Lookup = system_lookup) -> None:
        self._outlets = Outlets(lookup)

    @contextmanager
    def leading(self, base_url: str, zone: Zone) -> Generator[None]:
        """Inside the block, and in tasks begun there, requests to the host of `base_url` leave. Raises `Refused`."""
        token = _way.set(self._outlets.to(read_target(base_url), zone))
        try:
            yield
        finally:
            _way.reset(token)

    async def close(self) -> None:
        """End all connections."""
        await self._outlets.close()


def way_here() -> Outlet | None:
    """Where this task may lead; None where nobody has said."""
    return _way.get()
