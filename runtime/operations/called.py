"""Workflows that a run calls: whose they are, and their steps as they stand in its log.

A step that calls a workflow has a path prefix of its own: `call`, inside an item `all[3]/call`. What lies behind it is
shown to whoever may look into the run and see the workflow that is called; everybody else sees the call alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from pydantic import ValidationError

from runtime.errors import NotAllowed, NotFound
from runtime.graph.document import CALL, Document, Layout, Meaning, Words
from runtime.graph.ordering import order_of
from runtime.operations.actors import Actor
from runtime.operations.happened import StepView, absent, items_of, steps_in
from runtime.store.inside import count_items, last_call, read_at, read_last, read_place
from runtime.store.rights import roles_of
from runtime.store.runs import read_content
from runtime.store.transaction import Tx
from runtime.store.versions import version_with

CONTAINERS = frozenset({"flow.each", "flow.repeat", CALL})
Used = Mapping[str, dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Callee:
    """A workflow that a step calls, in its version."""

    name: str
    title: str
    """empty where the reader may not see it, like all that follows"""
    number: int
    """of the version; 0 where it is not known"""
    seen: bool
    """whether this reader may look inside"""
    opens: bool
    """whether this reader may open the workflow itself"""
    document: Document


@dataclass(frozen=True, slots=True)
class CalledView:
    """A workflow that was called, with its steps in reading order."""

    place: str
    """its path in the run"""
    name: str
    title: str
    number: int
    seen: bool
    """whether this reader may look inside: otherwise there are no steps here, and no title"""
    opens: bool
    """whether this reader may open the workflow itself, by its `name`"""
    steps: list[StepView]


def in_called(path: str) -> bool:
    """Whether a path leads into a workflow that is called."""
    return any(part and not part.endswith("]") for part in path.split("/"))


def workflow_at(path: str) -> str:
    """The place of the called workflow a path lies in: `all[3]/call` of `all[3]/call/each[0]`; empty: of none."""
    parts = path.split("/")
    while parts and (not parts[-1] or parts[-1].endswith("]")):
        parts.pop()
    return "/".join(parts)


def callee_of(tx: Tx, actor: Actor | None, document: Document, step: str) -> Callee | None:
    """What a step calls; None for a step that calls nothing."""
    placed = document.meaning.steps.get(step)
    if placed is None or placed.type != CALL:
        return None
    chosen: dict[str, str] = placed.settings.get("workflow") or {}
    return callee_with(tx, actor, chosen.get("name", ""), chosen.get("content", ""))


def callee_with(tx: Tx, actor: Actor | None, name: str, content: str) -> Callee:
    """The workflow with this content that this person may see, best the one with this name."""
    body = read_content(tx, content)
    if body is None or actor is None:
        return Callee(name, "", 0, False, False, Document(name="called"))
    row = version_with(tx, content, actor.id, name)
    if not (row is not None and row.seen) and "auditor" not in roles_of(tx, actor.id):
        return Callee(name, "", 0, False, False, Document(name="called"))
    words = read_content(tx, row.words) if row is not None else None
    layout = read_content(tx, row.layout) if row is not None else None
    try:
        meaning = Meaning.model_validate_json(body)
    except ValidationError:  # words, a manifest: other things are kept under their digests too
        return Callee(name, "", 0, False, False, Document(name="called"))
    found = Document(
        name="called",
        meaning=meaning,
        words=Words.model_validate_json(words or b"{}"),
        layout=Layout.model_validate_json(layout or b"{}"),
    )
    if row is None:
        return Callee(name, name, 0, True, False, found)
    return Callee(row.name, row.title, row.number, True, bool(row.seen), found)


def document_at(tx: Tx, actor: Actor | None, document: Document, path: str) -> Document:
    """The document whose steps stand at a path of a run of `document`. Raises `NotFound`, `NotAllowed`."""
    for part in path.split("/"):
        if not part or part.endswith("]"):
            continue
        found = callee_of(tx, actor, document, part)
        if found is None:
            raise NotFound("There is no such step in this run.", hint="Open the run again.")
        if not found.seen:
            raise NotAllowed(
                f"What the steps of “{found.name}” did is for those who may see that workflow.",
                hint="Its owner can share it with you.",
            )
        document = found.document
    return document


def steps_at(tx: Tx, run: str, document: Document, place: str, used: Used, *, over: bool) -> list[StepView]:
    """The steps of one workflow of a run, in reading order: of the one that ran, or of the one called at a `place`.
    `over`: the run has ended."""
    records = read_place(tx, run, place)
    told = steps_in(document, records, used) | steps_in(document, read_last(tx, run, place), used)
    counts = count_items(tx, run, place)
    over = over or any(each.kind == "item" for each in records)
    if over:  # a container that never ended: it was stopped, or only a step in it was tried
        told = {step: each for step, each in told.items() if each.status != "running" or each.type not in CONTAINERS}
    for step in reversed(order_of(document.meaning)):  # what lies inside first
        if step not in told:
            since = None if over else _at_work(tx, run, document, place, step, told)
            begun = replace(absent(document, step, "running"), started=since)
            told[step] = begun if since is not None else absent(document, step, "skipped" if over else "waiting")
    return [
        replace(told[step], items=items_of(document, step, counts, lambda seq: read_at(tx, run, seq)))
        for step in order_of(document.meaning)
    ]


def _at_work(tx: Tx, run: str, document: Document, place: str, step: str, told: Mapping[str, StepView]) -> float | None:
    """Since when a step that has written nothing yet is at work, as what lies in it tells; None where nothing does."""
    if document.meaning.steps[step].type == CALL:
        at = _called_at(tx, run, document, place, step)
        since = [each.started for each in read_place(tx, run, at)] if at else []
    else:
        since = [each.started for each in told.values() if each.inside == step and each.started is not None]
    return min(since, default=None)


def _called_at(tx: Tx, run: str, document: Document, around: str, step: str) -> str | None:
    """The place where a step of a document that is called at `around` calls: inside a container the last one."""
    if document.meaning.steps[step].inside:
        return last_call(tx, run, around, step)
    return f"{around}/{step}" if around else step


def called_in(
    tx: Tx, actor: Actor | None, run: str, document: Document, steps: Iterable[StepView], used: Used, *,
    around: str = "", at: str | None = None, over: bool,
) -> Iterator[CalledView]:  # fmt: skip
    """The workflows these steps of a document call, and those called in there, each after the one that calls it.

    `around` is where that document is called. A step inside a container calls at many places: meant is the last, or
    the one in the item at the path `at`.
    """
    for each in steps:
        if each.type != CALL or each.origin:
            continue
        place = f"{at}/{each.step}" if at is not None else _called_at(tx, run, document, around, each.step)
        found = callee_of(tx, actor, document, each.step)
        assert found is not None, "its type says that it calls one"
        inner = steps_at(tx, run, found.document, place, used, over=over) if place and found.seen else []
        if place and (any(one.started is not None for one in inner) or (each.started is not None and not found.seen)):
            yield CalledView(place, found.name, found.title, found.number, found.seen, found.opens, inner)
            yield from called_in(tx, actor, run, found.document, inner, used, around=place, over=over)


def shut_calls(tx: Tx, actor: Actor | None, document: Document) -> tuple[set[str], set[str]]:
    """The places (without numbers: `all/call`) where a workflow is called, and those of them into which this reader may
    not look."""
    calls, shut = set[str](), set[str]()

    def walk(inner: Document, before: str) -> None:
        for step, placed in inner.meaning.steps.items():
            if (found := callee_of(tx, actor, inner, step)) is None:
                continue
            around, outer = [step], placed.inside
            while outer:
                around.append(outer)
                outer = inner.meaning.steps[outer].inside
            place = "/".join(filter(None, [before, *reversed(around)]))
            calls.add(place)
            if found.seen:
                walk(found.document, place)
            else:
                shut.add(place)

    walk(document, "")
    return calls, shut


def without_numbers(path: str) -> str:
    """`all[3]/call` as `all/call`."""
    return "/".join(part.partition("[")[0] for part in path.split("/"))
