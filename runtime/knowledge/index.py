"""The search index: Chroma in one folder that one process owns.

It holds ids, vectors and the base of each passage, nothing to read. The truth is the store: what is here can be thrown
away and is filled again from there.
"""

from __future__ import annotations

import fcntl
import os
import threading
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from runtime.knowledge.libraries import library
from runtime.knowledge.shelves import Shelves, Vector


class Taken(Exception):
    """Another process owns the index folder; `sentence` names it."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class Index:
    """Opened at its first use. Methods block; call them from threads."""

    def __init__(self, folder: Path, model: str) -> None:
        self._folder, self._model = folder, model
        self._opening = threading.Lock()
        self._lock_file: int | None = None
        self._client: Any = None
        self._shelves: Shelves | None = None

    def near(self, vector: Sequence[float], bases: Sequence[str], most: int) -> dict[str, float]:
        """The passages of these bases nearest to a vector: id and cosine. Without bases there is nothing."""
        return self._open().near(vector, bases, most) if bases else {}

    def put(self, rows: Sequence[Vector]) -> None:
        """Add passages, or write them again."""
        self._open().put(rows)

    def drop(self, ids: Sequence[str]) -> None:
        """Take passages out; unknown ids are none of its business."""
        self._open().drop(ids)

    def ids(self) -> set[str]:
        """All passages it holds."""
        return self._open().ids()

    def count(self) -> int:
        """How many passages it holds."""
        return self._open().count()

    def close(self) -> None:
        """Give the folder back."""
        with self._opening:
            if self._client is not None:
                self._client.close()
            self._client = self._shelves = None
            if self._lock_file is not None:
                os.close(self._lock_file)
                self._lock_file = None

    def _open(self) -> Shelves:
        with self._opening:
            if self._shelves is None:
                self._own()
                self._client = _client(self._folder)
                self._shelves = Shelves(self._client, self._model)
            return self._shelves

    def _own(self) -> None:
        """Lock the folder for this process. Raises `Taken`."""
        if self._lock_file is not None:
            return
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        path = self._folder / "owner"
        file = os.open(path, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            os.close(file)
            owner = path.read_text("utf-8").strip() or "unknown"
            raise Taken(
                f"The search index is in use by another Greenlane (process {owner}); it takes one at a time."
            ) from error
        os.ftruncate(file, 0)
        os.write(file, str(os.getpid()).encode())
        self._lock_file = file


def missing(held: Iterable[str], wanted: Iterable[str]) -> tuple[set[str], set[str]]:
    """Ids that have to be put in, and ids that have to go."""
    held, wanted = set(held), set(wanted)
    return wanted - held, held - wanted


def _client(folder: Path) -> Any:
    chromadb, config = library("chromadb"), library("chromadb.config")
    return chromadb.PersistentClient(str(folder), config.Settings(anonymized_telemetry=False, allow_reset=False))
