"""A process that executes drawn documents and is killed while it does: `python -m tests.differential.killing`.

It begins the runs that are not begun yet, takes up those a dead process has left, and ends when all have ended. Every
step that begins is written to a file at once, so that it is known after the process is gone.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path

from runtime.store.database import Reader, open_engine
from tests.differential import steps
from tests.differential.drawing import document
from tests.differential.playing import plan_of, wait_until
from tests.kill.knife import Knife
from tests.support.engine_room import Room

BEGAN, STORE = "began", "greenlane.db"
NEVER = 1_000_000


class OnDisk(list[steps.Where]):
    """Steps that began, a line each, with the process they began in."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self._file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT)

    def append(self, where: steps.Where) -> None:
        os.write(self._file, "\t".join([str(os.getpid()), *where, "\n"]).encode())


def main(folder: Path, arrival: int, seeds: Sequence[int]) -> None:
    """Execute the documents of some seeds; the knife falls at the nth commit."""
    steps.BEGAN = OnDisk(folder / BEGAN)
    drawn = [document(seed) for seed in seeds]
    plans = [plan_of(each) for each in drawn]
    remember(folder)
    room = Room(folder, reach=Knife("after commit", arrival), plans={each.hash: each for each in plans})
    known = set(room.reader.now(lambda tx: tx.exec_driver_sql("SELECT hash FROM run").scalars().all()))
    for each, plan in zip(drawn, plans, strict=True):
        if plan.hash not in known:
            room.begin(plan, each.inputs)
    wait_until(lambda: _ended(room) == len(seeds))
    room.close(1)


def remember(folder: Path) -> None:
    """What fails a number of times at first has failed as often as the log says."""
    if (folder / STORE).exists():
        asked = "SELECT run, step, path FROM record WHERE kind = 'retry'"
        reader = Reader(open_engine(folder / STORE))
        steps.TRIES.update(reader.now(lambda tx: [(each[0], each[1], each[2]) for each in tx.exec_driver_sql(asked)]))


def _ended(room: Room) -> int:
    return room.reader.now(
        lambda tx: tx.exec_driver_sql("SELECT count(*) FROM run WHERE ended IS NOT NULL").scalar_one()
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), [int(each) for each in sys.argv[3:]])
