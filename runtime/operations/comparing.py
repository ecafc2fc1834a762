"""Two runs side by side: each step with its status, input, output, duration, tokens and cost, and what differs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from nodes.sdk import StepFailed
from runtime.engine.state import fold, fresh
from runtime.graph.document import Document
from runtime.graph.ordering import order_of
from runtime.graph.plan import Plan
from runtime.operations.actors import Actor
from runtime.operations.called import in_called
from runtime.operations.door import look
from runtime.operations.happened import StepView, absent, steps_in
from runtime.operations.runtime import Runtime
from runtime.operations.traces import RunCard, card_of, document_of, seen_inside
from runtime.store import runs as rows
from runtime.store.log import Record, read_records
from runtime.store.spending import usage_of_calls
from runtime.store.transaction import Tx

Part = Literal["status", "input", "output", "tokens", "cost"]
MOST_PLACES = 200
"""items and rounds whose steps are compared"""


@dataclass(frozen=True, slots=True)
class Side:
    """How one step went in one run."""

    status: str
    input: dict[str, Any] | None
    """its settings with the values it saw; None where it did not begin, or its data was removed"""
    output: Any
    error: str
    duration: float | None
    """seconds"""
    tokens: int
    cost: float | None
    origin: str
    """given, pinned, or empty where it really ran"""


@dataclass(frozen=True, slots=True)
class Compared:
    """One step in both runs. A side is None where that workflow has no such step, or the run did not come to that
    item."""

    step: str
    path: str
    title: str
    type: str
    left: Side | None
    right: Side | None
    differs: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two runs side by side."""

    left: RunCard
    right: RunCard
    inputs: bool
    """whether they were given different inputs"""
    outputs: bool
    """whether different things came out"""
    steps: list[Compared]
    """in the order of the second run's workflow, what lies in a container right behind it, by item"""
    left_off: int
    """items and rounds that are not compared because there are too many"""


@dataclass(frozen=True, slots=True)
class _Run:
    """One of the two, as it is compared."""

    card: RunCard
    document: Document
    inputs: bytes
    outputs: bytes | None
    places: Mapping[str, Mapping[str, tuple[StepView, dict[str, Any] | None]]]
    """by path, by step"""


async def compare_runs(runtime: Runtime, actor: Actor | None, *, left: str, right: str) -> Comparison:
    """Compare two runs whose steps this actor may look into."""
    found = [
        await look(runtime, actor, "run.see", run, lambda tx, run=run: _read(runtime, tx, actor, run))
        for run in (left, right)
    ]
    return compare(*found)


def compare(left: _Run, right: _Run) -> Comparison:
    """Put two runs side by side, step by step."""
    paths = sorted({*left.places, *right.places} - {""}, key=_in_order)
    shown = ["", *paths[:MOST_PLACES]]
    order = order_of(right.document.meaning)
    order += [each for each in order_of(left.document.meaning) if each not in right.document.meaning.steps]
    steps = list(_walk(left, right, order, shown, "", ""))
    return Comparison(
        left.card, right.card, left.inputs != right.inputs, left.outputs != right.outputs, steps,
        len(paths) + 1 - len(shown),
    )  # fmt: skip


def _walk(
    left: _Run, right: _Run, order: Sequence[str], shown: Sequence[str], path: str, container: str
) -> Iterable[Compared]:
    """The steps of one place, each container followed by its items."""
    for step in order:
        document = right.document if step in right.document.meaning.steps else left.document
        if document.meaning.steps[step].inside != container:
            continue
        one, other = _side(left, step, path), _side(right, step, path)
        if one is not None or other is not None:
            yield Compared(
                step, path, document.title(step), document.meaning.steps[step].type, one, other, _differs(one, other)
            )
        inner = f"{path}/{step}[" if path else f"{step}["
        for each in shown:
            if each.startswith(inner) and "/" not in each[len(inner) :]:
                yield from _walk(left, right, order, shown, each, step)


