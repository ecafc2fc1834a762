"""What a run knows: outputs, exits, variables and counters, rebuilt exactly by folding its log in seq order."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any, cast

import orjson

from nodes.sdk import StepFailed
from runtime.engine.frames import ROUND, Frame, Item, Opened, container_of, path_of
from runtime.engine.values import digest
from runtime.graph.document import ANSWER, CONVERSATION, VARIABLES
from runtime.graph.plan import Plan, PlanStep
from runtime.store.conversations import Talk
from runtime.store.log import Record

Where = tuple[str, str]
"""step and path"""
Place = tuple[str, str, str]
"""step, path and kind of a wait"""


@dataclass(slots=True)
class State:
    """The fold of a log."""

    plan: Plan
    top: Frame
    frames: dict[str, Frame]
    """those at work, by path"""
    talk: Talk | None = None
    """the conversation the run is a message of"""
    intents: dict[Where, Record] = field(default_factory=dict[Where, Record])
    """effects that began and have no result"""
    waits: dict[Place, Record] = field(default_factory=dict[Place, Record])
    """questions without an answer"""
    answers: dict[Place, Record] = field(default_factory=dict[Place, Record])
    """the last answer of each place"""
    tries: dict[Where, int] = field(default_factory=dict[Where, int])
    """failed tries of steps that are tried again"""
    failure: Record | None = None
    """what made the run fail"""
    handled: int = 0
    """failures the run went on after"""
    seq: int = 0
    hash: str = ""
    steps: int = 0
    tokens_in: int = 0
    tokens_out: int = 0
    cost: float | None = None
    lost_tokens: int = 0
    lost_cost: float = 0.0
    """what calls may have used that were cut off or came to nothing: the most they were allowed"""
    busy_s: float = 0.0
    """time spent executing in earlier attempts"""

    @property
    def conversation(self) -> dict[str, Any]:
        """The variables of the conversation as they are now."""
        return self.top.roots[CONVERSATION]

    def take_done(self, frame: Frame, step: PlanStep, exit_id: str, output: Any, output_digest: str) -> None:
        """A step finished, for ever."""
        frame.take_done(step, exit_id, output, output_digest)
        self.steps += 1
        if step.type == ANSWER:
            frame.workflow.said.append(output.get("text", ""))

    def take_handled(self, frame: Frame, step: PlanStep, exit_id: str, output: Any, output_digest: str) -> None:
        """A step failed, and the run goes on."""
        frame.take_done(step, exit_id, output, output_digest)
        self.steps += 1
        self.handled += 1

    def take_try(self, where: Where, number: int) -> None:
        """A step failed and is tried again: that counts as a step does, or limits would not hold what fails."""
        self.tries[where] = number
        self.steps += 1

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

    def take_lost(self, tokens: int, cost: float) -> None:
        """Count what a call may have used of which nothing came."""
        self.lost_tokens += tokens
        self.lost_cost += cost

    # frames

    def open(self, frame: Frame, step: PlanStep) -> Opened:
        """A container begins in a frame, or was begun there before. Raises `StepFailed` where its settings do not
        fit."""
        found = frame.opened.get(step.id)
        if found is None:
            node = step.ready if step.bind is None else step.bind(frame.read)
            assert node is not None, f"the plan has neither a node nor a binding for {step.id}"
            found = Opened(step, node, [], frame.input_digest(step))
            fixed = self.intents.get((step.id, frame.path))
            if step.node.container == "each":
                found.entries = _value(fixed) if fixed is not None else cast("Any", node).entries()
            elif step.node.container == "call":
                found.entries = _value(fixed) if fixed is not None else [_inputs(step, cast("Any", node).given())]
            frame.opened[step.id] = found
        return found

    def enter(self, frame: Frame, step: PlanStep, number: int) -> Frame:
        """The frame of an item, of a round, or of a called workflow; with what it knew where it was begun before."""
        path = path_of(frame.path, step, number)
        if (found := self.frames.get(path)) is not None:
            return found
        opened, body = self.open(frame, step), step.body
        assert body is not None, f"{step.id} is no container"
        made = Frame(body.scope, path, {}, [None] * len(body.scope.steps), above=frame, number=number)
        match step.node.container:
            case "each":
                made.roots[step.id] = {"item": opened.entries[number], "index": number}
                made.digests[step.id] = digest(f"{opened.digest} {number}".encode())
                made.copies = True
            case "repeat":
                frame.roots.setdefault(step.id, {})[ROUND] = number
            case _:
                assert body.called is not None, f"{step.id} calls nothing"
                variables = {name: each.start for name, each in body.called.variables.items()}
                kept = {name: each.start for name, each in body.called.conversation.items()}
                made.roots = {VARIABLES: variables, CONVERSATION: kept, "run": self.top.roots["run"]}
                made.sealed, made.inputs = True, opened.entries[0]
        self.frames[path] = made
        return made

    def leave(self, frame: Frame, exit_id: str, value: Any) -> Item:
        """An item or a round has ended; what it knew is forgotten, but for its result and what it wrote."""
        assert frame.above is not None, "the top is never left"
        opened = frame.above.opened[container_of(frame.path)]
        item = opened.ended[frame.number] = Item(exit_id, value, frame.written)
        if not frame.scope.steps:
            self.steps += 1  # nothing in there counts, and there may be any number of them
        self.drop(frame.path)
        if exit_id == "failed" and getattr(opened.node, "on_error", "stop") != "stop":
            self.handled += 1
        return item

    def drop(self, path: str) -> None:
        """Forget a frame and all inside it."""
        if self.frames.pop(path).opened:
            inside = f"{path}/"
            for each in [each for each in self.frames if each.startswith(inside)]:
                del self.frames[each]

    def at(self, path: str) -> Frame:
        """The frame at a path, opened with all around it where it is not yet. Raises `KeyError` for a path that does
        not fit the plan."""
        if (found := self.frames.get(path)) is not None:
            return found
        around, _, last = path.rpartition("/")
        frame = self.at(around)
        name, _, number = last.partition("[")
        return self.enter(frame, frame.scope.steps[frame.scope.index[name]], int(number[:-1] or 0))


def _inputs(step: PlanStep, given: Mapping[str, Any]) -> dict[str, Any]:
    """What a called workflow is started with. Raises `StepFailed` for values its start does not take."""
    assert step.body is not None, "only a step that calls asks for inputs"
    assert step.body.called is not None, "it calls a workflow"
    start = cast("Any", step.body.called.steps[step.body.called.start].ready)
    values, problems = start.check_inputs(given)
    if problems:
        raise StepFailed(
            f"The workflow “{step.title}” calls does not take this: {' '.join(each.sentence for each in problems)}",
            code="bad_input",
            hint="Look at the inputs of the step that calls it.",
        )
    return values


def fresh(plan: Plan, run: str, created: str, talk: Talk | None = None, person: str = "") -> State:
    """The state of a run before its first record. What the variables of its conversation hold is in its log."""
    roots: dict[str, Any] = {
        VARIABLES: {name: each.start for name, each in plan.variables.items()},
        CONVERSATION: {name: each.start for name, each in plan.conversation.items()},
        "run": {
            "id": run,
            "started": created,
            "user": pseudonym(person) if person else "",
            "conversation": talk.id if talk else "",
            "turn": talk.turn if talk else 1,
        },
    }
    top = Frame(plan.top, "", roots, [None] * len(plan.steps))
    return State(plan, top, {"": top}, talk)


def pseudonym(person: str) -> str:
    """What stands for a person in values: always the same, and no name or address."""
    return "user_" + sha256(f"run.user\0{person}".encode()).hexdigest()[:24]


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
        _take(state, record)
    state.busy_s = sum(last[attempt] - began[attempt] for attempt in began)
    return state


def _take(state: State, record: Record) -> None:  # noqa: C901 - one case for each kind of the closed set
    where = (record.step, record.path)
    detail: dict[str, Any] = orjson.loads(record.detail) if record.detail else {}
    frame = state.at(record.path)
    if (lost := detail.get("lost")) is not None:
        state.take_lost(lost["tokens"], lost["cost"])
    match record.kind:
        case "intent":
            state.intents[where] = record
        case "set":
            root = detail.get("of", VARIABLES)
            frame.take_set(root, detail["variable"], _value(record), record.output_digest)
        case "done":
            state.intents.pop(where, None)
            step = frame.scope.steps[frame.scope.index[record.step]]
            state.take_done(frame, step, record.exit, _value(record), record.output_digest)
            state.take_usage(detail.get("usage", {}))
        case "failed" if detail.get("handled"):
            state.intents.pop(where, None)
            step = frame.scope.steps[frame.scope.index[record.step]]
            state.take_handled(frame, step, record.exit, _value(record)["output"], record.output_digest)
            state.take_usage(detail.get("usage", {}))
        case "failed":
            state.intents.pop(where, None)
            frame.failure = orjson.loads(record.value or b"{}")
            state.steps += 1
            if frame is state.top:
                state.failure = record
            state.take_usage(detail.get("usage", {}))
        case "retry":
            state.intents.pop(where, None)
            state.take_try(where, record.try_)
            state.take_usage(detail.get("usage", {}))
        case "item":
            state.leave(frame, record.exit, _value(record))
        case "wait":
            state.take_wait((*where, detail["kind"]), record)
        case "answer":
            state.take_answer((*where, detail["kind"]), record)
        case "reply":
            pass  # kept for whoever replays this run
        case _:
            raise ValueError(f"record {record.seq} of {record.run} has the unknown kind {record.kind!r}")


def _value(record: Record) -> Any:
    if record.value is None:
        raise ValueError(f"the payload of record {record.seq} of {record.run} was removed; the run cannot go on")
    return orjson.loads(record.value)
