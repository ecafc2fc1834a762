"""What a run knows: outputs, exits, variables and counters, rebuilt exactly by folding its log in seq order.

A run is walked in frames: one for the steps of the workflow, one for each item of a for-each, each round of a loop and
each workflow that is called, while they are at work. A frame's path tells where it is: `each[3]`, `loop[0]/each[3]`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, cast

import orjson

from nodes.sdk import Node
from runtime.engine.values import digest
from runtime.graph.binding import dig
from runtime.graph.document import ANSWER, CONVERSATION, VARIABLES
from runtime.graph.plan import Plan, PlanStep, Scope
from runtime.store.conversations import Talk
from runtime.store.log import Record

Where = tuple[str, str]
"""step and path"""
Place = tuple[str, str, str]
"""step, path and kind of a wait"""
NOTHING = ""
"""digest of a step that was skipped or has not run"""
ROUND = "round"
"""the name under which a loop tells how many rounds are done"""


@dataclass(frozen=True, slots=True)
class Item:
    """How an item or a round ended."""

    exit: str
    """`done`, `failed`, `cancelled`; `left` by the last round of a loop that its conditions or a step ended"""
    value: Any
    """the result, or what failed"""
    written: Mapping[tuple[str, str], Any]
    """what it gave variables that lie outside of it, by root and name"""


@dataclass(slots=True)
class Opened:
    """A container at work in a frame."""

    step: PlanStep
    node: Node
    entries: list[Any]
    """what a for-each works on"""
    digest: str
    """of what it read"""
    ended: dict[int, Item] = field(default_factory=dict[int, Item])


@dataclass(slots=True)
class Frame:
    """What is known in one walk through steps. They stand at their index in the scope."""

    scope: Scope
    path: str
    roots: dict[str, Any]
    """what references start from here: step ids; at the top `variables`, `conversation`, `run`"""
    exits: list[str | None]
    digests: dict[str, str] = field(default_factory=dict[str, str])
    """of outputs by step, of variables by name"""
    above: Frame | None = None
    """the frame the container stands in"""
    number: int = 0
    """of the item or round"""
    copies: bool = False
    """whether variables that lie outside are only copied in here"""
    sealed: bool = False
    """whether nothing above is seen: a workflow that is called"""
    opened: dict[str, Opened] = field(default_factory=dict[str, Opened])
    written: dict[tuple[str, str], Any] = field(default_factory=dict[tuple[str, str], Any])
    failure: dict[str, Any] | None = None
    """what made all of it fail"""
    inputs: Mapping[str, Any] | None = None
    """what a called workflow begins with"""

    def read(self, root: str, keys: tuple[str, ...]) -> Any:
        """The value at a reference; null where there is none."""
        frame: Frame | None = self
        while frame is not None:
            if root in frame.roots:
                return dig(frame.roots[root], keys)
            frame = None if frame.sealed else frame.above
        return None

    def variable(self, name: str) -> Any:
        """The value of a variable: `x` of the run, `conversation.x`, `loop.x`."""
        root, inner = named(name)
        return self.read(root, (inner,))

    def digest_of(self, name: str) -> str:
        """The digest of a step's output, or of a variable."""
        frame: Frame | None = self
        while frame is not None:
            if name in frame.digests:
                return frame.digests[name]
            frame = None if frame.sealed else frame.above
        return NOTHING

    def input_digest(self, step: PlanStep) -> str:
        """A digest of what a step reads, made from the digests that travel with the values."""
        if not (step.reads or step.reads_variables):
            return ""
        parts = [self.digest_of(each) for each in step.reads]
        parts += [self.digest_of(each) for each in step.reads_variables]
        return digest("\n".join(parts).encode())

    def take_done(self, step: PlanStep, exit_id: str, output: Any, output_digest: str) -> None:
        """A step finished, for ever."""
        self.roots[step.id] = output
        self.exits[step.index] = exit_id
        self.digests[step.id] = output_digest
        self.opened.pop(step.id, None)

    def take_set(self, root: str, name: str, value: Any, value_digest: str) -> None:
        """A variable has a value from here on. What lies outside of an item gets it only in the item's own copy."""
        own = root in self.scope.index
        frame = self
        while root not in frame.roots:
            if frame.copies and not own:
                frame.roots[root] = dict(cast("dict[str, Any]", frame.read(root, ()) or {}))
                break
            if frame.above is None or frame.sealed or own:
                frame.roots[root] = {}
                break
            frame, own = frame.above, root in frame.above.scope.index
        if frame.copies and root not in frame.scope.index:
            frame.written[root, name] = value
        frame.roots[root][name] = value
        called = name if root == VARIABLES else f"{root}.{name}"
        frame.digests[called] = value_digest
        if root in frame.scope.index:
            frame.digests[root] = digest(f"{frame.digests.get(root)} {name} {value_digest}".encode())


