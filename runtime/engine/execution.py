"""One attempt of one run: a ready queue over the plan. Finished steps give their recorded output; the rest runs."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Callable, Coroutine, Mapping
from functools import partial
from time import perf_counter
from typing import Any, cast

import orjson
from pydantic import BaseModel

from nodes.sdk import Leave, StepFailed
from runtime.engine.containers import container_for, leave_loop
from runtime.engine.context import StepContext
from runtime.engine.effects import Effects
from runtime.engine.ending import Ended, Endings
from runtime.engine.failing import Failures
from runtime.engine.frames import Frame, named
from runtime.engine.journal import Journal
from runtime.engine.limits import Limits
from runtime.engine.ports import Pin, Tools
from runtime.engine.state import State, Where
from runtime.engine.telling import Telling
from runtime.engine.trials import Alone, Trial
from runtime.engine.turn import Turn, play, within
from runtime.engine.values import encode
from runtime.engine.waits import Waits
from runtime.engine.walk import Owner, Walk
from runtime.graph.document import LEAVE_LOOP, VARIABLES
from runtime.graph.plan import Plan, PlanStep

log = logging.getLogger(__name__)

TURN_S = 0.005
"""the longest an execution keeps the loop before others get their turn"""


class Execution:
    """Lives on the engine's loop. `on_end` is called there once, after the end is committed or the run is lost."""

    def __init__(
        self,
        plan: Plan,
        state: State,
        tools: Tools,
        *,
        run: str,
        attempt: int,
        person: str,
        inputs: Mapping[str, Any],
        on_end: Callable[[Execution, Ended], None],
        pins: Mapping[str, Pin] | None = None,
        trial: Trial | None = None,
    ) -> None:
        self.plan, self.state, self.tools = plan, state, tools
        self.run, self.attempt, self.person, self.inputs = run, attempt, person, inputs
        self.now = tools.clock.now
        self.on_end, self._pins = on_end, pins or (trial.pins if trial is not None else {})
        self._loop = asyncio.get_running_loop()
        self._endings = Endings(self)
        self.journal = Journal(run, attempt, state, tools.writer, self._endings.settled)
        self.limits = Limits(plan.run, state)
        self.effects = Effects(run, person, state, tools, self.journal, self.limits, trial and trial.recorded)
        self._alone = Alone(state, trial.step, trial.path) if trial is not None and trial.kind == "step" else None
        self._top = Walk(state.top, None) if self._alone is None else self._alone
        self.walks: dict[str, Walk] = {"": self._top}
        """those at work, by path"""
        entries = plan.top.entries if self._alone is None else (self._alone.at,)
        self.ready: deque[tuple[Walk, int]] = deque([(self._top, each) for each in entries])
        self.tasks: dict[Where, asyncio.Task[None]] = {}
        self._begun: dict[Where, Turn] = {}
        """what waits for its effect"""
        self._containers: dict[Where, Owner] = {}
        self.waits = Waits(
            run, attempt, person, state, tools, self.journal,
            paused=self._flush_soon, parked=self._parked, broken=partial(self.fail_as, "replay_mismatch"),
        )  # fmt: skip
        self.telling = Telling(self)
        self._failures = Failures(self)
        self._over = False
        self._flushing, self._timer = False, cast("asyncio.TimerHandle | None", None)

    def begin(self) -> None:
        """Take up the run where its log ends."""
        if (told := self._top.frame.failure) is not None:  # the attempt before died between the failure and the end
            self._end("failed", error=told)
            return
        if (left := self.limits.time_left()) is not None:
            self._timer = self._loop.call_later(max(left, 0.0), lambda: self.fail_as(*self.limits.out_of_time()))
        self.telling.tell(lambda: {"kind": "run.started", "run": self.run, "attempt": self.attempt})
        self.advance()

    def stop(self, why: str) -> None:
        """Leave the run as it is, at once: it was cancelled, taken over, or the process is going."""
        if not self._over:
            log.info("attempt %d of %s stops: %s", self.attempt, self.run, why)
            self.close()
            self.on_end(self, Ended(self.run, None))

    def fail_as(self, code: str, sentence: str, hint: str = "") -> None:
        """End the run as failed by a decision from outside its steps."""
        self._end("failed", error={"code": code, "message": sentence, "hint": hint, "step": None})

    def advance(self) -> None:
        """Run what is ready, inline where a step only computes; give way to others after 5 ms."""
        until = perf_counter() + TURN_S
        ready = self.ready
        while ready and not self._over:
            if self.journal.crowded:
                self._loop.call_later(TURN_S, self.advance)
                break
            walk, at = ready.popleft()
            if walk.dead:
                continue
            frame = walk.frame
            exit_id = frame.exits[at]
            if exit_id is None:
                if (reached := self.limits.reached()) is not None:
                    self.fail_as(*reached)
                    return
                step = frame.scope.steps[at]
                self._start(walk, step)
                exit_id = frame.exits[at] if step.body is None else None  # a container comes by here again
            if exit_id is not None:
                self._leave(walk, at, exit_id)
            if perf_counter() > until:
                self._loop.call_soon(self.advance)
                break
        if self._over:
            return
        self.telling.answered()
        if ready or self.tasks:
            self._flush_soon()
        else:
            status = "partly_succeeded" if self.state.handled else "succeeded"
            self._end(status, outputs=self.state.top.handed_back() if self._alone is None else self._alone.outputs)

    def _flush_soon(self) -> None:
        if not self._flushing:  # steps that end in the same turn of the loop share a batch
            self._flushing = True
            self._loop.call_soon(self._flush)

    def _flush(self) -> None:
        self._flushing = False
        if self._over:
            return
        if self.waits.open and self._containers and not self.ready:
            for each in list(self._containers.values()):  # an item that waits for people gives its place back
                each.fill()
            if self.ready:
                self._loop.call_soon(self.advance)
        if self.waits.open and not self.ready and len(self.waits.open) == len(self.tasks):
            self.waits.park()
        else:
            self.journal.flush()

    def _parked(self) -> None:
        """The run is laid aside until somebody answers."""
        self.close()
        if (audience := self.telling.audience) is not None:
            audience.tell({"kind": "run.waiting", "run": self.run, "status": "waiting"}, last=True)
        self.on_end(self, Ended(self.run, "waiting"))

    def _start(self, walk: Walk, step: PlanStep) -> None:
        """Begin a step. One without effects finishes here and now; any other becomes a task."""
        state, frame = self.state, walk.frame
        context = StepContext(self, step, frame)
        tries = state.tries.get((step.id, frame.path), 0) if state.tries else 0
        turn = Turn(step, context, state.seq, self.now(), frame.input_digest(step), walk, tries + 1)
        if self.telling.audience is not None:
            self.telling.begun(turn)
        pin = self._pins.get(step.id) if self._pins and frame.workflow is state.top else None
        try:
            if pin is not None:
                self._begin(turn, partial(play, pin, context, step.exits))
                return
            if step.body is not None:
                self._open(turn)
                return
            node = step.ready if step.bind is None else step.bind(frame.read)
            assert node is not None, f"the plan has neither a node nor a binding for {step.id}"
            if step.effects:
                intent = self.effects.interrupted(step, frame.path)
                work = (
                    partial(node.run, context)
                    if intent is None
                    else partial(self.waits.after_interruption, turn, node, intent)
                )
                self._begin(turn, work)
                return
            going = node.run(context)
            going.send(None)
        except StopIteration as stop:
            self._finish(turn, stop.value)
        except Exception as error:  # noqa: BLE001 - any failure of a node becomes a record
            self.failed(turn, error)
        else:
            going.close()
            self.failed(turn, RuntimeError(f"{step.type} declares no effect but waits; give it effects=(Effect.WAIT,)"))

    def _begin(self, turn: Turn, work: Callable[[], Coroutine[Any, Any, Any]]) -> None:
        """Begin a step that may take its time; others go on meanwhile."""
        self._begun[turn.where] = turn
        self.tasks[turn.where] = self._loop.create_task(self._await(turn, work))

    async def _await(self, turn: Turn, work: Callable[[], Coroutine[Any, Any, Any]]) -> None:
        try:
            limit = turn.step.on_failure.timeout_s
            result = await (work() if limit is None else within(limit, work()))
        except Exception as error:  # noqa: BLE001 - any failure of a node becomes a record
            self._took_its_time(turn)
            if not self._over:
                self.failed(turn, error)
                self._left(turn)
            return
        self._took_its_time(turn)
        if self._over:
            return
        self.tools.reach("after effect")
        self._finish(turn, result)
        self._left(turn)

    def _left(self, turn: Turn) -> None:
        """Go on behind a step that took its time."""
        if self._over:
            return
        walk, at = turn.walk, turn.step.index
        if not walk.dead and (exit_id := walk.frame.exits[at]) is not None:
            self._leave(walk, at, exit_id)
        self.advance()

    def _took_its_time(self, turn: Turn) -> None:
        self._begun.pop(turn.where, None)
        self.tasks.pop(turn.where, None)
        self.telling.forget(turn.where)

    def _finish(self, turn: Turn, result: Any) -> None:
        """Give a result its place in the log and in the state, in the same turn."""
        exit_id, output = "done", result
        if type(result) is Leave:
            exit_id, output = result.exit, result.output
        if isinstance(output, BaseModel):
            output = output.model_dump()
        try:
            body = encode(output)
        except StepFailed as error:
            self.failed(turn, error)
            return
        if exit_id != "done" and exit_id not in turn.step.exits:
            message = f"This step left by “{exit_id}”, a way out it does not have."
            self.failed(turn, StepFailed(message, code="bad_exit"))
            return
        step, frame, usage, ended = turn.step, turn.walk.frame, turn.context.usage, self.now()
        for name, packed in turn.context.sets:
            self.set(turn, name, packed, ended)
        told: dict[str, Any] = {"usage": usage} if usage else {}
        if self._pins and step.id in self._pins:
            told["pinned"] = True
        detail = orjson.dumps(told) if told else None
        done = self.journal.note(
            "done", step.id, path=frame.path, started=turn.started, ended=ended, seen=turn.seen, value=body,
            exit_id=exit_id, detail=detail, input_digest=turn.read, try_=turn.try_,
        )  # fmt: skip
        # what later steps get is what a resumed run would get, and no longer in the hands of the node that made it
        self.state.take_done(frame, step, exit_id, orjson.loads(body), done.output_digest)
        if usage:
            self.state.take_usage(usage)
        self.journal.relieve()

    def set(self, turn: Turn, variable: str, packed: bytes, ended: float) -> None:
        """A variable has another value from here on."""
        root, name = named(variable)
        where = {"variable": name} if root == VARIABLES else {"variable": name, "of": root}
        kept = self.journal.note(
            "set", turn.step.id, path=turn.walk.frame.path, started=turn.started, ended=ended, seen=turn.seen,
            value=packed, detail=orjson.dumps(where),
        )  # fmt: skip
        turn.walk.frame.take_set(root, name, orjson.loads(packed), kept.output_digest)

    def _leave(self, walk: Walk, at: int, exit_id: str) -> None:
        """Pass on behind a step; where nothing is left to do the walk is over."""
        if walk.frame.scope.steps[at].type == LEAVE_LOOP and leave_loop(self, walk):
            return
        for each in walk.leave(at, exit_id, self.telling.skipped if self.telling.cares else None):
            self.ready.append((walk, each))
        if not walk.left and walk.owner is not None:
            walk.owner.walked(walk)

    def failed(self, turn: Turn, error: Exception) -> None:
        """A step failed: it is tried again, or something else is done instead, or the walk it belongs to fails."""
        if not (self._over or turn.walk.dead):
            self._failures.met(turn, error)

    def again(self, turn: Turn, wait_s: float) -> None:
        """Try a step once more, a while later."""
        self.later(turn.where, wait_s, lambda: self.ready.append((turn.walk, turn.step.index)))

    def later(self, where: Where, wait_s: float, work: Callable[[], None]) -> None:
        """Give way to others, and go on a while later."""
        self.tasks[where] = self._loop.create_task(self._later(where, wait_s, work))
        self._flush_soon()

    async def _later(self, where: Where, wait_s: float, work: Callable[[], None]) -> None:
        await asyncio.sleep(wait_s)
        self.tasks.pop(where, None)
        if not self._over:
            work()
            self.advance()

    def break_off(self, walk: Walk, told: dict[str, Any]) -> None:
        """A walk fails as a whole: it was the run, or its container decides."""
        walk.frame.failure = told
        if walk.owner is None:
            self._end("failed", error=told)
        else:
            self.abandon(walk)
            walk.owner.broke(walk)

    def _open(self, turn: Turn) -> None:
        """Begin a container, or take it up where its log ends."""
        try:
            opened = self.state.open(turn.walk.frame, turn.step)
            owner = self._containers[turn.where] = container_for(self, turn, opened)
            owner.begin()
        except StepFailed as error:
            self.container_ended(turn, error)

    def enter(self, owner: Owner, frame: Frame) -> Walk:
        """Begin to walk what lies inside a container, or go on there."""
        walk = self.walks[frame.path] = Walk(frame, owner)
        self.ready.extend([(walk, each) for each in frame.scope.entries])
        return walk

    def abandon(self, walk: Walk) -> None:
        """Stop everything that still happens in a walk, and in those inside it."""
        path = walk.frame.path
        inside = f"{path}/"
        for each in [each for each in self.walks if each == path or each.startswith(inside)]:
            self.walks.pop(each).dead = True
        for where in [where for where in self.tasks if where[1] == path or where[1].startswith(inside)]:
            self.waits.forget(where)
            task = self.tasks.pop(where)
            if task is not asyncio.current_task():
                task.cancel()
            self._begun.pop(where, None)
            self.telling.forget(where)
        for where in [where for where in self._containers if where[1] == path or where[1].startswith(inside)]:
            del self._containers[where]

    def container_ended(self, turn: Turn, outcome: Any) -> None:
        """A container has done its work, or fails as a step does."""
        self._containers.pop(turn.where, None)
        if isinstance(outcome, Exception):
            self.failed(turn, outcome)
        else:
            self._finish(turn, outcome)
        walk, at = turn.walk, turn.step.index
        if not self._over and not walk.dead and walk.frame.exits[at] is not None:
            self.ready.append((walk, at))  # its exit is known: whoever comes by passes on

    def _end(self, status: str, *, outputs: dict[str, Any] | None = None, error: dict[str, Any] | None = None) -> None:
        self.close()
        self._endings.write(status, outputs, error)

    def close(self) -> None:
        """Nothing more begins, and what goes on is dropped."""
        self._over = True
        if self._timer is not None:
            self._timer.cancel()
        self.waits.close()
        for task in self.tasks.values():
            task.cancel()
        self.tasks.clear()

    @property
    def begun(self) -> list[Turn]:
        """What waits for its effect."""
        return list(self._begun.values())

    @property
    def takes_its_time(self) -> bool:
        """Whether it waits for an effect, so that it would not notice soon that it lost its run."""
        return bool(self._begun) and not self._over
