"""Choices: what a random document is made of, so that one that fails can be made small.

Hypothesis would do the same, but of a hundred large documents it draws many twice or nearly so, and takes a test that
chance decides for flaky. Here a seed is a document, its choices are a list of numbers, and smaller numbers make smaller
documents.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from random import Random
from time import monotonic
from typing import Any

MOST_S = 40.0
"""seconds to make something smaller in: what is told then is small enough"""


class Choices:
    """Numbers from a seed, or those of a list, with 0 where it ends."""

    def __init__(self, source: int | Sequence[int]) -> None:
        self._random = Random(source) if isinstance(source, int) else None  # noqa: S311 - repeatable on purpose
        self._given = iter([] if isinstance(source, int) else source)
        self.made: list[int] = []

    def below(self, limit: int) -> int:
        """A number from 0 up to, and without, a limit."""
        chosen = self._random.randrange(limit) if self._random else min(next(self._given, 0), limit - 1)
        self.made.append(chosen)
        return chosen

    def chance(self, percent: int) -> bool:
        """Whether something is drawn that stands in so many of a hundred documents."""
        return self.below(100) >= 100 - percent

    def one(self, *choices: Any) -> Any:
        """One of several; the first is the simplest."""
        return choices[self.below(len(choices))]

    def some(self, choices: Sequence[Any], most: int) -> list[Any]:
        """One to `most` of several, each once."""
        left = list(choices)
        return [left.pop(self.below(len(left))) for _ in range(1 + self.below(min(most, len(left))))]


def smaller(made: Sequence[int], holds: Callable[[Sequence[int]], bool]) -> list[int]:
    """Choices for which `holds` is still true; given the time, none can be left out and no number lowered."""
    best, end = list(made), monotonic() + MOST_S

    def attempt(tried: list[int]) -> bool:
        nonlocal best
        if monotonic() > end or tried == best or not holds(tried):
            return False
        best = tried
        return True

    before: list[int] = []
    while before != best and monotonic() < end:
        before, size = best, max(len(best) // 2, 1)
        while size:
            at = len(best) - size
            while at >= 0:
                attempt(best[:at] + best[at + size :])
                at -= max(size // 2, 1)
            size //= 2
        for at in range(len(best) - 1, -1, -1):
            for lower in (0, best[at] // 2) if at < len(best) else ():
                if best[at] and attempt([*best[:at], lower, *best[at + 1 :]]):
                    break
    return best
