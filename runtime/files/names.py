"""What files are called: a name is words for people, and never leads anywhere."""

from __future__ import annotations

from urllib.parse import quote

LONGEST_NAME = 200
"""characters"""


def clean_name(given: str) -> str:
    """The last part of what a browser or a step gave, without anything invisible; empty when nothing is left."""
    last = given.replace("\\", "/").rpartition("/")[2]
    name = "".join(sign for sign in " ".join(last.split()) if sign.isprintable()).strip(". ")
    if len(name) <= LONGEST_NAME:
        return name
    stem, dot, ending = name.rpartition(".")
    return stem[: LONGEST_NAME - len(ending) - 1] + dot + ending if dot and len(ending) < 20 else name[:LONGEST_NAME]


def disposition(name: str) -> str:
    """The header that makes a browser save a file under its name, in the two forms of RFC 6266."""
    plain = "".join(sign if sign.isascii() and (sign.isalnum() or sign in " ._-()") else "_" for sign in name)
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
