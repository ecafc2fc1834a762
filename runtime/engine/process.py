"""The lease of a process: a locked file, so that a dead neighbour is seen at once, whatever killed it."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path

from runtime.store.ids import new_id

LEAD = "lead"
"""file whose lock the leading process holds"""


class Process:
    """This process among those that share a data folder. The operating system drops the lock when it dies."""

    def __init__(self, folder: Path) -> None:
        self.id = new_id("process")
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._file = os.open(folder / self.id, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
        fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        self._lead: int | None = None

    def leads(self) -> bool:
        """Whether this process does what one does for all, such as schedules; it takes that on when nobody does."""
        if self._lead is None:
            file = os.open(self._folder / LEAD, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                os.close(file)
                return False
            self._lead = file
        return True

    def neighbours(self) -> bool:
        """Whether there is another process that works on this data folder, or was a moment ago."""
        return any(each.name not in (self.id, LEAD) for each in self._folder.iterdir())

    def leave(self) -> None:
        """Give the lease back."""
        (self._folder / self.id).unlink(missing_ok=True)
        os.close(self._file)
        if self._lead is not None:
            os.close(self._lead)

    def is_gone(self, other: str) -> bool:
        """Whether a process holds no lease any more; the lock file of a dead one is cleared away."""
        if other == self.id:
            return False
        path = self._folder / other
        try:
            file = os.open(path, os.O_RDWR | os.O_CLOEXEC)
        except FileNotFoundError:
            return True
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        else:
            path.unlink(missing_ok=True)
            return True
        finally:
            os.close(file)
