"""Outside hosts by connection: the rows of the connection table, turned into ways out."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from random import Random

from nodes.sdk import LARGEST_ANSWER, Received, Request, StepFailed
from runtime.egress import (
    Barred,
    Dropped,
    Lookup,
    NotReached,
    Outlets,
    Refused,
    Reply,
    Target,
    TooLarge,
    Zone,
    system_lookup,
    waiting_time,
)
from runtime.engine.answers import received
from runtime.engine.keys import Keys, worn
from runtime.engine.masking import Mask
from runtime.engine.parcels import Parcel, parcel_of, target_of
from runtime.store.connections import ConnectionRow, list_connections
from runtime.store.database import Reader

FRESH_S = 2.0
"""how long another process may still use a connection that was changed or stopped"""
THIS_MACHINE = frozenset({"localhost", "127.0.0.1", "::1"})

LARGEST_EVER = 100_000_000
"""bytes of one answer, whatever a step asks for"""
LARGE_AT_ONCE = 4
"""answers of more than the usual size that are read at the same time; others wait for their turn"""
LONGEST_PAUSE_S = 60.0
"""a host that wants to be left alone for longer is not asked again"""

_FIRST_PAUSE_S = 1.0
_BUSY = frozenset({408, 429, 502, 503, 504})
"""statuses that pass by themselves"""
_NOT_BEGUN = frozenset({429})
"""those of them that say that nothing was done"""
_CHANCE = Random()  # noqa: S311 - spreads repetitions, decides nothing
_PASSING = frozenset({"host_unreachable", "host_interrupted", "host_timeout"})


class ConnectedHosts:
    """Implements `HttpPort` over the connection table."""

    def __init__(
        self,
        reader: Reader,
        keys: Keys,
        now: Callable[[], float],
        lookup: Lookup = system_lookup,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._reader, self._keys, self._now = reader, keys, now
        self.lookup = lookup
        self._rows: dict[str, ConnectionRow] = {}
        self._read_at = -FRESH_S
        self._outlets, self._sleep = Outlets(lookup), sleep
        self._large = asyncio.Semaphore(LARGE_AT_ONCE)

    def forget(self) -> None:
        """Read the table anew at the next call."""
        self._read_at = -FRESH_S

    def pack(self, request: Request) -> Parcel:
        """Make a request ready to leave. Raises `StepFailed` when no connection leads there."""
        target = target_of(request)
        row = self._running(target)
        return parcel_of(request, target, row, worn(row, self._keys.of(row)))

    async def send(self, parcel: Parcel, key: str) -> Received:
        """Send it, and again as often as it asks for while that may help; `key` goes along as its idempotency key.
        Raises `StepFailed`."""
        request = parcel.request
        for number in range(request.retries):
            try:
                answer = await self._limited(parcel, key)
                pause = _pause_after(answer, request, number)
                if pause is None:
                    return answer
            except StepFailed as error:
                if error.code not in _PASSING or not (request.repeatable or error.code == "host_unreachable"):
                    raise
                pause = _usual_pause(number)
            await self._sleep(pause)
            self._running(parcel.target)
        return await self._limited(parcel, key)

    async def _limited(self, parcel: Parcel, key: str) -> Received:
        if parcel.request.largest <= LARGEST_ANSWER:
            return await self._sent(parcel, key)
        async with self._large:
            return await self._sent(parcel, key)

    async def _sent(self, parcel: Parcel, key: str) -> Received:
        row, request, largest = parcel.connection, parcel.request, min(parcel.request.largest, LARGEST_EVER)
        reply: Reply | None = None
        try:
            reply = await self._outlets.to(parcel.target, zone_of(row)).open(
                request.method, parcel.sent_address(), parcel.body, parcel.sent_headers(key),
                deadline_s=request.timeout_s, largest=largest,
            )  # fmt: skip
            mask = Mask(parcel.credential.value)
            return await received(reply, parcel.target.path, mask, as_file=request.as_file)
        except (Refused, Barred) as error:
            raise _failed("host_barred", row, "leads to an address that nothing may be sent to",
                          "IT can check the connection.") from error  # fmt: skip
        except NotReached as error:
            raise _failed("host_unreachable", row, "cannot be reached",
                          "Run it again in a moment; IT can check the connection.", retry=True) from error  # fmt: skip
        except Dropped as error:
            raise _failed("host_interrupted", row, "broke off in the middle of its answer",
                          "Run it again in a moment.", retry=True) from error  # fmt: skip
        except TooLarge as error:
            raise _failed("answer_too_large", row, f"answered more than {largest / 1e6:g} MB",
                          "Ask it for less, by page or by filter, or allow more in the step.") from error  # fmt: skip
        except TimeoutError as error:
            raise _failed("host_timeout", row, f"did not answer within {request.timeout_s:g} seconds",
                          "Give it more time in the step, or ask it for less.", retry=True) from error  # fmt: skip
        finally:
            if reply is not None:
                reply.close()

    async def close(self) -> None:
        """End all connections."""
        await self._outlets.close()

    def _running(self, target: Target) -> ConnectionRow:
        """The connection that leads there and is not stopped."""
        if self._now() - self._read_at > FRESH_S:
            self._rows = {each.host: each for each in self._reader.now(list_connections)}
            self._read_at = self._now()
        row = self._rows.get(target.named)
        if row is None:
            raise StepFailed(
                f"There is no approved connection for host {target.named}.",
                code="no_connection",
                hint="Ask IT to add it on the Connections page.",
            )
        if row.stopped is not None:
            raise StepFailed(
                f"The connection “{row.name}” has been switched off by IT.",
                code="connection_stopped",
                hint="Ask IT when it will be back.",
            )
        wanted = "http" if row.plain else "https"
        if target.scheme != wanted:
            raise StepFailed(
                f"The connection “{row.name}” speaks {wanted}, and the address begins with {target.scheme}.",
                code="wrong_scheme",
                hint=f"Begin the address with {wanted}://.",
            )
        return row


def zone_of(row: ConnectionRow) -> Zone:
    """How far inwards a connection leads. To this machine only one that names it: no name of somebody else's may
    turn out to be us."""
    if not row.internal:
        return "public"
    host = row.host if row.host.startswith("[") else row.host.partition(":")[0]
    return "here" if host.strip("[]").partition("]")[0] in THIS_MACHINE else "company"


def _pause_after(answer: Received, request: Request, number: int) -> float | None:
    """Seconds to wait before a host that is busy is asked again; None where its answer counts. What may have begun to
    work is asked again only if it may be repeated."""
    if answer.status not in (_BUSY if request.repeatable else _NOT_BEGUN):
        return None
    asked = waiting_time(answer.headers.get("retry-after"), answer.headers.get("date"))
    if asked is None:
        return _usual_pause(number)
    return asked if asked <= LONGEST_PAUSE_S else None


def _usual_pause(number: int) -> float:
    """Doubled each time, and spread by chance, so that many do not come back at once."""
    return min(_FIRST_PAUSE_S * 2**number, LONGEST_PAUSE_S) * (0.5 + _CHANCE.random() / 2)


def _failed(code: str, row: ConnectionRow, what: str, hint: str, *, retry: bool = False) -> StepFailed:
    return StepFailed(f"The host of the connection “{row.name}” {what}.", code=code, hint=hint, retry=retry)
