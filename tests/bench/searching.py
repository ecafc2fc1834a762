"""Search in a base of ten thousand passages, beside one the searcher may not read."""

import time
from itertools import islice, product
from pathlib import Path
from typing import Any

from runtime.assembly import assemble
from runtime.engine.knowledge import CANDIDATES
from runtime.knowledge.libraries import library
from runtime.knowledge.scoring import numbers
from runtime.operations.actors import Actor
from runtime.operations.knowledge import create_base, upload_document
from runtime.operations.passages import search_base
from runtime.operations.people import local_owner
from runtime.operations.runtime import Runtime
from runtime.settings import Settings
from runtime.store import knowledge as rows
from runtime.store.knowledge import NewPassage
from tests.bench.measuring import Table
from tests.support.library import person, ready

PASSAGES, OF_OTHERS = 10_000, 2_500
SEARCHES = 200
BEST = 10

WHO = (
    "Employees",
    "Trainees",
    "Managers",
    "Contractors",
    "Drivers",
    "Nurses",
    "Cooks",
    "Editors",
    "Clerks",
    "Visitors",
)
MAY = ("may book", "have to report", "are paid for", "can cancel", "must not lend", "get help with", "should plan")
WHAT = (
    "leave", "business travel", "meals", "training", "parking", "insurance", "laptops", "keys", "overtime", "sick days",
    "home office", "company cars", "expenses", "telephones", "visits", "first aid", "mail", "meeting rooms", "pensions",
)  # fmt: skip
WHEN = ("before Monday", "in writing", "within ten days", "twice a year", "by the portal", "on weekends", "in Hamburg")
WHERE = ("head office", "the branch", "the warehouse", "a hospital")
REST = " Ask the person in charge of it when something is unclear, and keep the receipt until the end of the year." * 6
"""what makes a passage as long as passages are; not embedded"""


async def searching(table: Table, folder: Path) -> None:
    """Percentiles of a search as a person does it, its parts, and what it misses of an exact search."""
    runtime = assemble(Settings(data=folder / "search", demo_model=False))
    try:
        begun = time.perf_counter()
        reader = await person(runtime, "reader")
        base, vectors = await _filled(runtime, reader)
        table.note("made: passages embedded, kept, indexed", time.perf_counter() - begun, "s", "before it is measured")
        asked = [f"{who} {what}: what holds {when}?" for who, what, when in islice(product(WHO, WHAT, WHEN), SEARCHES)]
        await search_base(runtime, reader, base=base, query="warm up")
        took = []
        for question in asked:
            begun = time.perf_counter()
            found = await search_base(runtime, reader, base=base, query=question)
            took.append((time.perf_counter() - begun) * 1000)
            assert found
        more = f"filter on: {PASSAGES:,} of {PASSAGES + OF_OTHERS:,} passages may be read"
        table.note(f"search in {PASSAGES:,} passages, p50", _share(took, 0.5), "ms", more)
        table.note(f"search in {PASSAGES:,} passages, p95", _share(took, 0.95), "ms")
        _parts(table, runtime, base, vectors, asked)
    finally:
        runtime.close()


def _parts(table: Table, runtime: Runtime, base: str, vectors: dict[str, bytes], asked: list[str]) -> None:
    """Embedding the question, the index, the words; and recall."""
    knowledge, numpy = runtime.knowledge, library("numpy")
    [inside] = runtime.reader.now(lambda tx: rows.bases_named(tx, [base])).values()
    ids = list(vectors)
    exact = numpy.frombuffer(b"".join(vectors.values()), "<f4").reshape(len(ids), -1)
    spent, kept = {"the question's vector": 0.0, "the index": 0.0, "the words": 0.0}, 0
    for question in asked:
        begun = time.perf_counter()
        vector = knowledge._embedder.embed([question])[0]
        embedded = time.perf_counter()
        near = knowledge._index.near(numbers(vector), [inside], CANDIDATES)
        found = time.perf_counter()
        runtime.reader.now(lambda tx, question=question: rows.by_words(tx, question, [inside], CANDIDATES))
        end = time.perf_counter()
        for part, seconds in zip(spent, (embedded - begun, found - embedded, end - found), strict=True):
            spent[part] += seconds * 1000 / len(asked)
        best = numpy.argsort(-(exact @ numpy.frombuffer(vector, "<f4")))[:BEST]
        kept += len({ids[at] for at in best} & set(sorted(near, key=lambda each: -near[each])[:BEST]))
    for part, milliseconds in spent.items():
        table.note(f"of it, {part}", milliseconds, "ms")
    table.ratio(
        f"recall: best {BEST} of the index among the exact best {BEST}", kept / BEST / len(asked), 0.95, at_least=True
    )


async def _filled(runtime: Runtime, reader: Actor) -> tuple[str, dict[str, bytes]]:
    """A base of this person's and one of somebody else's; the name of the first and its vectors."""
    owner = await local_owner(runtime)
    said = product(WHAT, MAY, WHERE, WHO, WHEN)
    texts = [f"{who} {may} {what} at {where} {when}." for what, may, where, who, when in said]
    texts += [f"Note {number}: {text}" for number, text in enumerate(texts)]
    names, vectors = [], dict[str, bytes]()
    for who, count in ((owner, OF_OTHERS), (reader, PASSAGES)):
        made = await create_base(runtime, who, title=f"Of {who.id}", purpose="Measured.", data_class="internal")
        card = await upload_document(runtime, who, base=made.name, file="rules.txt", body=b"Rules.")
        await ready(runtime, who, made.name)
        vectors = _put(runtime, made.id, card.id, [texts.pop() for _ in range(count)])
        names.append(made.name)
    return names[-1], vectors


def _put(runtime: Runtime, base: str, document: str, texts: list[str]) -> dict[str, bytes]:
    """What indexing does, without splitting a file and in larger batches."""
    knowledge: Any = runtime.knowledge
    made = dict(
        zip((f"{document}.{at}" for at in range(2, len(texts) + 2)), knowledge._embedder.embed(texts), strict=True)
    )
    passages = [
        NewPassage(each, document, base, at, 1, 0, 6, "", text + REST, vector)
        for at, ((each, vector), text) in enumerate(zip(made.items(), texts, strict=True), 2)
    ]
    runtime.writer.offer(lambda tx: rows.insert_passages(tx, document, passages)).result()
    knowledge._put([(each.id, base, each.vector) for each in passages])
    runtime.writer.offer(lambda tx: rows.mark_indexed(tx, made)).result()
    return made


def _share(took: list[float], share: float) -> float:
    return sorted(took)[int(share * len(took))]
