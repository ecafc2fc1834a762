"""Passages: how a document was split, which ones answer a question, and one with what stands around it."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any, cast

from nodes.sdk import Passage
from runtime.errors import BadInput, NotFound, StorageUnavailable
from runtime.graph.checking_steps import DEEPEST
from runtime.graph.document import CALL, Document, Meaning
from runtime.graph.problems import FAILING, Problem
from runtime.knowledge.minilm import NotTheModel
from runtime.operations.actors import Actor
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


def _searched(tx: Tx, meaning: Meaning, depth: int = 0) -> Iterator[tuple[str, str]]:
    """Steps with the bases they search, also by a workflow they call; "" for the error workflow."""
    failing = meaning.run.error_workflow if depth == 0 else None  # a workflow that is called has none
    if failing is not None and (body := read_content(tx, failing.content)):
        yield from (("", name) for _, name in _searched(tx, Meaning.model_validate_json(body), 1))
    for step, each in meaning.steps.items():
        if each.type == SEARCH:
            yield from ((step, str(name)) for name in each.settings.get("bases") or ())
        elif each.type == CALL and depth < DEEPEST:
            workflow = each.settings.get("workflow")
            content = cast("dict[str, Any]", workflow).get("content") if isinstance(workflow, dict) else None
            body = read_content(tx, content) if isinstance(content, str) else None
            inside = _searched(tx, Meaning.model_validate_json(body), depth + 1) if body else ()
            yield from ((step, name) for _, name in inside)


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
