"""Small matters of wording that every explanation shares."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from nodes.sdk.reading import as_text

_SIGNS = frozenset("abcdefghijklmnopqrstuvwxyz0123456789_")


def is_name(text: str) -> bool:
    """Whether `text` can stand in a reference: a small letter, then small letters, digits and underscores."""
    return bool(text) and text[0] in _SIGNS and text[0].isalpha() and _SIGNS.issuperset(text) and len(text) <= 63


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
