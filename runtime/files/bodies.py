"""Where the bytes of files lie: content-addressed, one file for each SHA-256, in a folder that machines may share.

Rows would be the one other place. But a file may be larger than the single writer of a process could take in without
keeping every run waiting, and has to stream in and out; a folder does both, and its names need nobody to agree on them.

A body is complete or not there: it is written beside its place, synced, and linked into it. What may go away is
decided by rows alone, inside a transaction (`store.files`).
"""

from __future__ import annotations

import os
import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO, Protocol

PIECE = 1 << 20
_INCOMING, _GONE = "incoming", ".gone"


class TooLarge(Exception):
    """More bytes came than were allowed; nothing of them is kept."""


class Incoming:
    """A body on its way in. Use it with `with`: what was not kept is gone at the end."""

    def __init__(self, path: Path, most: int) -> None:
        self._path, self._most, self._hash = path, most, sha256()
        self._file: BinaryIO | None = path.open("xb")
        self.size = 0

    def write(self, piece: bytes) -> None:
        """Take the next bytes. Raises `TooLarge`."""
        assert self._file is not None, "write before `done`"
        self.size += len(piece)
        if self.size > self._most:
            raise TooLarge
        self._hash.update(piece)
        self._file.write(piece)

    def done(self) -> str:
        """All bytes have come and are on the disk; their SHA-256."""
        if self._file is not None:
            self._file.flush()
            os.fsync(self._file.fileno())
            self._file.close()
            self._file = None
        return self._hash.hexdigest()

    def open(self) -> BinaryIO:
        """The bytes to look at, once they are done."""
        return self._path.open("rb")

    def put_at(self, place: Path) -> None:
        """Give the bytes their place, where they survive a loss of power. They can be put there again."""
        place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with suppress(FileExistsError):
            os.link(self._path, place)
        folder = os.open(place.parent, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)

    def __enter__(self) -> Incoming:
        return self

    def __exit__(self, *_: object) -> None:
        if self._file is not None:
            self._file.close()
        self._path.unlink(missing_ok=True)


class Bodies(Protocol):
    """The place, as everybody else knows it. Calls block: make them in a thread."""

    def receive(self, most: int) -> Incoming:
        """Take a body in, of at most so many bytes."""
        ...

    def put(self, incoming: Incoming) -> str:
        """Keep what came; its digest. It may be there already, and may be put again while `incoming` is open."""
        ...

    def has(self, digest: str) -> bool:
        """Whether a body is there; quick enough to be asked inside a transaction."""
        ...

    def read(self, digest: str) -> bytes:
        """A whole body. Raises `FileNotFoundError`."""
        ...

    def pieces(self, digest: str) -> Iterator[bytes]:
        """A body bit by bit. Raises `FileNotFoundError` before the first."""
        ...

    def drop(self, digest: str) -> None:
        """Take a body away; quick enough to be done inside a transaction, the disk is freed by `free`."""
        ...

    def free(self) -> None:
        """Give back the disk of what was dropped."""
        ...

    def strays(self, age: float, known: Callable[[list[str]], set[str]]) -> list[str]:
        """Remove what broke off more than `age` seconds ago; tell digests of bodies of that age that are not `known`:
        their upload died before its rows were written. Walks through all there is."""
        ...


class BodyFolder:
    """`Bodies` in a folder: `ab/ab12…`, and `incoming` for what has no place yet, or none any more."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def receive(self, most: int) -> Incoming:
        """See `Bodies`."""
        return Incoming(self._beside(), most)

    def put(self, incoming: Incoming) -> str:
        """See `Bodies`."""
        digest = incoming.done()
        incoming.put_at(self._place(digest))
        return digest

    def has(self, digest: str) -> bool:
        """See `Bodies`."""
        return self._place(digest).is_file()

    def read(self, digest: str) -> bytes:
        """See `Bodies`."""
        return self._place(digest).read_bytes()

    def pieces(self, digest: str) -> Iterator[bytes]:
        """See `Bodies`."""
        file = self._place(digest).open("rb")

        def read() -> Iterator[bytes]:
            with file:
                while piece := file.read(PIECE):
                    yield piece

        return read()

    def drop(self, digest: str) -> None:
        """See `Bodies`."""
        with suppress(FileNotFoundError):
            self._place(digest).replace(self._beside(_GONE))

    def free(self) -> None:
        """See `Bodies`."""
        for each in (self._folder / _INCOMING).glob(f"*{_GONE}"):
            each.unlink(missing_ok=True)

    def strays(self, age: float, known: Callable[[list[str]], set[str]]) -> list[str]:
        """See `Bodies`."""
        if not self._folder.exists():
            return []
        before = time.time() - age  # the time of the disk, not of the house
        for each in (self._folder / _INCOMING).glob("*"):
            if _changed(each) < before:
                each.unlink(missing_ok=True)
        strays: list[str] = []
        for shelf in sorted(self._folder.glob("[0-9a-f][0-9a-f]")):
            old = [each.name for each in shelf.iterdir() if _changed(each) < before]
            strays += sorted(set(old) - known(old)) if old else []
        return strays

    def _place(self, digest: str) -> Path:
        assert len(digest) == 64, "a SHA-256 in hex, from a row of ours"
        assert digest.isalnum(), "a SHA-256 in hex, from a row of ours"
        return self._folder / digest[:2] / digest

    def _beside(self, ending: str = "") -> Path:
        waiting = self._folder / _INCOMING
        waiting.mkdir(parents=True, exist_ok=True, mode=0o700)
        return waiting / (secrets.token_hex(16) + ending)


def _changed(path: Path) -> float:
    """When a file was last written; one that is gone counts as new."""
    try:
        return path.stat().st_mtime
    except FileNotFoundError:
        return float("inf")
