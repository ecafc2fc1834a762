"""What a run is given of an earlier one: records at the beginning of its log that say where they come from.

A given record is one like any other: the run goes on behind it as if it had been interrupted there. It belongs to
attempt 0, and its detail names the run and the record it was taken from.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, cast

import orjson

from runtime.engine.frames import ROUND, Frame, container_of
from runtime.engine.journal import Journal
from runtime.engine.ports import Pin
from runtime.engine.state import State, fresh
from runtime.engine.values import encode
from runtime.graph.document import CONVERSATION, VARIABLES
from runtime.graph.plan import Plan
from runtime.store.log import Record
from runtime.store.writer import Writer


@dataclass(frozen=True, slots=True)
class Given:
    """The beginning of a log."""

    records: list[Record] = field(default_factory=list[Record])
    blobs: list[tuple[str, bytes]] = field(default_factory=list[tuple[str, bytes]])


class Pen:
    """Writes the beginning of the log of a run that has not begun."""

    def __init__(self, plan: Plan, run: str, now: float) -> None:
        state = fresh(plan, run, "")
        self._journal = Journal(run, 0, state, cast("Writer", None), lambda _batch, _error: None)
        self._state, self._now = state, now

    def copy(self, record: Record) -> None:
        """Give a record of another run."""
        value = record.value if record.value is not None else b"null"
        self._note(record.kind, record.step, record.path, value, record.exit, {"run": record.run, "seq": record.seq},
                   orjson.loads(record.detail) if record.detail else {}, record.input_digest)  # fmt: skip

    def done(self, step: str, path: str, exit_id: str, value: Any, origin: Mapping[str, Any]) -> None:
        """Give what a step handed on."""
        self._note("done", step, path, encode(value), exit_id, origin)

    def set(self, step: str, path: str, root: str, name: str, value: Any, origin: Mapping[str, Any]) -> None:
        """Give what a variable holds."""
        where = {"variable": name} if root == VARIABLES else {"variable": name, "of": root}
        self._note("set", step, path, encode(value), "", origin, where)

    def items(self, step: str, path: str, entries: list[Any], origin: Mapping[str, Any]) -> None:
        """Give what a for-each works on."""
        self._note("intent", step, path, encode(entries), "", origin, {"effect": "items"})

    def written(self) -> Given:
        """All of it."""
        return Given(*self._journal.taken())

    def _note(
        self, kind: str, step: str, path: str, value: bytes, exit_id: str, origin: Mapping[str, Any],
        detail: Mapping[str, Any] | None = None, input_digest: str = "",
    ) -> None:  # fmt: skip
        known = {name: each for name, each in (detail or {}).items() if name != "usage"}  # used by the earlier run
        self._journal.note(
            kind, step, path=path, started=self._now, ended=self._now, seen=self._state.seq, value=value,
            exit_id=exit_id, detail=orjson.dumps(known | {"given": dict(origin)}), input_digest=input_digest,
        )  # fmt: skip


def copied(pen: Pen, records: Iterable[Record], wanted: Callable[[Record], bool], pins: Mapping[str, Pin]) -> None:
    """Give those records of an earlier run that are `wanted`; of a pinned step what is pinned."""
    for record in records:
        pin = pins.get(record.step) if record.kind in ("done", "failed") else None
        if not wanted(record):
            continue
        if pin is not None:
            pen.done(record.step, record.path, pin.exit, dict(pin.outputs), {"pin": True})
        else:
            pen.copy(record)


def snapshot(pen: Pen, state: State, path: str, origin: Mapping[str, Any], left_out: Callable[[str], bool]) -> None:
    """Give what is known at a path: what the steps around it have handed on, and what variables hold."""
    frame: Frame | None = state.at(path)
    around: list[Frame] = []
    while frame is not None:
        around.insert(0, frame)
        frame = frame.above
    begins = state.plan.steps[state.plan.start].id
    for each in around:
        if each.above is not None:
            _container(pen, each, origin)
        for root in (VARIABLES, CONVERSATION):
            for name, value in each.roots.get(root, {}).items():
                pen.set(begins, each.path, root, name, value, origin)
        for step in each.scope.steps:
            exit_id = each.exits[step.index]
            if exit_id is not None and not left_out(step.id):
                pen.done(step.id, each.path, exit_id, each.roots[step.id], origin)


def _container(pen: Pen, frame: Frame, origin: Mapping[str, Any]) -> None:
    """Give what a container knew when it began an item or a round."""
    outside, step = frame.above, container_of(frame.path)
    assert outside is not None, "only an item lies in a container"
    if step in outside.opened and outside.opened[step].entries:
        pen.items(step, outside.path, outside.opened[step].entries, origin)
    for name, value in outside.roots.get(step, {}).items():  # what a loop carries
        if name != ROUND:
            pen.set(step, outside.path, step, name, value, origin)
