"""Knowledge bases for running steps: the rows of the store, the embedder and the search index brought together."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Sequence
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import Any, NoReturn

import orjson

from nodes.sdk import Passage, StepFailed
from runtime.knowledge.embedding import MODEL, Embedder
from runtime.knowledge.index import Index, Taken, missing
from runtime.knowledge.media import Unreadable
from runtime.knowledge.minilm import NotTheModel
from runtime.knowledge.reading import Content, read
from runtime.knowledge.scoring import cosine, nearest, numbers, scored
from runtime.knowledge.shelves import Vector
from runtime.knowledge.splitting import Piece
from runtime.store import knowledge as rows
from runtime.store.database import Reader
from runtime.store.knowledge import NewPassage
from runtime.store.runs import note_progress, read_content, run_row
from runtime.store.sole import Sole
from runtime.store.transaction import Tx
from runtime.store.writer import Writer

CANDIDATES = 50
"""passages found by meaning, and as many by words, before they are put in one order"""
LONGEST_QUERY = 4_000
"""characters of a question; the model would not see more"""
MOST_KEPT = 2_000
"""texts whose vectors are kept, 1.5 kB each"""
AT_ONCE = 2
"""documents indexed at the same time"""
BATCH = 16
"""passages embedded between two commits: what a kill can cost, and how fine progress is told"""


class BaseKnowledge:
    """Implements `KnowledgePort`. Nothing is loaded and no folder is opened before the first use."""

    def __init__(self, folder: Path, reader: Reader, writer: Writer, sole: Sole) -> None:
        """`sole` is had by the process whose search index counts, of all there are on all machines."""
        self._reader, self._writer, self._sole = reader, writer, sole
        self._embedder, self._index = Embedder(), Index(folder, MODEL)
        self._turns = threading.Semaphore(1)
        """whoever embeds many passages gives way between batches"""
        self._places: asyncio.Semaphore | None = None
        self._whole = threading.Lock()
        self._checked = False
        self._alike: dict[str, bytes] = {}
        """vectors of texts that others were compared with"""

    async def search(
        self, run: str, person: str, bases: Sequence[str], query: str, *, limit: int, min_score: float
    ) -> list[Passage]:
        """See `KnowledgePort`."""
        readable = await self._reader.ask(lambda tx: readable_in(tx, run, person, bases))
        if not readable:  # its first step may come before its start is committed: what the writer does next comes after
            readable = await self._writer.write(lambda tx: readable_in(tx, run, person, bases))
        if not readable:
            raise StepFailed(
                "This searches knowledge that is not shared with you.",
                code="no_readable_base",
                hint="Its owner can share it with you: on the page of the knowledge base, with the button Share.",
            )
        try:
            return await self.find(readable, query, limit=limit, min_score=min_score)
        except NotTheModel as error:
            raise StepFailed(str(error), code="search_unavailable", retry=True) from error

    async def find(self, bases: Sequence[str], query: str, *, limit: int, min_score: float = 0.0) -> list[Passage]:
        """Passages of these bases (by id), best first. Raises `NotTheModel`."""
        wanted = query.strip()[:LONGEST_QUERY]
        if not bases or not wanted:
            return []
        return await asyncio.to_thread(self._find, list(bases), wanted, limit, min_score)

    def _find(self, bases: list[str], query: str, limit: int, min_score: float) -> list[Passage]:
        asked = numbers(self._embedder.embed([query])[0])
        cosines = self._near(asked, bases)

        def decide(tx: Tx) -> list[Passage]:
            words = rows.by_words(tx, query, bases, CANDIDATES)
            far = rows.vectors_of(tx, [each for each in words if each not in cosines])
            order = scored(cosines | {each: cosine(asked, numbers(vector)) for each, vector in far.items()}, words)
            kept = rows.read_passages(tx, [each for each, _ in order], bases)
            return [
                passage_of(kept[each], score) for each, score in order if each in kept and score >= min_score
            ][:limit]  # fmt: skip

        return self._reader.now(decide)

    def _near(self, asked: Sequence[float], bases: list[str]) -> dict[str, float]:
        """The passages nearest to a question: id and cosine. One process owns the search index; any other asks the
        rows, which say the same and take longer."""
        try:
            self._complete()
        except Taken:
            return self._reader.now(lambda tx: nearest(asked, rows.vectors_in(tx, bases), CANDIDATES))
        return self._index.near(asked, bases, CANDIDATES)

    async def likeness(self, text: str, others: Sequence[str]) -> list[float]:
        """See `KnowledgePort`. What a text is compared with is often the same, so its vector is kept a while."""
        try:
            return await asyncio.to_thread(
                self._likeness, text[:LONGEST_QUERY], [each[:LONGEST_QUERY] for each in others]
            )
        except NotTheModel as error:
            raise StepFailed(str(error), code="likeness_unavailable", hint="Let a model decide instead.") from error

    def _likeness(self, text: str, others: list[str]) -> list[float]:
        asked, known = numbers(self._embedder.embed([text])[0]), self._alike
        if len(known) + len(others) > MOST_KEPT:
            known = self._alike = {}
        new = [each for each in dict.fromkeys(others) if each not in known]
        known.update(zip(new, self._embedder.embed(new), strict=True))
        return [cosine(asked, numbers(known[each])) for each in others]

    async def index(self, run: str, document: str) -> int:
        """See `KnowledgePort`. What cannot be read becomes a sentence on the document and the end of the run."""
        self._places = self._places or asyncio.Semaphore(AT_ONCE)
        if self._places.locked():  # whatever kills the process meanwhile, it is not this document
            await self._writer.write(lambda tx: note_progress(tx, run))
        async with self._places:
            try:
                return await self._index_document(run, document)
            except (Unreadable, NotTheModel) as error:
                sentence = str(error)
                await self._writer.write(lambda tx: rows.fail_document(tx, document, sentence))
                raise StepFailed(sentence, code="not_indexed", hint="Mend it and press “Try again”.") from error

    async def _index_document(self, run: str, document: str) -> int:
        row, body = await self._reader.ask(lambda tx: _document(tx, document))
        if row.status == "ready":
            return row.passages
        if row.text is None:
            await self._writer.write(lambda tx: rows.begin_reading(tx, document))
        content = await self._read(row, body)
        text = orjson.dumps(content.pages)
        pages, count = len(content.pages), len(content.pieces)

        def understood(tx: Tx) -> bool:
            note_progress(tx, run)
            digest = sha256(text).hexdigest()
            return rows.note_text(tx, document, text=digest, body=text, pages=pages, passages=count)

        _go_on(await self._writer.write(understood))
        await self._embed(run, row, content)
        await self._put_in(run, document)
        await self._writer.write(lambda tx: rows.finish_document(tx, document))
        return count

    async def _read(self, row: Any, body: bytes) -> Content:
        """Read the file in a child, which ends with this attempt."""
        given_up = threading.Event()
        try:
            return await asyncio.to_thread(
                read, body, row.media, tokens=row.tokens, overlap=row.overlap, stopped=given_up.is_set
            )
        finally:
            given_up.set()

    async def _embed(self, run: str, row: Any, content: Content) -> None:
        """Passages and their vectors, a few at a time; those an earlier attempt kept are left out."""
        kept = await self._reader.ask(lambda tx: rows.kept_numbers(tx, row.id))
        left = [each for each in enumerate(content.pieces, 1) if each[0] not in kept]
        for begin in range(0, len(left), BATCH):
            passages = await asyncio.to_thread(self._embedded, row, content, left[begin : begin + BATCH])

            def keep(tx: Tx, passages: list[NewPassage] = passages) -> bool:
                note_progress(tx, run)
                return rows.insert_passages(tx, row.id, passages)

            _go_on(await self._writer.write(keep))

    def _embedded(self, row: Any, content: Content, pieces: Sequence[tuple[int, Piece]]) -> list[NewPassage]:
        texts = [content.text_of(piece) for _, piece in pieces]
        with self._turns:
            vectors = self._embedder.embed(
                [_with_heading(piece, text) for (_, piece), text in zip(pieces, texts, strict=True)]
            )
        return [
            NewPassage(f"{row.id}.{number}", row.id, row.base, number, *piece, text, vector)
            for (number, piece), text, vector in zip(pieces, texts, vectors, strict=True)
        ]

    async def _put_in(self, run: str, document: str) -> None:
        """What is kept goes into the search index; nobody finds it before the document is ready. Where another process
        owns the index, that one puts it in before its next search."""
        try:
            await asyncio.to_thread(self._complete)
        except Taken:
            return
        while waiting := await self._reader.ask(lambda tx: rows.unindexed(tx, document)):
            await asyncio.to_thread(self._put, waiting)

            def mark(tx: Tx, some: Sequence[str] = [each[0] for each in waiting]) -> None:
                note_progress(tx, run)
                rows.mark_indexed(tx, some)

            await self._writer.write(mark)

    def _put(self, found: Sequence[tuple[str, str, bytes]]) -> None:
        self._index.put([Vector(each, base, numbers(vector)) for each, base, vector in found])

    async def forget(self, passages: Sequence[str]) -> None:
        """Take passages out of the search index, whose rows are gone already."""
        if passages:
            with suppress(Taken):  # then its owner finds out when it opens the folder
                await asyncio.to_thread(self._drop, passages)

    def _drop(self, passages: Sequence[str]) -> None:
        with self._whole:
            self._own()
            self._index.drop(passages)

    def close(self) -> None:
        """Give the index folder back."""
        self._checked = False
        self._index.close()
        self._sole.give_back()

    def _own(self) -> None:
        """Raises `Taken` while another process has the index, also on another machine, in a folder of its own."""
        if not self._sole.had():
            self._checked = False  # what it says is not looked after from now on
            self._index.close()
            raise Taken("The search index is in use by another Greenlane; it takes one at a time.")

    def _complete(self) -> None:
        """Bring the index to what the rows say. When this process has just come to own it, it may be empty, older, or
        know what was removed; later others may have indexed what it does not have. Raises `Taken`."""
        with self._whole:
            self._own()
            if not self._checked:
                lost, stale = missing(self._index.ids(), self._reader.now(rows.indexed_ids))
                self._index.drop(list(stale))
                if lost:
                    self._writer.offer(lambda tx: rows.mark_indexed(tx, lost, indexed=False)).result()
            while waiting := self._reader.now(rows.unindexed):
                self._put(waiting)
                some = [each[0] for each in waiting]
                self._writer.offer(lambda tx, some=some: rows.mark_indexed(tx, some)).result()
            self._checked = True


def readable_in(tx: Tx, run: str, person: str, bases: Sequence[str]) -> list[str]:
    """Ids of those of the named bases that a run may read: those its person may, asked now; for an app that acts by a
    key of its own those of the manifest it was approved with."""
    named = rows.bases_named(tx, bases)
    row = run_row(tx, run)
    if row is not None and row.app and row.app == person:
        content = read_content(tx, row.manifest) if row.manifest else None
        approved = {each["name"] for each in orjson.loads(content or b"[]") if each["kind"] == "base"}
        return [base for name, base in named.items() if name in approved]
    readable = rows.readable_bases(tx, person)
    return [base for base in named.values() if base in readable]


def passage_of(row: Any, score: float) -> Passage:
    """A row as steps and screens get it."""
    return Passage(
        id=row.id, base=row.in_base, document=row.document, title=row.title, page=row.cited, start=row.start,
        end=row.end, heading=row.heading, text=row.text, score=round(score, 4),
    )  # fmt: skip


def _document(tx: Tx, document: str) -> tuple[Any, bytes]:
    row = rows.find_document(tx, document)
    body = rows.read_file(tx, row.blob) if row is not None else None
    if row is None or body is None:
        _gone()
    return row, body


def _with_heading(piece: Piece, text: str) -> str:
    """What is embedded: a passage alone often does not say what it is about."""
    return f"{piece.heading}\n{text}" if piece.heading else text


def _go_on(there: bool) -> None:
    if not there:
        _gone()


def _gone() -> NoReturn:
    raise StepFailed("The document was removed while it was being indexed.", code="document_gone")
