"""One order for passages found by meaning and passages found by words: cosine + 0.2 × BM25, as measured."""

from __future__ import annotations

import struct
from collections.abc import Iterable, Mapping, Sequence
from heapq import nlargest
from operator import itemgetter

from runtime.knowledge.libraries import library

WORDS_WEIGHT = 0.2
"""of BM25 where 1 is the best of a search: enough to tell HR-12 from HR-21, too little to beat the meaning"""


def scored(cosines: Mapping[str, float], words: Mapping[str, float]) -> list[tuple[str, float]]:
    """Ids with their score, best first. Every id of `words` has a cosine; BM25 is better the larger it is."""
    best = max(words.values(), default=0.0) or 1.0
    found = [(each, cosine + WORDS_WEIGHT * words.get(each, 0.0) / best) for each, cosine in cosines.items()]
    return sorted(found, key=lambda each: (-each[1], each[0]))


def numbers(vector: bytes) -> tuple[float, ...]:
    """A vector as it is kept, as numbers."""
    return struct.unpack(f"<{len(vector) // 4}f", vector)


def cosine(one: Sequence[float], other: Sequence[float]) -> float:
    """Of two vectors of length 1."""
    return sum(a * b for a, b in zip(one, other, strict=True))


def nearest(asked: Sequence[float], kept: Iterable[Sequence[tuple[str, bytes]]], most: int) -> dict[str, float]:
    """What a search index would find, by looking at every vector: id and cosine of the nearest. `kept` are batches."""
    numpy = library("numpy")
    wanted = numpy.asarray(asked, dtype="<f4")
    found: list[tuple[str, float]] = []
    for some in kept:
        vectors = numpy.frombuffer(b"".join(vector for _, vector in some), dtype="<f4").reshape(len(some), -1)
        near = (vectors @ wanted).tolist()
        found = nlargest(most, [*found, *zip((each for each, _ in some), near, strict=True)], key=itemgetter(1))
    return dict(found)