def _side(run: _Run, step: str, path: str) -> Side | None:
    if step not in run.document.meaning.steps or path not in run.places:
        return None
    rest = "skipped" if run.card.status in rows.ENDED else "waiting"
    view, given = run.places[path].get(step) or (absent(run.document, step, rest), None)
    used = view.usage or {}
    took = view.ended - view.started if view.started is not None and view.ended is not None else None
    return Side(
        view.status, given, view.output, (view.error or {}).get("message", ""), took,
        used.get("tokens_in", 0) + used.get("tokens_out", 0), used.get("cost"), view.origin,
    )  # fmt: skip


def _differs(left: Side | None, right: Side | None) -> tuple[Part, ...]:
    """What is not the same. What a given step or a recorded answer did not use is no difference."""
    if left is None or right is None:
        return ("status",)
    parts: list[Part] = []
    if (left.status, left.error) != (right.status, right.error):
        parts.append("status")
    if left.input != right.input and left.input is not None and right.input is not None:
        parts.append("input")
    if _plain(left.output) != _plain(right.output):
        parts.append("output")
    if left.tokens != right.tokens and left.tokens and right.tokens:
        parts.append("tokens")
    if left.cost != right.cost and left.cost is not None and right.cost is not None:
        parts.append("cost")
    return tuple(parts)


def _plain(output: Any) -> Any:
    """What a step handed on, without how long its model took."""
    if isinstance(output, dict) and isinstance(output.get("usage"), dict):  # pyright: ignore[reportUnknownMemberType]
        return {name: each for name, each in output.items() if name != "usage"}  # pyright: ignore[reportUnknownVariableType]
    return output  # pyright: ignore[reportUnknownVariableType]


def _read(runtime: Runtime, tx: Tx, actor: Actor | None, run: str) -> _Run:
    row = seen_inside(tx, actor, run)
    document, records = document_of(tx, row), read_records(tx, run)
    plan = runtime.plans.plan_of(row.hash, row.words) if row.erased is None else None
    by_path: dict[str, list[Record]] = {"": []}
    for record in records:
        if in_called(record.path):
            continue  # what a called workflow came to, the step that calls it hands on
        if record.kind != "item":
            by_path.setdefault(record.path, []).append(record)
        else:
            by_path.setdefault(record.path, [])
    used = usage_of_calls(tx, run)
    given = inputs_of(plan, records, set(sorted(by_path, key=_in_order)[: MOST_PLACES + 1])) if plan else {}
    places = {
        path: {step: (view, given.get((step, path))) for step, view in steps_in(document, some, used).items()}
        for path, some in by_path.items()
    }
    card = replace(card_of(row), said="")
    return _Run(card, document, row.inputs, row.outputs, places)


def inputs_of(
    plan: Plan, records: Sequence[Record], paths: Iterable[str]
) -> dict[tuple[str, str], dict[str, Any] | None]:
    """What each step at some paths was given, rebuilt in one go through the log."""
    known = set(paths)
    begun: dict[tuple[str, str], int] = {}
    for each in records:
        if each.path in known and each.kind in ("intent", "wait", "done", "failed"):
            begun.setdefault((each.step, each.path), each.seen)
    state, at = fresh(plan, records[0].run if records else "", ""), 0
    found: dict[tuple[str, str], dict[str, Any] | None] = {}
    for (step, path), seen in sorted(begun.items(), key=lambda each: each[1]):
        try:
            fold(state, records[at:seen])
            at = max(at, seen)
            frame = state.at(path)
            planned = frame.scope.steps[frame.scope.index[step]]
            node = planned.ready if planned.bind is None else planned.bind(frame.read)
        except (KeyError, IndexError, ValueError, StepFailed):
            continue
        found[step, path] = node.model_dump(mode="json", by_alias=True) if node is not None else None
    return found


def _in_order(path: str) -> list[tuple[str, int]]:
    """Paths by container and number: `each[2]` before `each[10]`."""
    parts = [each.partition("[") for each in path.split("/") if each]
    return [(name, int(number[:-1] or 0)) for name, _, number in parts]
