"""Knowledge bases and their documents: create, bring files, follow how they are indexed, take away."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Literal

import orjson

from nodes.sdk import DataClass
from runtime.engine import indexing
from runtime.errors import BadInput, Conflict, NotFound
from runtime.knowledge.embedding import MODEL
from runtime.knowledge.media import MOST_BYTES, Media, Unreadable, media_of
from runtime.operations.actors import Actor
from runtime.operations.door import allowed, do, missing
from runtime.operations.naming import free_name
from runtime.operations.runtime import Runtime
from runtime.store import knowledge as rows
from runtime.store import runs
from runtime.store.ids import new_id
from runtime.store.knowledge import NewBase
from runtime.store.rights import LEVELS, give_right, known_holders, take_right
from runtime.store.runs import NewRun
from runtime.store.transaction import Tx

__all__ = ["MOST_BYTES"]

Status = Literal["waiting", "reading", "indexing", "ready", "failed"]

LONGEST_NAME = 200
"""characters of a file's name"""


@dataclass(frozen=True, slots=True)
class BaseCard:
    """A knowledge base in a list."""

    id: str
    name: str
    title: str
    purpose: str
    data_class: str
    owner: str
    """name of the person"""
    documents: int
    passages: int
    """that are found"""
    unready: int
    """documents that are still being indexed"""
    level: str
    """the highest right this person holds"""


@dataclass(frozen=True, slots=True)
class DocumentCard:
    """A document of a base, and how far it is."""

    id: str
    name: str
    media: Media
    size: int
    status: Status
    error: str
    pages: int
    passages: int
    done: int
    """passages embedded so far"""
    created: float
    who: str
    run: str


@dataclass(frozen=True, slots=True)
class BaseView:
    """A base with its documents."""

    card: BaseCard
    documents: list[DocumentCard]


async def list_bases(runtime: Runtime, actor: Actor | None) -> list[BaseCard]:
    """The bases this person may read, by title."""
    person = await allowed(runtime, actor, "base.list")
    return [_base(row) for row in await runtime.reader.ask(lambda tx: rows.list_bases(tx, person.id))]


async def create_base(
    runtime: Runtime, actor: Actor | None, *, title: str, purpose: str, data_class: str, groups: Sequence[str] = ()
) -> BaseCard:
    """Start a base; its name is made from the title and never changes. `groups` may read it, its creator owns it."""
    person = await allowed(runtime, actor, "base.create")
    title, purpose = _checked_words(title, purpose)
    _check_class(data_class)
    base, now = new_id("base"), runtime.clock.now()

    def work(tx: Tx) -> BaseCard:
        name = free_name(title, lambda start: rows.taken_base_names(tx, start), otherwise="base")
        rows.insert_base(tx, NewBase(base, name, title, purpose, data_class, person.id, MODEL), now)
        if strangers := set(groups) - known_holders(tx, groups):
            raise BadInput(f"There is no group {', '.join(sorted(strangers))}.", hint="Choose the groups again.")
        for group in groups:
            give_right(tx, base, group, "see")
        give_right(tx, base, person.id, "own")
        return BaseCard(base, name, title, purpose, data_class, person.name, 0, 0, 0, "own")

    return await do(runtime, actor, "base.create", base, work)


async def change_base(
    runtime: Runtime, actor: Actor | None, *, base: str, title: str, purpose: str, data_class: str
) -> None:
    """Change what a base is called, what it is for, and how confidential it is."""
    await allowed(runtime, actor, "base.change", base)
    title, purpose = _checked_words(title, purpose)
    _check_class(data_class)
    now = runtime.clock.now()

    def work(tx: Tx) -> str:
        found = base_of(tx, base)
        rows.change_base(tx, found.id, title=title, purpose=purpose, data_class=data_class, now=now)
        return "" if found.data_class == data_class else f"{found.data_class} → {data_class}"

    await do(runtime, actor, "base.change", base, work, said=str)


async def remove_base(runtime: Runtime, actor: Actor | None, *, base: str) -> None:
    """Delete a base with all its documents. Steps that name it fail with a sentence that says so."""

    def work(tx: Tx) -> tuple[list[str], list[str]]:
        found = base_of(tx, base)
        gone = [_remove(tx, runtime, each) for each in rows.list_documents(tx, found.id)]
        rows.remove_base(tx, found.id)
        take_right(tx, found.id)
        return [each for passages, _ in gone for each in passages], [run for _, run in gone]

    await _forget(runtime, *await do(runtime, actor, "base.remove", base, work))


async def open_base(runtime: Runtime, actor: Actor | None, *, base: str) -> BaseView:
    """A base with its documents, newest first."""
    person = await allowed(runtime, actor, "base.see", base)

    def find(tx: Tx) -> BaseView:
        found = base_of(tx, base)
        card = next((_base(row) for row in rows.list_bases(tx, person.id) if row.id == found.id), None)
        if card is None:
            raise missing("base", base)
        return BaseView(card, [_card(row) for row in rows.list_documents(tx, found.id)])

    return await runtime.reader.ask(find)


