"""One child for all processes of a data folder: whoever first takes the lock keeps it, the others read where it is."""

from __future__ import annotations

import fcntl
import json
import os
import secrets
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from runtime.errors import TooBusy
from runtime.local_model.doors import HERE, open_door, port_of
from runtime.sandbox.kept import Kept, Program, Standing

_COMING_S = 0.2
_LOOK_S = 0.02


@dataclass(frozen=True, slots=True)
class Note:
    """What the process that keeps a child writes down for the others, readable by this user only."""

    port: int
    key: str
    keeper: int
    """the process that keeps it"""
    standing: Standing

    @property
    def url(self) -> str:
        return f"http://{HERE}:{self.port}/v1"


class Shared:
    """One model, served to every process of this data folder."""

    def __init__(
        self, folder: Path, name: str, program: Callable[[str], Program], sorry: Callable[[Standing], str]
    ) -> None:
        self._folder, self._name, self._program, self._sorry = folder, name, program, sorry
        self._kept: Kept | None = None
        self._lock = -1
        self._port, self._key = 0, ""

    def reach(self) -> Note:
        """Where it answers. Nothing is started before somebody calls there."""
        if self._kept is None and self._taken():
            self._key = secrets.token_urlsafe(32)
            door = open_door()
            self._port = port_of(door)
            self._kept = Kept(self._name, door, lambda: self._program(self._key), self._sorry, changed=self._write)
            self._write(self._kept.standing)
            self._kept.start()
        if self._kept is not None:
            return Note(self._port, self._key, os.getpid(), self._kept.standing)
        until = time.monotonic() + _COMING_S
        while (note := read_note(self._folder, self._name)) is None and time.monotonic() < until:
            time.sleep(_LOOK_S)
        if note is None:
            raise TooBusy(f"The local model “{self._name}” is just being started.", hint="Try again in a moment.")
        return note

    def close(self) -> None:
        """End the child if it is ours."""
        if self._kept is not None:
            self._kept.close()
            self._kept = None
            _place(self._folder, self._name).unlink(missing_ok=True)
        if self._lock >= 0:
            os.close(self._lock)
            self._lock = -1

    def _taken(self) -> bool:
        """Whether the lock is ours now; it goes with the process, however that ends."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if self._lock < 0:
            self._lock = os.open(self._folder / f"{self._name}.lock", os.O_CREAT | os.O_RDWR, 0o600)
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        _place(self._folder, self._name).unlink(missing_ok=True)  # of somebody who is gone
        return True

    def _write(self, standing: Standing) -> None:
        note = asdict(Note(self._port, self._key, os.getpid(), standing))
        half = self._folder / f"{self._name}.half"
        half.unlink(missing_ok=True)
        with open(os.open(half, os.O_CREAT | os.O_WRONLY | os.O_EXCL, 0o600), "w") as file:  # noqa: PTH123 - its mode
            json.dump(note, file)
        half.replace(_place(self._folder, self._name))


def read_note(folder: Path, name: str) -> Note | None:
    """What a living process wrote down about a model; None: nobody keeps it."""
    try:
        raw = json.loads(_place(folder, name).read_bytes())
        note = Note(**raw | {"standing": Standing(**raw["standing"])})
    except (OSError, ValueError, TypeError, KeyError):  # none, or one of another release
        return None
    with suppress(PermissionError):  # somebody else's process is alive too
        try:
            os.kill(note.keeper, 0)
        except ProcessLookupError:
            return None
    return note


def _place(folder: Path, name: str) -> Path:
    return folder / f"{name}.json"
