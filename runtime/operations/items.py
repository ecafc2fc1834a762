"""Items of a for-each and rounds of a loop: page by page, and one of them with its steps."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson

from runtime.engine.frames import container_of
from runtime.errors import NotFound
from runtime.graph.document import Document
from runtime.graph.ordering import order_of
from runtime.operations.actors import Actor
from runtime.operations.called import CalledView, called_in, document_at
from runtime.operations.door import look
from runtime.operations.happened import StepView, absent, loaded, steps_in
from runtime.operations.runtime import Runtime
from runtime.operations.traces import document_of, seen_inside
from runtime.store import runs as rows
from runtime.store.inside import read_items, read_last, read_place, read_tried
from runtime.store.log import Record
from runtime.store.spending import usage_of_calls
from runtime.store.transaction import Tx
from runtime.store.trials import trial_of

PAGE = 50
MOST_TRIED = 50
LONGEST = 200
"""characters of a result in a list; the whole of it stands in the item"""


@dataclass(frozen=True, slots=True)
class ItemCard:
    """An item or a round that has ended, in a list."""

    number: int
    """from 0"""
    path: str
    status: str
    """done, failed or cancelled"""
    started: float
    ended: float
    says: str
    """how its result begins, or why it failed"""


@dataclass(frozen=True, slots=True)
class Tried:
    """An item or a round a step may be tried with."""

    run: str
    """the run that has it"""
    path: str
    failed: bool


@dataclass(frozen=True, slots=True)
class Page:
    """Some items in the order of their numbers. `more`: there are others behind them."""

    items: list[ItemCard]
    more: bool


@dataclass(frozen=True, slots=True)
class ItemView:
    """One item with what it came to, and its steps in reading order."""

    path: str
    status: str
    """done, failed, cancelled, or running"""
    result: Any
    error: Mapping[str, Any] | None
    steps: list[StepView]
    called: list[CalledView] = field(default_factory=list[CalledView])
    """the workflows they called"""


async def list_items(
    runtime: Runtime,
    actor: Actor | None,
    *,
    run: str,
    step: str,
    around: str = "",
    failed: bool = False,
    after: int = 0,
    most: int = PAGE,
) -> Page:
    """Items or rounds of a container, `after` so many of them, or only those that failed. `around` is the path of what
    the container lies in."""

    def find(tx: Tx) -> Page:
        row = seen_inside(tx, actor, run)
        _container(document_at(tx, actor, document_of(tx, row), around), step, run)
        wanted = min(max(most, 1), 200)
        found = read_items(tx, run, step, around, failed=failed, after=max(after, 0), most=wanted + 1)
        return Page([_card(each) for each in found[:wanted]], len(found) > wanted)

    return await look(runtime, actor, "run.see", run, find)


async def list_tried(runtime: Runtime, actor: Actor | None, *, run: str, step: str, most: int = PAGE) -> list[Tried]:
    """With which items or rounds a step inside a container may be tried: first those that failed, or in which it did,
    the newest before the others; empty for a step in no container. Where the step alone was tried, first the one it was
    tried with, then those of the run that gave it."""

    def find(tx: Tx) -> list[Tried]:
        document = document_of(tx, seen_inside(tx, actor, run))
        container = document.meaning.steps[_container(document, step, run)].inside
        found = [Tried(run, each.path, _failed(each)) for each in _ended(tx, run, container, step)] if container else []
        trial = trial_of(tx, run)
        if container and trial is not None and trial.kind == "step" and trial.source:
            last = [each for each in read_last(tx, run) if each.step == step]
            found = [Tried(run, each.path, each.kind == "failed") for each in last]
            seen_inside(tx, actor, trial.source)
            found += [
                Tried(trial.source, each.path, _failed(each)) for each in _ended(tx, trial.source, container, step)
            ]
        return found[:most]

    return await look(runtime, actor, "run.see", run, find)


def _ended(tx: Tx, run: str, container: str, step: str) -> list[Record]:
    return read_tried(tx, run, container, step, MOST_TRIED)


def _failed(record: Record) -> bool:
    return record.exit == "failed"


async def read_item(runtime: Runtime, actor: Actor | None, *, run: str, path: str) -> ItemView:
    """One item or round with its steps; what lies further inside has pages of its own."""

    def find(tx: Tx) -> ItemView:
        row = seen_inside(tx, actor, run)
        document = document_at(tx, actor, document_of(tx, row), path)
        container = _container(document, container_of(path), run)
        records = read_place(tx, run, path)
        ended = next((each for each in records if each.kind == "item"), None)
        used = usage_of_calls(tx, run)
        told = steps_in(document, records, used)
        rest = "skipped" if ended is not None or row.status in rows.ENDED else "waiting"
        inner = [each for each in order_of(document.meaning) if document.meaning.steps[each].inside == container]
        steps = [told.get(each) or absent(document, each, rest) for each in inner]
        value = loaded(ended) if ended is not None else None
        failed = ended is not None and ended.exit == "failed"
        status = _status(ended) if ended is not None else "running"
        called = list(called_in(tx, actor, run, document, steps, used, at=path, over=row.status in rows.ENDED))
        return ItemView(path, status, None if failed else value, value if failed else None, steps, called)

    return await look(runtime, actor, "run.see", run, find)


def _container(document: Document, step: str, run: str) -> str:
    if step not in document.meaning.steps:
        raise NotFound(f"There is no step {step} in run {run}.", hint="Open the run again.")
    return step


def _card(record: Record) -> ItemCard:
    number = int(record.path.rpartition("[")[2].rstrip("]"))
    value = loaded(record)
    failed: dict[str, Any] = (value or {}) if record.exit == "failed" else {}
    said = failed.get("message", "") if failed else _said(value)
    return ItemCard(number, record.path, _status(record), record.started, record.ended, said[:LONGEST])


def _status(record: Record) -> str:
    return "done" if record.exit == "left" else record.exit


def _said(value: Any) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else orjson.dumps(value).decode()
