"""What can go wrong with a piece of code: told to the host as data."""

from __future__ import annotations


class Mistake(Exception):
    """The code came to no result: `code` as in `nodes.sdk.Sandbox`, words for its author, and the line (0: unknown)."""

    def __init__(self, code: str, message: str, line: int = 0, hint: str = "") -> None:
        super().__init__(message)
        self.code, self.message, self.line, self.hint = code, message[:2_000], line, hint


def too_much(most: int) -> Mistake:
    """The result is longer than it may be."""
    return Mistake("code_output", f"more than {most:,} bytes")


def out_of_memory() -> Mistake:
    """The memory is used up."""
    return Mistake("code_memory", "")


def out_of_time() -> Mistake:
    """The time is used up."""
    return Mistake("code_time", "")
