"""Small matters of wording that every explanation shares."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from nodes.sdk.reading import as_text

_SIGNS = frozenset("abcdefghijklmnopqrstuvwxyz0123456789_")
_KEY = re.compile(r"[\w-]{1,63}")
_EXIT = re.compile(r"[A-Za-z0-9_-]{1,63}")


def is_name(text: str) -> bool:
    """Whether `text` can stand in a reference: a small letter, then small letters, digits and underscores."""
    return bool(text) and text[0] in _SIGNS and text[0].isalpha() and _SIGNS.issuperset(text) and len(text) <= 63


def is_key(text: str) -> bool:
    """Whether `text` can name a value: letters of any script, digits, underscores and hyphens."""
    return bool(_KEY.fullmatch(text))


def is_exit(text: str) -> bool:
    """Whether `text` can name a way out: letters, digits, underscores and hyphens."""
    return bool(_EXIT.fullmatch(text))


def listed(words: Sequence[str], last: str = "and") -> str:
    """`a, b and c`."""
    return f"{', '.join(words[:-1])} {last} {words[-1]}" if len(words) > 1 else "".join(words)


def quoted(value: Any) -> str:
    """A value inside a sentence: a reference as it is written, anything else in quotation marks, never long."""
    text = as_text(value)
    if text.startswith("{{") and text.endswith("}}") and text.count("{{") == 1:
        return text
    return f"“{shortened(text, 200)}”"


def shortened(value: Any, longest: int = 60) -> str:
    """The beginning of a value, on one line."""
    text = " ".join(as_text(value).split())
    return text if len(text) <= longest else text[:longest].rstrip() + "…"
