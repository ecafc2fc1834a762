"""Wording: what a validator found, and what somebody probably meant, in an analyst's words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import Any

MOST_CHOICES = 8
"""in one sentence"""
_DEMANDS = {
    "string_type": "must be text",
    "string_unicode": "holds half a character that cannot be stored",
    "string_too_long": "may have at most {max_length} characters",
    "string_too_short": "must have at least {min_length} characters",
    "too_long": "may have at most {max_length} entries",
    "too_short": "must have at least {min_length} entries",
    "int_type": "must be a whole number",
    "int_parsing": "must be a whole number",
    "int_from_float": "must be a whole number",
    "int_parsing_size": "must be a smaller whole number",
    "float_type": "must be a number",
    "float_parsing": "must be a number",
    "finite_number": "must be a finite number",
    "bool_type": "must be yes or no (true or false)",
    "bool_parsing": "must be yes or no (true or false)",
    "list_type": "must be a list",
    "tuple_type": "must be a list",
    "dict_type": "must be a set of names with values",
    "model_type": "must be a set of names with values",
    "model_attributes_type": "must be a set of names with values",
    "greater_than": "must be more than {gt}",
    "greater_than_equal": "must be at least {ge}",
    "less_than": "must be less than {lt}",
    "less_than_equal": "must be at most {le}",
    "enum": "must be one of {expected}",
    "literal_error": "must be one of {expected}",
    "none_required": "must be empty",
}


def demand(error: Mapping[str, Any]) -> str:
    """What a pydantic error asks for, as the end of a sentence: `must be at least 1`."""
    context: Mapping[str, Any] = error.get("ctx") or {}
    kind = str(error["type"])
    if kind == "value_error":
        return f"does not fit: {context.get('error', '')}".rstrip(": ")
    if len(choices(error)) > MOST_CHOICES:
        return "must be one of the choices in its list"
    known = _DEMANDS.get(kind)
    return known.format_map({name: _plain(each) for name, each in context.items()}) if known else "does not fit"


def choices(error: Mapping[str, Any]) -> list[str]:
    """The values a pydantic error would accept, where it names them."""
    context: Mapping[str, Any] = error.get("ctx") or {}
    return re.findall("'([^']*)'", str(context.get("expected", "")))


def _plain(each: Any) -> str:
    if isinstance(each, float):
        return f"{each:g}"
    return str(each).replace("'", "")


def meant(word: str, known: Iterable[str]) -> str:
    """The known word that was probably meant, or nothing."""
    by_small = {each.casefold(): each for each in known}
    near = get_close_matches(word.casefold(), by_small, 1, 0.6)
    return by_small[near[0]] if near else ""


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """A hint with the word that was probably meant, or nothing."""
    found = meant(word, known)
    return f"Did you mean “{found}”?" if found else ""


def listed(words: Iterable[str], last: str = "and") -> str:
    """`“a”, “b” and “c”`."""
    shown = [f"“{each}”" for each in words]
    return f"{', '.join(shown[:-1])} {last} {shown[-1]}" if len(shown) > 1 else "".join(shown)
