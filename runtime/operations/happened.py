"""What the records of one walk through steps say: of the whole workflow, of one item, of one round."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

import orjson

from runtime.graph.document import Document
from runtime.store.inside import Count
from runtime.store.log import Record

ROUNDS = "flow.repeat"
MOST_ROUNDS = 10
"""where a loop says nothing"""


@dataclass(frozen=True, slots=True)
class ModelCall:
    """One call of a model as it was really sent, and what it used."""

    step: str
    alias: str
    model: str
    messages: list[dict[str, str]]
    at: float
    usage: dict[str, Any] | None


@dataclass(frozen=True, slots=True)
class Asked:
    """A question a step asked people, and the answer once there is one."""

    title: str
    waits_for: str
    """the names of who may answer"""
    since: float
    deadline: float | None
    choice: str = ""
    by: str = ""


@dataclass(frozen=True, slots=True)
class Items:
    """How many items of a for-each or rounds of a loop have ended, wherever in the run it was at work."""

    kind: Literal["item", "round"]
    done: int
    failed: int
    of: int | None = None
    """how many items there are, where all of them are at one place and one has ended; of a loop the most rounds"""


@dataclass(frozen=True, slots=True)
class StepView:
    """One step of a run."""

    step: str
    path: str
    title: str
    type: str
    status: str
    """done (also where a failure was handled), failed, running (began, no result yet), asking (waits for people),
    skipped or waiting (not reached)"""
    exit: str
    started: float | None
    ended: float | None
    output: Any
    error: dict[str, Any] | None
    usage: dict[str, Any] | None
    calls: list[ModelCall]
    asked: Asked | None = None
    """the last question it asked"""
    inside: str = ""
    """the container it lies in; then all else is of the last item or round that came to it"""
    handled: bool = False
    """whether it failed and the run went on: `error` says why, `output` what it handed on all the same"""
    tries: int = 1
    items: Items | None = None
    """of a for-each or a loop: how far it came"""
    origin: str = ""
    """given (by an earlier run), pinned, or empty where it really ran"""


def steps_in(document: Document, records: Iterable[Record], used: Mapping[str, dict[str, Any]]) -> dict[str, StepView]:
    """Every step that has begun, by its id. Records of steps this document does not have (of a workflow it calls) are
    left out; `used` says what each call of a model used."""
    steps: dict[str, StepView] = {}
    calls: dict[str, list[ModelCall]] = {}
    asked: dict[str, Asked] = {}
    tries: dict[str, int] = {}
    for record in records:
        step = record.step
        if step not in document.meaning.steps:
            continue
        detail: dict[str, Any] = orjson.loads(record.detail) if record.detail else {}
        if record.kind in ("intent", "retry", "wait") and step in steps and steps[step].path != record.path:
            del steps[step]  # it goes on in another item
        match record.kind:
            case "intent":
                if detail.get("effect") == "model":
                    calls.setdefault(step, []).append(_call(record, detail, used))
                steps.setdefault(step, _step(document, record, "running", calls.get(step, [])))
            case "retry":
                tries[step] = record.try_ + 1
                steps.setdefault(step, _step(document, record, "running", calls.get(step, [])))
            case "wait" | "answer":
                asked[step] = _asked(asked.get(step), record, detail)
                begun = steps.setdefault(step, _step(document, record, "asking", []))
                steps[step] = replace(begun, status="asking" if record.kind == "wait" else "running")
            case "done" | "failed":
                steps.pop(step, None)
                steps[step] = _ended(document, record, calls.get(step, []), detail)
            case _:
                pass
    for step, question in asked.items():
        started = min(steps[step].started or question.since, question.since)
        steps[step] = replace(steps[step], asked=question, started=started)
    return {step: replace(each, tries=tries.get(step, 1)) for step, each in steps.items()}


def absent(document: Document, step: str, status: str) -> StepView:
    """A step that was not reached."""
    type_id, inside = document.meaning.steps[step].type, document.meaning.steps[step].inside
    return StepView(
        step, "", document.title(step), type_id, status, "", None, None, None, None, None, [], inside=inside
    )


def items_of(
    document: Document, step: str, counts: Iterable[Count], record_at: Callable[[int], Record]
) -> Items | None:
    """How far a container came; None for what is none."""
    placed = document.meaning.steps[step]
    if placed.type not in (ROUNDS, "flow.each"):
        return None
    mine = {each.exit: each for each in counts if each.step == step}
    many = {exit_id: each.many for exit_id, each in mine.items()}
    done, failed = many.get("done", 0) + many.get("left", 0), many.get("failed", 0)
    if placed.inside:  # at work in several places
        return Items("round" if placed.type == ROUNDS else "item", done, failed)
    if placed.type == ROUNDS:
        return Items("round", done, failed, int(placed.settings.get("most", MOST_ROUNDS)))
    record = record_at(max(each.last for each in mine.values())) if mine else None
    told: dict[str, Any] = orjson.loads(record.detail) if record is not None and record.detail else {}
    return Items("item", done, failed, told.get("of"))


def _step(document: Document, record: Record, status: str, calls: list[ModelCall]) -> StepView:
    """A step under way."""
    found = absent(document, record.step, status)
    return replace(found, path=record.path, exit=record.exit, started=record.started, calls=calls)


def _ended(document: Document, record: Record, calls: list[ModelCall], detail: Mapping[str, Any]) -> StepView:
    """A step that worked, or failed."""
    value, handled = loaded(record), bool(detail.get("handled"))
    failed = record.kind == "failed"
    told: dict[str, Any] = (value or {}) if failed else {}
    output = told.get("output") if failed else value
    error = {name: each for name, each in told.items() if name != "output"}
    return replace(
        _step(document, record, "failed" if failed and not handled else "done", calls),
        ended=record.ended, output=output, error=error or None, usage=detail.get("usage"), handled=handled,
        origin=_origin(detail),
    )  # fmt: skip


def _origin(detail: Mapping[str, Any]) -> str:
    """Where a result comes from that no work of the step made."""
    if detail.get("pinned") or "pin" in detail.get("given", {}):
        return "pinned"
    return "given" if "given" in detail else ""


def _call(record: Record, detail: Mapping[str, Any], used: Mapping[str, dict[str, Any]]) -> ModelCall:
    sent: dict[str, Any] = loaded(record) or {}
    return ModelCall(
        record.step, sent.get("alias", ""), sent.get("model", ""), sent.get("messages", []), record.started,
        used.get(detail.get("bill") or detail.get("key", "")),
    )  # fmt: skip


def _asked(before: Asked | None, record: Record, detail: Mapping[str, Any]) -> Asked:
    """What is known of a question after one more record of it."""
    said: dict[str, Any] = loaded(record) or {}
    if record.kind == "answer" and before is not None:
        return replace(before, choice=said.get("choice", ""), by=said.get("by", ""))
    return Asked(said.get("title", ""), said.get("waits_for", ""), record.started, detail.get("deadline"))


def loaded(record: Record) -> Any:
    """The value of a record; None where it was removed."""
    return orjson.loads(record.value) if record.value is not None else None
