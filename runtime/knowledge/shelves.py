"""Where passages lie in Chroma: small bases share a collection, a large one has its own.

A filter costs what it lets through, in a collection as much as in a table; a collection costs memory and files. So a
shared collection is searched with the bases as a filter, and one of a base's own without.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Sequence
from typing import Any, NamedTuple

BATCH = 256
"""rows put in at once; larger ones make searches wait"""
LARGE = 1_000
"""passages from which on a base has a collection of its own"""


class Vector(NamedTuple):
    """A passage as the index keeps it."""

    id: str
    base: str
    vector: Sequence[float]


class Shelves:
    """The collections of one embedding model. Methods block."""

    def __init__(self, client: Any, model: str) -> None:
        self._client = client
        self._name = re.sub(r"[^a-z0-9]+", "-", model)
        self._shared = self._collection("passages-")
        self._changing = threading.RLock()
        self._drops = 0
        """odd while passages are being taken out: Chroma fails a search that meets one"""
        self._own: dict[str, Any] = {}
        """by base; replaced, never changed, so that a search knows whether things were moved under it"""
        for name in [each.name for each in client.list_collections()]:
            if name.startswith("of-") and name.endswith(f"-{self._name}"):
                base = name[3 : -len(self._name) - 1]
                self._move(base)  # what a process that died has left of it

    def near(self, vector: Sequence[float], bases: Sequence[str], most: int) -> dict[str, float]:
        """The passages of these bases nearest to a vector: id and cosine."""
        while True:
            own, drops = self._own, self._drops
            try:
                found = self._nearest(own, list(vector), bases, most)
            except Exception:
                if own is self._own and drops == self._drops and drops % 2 == 0:
                    raise
                continue  # a collection or a passage that was searched is gone
            if own is self._own:
                return dict(sorted(found.items(), key=lambda each: -each[1])[:most])

    def _nearest(self, own: dict[str, Any], vector: list[float], bases: Sequence[str], most: int) -> dict[str, float]:
        found: dict[str, float] = {}
        sharing = [base for base in bases if base not in own]
        asked: list[tuple[Any, Any]] = [(own[base], None) for base in bases if base in own]
        if sharing:
            asked.append((self._shared, {"base": {"$in": sharing}}))
        for collection, where in asked:
            answer = collection.query(query_embeddings=[vector], n_results=most, where=where, include=["distances"])
            found |= {each: 1.0 - far for each, far in zip(answer["ids"][0], answer["distances"][0], strict=True)}
        return found

    def put(self, rows: Sequence[Vector]) -> None:
        """Add passages, or write them again."""
        with self._changing:
            for base in dict.fromkeys(each.base for each in rows):
                _upsert(self._own.get(base, self._shared), [each for each in rows if each.base == base])
                if base not in self._own and len(self._ids_of(base)) >= LARGE:
                    self._move(base)

    def drop(self, ids: Sequence[str]) -> None:
        """Take passages out; unknown ids are none of its business. An empty collection goes with its last passage."""
        with self._changing:
            self._drops += 1
            try:
                for collection in (self._shared, *self._own.values()):
                    for begin in range(0, len(ids), BATCH):
                        collection.delete(ids=list(ids[begin : begin + BATCH]))
            finally:
                self._drops += 1
            for base, collection in list(self._own.items()):
                if not collection.count():
                    self._own = {each: kept for each, kept in self._own.items() if each != base}
                    self._client.delete_collection(collection.name)

    def ids(self) -> set[str]:
        """All passages."""
        return {each for collection in self._all() for each in collection.get(include=[])["ids"]}

    def count(self) -> int:
        """How many passages there are."""
        return sum(collection.count() for collection in self._all())

    def _all(self) -> list[Any]:
        return [self._shared, *self._own.values()]

    def _ids_of(self, base: str) -> list[str]:
        return self._shared.get(where={"base": base}, include=[])["ids"]

    def _move(self, base: str) -> None:
        """From the shared collection into one of its own: first all is there, then it is searched there, then it goes
        here. Done again, it goes on where it was stopped."""
        made, ids = self._collection(f"of-{base}-"), self._ids_of(base)
        for begin in range(0, len(ids), BATCH):
            some = self._shared.get(ids=ids[begin : begin + BATCH], include=["embeddings"])
            pairs = zip(some["ids"], some["embeddings"], strict=True)
            _upsert(made, [Vector(each, base, vector) for each, vector in pairs])
        self._own = {**self._own, base: made}
        for begin in range(0, len(ids), BATCH):
            self._shared.delete(ids=ids[begin : begin + BATCH])

    def _collection(self, prefix: str) -> Any:
        return self._client.get_or_create_collection(
            prefix + self._name,
            embedding_function=None,  # the default one would download a model
            configuration={"hnsw": {"space": "cosine"}},
        )


def _upsert(collection: Any, rows: Sequence[Vector]) -> None:
    for begin in range(0, len(rows), BATCH):
        some = rows[begin : begin + BATCH]
        collection.upsert(
            ids=[each.id for each in some],
            embeddings=[list(each.vector) for each in some],
            metadatas=[{"base": each.base} for each in some],
        )
