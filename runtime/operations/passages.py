"""Passages: how a document was split, which ones answer a question, and one with what stands around it."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

from nodes.sdk import Passage
from runtime.errors import BadInput, NotFound, StorageUnavailable
from runtime.graph.document import Document, Meaning
from runtime.graph.problems import FAILING, Problem
from runtime.knowledge.minilm import NotTheModel
from runtime.operations.actors import Actor
from runtime.operations.calling import called_by
from runtime.operations.door import allowed, look
from runtime.operations.knowledge import base_of, document_in
from runtime.operations.runtime import Runtime
from runtime.store import knowledge as rows
from runtime.store.runs import read_content
from runtime.store.transaction import Tx

AROUND = 6_000
"""characters shown before and after a passage"""
SEARCH = "knowledge.search"
"""the step type that names bases"""


@dataclass(frozen=True, slots=True)
class Piece:
    """A passage of a document in the list of how it was split."""

    id: str
    number: int
    page: int
    """from 1; 0 where the document is not divided into pages"""
    start: int
    end: int
    heading: str
    text: str


@dataclass(frozen=True, slots=True)
class PassageView:
    """A passage where it stands: the text of its page in three parts, the middle one is the passage."""

    id: str
    base: str
    base_title: str
    document: str
    title: str
    media: str
    page: int
    """from 1; 0 where the document is not divided into pages"""
    pages: int
    start: int
    end: int
    heading: str
    before: str
    text: str
    after: str


async def search_base(
    runtime: Runtime, actor: Actor | None, *, base: str, query: str, limit: int = 10
) -> list[Passage]:
    """What a step would find in this base, best first."""
    await allowed(runtime, actor, "base.see", base)
    if not query.strip():
        raise BadInput("Write what to look for.", hint="A question, or a few words.")
    found = await runtime.reader.ask(lambda tx: base_of(tx, base).id)
    try:
        return await runtime.knowledge.find([found], query, limit=max(1, min(limit, 50)))
    except NotTheModel as error:
        raise StorageUnavailable(str(error)) from error


async def list_pieces(
    runtime: Runtime, actor: Actor | None, *, base: str, document: str, after: int = 0, most: int = 50
) -> list[Piece]:
    """How a document was split, in order, from behind passage `after`."""

    def find(tx: Tx) -> list[Piece]:
        paged = document_in(tx, base, document).pages > 1
        return [
            Piece(passage, number, page if paged else 0, *place)
            for passage, number, page, *place in rows.list_passages(tx, document, after, min(most, 200))
        ]

    return await look(runtime, actor, "base.see", base, find)


async def read_passage(runtime: Runtime, actor: Actor | None, *, base: str, passage: str) -> PassageView:
    """The passage behind a citation, with what stands around it. The reader's right is asked each time."""

    def find(tx: Tx) -> PassageView:
        row = rows.read_passages(tx, [passage], [base_of(tx, base).id]).get(passage)
        if row is None:
            raise NotFound("There is no such passage.", hint="Its document may have been removed or replaced.")
        return _view(row, rows.read_text(tx, row.content))

    return await look(runtime, actor, "base.see", base, find)


def base_problems(tx: Tx, document: Document, person: str) -> list[Problem]:
    """Bases a document names that this person may not read, or that are not there: the two look the same."""
    named = list(_searched(tx, document.meaning))
    readable = rows.readable_names(tx, [name for _, name in named], person)
    return [
        Problem(
            "unknown_base",
            f"{document.title(step)} searches “{name}”, which is no knowledge base you may read.",
            hint="Choose another, or ask its owner to share it with you.",
            step=step or None,
            field="bases" if step else FAILING,
        )
        for step, name in named
        if name not in readable
    ]


def _searched(tx: Tx, meaning: Meaning) -> Iterator[tuple[str, str]]:
    """Steps with the bases they search, also by a workflow they call; "" for the error workflow."""
    known: dict[str, tuple[set[str], set[str]]] = {}
    failing = meaning.run.error_workflow  # a workflow that is called has none
    if failing is not None:
        yield from (("", name) for name in _searched_by(tx, failing.content, known))
    for step, each in meaning.steps.items():
        if each.type == SEARCH:
            yield from ((step, str(name)) for name in each.settings.get("bases") or ())
        elif content := called_by(each):
            yield from ((step, name) for name in _searched_by(tx, content, known))


def _searched_by(tx: Tx, content: str, known: dict[str, tuple[set[str], set[str]]]) -> list[str]:
    """Bases a workflow searches that is called, with all it calls. `known` says of each that was looked at what it
    searches and calls: one may be called in very many places."""
    seen: set[str] = set()
    waiting = {content}
    while waiting:
        here = waiting.pop()
        seen.add(here)
        if here not in known:
            body = read_content(tx, here)
            steps = Meaning.model_validate_json(body).steps.values() if body else ()
            bases = [each.settings.get("bases") or () for each in steps if each.type == SEARCH]
            known[here] = (
                {str(name) for some in bases for name in some},
                {each for each in map(called_by, steps) if each},
            )
        waiting |= known[here][1] - seen
    return sorted({name for each in seen for name in known[each][0]})


def check_bases(tx: Tx, document: Document, person: str, pinned: Collection[str] = ()) -> None:
    """Refuse to run what names a base this person may not read, unless that step is pinned. Raises `BadInput`."""
    problems = [each for each in base_problems(tx, document, person) if each.step not in pinned]
    for first in problems[:1]:
        raise BadInput(first.sentence, hint=first.hint, details={"problems": [each.as_dict() for each in problems]})


def _view(row: Any, pages: list[str]) -> PassageView:
    number: int = row.page
    page, start, end = str(row.text), 0, len(row.text)
    if number <= len(pages):
        page, start, end = pages[number - 1], int(row.start), int(row.end)
    return PassageView(
        row.id, row.in_base, row.base_title, row.document, row.title, row.media, row.cited, row.pages, row.start,
        row.end, row.heading, page[max(0, start - AROUND) : start], page[start:end], page[end : end + AROUND],
    )  # fmt: skip