def named(variable: str) -> tuple[str, str]:
    """Root and name of a variable as steps name it: `x`, `conversation.x`, `loop.x`."""
    root, dot, name = variable.partition(".")
    return (root, name) if dot else (VARIABLES, root)


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
    said: list[str] = field(default_factory=list[str])
    """what answers have said, in the order in which they became ready"""
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
    busy_s: float = 0.0
    """time spent executing in earlier attempts"""

    @property
    def conversation(self) -> dict[str, Any]:
        """The variables of the conversation as they are now."""
        return self.top.roots[CONVERSATION]

    def outputs(self) -> dict[str, Any]:
        """What the finishes that were reached hand back, and what was answered."""
        merged: dict[str, Any] = {}
        for at in self.plan.finishes:
            if self.top.exits[at] is not None:
                merged |= self.top.roots[self.plan.steps[at].id]
        if self.said:
            merged["answer"] = "".join(self.said)
        return merged

    def take_done(self, frame: Frame, step: PlanStep, exit_id: str, output: Any, output_digest: str) -> None:
        """A step finished, for ever."""
        frame.take_done(step, exit_id, output, output_digest)
        self.steps += 1
        if step.type == ANSWER:
            self.said.append(output.get("text", ""))

    def take_handled(self, frame: Frame, step: PlanStep, exit_id: str, output: Any, output_digest: str) -> None:
        """A step failed, and the run goes on."""
        frame.take_done(step, exit_id, output, output_digest)
        self.steps += 1
        self.handled += 1

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

    # frames

    def open(self, frame: Frame, step: PlanStep) -> Opened:
        """A container begins in a frame, or was begun there before. Raises `StepFailed` where its settings do not
        fit."""
        found = frame.opened.get(step.id)
        if found is None:
            node = step.ready if step.bind is None else step.bind(frame.read)
            assert node is not None, f"the plan has neither a node nor a binding for {step.id}"
            found = Opened(step, node, [], frame.input_digest(step))
            if step.node.container == "each":
                fixed = self.intents.get((step.id, frame.path))
                found.entries = _value(fixed) if fixed is not None else cast("Any", node).entries()
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
                made.sealed = True
        self.frames[path] = made
        return made

    def leave(self, frame: Frame, exit_id: str, value: Any) -> Item:
        """An item or a round has ended; what it knew is forgotten, but for its result and what it wrote."""
        assert frame.above is not None, "the top is never left"
        opened = frame.above.opened[_step_of(frame.path)]
        item = opened.ended[frame.number] = Item(exit_id, value, frame.written)
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


def path_of(around: str, step: PlanStep, number: int) -> str:
    """The path of an item, a round or a called workflow."""
    own = step.id if step.node.container == "call" else f"{step.id}[{number}]"
    return f"{around}/{own}" if around else own


def _step_of(path: str) -> str:
    """The container a path ends with."""
    return path.rpartition("/")[2].partition("[")[0]


def fresh(plan: Plan, run: str, created: str, talk: Talk | None = None) -> State:
    """The state of a run before its first record. What the variables of its conversation hold is in its log."""
    roots: dict[str, Any] = {
        VARIABLES: {name: each.start for name, each in plan.variables.items()},
        CONVERSATION: {name: each.start for name, each in plan.conversation.items()},
        "run": {"id": run, "started": created},
    }
    top = Frame(plan.top, "", roots, [None] * len(plan.steps))
    return State(plan, top, {"": top}, talk)


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
            if frame is state.top:
                state.failure = record
            state.take_usage(detail.get("usage", {}))
        case "retry":
            state.intents.pop(where, None)
            state.tries[where] = record.try_
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
