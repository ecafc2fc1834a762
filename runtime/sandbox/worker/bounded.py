"""A value becomes JSON, and never more bytes than allowed: a list that holds one list a thousand times is small in
memory and endless on paper."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping
from datetime import date, time, timedelta
from decimal import Decimal
from typing import Any, cast

from runtime.sandbox.worker.mistakes import Mistake, too_much

DEEPEST = 100
_LARGEST = 2**63


def pack(value: Any, most: int) -> bytes:
    """The JSON of a value. Raises `Mistake` when it is longer than `most` bytes, or no JSON can say it."""
    writing = _Writing(most)
    writing.write(value, 0)
    return b"".join(writing.pieces)


class _Writing:
    """What is written so far, and how many bytes are left."""

    def __init__(self, most: int) -> None:
        self.pieces: list[bytes] = []
        self._left = self._most = most

    def write(self, value: Any, depth: int) -> None:
        if depth > DEEPEST:
            raise Mistake("code_error", f"The result is nested deeper than {DEEPEST} levels.")
        match value:
            case None | bool():
                self._put({None: b"null", True: b"true", False: b"false"}[value])
            case str():
                self._text(value)
            case int() | float() | Decimal():
                self._number(value)
            case Mapping():
                self._object(cast("Mapping[Any, Any]", value), depth)
            case list() | tuple() | set() | frozenset():
                self._list(cast("Iterable[Any]", value), depth)
            case date() | time():
                self._text(value.isoformat())
            case timedelta():
                self._number(value.total_seconds())
            case _:
                raise Mistake(
                    "code_error",
                    f"The result holds a {type(value).__name__}, which later steps cannot read.",
                    hint="Hand on text, numbers, yes or no, lists and objects.",
                )

    def _put(self, piece: bytes) -> None:
        self._left -= len(piece)
        if self._left < 0:
            raise too_much(self._most)
        self.pieces.append(piece)

    def _text(self, value: str) -> None:
        """Half a character (a lone surrogate) becomes a question mark."""
        if len(value) > self._left:
            raise too_much(self._most)
        self._put(json.dumps(value, ensure_ascii=False).encode("utf-8", "replace"))

    def _number(self, value: float | Decimal) -> None:
        if isinstance(value, int):
            if not -_LARGEST <= value < 2 * _LARGEST:
                raise Mistake("code_error", "A whole number of the result is too large; hand it on as text.")
        elif not math.isfinite(value):
            raise Mistake("code_error", f"A number of the result is {value}, which no value may be.")
        if isinstance(value, Decimal):
            value = int(value) if abs(value) < _LARGEST and value == value.to_integral_value() else float(value)
        self._put(repr(value).encode())

    def _list(self, value: Iterable[Any], depth: int) -> None:
        self._put(b"[")
        for at, each in enumerate(value):
            if at:
                self._put(b",")
            self.write(each, depth + 1)
        self._put(b"]")

    def _object(self, value: Mapping[Any, Any], depth: int) -> None:
        self._put(b"{")
        for at, (key, each) in enumerate(value.items()):
            if not isinstance(key, str | int | float):
                raise Mistake("code_error", "The name of a field in the result is no text.")
            if at:
                self._put(b",")
            self._text(str(key))
            self._put(b":")
            self.write(each, depth + 1)
        self._put(b"}")
