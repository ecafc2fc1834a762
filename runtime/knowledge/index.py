"""The search index: Chroma in one folder that one process owns, with one collection for all bases.

It holds ids, vectors and the base of each passage, nothing to read. The truth is the store: what is here can be thrown
away and is filled again from there.
"""

from __future__ import annotations

import fcntl
import os
import re
import threading
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from runtime.knowledge.libraries import library

BATCH = 256
"""rows put in at once; larger ones make searches wait"""


class Taken(Exception):
    """Another process owns the index folder; `sentence` names it."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class Vector(NamedTuple):
    """A passage as the index keeps it."""

    id: str
    base: str
    vector: Sequence[float]


class Index:
    """Opened at its first use. Methods block; call them from threads."""

    def __init__(self, folder: Path, model: str) -> None:
        self._folder, self._model = folder, model
        self._opening = threading.Lock()
        self._lock_file: int | None = None
        self._client: Any = None
        self._collection: Any = None

    def near(self, vector: Sequence[float], bases: Sequence[str], most: int) -> dict[str, float]:
        """The passages of these bases nearest to a vector: id and cosine. Without bases there is nothing."""
        if not bases or not (count := self._open().count()):
            return {}
        found = self._open().query(
            query_embeddings=[list(vector)],
            n_results=min(most, count),
            where={"base": {"$in": list(bases)}},
            include=["distances"],
        )
        return {each: 1.0 - far for each, far in zip(found["ids"][0], found["distances"][0], strict=True)}

    def put(self, rows: Sequence[Vector]) -> None:
        """Add passages, or write them again."""
        for begin in range(0, len(rows), BATCH):
            some = rows[begin : begin + BATCH]
            self._open().upsert(
                ids=[each.id for each in some],
                embeddings=[list(each.vector) for each in some],
                metadatas=[{"base": each.base} for each in some],
            )

    def drop(self, ids: Sequence[str]) -> None:
        """Take passages out; unknown ids are none of its business."""
        for begin in range(0, len(ids), BATCH):
            self._open().delete(ids=list(ids[begin : begin + BATCH]))

    def ids(self) -> set[str]:
        """All passages it holds."""
        return set(self._open().get(include=[])["ids"])

    def count(self) -> int:
        """How many passages it holds."""
        return self._open().count()

    def close(self) -> None:
        """Give the folder back."""
        with self._opening:
            if self._client is not None:
                self._client.close()
            self._client = self._collection = None
            if self._lock_file is not None:
                os.close(self._lock_file)
                self._lock_file = None

    def _open(self) -> Any:
        with self._opening:
            if self._collection is None:
                self._own()
                self._client, self._collection = _opened(self._folder, self._model)
            return self._collection

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


def _opened(folder: Path, model: str) -> tuple[Any, Any]:
    chromadb, config = library("chromadb"), library("chromadb.config")
    settings = config.Settings(anonymized_telemetry=False, allow_reset=False)
    client = chromadb.PersistentClient(str(folder), settings)
    collection = client.get_or_create_collection(
        "passages-" + re.sub(r"[^a-z0-9]+", "-", model),
        embedding_function=None,  # the default one would download a model
        configuration={"hnsw": {"space": "cosine"}},
    )
    return client, collection