async def upload_document(runtime: Runtime, actor: Actor | None, *, base: str, file: str, body: bytes) -> DocumentCard:
    """Take a file in; a run indexes it. What kind it is, its content says.

    File, document and run are written in one transaction: whatever was accepted will be indexed, or say why not.
    """
    person = await allowed(runtime, actor, "base.fill", base)
    name = " ".join("".join(sign for sign in file.replace("\\", "/").rpartition("/")[2] if sign.isprintable()).split())
    if not name or len(name) > LONGEST_NAME:
        raise BadInput(f"A file needs a name of 1 to {LONGEST_NAME} characters.", hint="Rename it and bring it again.")
    try:
        media = await asyncio.to_thread(media_of, name, body)
    except Unreadable as error:
        raise BadInput(error.sentence) from error
    document, run, now = new_id("document"), new_id("run"), runtime.clock.now()
    digest = await asyncio.to_thread(lambda: sha256(body).hexdigest())

    def work(tx: Tx) -> DocumentCard:
        found = base_of(tx, base)
        twin = rows.twin_of(tx, found.id, name, digest)
        if twin == name:
            raise Conflict(f"There is a document “{name}” already.", hint="Remove it first, or rename the file.")
        if twin is not None:
            raise Conflict(
                f"The very same file is here already, as “{twin}”.",
                hint="Searches would find everything in it twice. Remove that one first if it has the wrong name.",
            )
        rows.insert_document(
            tx, document=document, base=found.id, name=name, media=media, body=body, blob=digest, run=run,
            person=person.id, now=now,
        )  # fmt: skip
        _start(tx, run, document, name, person, now)
        return DocumentCard(document, name, media, len(body), "waiting", "", 0, 0, 0, now, person.name, run)

    card = await do(runtime, actor, "base.fill", base, work, found=lambda card: card.id)
    runtime.engine.nudge(run)
    return card


async def retry_document(runtime: Runtime, actor: Actor | None, *, base: str, document: str) -> None:
    """Index a document again that could not be indexed."""
    person = await allowed(runtime, actor, "base.fill", base)
    run, now = new_id("run"), runtime.clock.now()

    def work(tx: Tx) -> None:
        row = document_in(tx, base, document)
        if _status(row)[0] != "failed":
            raise Conflict("This document is being indexed, or is done already.", hint="Reload the page.")
        rows.retry_document(tx, document, run)
        _start(tx, run, document, row.name, person, now)

    await do(runtime, actor, "base.fill", base, work, found=lambda _: document)
    runtime.engine.nudge(run)


async def remove_document(runtime: Runtime, actor: Actor | None, *, base: str, document: str) -> None:
    """Take a document away, its file and its passages; nothing of it is found from here on."""

    def work(tx: Tx) -> tuple[list[str], list[str]]:
        passages, run = _remove(tx, runtime, document_in(tx, base, document))
        return passages, [run]

    await _forget(runtime, *await do(runtime, actor, "base.fill", base, work, found=lambda _: document))


def base_of(tx: Tx, base: str) -> Any:
    """The row of a base by name or id. Raises `NotFound`."""
    row = rows.find_base(tx, base)
    if row is None:
        raise missing("base", base)
    return row


def document_in(tx: Tx, base: str, document: str) -> Any:
    """The row of a document of this very base. Raises `NotFound`."""
    row = rows.find_document(tx, document)
    if row is None or row.base != base_of(tx, base).id:
        raise NotFound("There is no such document.", hint="It may have been removed.")
    return row


def _start(tx: Tx, run: str, document: str, name: str, person: Actor, now: float) -> None:
    """Queue the run that indexes a document."""
    for digest, body in indexing.CONTENT:
        runs.keep_content(tx, digest, body)
    runs.insert_run(
        tx,
        NewRun(
            id=run, workflow="", name=indexing.NAME, title=f"Index “{name}”", person=person.id,
            via=person.via, key=None, hash=indexing.HASH, words=indexing.WORDS, catalogue="",
            inputs=orjson.dumps({"document": document}), created=now, process="",
        ),
    )  # fmt: skip


def _remove(tx: Tx, runtime: Runtime, row: Any) -> tuple[list[str], str]:
    """Take a document away and stop its run; the passages the index holds, and that run."""
    runs.cancel(tx, row.run, now=runtime.clock.now())
    return rows.remove_document(tx, row.id), row.run


async def _forget(runtime: Runtime, passages: list[str], stopped: list[str]) -> None:
    for run in stopped:
        runtime.engine.stop(run, "its document was removed")
    await runtime.knowledge.forget(passages)


def _checked_words(title: str, purpose: str) -> tuple[str, str]:
    title, purpose = " ".join(title.split()), purpose.strip()
    if not title or len(title) > 120:
        raise BadInput("A knowledge base needs a title of 1 to 120 characters.", hint="Say in a few words what it is.")
    if not purpose or len(purpose) > 1000:
        raise BadInput("Say in up to 1,000 characters what it is for.", hint="Reviewers read it before they approve.")
    return title, purpose


def _check_class(data_class: str) -> None:
    if data_class not in set(DataClass):
        raise BadInput(f"“{data_class}” is no data class.", hint=f"Known: {', '.join(DataClass)}.")


def _base(row: Any) -> BaseCard:
    return BaseCard(
        row.id, row.name, row.title, row.purpose, row.data_class, row.who, row.documents, row.passages, row.unready,
        LEVELS[int(row.level)],
    )  # fmt: skip


def _card(row: Any) -> DocumentCard:
    status, error = _status(row)
    return DocumentCard(
        row.id, row.name, row.media, row.size, status, error, row.pages, row.passages, row.done, row.created,
        row.who or "", row.run,
    )  # fmt: skip


def _status(row: Any) -> tuple[Status, str]:
    """How a document stands. Where its run has ended without it, the run says why."""
    if row.status not in ("ready", "failed") and row.run_status in ("failed", "cancelled"):
        error = orjson.loads(row.run_error)["message"] if row.run_error else "Indexing was stopped."
        return "failed", error
    return row.status, row.error
