"""Reading loose values strictly, and writing them as text: the one place that says which text counts as a number, a
date or a yes, and how a value stands inside a text.

Forms, files and models write numbers as text; every step that compares or converts reads them through here, so that
"3" means the same everywhere. What cannot be read is None, never a guess.
"""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from math import isfinite
from typing import Any, cast

from nodes.sdk.files import is_file

_YES = frozenset({"yes", "true", "on", "y", "1"})
_NO = frozenset({"no", "false", "off", "n", "0"})
_NUMBER_SIGNS = frozenset("0123456789+-.eE")
_LONGEST_NUMBER = 64


def as_number(value: Any) -> int | float | None:
    """A number, or text that is one with a decimal point (`3`, `-0.5`, `1e6`). Yes/no is no number."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return value if isfinite(value) else None
    if not isinstance(value, str):
        return None
    text = value.strip()
    if not text or len(text) > _LONGEST_NUMBER or not _NUMBER_SIGNS.issuperset(text):
        return None
    try:
        return int(text)
    except ValueError:
        pass
    try:
        number = float(text)
    except ValueError:
        return None
    return number if isfinite(number) else None


def as_yes_no(value: Any) -> bool | None:
    """Yes/no itself, 1 and 0, or the words yes, no, true, false, on, off in any case."""
    if isinstance(value, bool):
        return value
    if isinstance(value, int | float):
        return {1: True, 0: False}.get(int(value)) if value in (0, 1) else None
    if not isinstance(value, str):
        return None
    word = value.strip().lower()
    return True if word in _YES else False if word in _NO else None


def as_date(value: Any) -> date | None:
    """A day written `2026-11-03`; a date with a time is none."""
    if not isinstance(value, str):
        return None
    text = value.strip()
    if len(text) != len("2026-11-03") or text[4] != "-" or text[7] != "-":
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def as_moment(value: Any) -> datetime | None:
    """A point in time: `2026-11-03` (its first second) or `2026-11-03T14:30`, in UTC where no zone is written."""
    if not isinstance(value, str):
        return None
    text = value.strip()
    if len(text) < len("2026-11-03") or text[4] != "-" or text[7] != "-":
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def as_text(value: Any) -> str:
    """Any value as people write it inside a text: nothing is empty text, 1.0 is `1`, true is `yes`, a file its name, a
    list or object compact JSON."""
    match value:
        case str():
            return value
        case None:
            return ""
        case True:
            return "yes"
        case False:
            return "no"
        case float() if isfinite(value):
            return str(int(value)) if value.is_integer() else format(Decimal(repr(value)), "f")
        case int() | float():
            return str(value)
        case _ if is_file(value):
            return value["name"]
        case _:
            return as_json(value)


def as_json(value: Any) -> str:
    """Compact JSON; letters of all scripts stay readable."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def length(value: Any) -> int:
    """How many things a list or object holds, or how many characters a value has as text; nothing has none."""
    return len(cast("list[Any]", value)) if isinstance(value, list | dict) else len(as_text(value))


def is_empty(value: Any) -> bool:
    """Nothing, blank text, an empty list or an empty object; 0 and no are not empty."""
    if isinstance(value, str):
        return not value.strip()
    return value is None or value in ([], {}, ())
