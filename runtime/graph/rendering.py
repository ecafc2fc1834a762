"""Rendering: a value inside a text, as people write it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import orjson


def as_text(value: Any) -> str:
    """Nothing is empty text, 1.0 is `1`, true is `yes`, a list or object is compact JSON."""
    if type(value) is str:
        return value
    if value is None:
        return ""
    if value is True:
        return "yes"
    if value is False:
        return "no"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else format(Decimal(repr(value)), "f")
    if isinstance(value, int | str):
        return str(value)
    return as_json(value)


def as_json(value: Any) -> str:
    """Compact JSON; letters of all scripts stay readable."""
    return orjson.dumps(value).decode()
