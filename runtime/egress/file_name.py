"""What a file that comes from outside is called."""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import unquote

LONGEST = 120
_STARRED = re.compile(r"filename\*\s*=\s*(?:UTF-8|ISO-8859-1)'[^']*'([^;\s]+)", re.IGNORECASE)  # RFC 6266, RFC 8187
_PLAIN = re.compile(r"filename\s*=\s*(?:\"((?:[^\"\\]|\\.)*)\"|([^;\s]+))", re.IGNORECASE)
_UNFIT = re.compile(r"[\x00-\x1f\x7f/\\:*?\"<>|\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]+")


def file_name(headers: Mapping[str, str], path: str) -> str:
    """The name a host gives to a file, else the last part of its path, else `file`. It is one name: no folder, no
    sign that could be read as something else, no dot in front."""
    told = headers.get("Content-Disposition", "")[:2000]
    if starred := _STARRED.search(told):
        found = unquote(starred[1])
    elif plain := _PLAIN.search(told):
        found = re.sub(r"\\(.)", r"\1", plain[1]) if plain[1] is not None else plain[2]
    else:
        found = unquote(path.partition("?")[0].rsplit("/", 1)[-1])
    found = _UNFIT.sub("_", found.replace("\\", "/").rsplit("/", 1)[-1]).strip(" .")
    if len(found) > LONGEST:
        stem, dot, ending = found.rpartition(".")
        found = f"{stem[: LONGEST - len(ending) - 1]}.{ending}" if dot and len(ending) <= 10 else found[:LONGEST]
    return found or "file"
