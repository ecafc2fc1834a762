"""The knife: a process that kills itself, without a last word, at the nth time it comes to a place."""

import os
import signal
import threading
from collections import Counter

EXECUTING = (
    "before intent", "after intent", "before effect", "after effect", "before wait", "before park", "after park",
    "before answer", "before commit", "after commit", "before claim", "after claim", "before takeover",
    "after takeover",
)  # fmt: skip
RINGING, RUNG = ("before ring", "after ring"), ("when rung",)
RINGS = "rings"
"""no place: a server that is started for it executes nothing and rings for all, as does one with a knife there"""
PLACES = EXECUTING + RINGING + RUNG
"""all names the engine, the writer and the doorbell call `reach` with; a test compares"""

TURNS = (
    *((who, place) for place in EXECUTING for who in ("server", "worker")),
    *(("server", place) for place in RINGING),
    *(("worker", place) for place in RUNG),
    ("approver", "before commit"),
    ("approver", "after commit"),
)
"""who is killed where: attached runs are the server's, queued ones the workers', and each commit of the approver is an
answer"""

FREQUENT = {"before commit": 40, "after commit": 40, "before intent": 12, "after intent": 12, "before effect": 12,
            "after effect": 12}  # fmt: skip
"""up to which arrival a knife may wait, where it is not 2"""
RARE = ("before park", "after park", "before takeover", "after takeover", *RUNG)
"""where the first arrival is waited for: it may be the only one of a process"""


def latest(who: str, place: str) -> int:
    """The arrival a knife waits for at most."""
    return 2 if who == "approver" else 1 if place in RARE else FREQUENT.get(place, 2)


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
