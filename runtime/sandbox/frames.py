"""Messages between host and worker over pipes: four bytes that say how long it is, then JSON."""

from __future__ import annotations

import os
import select
import struct
import time

_LENGTH = struct.Struct(">I")
_PIECE = 1 << 16
LONGEST = 96 << 20
"""bytes of a request"""


class TooLong(Exception):
    """The message is longer than whoever reads it takes."""


def send(pipe: int, body: bytes, until: float | None = None) -> None:
    """Send a message whole. Raises `TimeoutError` when it is not taken by `until` (of the monotonic clock); then the
    pipe must be a non-blocking one."""
    left = memoryview(_LENGTH.pack(len(body)) + body)
    while left:
        if until is not None:
            _wait(pipe, select.POLLOUT, until)
        left = left[os.write(pipe, left[:_PIECE] if until is not None else left) :]


def receive(pipe: int, most: int = LONGEST, until: float | None = None) -> bytes | None:
    """The next message; None when the other side has gone. Raises `TooLong` before any of it is read, and
    `TimeoutError` when it is not there whole by `until`."""
    head = _exactly(pipe, _LENGTH.size, until)
    if head is None:
        return None
    (length,) = _LENGTH.unpack(head)
    if length > most:
        raise TooLong
    return _exactly(pipe, length, until)


def _exactly(pipe: int, count: int, until: float | None) -> bytes | None:
    found = bytearray()
    while len(found) < count:
        if until is not None:
            _wait(pipe, select.POLLIN, until)
        piece = os.read(pipe, min(count - len(found), _PIECE))
        if not piece:
            return None
        found += piece
    return bytes(found)


def _wait(pipe: int, what: int, until: float) -> None:
    poll = select.poll()
    poll.register(pipe, what)
    if not poll.poll(max(until - time.monotonic(), 0.0) * 1000):
        raise TimeoutError
