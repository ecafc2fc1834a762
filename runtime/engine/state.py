"""What a run knows: outputs, exits, variables and counters, rebuilt exactly by folding its log in seq order."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson

from runtime.engine.values import digest
from runtime.graph.binding import dig
from runtime.graph.plan import Plan, PlanStep
from runtime.store.log import Record

Place = tuple[str, str, str]
"""step, path and kind of a wait"""
NOTHING = ""
"""digest of a step that was skipped or has not run"""


@dataclass(slots=True)
class State:
    """The fold of a log. Steps stand at their index in the plan."""

    plan: Plan
    roots: dict[str, Any]
    """what references start from: step ids, `variables`, `run`"""
    exits: list[str | None]
    digests: list[str]
    ended: list[float]
    variables: dict[str, Any]
    variable_digests: dict[str, str]
    intents: dict[tuple[str, str], Record] = field(default_factory=dict[tuple[str, str], Record])
    """effects that began and have no result"""
    waits: dict[Place, Record] = field(default_factory=dict[Place, Record])
    """questions without an answer"""
    answers: dict[Place, Record] = field(default_factory=dict[Place, Record])
    """the last answer of each place"""
    failure: Record | None = None
    seq: int = 0
    hash: str = ""
    steps: int = 0
    tokens_in: int = 0
    tokens_out: int = 0
    cost: float | None = None
    busy_s: float = 0.0
    """time spent executing in earlier attempts"""

    def read(self, root: str, keys: tuple[str, ...]) -> Any:
        """The value at a reference; null where there is none."""
        return dig(self.roots.get(root), keys)

    def input_digest(self, step: PlanStep) -> str:
        """A digest of what a step reads, made from the digests that travel with the values."""
        if not (step.reads or step.reads_variables):
            return ""
        parts = [self.digests[each] for each in step.reads]
        parts += [self.variable_digests.get(each, "") for each in step.reads_variables]
        return digest("\n".join(parts).encode())

    def outputs(self) -> dict[str, Any]:
        """What the finishes that were reached hand back."""
        merged: dict[str, Any] = {}
        for at in self.plan.finishes:
            if self.exits[at] is not None:
                merged |= self.roots[self.plan.steps[at].id]
        return merged

    def take_done(self, step: int, exit_id: str, output: Any, output_digest: str, ended: float) -> None:
        """A step finished, for ever."""
        self.roots[self.plan.steps[step].id] = output
        self.exits[step] = exit_id
        self.digests[step] = output_digest
        self.ended[step] = ended
        self.steps += 1

    def take_set(self, name: str, value: Any, value_digest: str) -> None:
        """A variable has a value from here on."""
        self.variables[name] = value
        self.variable_digests[name] = value_digest

    def take_wait(self, place: Place, record: Record) -> None:
        """A step asks somebody."""
        self.waits[place] = record

    def take_answer(self, place: Place, record: Record) -> None:
        """The answer, for ever."""
        self.waits.pop(place, None)
        self.answers[place] = record

    def take_usage(self, usage: Mapping[str, Any]) -> None:
        """Count what a step used. A cost that is not known leaves the sum as it is."""
        self.tokens_in += usage.get("tokens_in", 0)
        self.tokens_out += usage.get("tokens_out", 0)
        if (cost := usage.get("cost")) is not None:
            self.cost = (self.cost or 0.0) + cost


def fresh(plan: Plan, run: str, created: str) -> State:
    """The state of a run before its first record."""
    variables = {name: each.start for name, each in plan.variables.items()}
    count = len(plan.steps)
    return State(
        plan=plan,
        roots={"variables": variables, "run": {"id": run, "started": created}},
        exits=[None] * count,
        digests=[NOTHING] * count,
        ended=[0.0] * count,
        variables=variables,
        variable_digests={},
    )


def fold(state: State, records: Iterable[Record]) -> State:
    """Bring `state` to where these records left the run. They come in seq order and without gaps."""
    began: dict[int, float] = {}
    last: dict[int, float] = {}
    for record in records:
        if record.seq != state.seq + 1:
            raise ValueError(f"the log of {record.run} has a gap: {state.seq} is followed by {record.seq}")
        state.seq, state.hash = record.seq, record.hash
        began.setdefault(record.attempt, record.started)
        last[record.attempt] = max(record.ended, last.get(record.attempt, 0.0))
        place = (record.step, record.path)
        detail: dict[str, Any] = orjson.loads(record.detail) if record.detail else {}
        match record.kind:
            case "intent":
                state.intents[place] = record
            case "set":
                state.take_set(detail["variable"], _value(record), record.output_digest)
            case "done":
                state.intents.pop(place, None)
                state.take_done(
                    state.plan.index[record.step], record.exit, _value(record), record.output_digest, record.ended
                )
                state.take_usage(detail.get("usage", {}))
            case "failed":
                state.intents.pop(place, None)
                state.failure = record
            case "wait":
                state.take_wait((*place, detail["kind"]), record)
            case "answer":
                state.take_answer((*place, detail["kind"]), record)
            case _:
                raise ValueError(f"record {record.seq} of {record.run} has the unknown kind {record.kind!r}")
    state.busy_s = sum(last[attempt] - began[attempt] for attempt in began)
    return state


def _value(record: Record) -> Any:
    if record.value is None:
        raise ValueError(f"the payload of record {record.seq} of {record.run} was removed; the run cannot go on")
    return orjson.loads(record.value)
