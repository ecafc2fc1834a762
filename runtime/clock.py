"""The one clock. Tests move it; nothing else tells the time."""

from __future__ import annotations

import time
from datetime import UTC, datetime


class Clock:
    """Seconds since 1970 (UTC), and a monotonic counter for durations."""

    def now(self) -> float:
        """The time as seconds since 1970."""
        return time.time()

    def moment(self) -> datetime:
        """The time with its zone."""
        return datetime.fromtimestamp(self.now(), UTC)


class MovedClock(Clock):
    """A clock for tests: it stands still until moved."""

    def __init__(self, start: float = 1_800_000_000.0) -> None:
        self.at = start

    def now(self) -> float:
        return self.at

    def move(self, seconds: float) -> None:
        """Let time pass."""
        self.at += seconds
