"""Outside hosts by connection: the rows of the connection table, turned into ways out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from nodes.sdk import PLATFORM_HEADERS, Received, Request, StepFailed
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
    read_target,
    system_lookup,
)
from runtime.engine.keys import Keys, Worn, worn
from runtime.engine.masking import Mask
from runtime.store.connections import ConnectionRow, list_connections
from runtime.store.database import Reader

FRESH_S = 2.0
"""how long another process may still use a connection that was changed or stopped"""
LARGEST_BODY = 2_000_000
"""bytes of one answer, after decompression"""
THIS_MACHINE = frozenset({"localhost", "127.0.0.1", "::1"})

_KEPT_BACK = frozenset({"set-cookie", "set-cookie2", "www-authenticate", "proxy-authenticate"})
"""headers of an answer that concern the connection and not the workflow"""
_PLAIN_PATH = "!#$%&'()*+,/:;=?@[]~"
"""signs left as they are when an address is made sendable; all others outside ASCII letters and digits are escaped"""


@dataclass(frozen=True, slots=True)
class Parcel:
    """A request that may leave: where to, over which connection, and how it stands in the log."""

    connection: ConnectionRow
    target: Target
    request: Request
    credential: Worn
    told: dict[str, Any]


class ConnectedHosts:
    """Implements `HttpPort` over the connection table."""

    def __init__(
        self,
        reader: Reader,
        keys: Keys,
        now: Callable[[], float],
        lookup: Lookup = system_lookup,
    ) -> None:
        self._reader, self._keys, self._now = reader, keys, now
        self._rows: dict[str, ConnectionRow] = {}
        self._read_at = -FRESH_S
        self._outlets = Outlets(lookup)

    def forget(self) -> None:
        """Read the table anew at the next call."""
        self._read_at = -FRESH_S

    def pack(self, request: Request) -> Parcel:
        """Make a request ready to leave. Raises `StepFailed` when no connection leads there."""
        target = _target(request)
        row = self._running(target)
        credential = worn(row, self._keys.of(row))
        mask = Mask(credential.value)
        for name in request.headers:
            if name.lower() in PLATFORM_HEADERS or (credential.header and name.lower() == credential.header.lower()):
                raise StepFailed(
                    f"The header “{name}” is not this step's to set.",
                    code="bad_header",
                    hint="Take it away; the platform sets it, or the connection does.",
                )
        told = {
            "method": request.method,
            "address": mask.clean(str(target)),
            "connection": row.name,
            "headers": {name: mask.clean(value) for name, value in request.headers.items()},
            "body": None if request.body is None else mask.clean(request.body),
        }
        return Parcel(row, target, request, credential, told)

    async def send(self, parcel: Parcel, key: str) -> Received:
        """Send it; `key` goes along as its idempotency key. Raises `StepFailed`."""
        row, request, mask = parcel.connection, parcel.request, Mask(parcel.credential.value)
        headers = {"Idempotency-Key": key, **request.headers}
        if parcel.credential.header:
            headers[parcel.credential.header] = parcel.credential.value
        body = None if request.body is None else request.body.encode()
        reply: Reply | None = None
        try:
            reply = await self._outlets.to(parcel.target, zone_of(row)).open(
                request.method, _address(parcel), body, headers, deadline_s=request.timeout_s, largest=LARGEST_BODY
            )
            text = _decoded(await reply.read(), reply.headers.get("Content-Type", ""))
            shown = {name.lower(): mask.clean(value) for name, value in reply.headers.items()}
            return Received(
                reply.status, {name: value for name, value in shown.items() if name not in _KEPT_BACK}, mask.clean(text)
            )
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
            raise _failed("answer_too_large", row, f"answered more than {LARGEST_BODY // 1_000_000} MB",
                          "Ask it for less, by page or by filter.") from error  # fmt: skip
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


def _target(request: Request) -> Target:
    address = request.address.strip()
    if request.query:
        pairs = "&".join(f"{quote(name, safe='')}={quote(value, safe='')}" for name, value in request.query)
        address += ("&" if "?" in address else "?") + pairs
    try:
        if any(ord(each) < 32 or ord(each) == 127 for each in address):
            raise Refused("a control character in the address")  # noqa: TRY301 - one answer for all that is no address
        return read_target(quote(address.partition("#")[0], safe=_PLAIN_PATH))
    except Refused as error:
        raise StepFailed(
            "The address of this step is not one that can be called.",
            code="bad_address",
            hint=f"Write it as https://host/path ({error}).",
        ) from error


def _address(parcel: Parcel) -> str:
    """The address as it is sent, with the credential where the host wants it there. No record shows this one."""
    address, worn = str(parcel.target), parcel.credential
    if not worn.query:
        return address
    return f"{address}{'&' if '?' in address else '?'}{quote(worn.query, safe='')}={quote(worn.value, safe='')}"


def _failed(code: str, row: ConnectionRow, what: str, hint: str, *, retry: bool = False) -> StepFailed:
    return StepFailed(f"The host of the connection “{row.name}” {what}.", code=code, hint=hint, retry=retry)


def _decoded(body: bytes, media: str) -> str:
    _, _, rest = media.lower().partition("charset=")
    name = rest.partition(";")[0].strip(" \"'")
    try:
        return body.decode(name or "utf-8", errors="replace")
    except (LookupError, ValueError):
        return body.decode("utf-8", errors="replace")
