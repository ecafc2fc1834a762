"""What a step asks of an outside host, and what comes back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

PLATFORM_HEADERS = frozenset(
    {"host", "content-length", "transfer-encoding", "connection", "keep-alive", "upgrade", "te", "trailer", "expect",
     "accept-encoding", "idempotency-key", "proxy-authorization", "proxy-connection"}
)  # fmt: skip
"""headers of a request, in small letters, that are not a step's to set"""


LARGEST_ANSWER = 2_000_000
"""bytes of an outside host's answer, unless the step says otherwise"""


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a form that may hold files (multipart/form-data)."""

    name: str
    content: bytes
    filename: str = ""
    """empty: a plain value"""
    media: str = ""


@dataclass(frozen=True, slots=True)
class Request:
    """What a step asks of an outside host. Which connection leads there, and its credential, the platform knows."""

    method: str
    address: str
    """with scheme and host: `https://api.example.com/orders`"""
    query: Sequence[tuple[str, str]] = ()
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    body: str | bytes | Sequence[Part] | None = None
    """parts become a form of several parts, and the platform writes its `Content-Type`"""
    timeout_s: float = 30.0
    """of each try, from the first byte sent to the last one received"""
    repeatable: bool = False
    """whether it may be sent again when nobody knows if it arrived"""
    retries: int = 0
    """how often it is tried again when the host is busy or cannot be reached; `Retry-After` is honoured"""
    largest: int = LARGEST_ANSWER
    """bytes of the answer, after decompression"""
    as_file: bool = False
    """whether the answer's bytes are wanted even where they are text"""


@dataclass(frozen=True, slots=True)
class Received:
    """What an outside host answered."""

    status: int
    headers: Mapping[str, str]
    """names in small letters"""
    text: str
    """empty where the answer is no text"""
    content: bytes = b""
    """the answer as it came, where it is no text or was asked for as a file"""
    name: str = ""
    """what the host calls the answer"""


class Http(Protocol):
    """The outside hosts a step may call: those that IT has made a connection for."""

    async def send(self, request: Request) -> Received:
        """Send a request; whatever status comes back is an answer.

        Raises `StepFailed` when no connection leads there, or no answer comes back.
        """
        ...
