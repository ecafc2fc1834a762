"""`greenlane serve` with a clock that a file moves, so that a month can pass in a moment."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

import runtime.assembly
from builder.command import main
from runtime.clock import Clock

AHEAD = Path(os.environ["STORY_CLOCK"])


class ClockOfTheStory(Clock):
    """The real time, moved ahead by as many seconds as the file says."""

    def now(self) -> float:
        return time.time() + float(AHEAD.read_text())


if __name__ == "__main__":
    runtime.assembly.Clock = ClockOfTheStory
    sys.exit(main(["serve"]))
