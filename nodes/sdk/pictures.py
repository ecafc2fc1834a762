"""Pictures a model is to look at: which of some files they are, and where they stand in what it is told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from nodes.sdk.context import Files, Picture, Said
from nodes.sdk.files import files_in
from nodes.sdk.node import StepFailed

KINDS = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})
"""what models take"""
MOST = 20
LARGEST = 20_000_000
"""bytes of all of them together"""


async def pictures_in(value: Any, files: Files) -> tuple[Picture, ...]:
    """The pictures among the files of a value, in order; other files are left out.

    Raises `StepFailed` for more, or larger ones, than models take.
    """
    found = [each for each in files_in(value) if each["type"] in KINDS]
    if len(found) > MOST or sum(each["size"] for each in found) > LARGEST:
        raise StepFailed(
            f"A model is shown at most {MOST} pictures of {LARGEST // 1_000_000} MB together; these are {len(found)}"
            f" with {sum(each['size'] for each in found) / 1_000_000:.0f} MB.",
            code="too_many_pictures",
            hint="Keep some of them with a “List” step, or bring smaller ones.",
        )
    return tuple([Picture(each["type"], await files.read(each), each["sha256"]) for each in found])


def with_pictures(messages: Sequence[Said], pictures: tuple[Picture, ...]) -> list[Said]:
    """The messages with the pictures beside the last one of the user, or in one of their own."""
    at = max((number for number, each in enumerate(messages) if each.role == "user"), default=None)
    if not pictures:
        return list(messages)
    if at is None:
        return [*messages, Said("user", "", pictures)]
    return [*messages[:at], replace(messages[at], pictures=pictures), *messages[at + 1 :]]
