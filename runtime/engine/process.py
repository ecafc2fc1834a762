"""The lease of a process: how its neighbours know that it lives, and who of them leads in what one does for all."""

from __future__ import annotations

import fcntl
import logging
import os
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from runtime.errors import StorageUnavailable
from runtime.store import processes as rows
from runtime.store.database import Reader
from runtime.store.ids import new_id

log = logging.getLogger(__name__)

LEAD = "lead"
"""file whose lock the leading process holds"""


class Process(Protocol):
    """This process among those that work together."""

    @property
    def id(self) -> str: ...

    def is_gone(self, other: str) -> bool:
        """Whether a process holds no lease any more."""
        ...

    def leads(self) -> bool:
        """Whether this process does what one does for all, such as schedules; it takes that on when nobody does."""
        ...

    def neighbours(self) -> bool:
        """Whether there is another one."""
        ...

    def leave(self) -> None:
        """Give the lease back."""
        ...


class LockedProcess:
    """Those that share a data folder: each holds the lock of a file, so that a dead neighbour is seen at once, whatever
    killed it: the operating system drops the lock."""

    def __init__(self, folder: Path) -> None:
        self.id = new_id("process")
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._file = os.open(folder / self.id, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
        fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        self._lead: int | None = None

    def leads(self) -> bool:
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
        others = [each.name for each in self._folder.iterdir() if each.name not in (self.id, LEAD)]
        return any(not self.is_gone(each) for each in others)

    def leave(self) -> None:
        (self._folder / self.id).unlink(missing_ok=True)
        os.close(self._file)
        if self._lead is not None:
            os.close(self._lead)

    def is_gone(self, other: str) -> bool:
        """The lock file of a dead one is cleared away."""
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


class LeasedProcess:
    """Those that share a Postgres: each renews a lease there, from a thread and a connection of its own.

    The one that has been there longest leads. `visits`: it is there for a moment and never leads.
    """

    def __init__(self, reader: Reader, visits: bool = False) -> None:
        self.id = new_id("visitor" if visits else "process")
        self._reader = reader
        self._leaving = threading.Event()
        self._reader.now(lambda tx: rows.beat(tx, self.id))
        self._thread = threading.Thread(target=self._beat, name="greenlane-lease", daemon=True)
        self._thread.start()

    def leads(self) -> bool:
        return self.id == min((each for each in self._living() if each.startswith("process_")), default="")

    def neighbours(self) -> bool:
        return bool(self._living() - {self.id})

    def is_gone(self, other: str) -> bool:
        return other != self.id and not self._reader.now(lambda tx: rows.has_lease(tx, other))

    def leave(self) -> None:
        self._leaving.set()
        self._thread.join(5)
        self._tell(lambda: self._reader.now(lambda tx: rows.leave(tx, self.id)))

    def _living(self) -> set[str]:
        return self._reader.now(rows.living)

    def _beat(self) -> None:
        while not self._leaving.wait(rows.BEAT_S):
            self._tell(lambda: self._reader.now(lambda tx: rows.beat(tx, self.id)))

    def _tell(self, renew: Callable[[], None]) -> None:
        try:
            renew()
        except StorageUnavailable as error:
            log.warning("the lease of this process could not be renewed: %s", error.sentence)
