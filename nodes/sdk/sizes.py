"""How large what steps put together may become. They do it in the memory of the server, where one run must not crowd
out all others: a text that is doubled in every round of a loop would soon be larger than any machine."""

from __future__ import annotations

from contextvars import ContextVar

from nodes.sdk.node import StepFailed

LONGEST_TEXT = 20_000_000
"""characters of all texts one step puts together"""
MOST_ENTRIES = 1_000_000
"""entries of a list that is put together"""
SMALL = 10_000
"""characters of a text that is not counted"""


def too_large(what: str) -> StepFailed:
    """The words for what becomes too large."""
    return StepFailed(
        f"{what} would become larger than a step may make it.",
        code="too_large",
        hint="Work on it in parts, or keep it in a file.",
    )


def check_text(characters: int) -> None:
    """Raises `StepFailed` for a text of too many characters."""
    if characters > LONGEST_TEXT:
        raise too_large("A text")


def check_list(entries: int) -> None:
    """Raises `StepFailed` for a list of too many entries."""
    if entries > MOST_ENTRIES:
        raise too_large("A list")


class Room:
    """What is left for the texts of the step that is being put together; each task and each thread has its own."""

    _left: ContextVar[int] = ContextVar("left", default=LONGEST_TEXT)

    @property
    def left(self) -> int:
        """Characters."""
        return self._left.get()

    @left.setter
    def left(self, characters: int) -> None:
        self._left.set(characters)

    def take(self, characters: int) -> None:
        """Count a text. Raises `StepFailed` where all of them together are too much."""
        self.left -= characters
        if self.left < 0:
            raise too_large("What this step is given")


ROOM = Room()
