"""The knife: a process that kills itself, without a last word, at the nth time it comes to a place."""

import os
import signal
import threading
from collections import Counter

PLACES = (
    "before intent", "after intent", "before effect", "after effect", "before wait", "before commit", "after commit",
    "before claim", "after claim",
)  # fmt: skip
"""all names the engine and the writer call `reach` with; a test compares"""

MOST = {"before commit": 40, "after commit": 40, "before claim": 4, "after claim": 4}
"""up to which arrival a knife may wait, where it is not 12"""


class Knife:
    """Give it to `assemble(reach=…)`."""

    def __init__(self, place: str, arrival: int) -> None:
        self._place, self._arrival = place, arrival
        self._seen: Counter[str] = Counter()
        self._lock = threading.Lock()

    def __call__(self, place: str) -> None:
        with self._lock:
            self._seen[place] += 1
            if place == self._place and self._seen[place] == self._arrival:
                os.kill(os.getpid(), signal.SIGKILL)
