"""Values that travel between steps are JSON: how they become bytes, digests, and links of a chain."""

from __future__ import annotations

import math
from hashlib import sha256
from typing import Any

import orjson

from nodes.sdk import StepFailed
from nodes.sdk.sizes import too_large

LARGEST = 128_000_000
"""bytes of one value"""
LARGEST_KEPT = 8_000_000
"""bytes of a variable: each later one that holds it twice is twice as large"""
_STRICT = orjson.OPT_PASSTHROUGH_DATETIME | orjson.OPT_PASSTHROUGH_DATACLASS | orjson.OPT_PASSTHROUGH_SUBCLASS


def encode(value: Any) -> bytes:
    """The JSON of a value. Raises `StepFailed` for what JSON cannot hold: NaN, other classes, broken text."""
    try:
        body = orjson.dumps(value, option=_STRICT)
    except TypeError as error:
        raise StepFailed(
            f"This step produced something that cannot be kept as data ({error}).", code="not_json"
        ) from error
    if len(body) > LARGEST:
        raise too_large("A value")
    if b"null" in body and _has_nan(value):  # orjson writes NaN and infinity as null
        raise StepFailed("This step produced a number that is not finite.", code="not_json")
    return body


def _has_nan(value: Any) -> bool:
    match value:
        case float():
            return not math.isfinite(value)
        case dict():
            return any(_has_nan(each) for each in value.values())  # pyright: ignore[reportUnknownVariableType]
        case list() | tuple():
            return any(_has_nan(each) for each in value)  # pyright: ignore[reportUnknownVariableType]
        case _:
            return False


def digest(body: bytes) -> str:
    """SHA-256 in hex."""
    return sha256(body).hexdigest()


def link(previous: str, metadata: str, detail: bytes | None) -> str:
    """The hash of a record: over the one before, its metadata with the digests, and its detail; never the payload."""
    body = f"{previous}\n{metadata}\n".encode()
    return sha256(body + detail if detail else body).hexdigest()


def idempotency_key(run: str, step: str, path: str, call: int) -> str:
    """The key of one effect: the same over tries and attempts, so that the other side can tell a repetition."""
    return sha256(f"{run}\n{step}\n{path}\n{call}".encode()).hexdigest()
