"""A token bucket: a steady rate with room for a burst."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass
class Bucket:
    """`take()` is true `rate` times a second on average, and `burst` times in a row after a rest."""

    rate: float
    burst: float
    now: Callable[[], float] = time.monotonic
    left: float = field(init=False)
    seen: float = field(init=False)

    def __post_init__(self) -> None:
        self.left, self.seen = self.burst, self.now()

    def take(self) -> bool:
        now = self.now()
        self.left = min(self.burst, self.left + (now - self.seen) * self.rate)
        self.seen = now
        if self.left < 1:
            return False
        self.left -= 1
        return True
