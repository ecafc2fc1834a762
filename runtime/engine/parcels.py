"""Requests of steps made ready to leave: where to, over which connection, with what, and how they stand in the log."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any
from urllib.parse import quote, unquote, unquote_plus

from nodes.sdk import PLATFORM_HEADERS, Part, Request, StepFailed
from runtime.egress import Refused, Target, multipart, read_target
from runtime.engine.keys import Worn
from runtime.engine.masking import BLOT, Mask
from runtime.store.connections import ConnectionRow

LONGEST_TOLD = 20_000
"""characters of a body that the log keeps; of a longer one it keeps the size and a digest"""
_PLAIN_PATH = "!#$%&'()*+,/:;=?@[]~"
"""signs left as they are when an address is made sendable; all others outside ASCII letters and digits are escaped"""


@dataclass(frozen=True, slots=True)
class Parcel:
    """A request that may leave."""

    connection: ConnectionRow
    target: Target
    request: Request
    headers: dict[str, str]
    body: bytes | None = field(repr=False)
    credential: Worn
    told: dict[str, Any]

    def sent_headers(self, key: str) -> dict[str, str]:
        """All headers, with the idempotency key and the credential where the host wants it there."""
        worn = {self.credential.header: self.credential.value} if self.credential.header else {}
        return {"Idempotency-Key": key, **self.headers, **worn}

    def sent_address(self) -> str:
        """The address, with the credential where the host wants it there. No record shows this one."""
        address, worn = str(self.target), self.credential
        if not worn.query:
            return address
        return f"{address}{'&' if '?' in address else '?'}{quote(worn.query, safe='')}={quote(worn.value, safe='')}"


def parcel_of(request: Request, target: Target, row: ConnectionRow, credential: Worn) -> Parcel:
    """The request as it will leave. Raises `StepFailed` where it sets what is the platform's or the connection's."""
    body, media = _body(request)
    headers = dict(request.headers)
    for name in headers:
        if name.lower() in PLATFORM_HEADERS or (credential.header and name.lower() == credential.header.lower()):
            raise _not_yours("header", name)
        if any((ord(each) < 32 and each != "\t") or ord(each) == 127 for each in headers[name]):
            raise StepFailed(
                f"The value of the header “{name}” has several lines, or a sign in it that cannot be seen.",
                code="bad_header",
                hint="Send a long text in the body; a header holds one line.",
            )
    if media:
        headers = {name: value for name, value in headers.items() if name.lower() != "content-type"}
        headers["Content-Type"] = media
    target = _unworn(target, credential)
    mask = Mask(credential.value)
    told = {
        "method": request.method,
        "address": mask.clean(str(target)),
        "connection": row.name,
        "headers": {name: mask.clean(value) for name, value in headers.items()},
        "body": _told(request.body, mask),
    }
    return Parcel(row, target, request, headers, body, credential, told)


def target_of(request: Request) -> Target:
    """Where a request leads. Raises `StepFailed`."""
    address = request.address.strip()
    if request.query:
        pairs = "&".join(f"{quote(name, safe='')}={quote(value, safe='')}" for name, value in request.query)
        address += ("&" if "?" in address else "?") + pairs
    try:
        if any(ord(each) < 32 or ord(each) == 127 for each in address):
            raise Refused("a control character in the address")  # noqa: TRY301 - one answer for all that is no address
        target = read_target(quote(address.partition("#")[0], safe=_PLAIN_PATH))
        if any(unquote(each) in (".", "..") for each in target.path.partition("?")[0].split("/")):
            raise Refused("a step back in the path")  # noqa: TRY301 - as above: a value may be `..`
    except Refused as error:
        raise StepFailed(
            "The address of this step is not one that can be called.",
            code="bad_address",
            hint=f"Write it as https://host/path ({error}).",
        ) from error
    return target


def _unworn(target: Target, credential: Worn) -> Target:
    """The target without the place of the credential in its query. A host that names its next page puts the credential
    there again, where it was blotted out when it came; whoever sets it otherwise is refused."""
    path, sign, query = target.path.partition("?")
    if not credential.query or not sign:
        return target
    kept: list[str] = []
    for pair in query.split("&"):
        name, _, value = pair.partition("=")
        if unquote_plus(name) != credential.query:
            kept.append(pair)
        elif unquote_plus(value) != BLOT:
            raise _not_yours("value", credential.query)
    path += f"?{'&'.join(kept)}" if kept else ""
    return Target(target.scheme, target.host, target.port, path)


def _body(request: Request) -> tuple[bytes | None, str]:
    """The bytes of the body, and its media type where the platform says it."""
    match request.body:
        case None | bytes() as body:
            return body, ""
        case str() as text:
            return text.encode(), ""
        case parts:
            return multipart(parts)


def _told(body: str | bytes | Sequence[Part] | None, mask: Mask) -> Any:
    match body:
        case None:
            return None
        case str() as text if len(text) <= LONGEST_TOLD:
            return mask.clean(text)
        case str() as text:
            return _digest(text.encode())
        case bytes() as content:
            return _digest(content)
        case parts:
            return _told_parts(parts, mask)


def _told_parts(parts: Iterable[Part], mask: Mask) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for each in parts:
        if each.filename:
            told: dict[str, Any] = {"file": mask.clean(each.filename)} | _digest(each.content)
        else:
            told = {"value": _told(each.content.decode(errors="replace"), mask)}
        found.append({"name": mask.clean(each.name)} | told)
    return found


def _digest(content: bytes) -> dict[str, Any]:
    return {"size": len(content), "sha256": sha256(content).hexdigest()}


def _not_yours(what: str, name: str) -> StepFailed:
    return StepFailed(
        f"The {what} “{name}” is not this step's to set.",
        code="bad_header",
        hint="Take it away; the platform sets it, or the connection does.",
    )
