"""One attempt of one run: a ready queue over the plan. Finished steps give their recorded output; the rest runs."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass
from functools import partial
from time import perf_counter
from typing import Any

import orjson
from pydantic import BaseModel

from nodes.sdk import Leave, StepFailed
from runtime.engine.context import StepContext
from runtime.engine.effects import Effects
from runtime.engine.journal import Journal
from runtime.engine.limits import Limits
from runtime.engine.live import Audience, Event, Subscriber, events_of_batch
from runtime.engine.ports import Pin, Tools
from runtime.engine.state import State
from runtime.engine.turn import Turn, play
from runtime.engine.values import encode
from runtime.engine.waits import Waits
from runtime.errors import Fenced
from runtime.graph.plan import Plan, PlanStep
from runtime.store.audit import close_run
from runtime.store.log import Batch, LogConflict, last_link
from runtime.store.runs import Ending, close_waits
from runtime.store.transaction import Tx

log = logging.getLogger(__name__)

TURN_S = 0.005
"""the longest an execution keeps the loop before others get their turn"""


@dataclass(frozen=True, slots=True)
class Ended:
    """How an attempt left its run. `status` is None when the attempt lost the run or the storage failed: the log goes
    on elsewhere."""

    run: str
    status: str | None
    outputs: dict[str, Any] | None = None
    error: dict[str, Any] | None = None


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
    ) -> None:
        self.plan, self.state, self.tools = plan, state, tools
        self.run, self.attempt, self.person, self.inputs = run, attempt, person, inputs
        self.now = tools.clock.now
        self.audience: Audience | None = None
        self._on_end, self._pins = on_end, pins or {}
        self._loop = asyncio.get_running_loop()
        self._journal = Journal(run, attempt, state, tools.writer, self._settled)
        self._limits = Limits(plan.run, state)
        self.effects = Effects(run, person, state, tools, self._journal, self._limits)
        self._ready: deque[int] = deque([plan.start])
        self._waiting = [step.incoming for step in plan.steps]
        self._alive = [False] * len(plan.steps)
        self._tasks: dict[int, asyncio.Task[None]] = {}
        self._begun: dict[int, Turn] = {}
        """what waits for its effect"""
        self.waits = Waits(
            run, attempt, person, state, tools, self._journal,
            paused=self._flush_soon, parked=self._parked, broken=partial(self.fail_as, "replay_mismatch"),
        )  # fmt: skip
        self._over = False
        self._flushing = False
        self._timer: asyncio.TimerHandle | None = None

    # the life of an attempt

    def begin(self) -> None:
        """Take up the run where its log ends."""
        if (failure := self.state.failure) is not None:  # the attempt before died between the failure and the end
            self._end("failed", error=orjson.loads(failure.value or b"{}"))
            return
        if (left := self._limits.time_left()) is not None:
            self._timer = self._loop.call_later(max(left, 0.0), self._out_of_time)
        self._tell(lambda: {"kind": "run.started", "run": self.run, "attempt": self.attempt})
        self.advance()

    def stop(self, why: str) -> None:
        """Leave the run as it is, at once: it was cancelled, taken over, or the process is going."""
        if not self._over:
            log.info("attempt %d of %s stops: %s", self.attempt, self.run, why)
            self._close()
            self._on_end(self, Ended(self.run, None))

    def fail_as(self, code: str, sentence: str, hint: str = "") -> None:
        """End the run as failed by a decision from outside its steps."""
        self._end("failed", error={"code": code, "message": sentence, "hint": hint, "step": None})

    def advance(self) -> None:
        """Run what is ready, inline where a step only computes; give way to others after 5 ms."""
        until = perf_counter() + TURN_S
        ready, state, steps = self._ready, self.state, self.plan.steps
        while ready and not self._over:
            if self._journal.crowded:
                self._loop.call_later(TURN_S, self.advance)
                break
            at = ready.popleft()
            exit_id = state.exits[at]
            if exit_id is None:
                if (reached := self._limits.reached()) is not None:
                    self.fail_as(*reached)
                    return
                self._start(steps[at])
                exit_id = state.exits[at]
            if exit_id is not None:
                self._leave(at, exit_id)
            if perf_counter() > until:
                self._loop.call_soon(self.advance)
                break
        if self._over:
            return
        if ready or self._tasks:
            self._flush_soon()
        else:
            self._end("succeeded", outputs=self.state.outputs())

    def _flush_soon(self) -> None:
        if not self._flushing:  # steps that end in the same turn of the loop share a batch
            self._flushing = True
            self._loop.call_soon(self._flush)

    def _flush(self) -> None:
        self._flushing = False
        if self._over:
            return
        if self.waits.open and not self._ready and len(self.waits.open) == len(self._tasks):
            self.waits.park()
        else:
            self._journal.flush()

    def _parked(self) -> None:
        """The run is laid aside until somebody answers."""
        self._close()
        if self.audience is not None:
            self.audience.tell({"kind": "run.waiting", "run": self.run, "status": "waiting"}, last=True)
        self._on_end(self, Ended(self.run, "waiting"))

    # steps

    def _start(self, step: PlanStep) -> None:
        """Begin a step. One without effects finishes here and now; any other becomes a task."""
        context = StepContext(self, step)
        turn = Turn(step, context, self.state.seq, self.now(), self.state.input_digest(step))
        if self.audience is not None:
            self._tell(lambda: self._started(turn))
        pin = self._pins.get(step.id) if self._pins else None
        try:
            if pin is not None:
                self._begin(turn, partial(play, pin, context))
                return
            node = step.ready if step.bind is None else step.bind(self.state.read)
            assert node is not None, f"the plan has neither a node nor a binding for {step.id}"
            if step.effects:
                intent = self.effects.interrupted(step)
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
            self._failed(turn, error)
        else:
            going.close()
            self._failed(
                turn, RuntimeError(f"{step.type} declares no effect but waits; give it effects=(Effect.WAIT,)")
            )

    def _begin(self, turn: Turn, work: Callable[[], Coroutine[Any, Any, Any]]) -> None:
        """Begin a step that may take its time; others go on meanwhile."""
        self._begun[turn.step.index] = turn
        self._tasks[turn.step.index] = self._loop.create_task(self._await(turn, work))

    async def _await(self, turn: Turn, work: Callable[[], Coroutine[Any, Any, Any]]) -> None:
        at = turn.step.index
        try:
            result = await work()
        except Exception as error:  # noqa: BLE001 - any failure of a node becomes a record
            self._took_its_time(at)
            self._failed(turn, error)
            return
        self._took_its_time(at)
        if self._over:
            return
        self.tools.reach("after effect")
        self._finish(turn, result)
        if (exit_id := self.state.exits[at]) is not None:
            self._leave(at, exit_id)
            self.advance()

    def _took_its_time(self, at: int) -> None:
        turn = self._begun.pop(at)
        self._tasks.pop(at, None)
        if self.audience is not None:
            self.audience.forget(turn.step.id)

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
            self._failed(turn, error)
            return
        if exit_id != "done" and exit_id not in turn.step.exits:
            message = f"This step left by “{exit_id}”, a way out it does not have."
            self._failed(turn, StepFailed(message, code="bad_exit"))
            return
        step, sets, usage, ended = turn.step, turn.context.sets, turn.context.usage, self.now()
        note = partial(self._journal.note, step=step.id, started=turn.started, ended=ended, seen=turn.seen)
        for name, packed in sets:
            kept = note("set", value=packed, detail=orjson.dumps({"variable": name}))
            self.state.take_set(name, orjson.loads(packed), kept.output_digest)
        detail = orjson.dumps({"usage": usage}) if usage else None
        done = note("done", value=body, exit_id=exit_id, detail=detail, input_digest=turn.read)
        # what later steps get is what a resumed run would get, and no longer in the hands of the node that made it
        self.state.take_done(step.index, exit_id, orjson.loads(body), done.output_digest, ended)
        if usage:
            self.state.take_usage(usage)
        self._journal.relieve()

    def _failed(self, turn: Turn, error: Exception) -> None:
        """A step failed: its record, then the end of the run."""
        if self._over:
            return
        step, ended = turn.step.id, self.now()
        if not isinstance(error, StepFailed):
            log.error("step %s of %s failed unexpectedly", step, self.run, exc_info=error)
            error = StepFailed(
                f"This step stopped on an error of its own: {type(error).__name__}.",
                code="internal",
                hint="The server's log has the details under this run's id.",
            )
        told = {"code": error.code, "message": error.message, "hint": error.hint, "step": step}
        self._journal.note(
            "failed", step, started=turn.started, ended=ended, seen=turn.seen, value=orjson.dumps(told), exit_id="error"
        )
        self._end("failed", error=told)

    def _leave(self, at: int, exit_id: str) -> None:
        """Pass on along the chosen exit and skip along the others; a join waits for all its edges."""
        waiting, alive, steps = self._waiting, self._alive, self.plan.steps
        dead: list[tuple[int, str | None]] = [(at, exit_id)]
        while dead:
            source, chosen = dead.pop()
            for name, targets in steps[source].exits.items():
                for target in targets:
                    waiting[target] -= 1
                    if name == chosen:
                        alive[target] = True
                    if waiting[target]:
                        continue
                    if alive[target]:
                        self._ready.append(target)
                    else:
                        dead.append((target, None))
                        if self.audience is not None:
                            skipped = {"kind": "step.skipped", "run": self.run, "step": steps[target].id, "path": ""}
                            self._tell(lambda event=skipped: event)

    # the end

    def _end(self, status: str, *, outputs: dict[str, Any] | None = None, error: dict[str, Any] | None = None) -> None:
        """Write the end behind the last record; it is acknowledged after its commit."""
        self._close()
        state = self.state
        packed = None if outputs is None else encode(outputs)
        told = None if error is None else orjson.dumps(error).decode()
        end = Ending(
            self.run, self.attempt, status, packed, told, self.now(), state.seq, state.hash, state.tokens_in,
            state.tokens_out, state.cost,
        )  # fmt: skip

        def settled(batch: Batch, problem: BaseException | None) -> None:
            self._settled(batch, problem)
            self._loop.call_soon_threadsafe(self._ended, end, Ended(self.run, status, outputs, error), problem)

        if self.state.waits:
            self._journal.also(lambda tx: close_waits(tx, self.run))
        self._journal.also(lambda tx: close_run(tx, end, person=self.person))
        self._journal.flush(settled)

    def _ended(self, end: Ending, told: Ended, problem: BaseException | None) -> None:
        if problem is not None:
            self._on_end(self, Ended(self.run, None))
            return
        if self.audience is not None:
            event = {"kind": "run.ended", "run": self.run, "status": told.status, "outputs": told.outputs}
            self.audience.tell(event | {"error": told.error, "ended": end.ended, "cost": end.cost}, last=True)
        self._on_end(self, told)

    def _close(self) -> None:
        self._over = True
        if self._timer is not None:
            self._timer.cancel()
        self.waits.close()
        for task in self._tasks.values():
            task.cancel()
        self._tasks.clear()

    def _settled(self, batch: Batch, problem: BaseException | None) -> None:
        """In the writer's thread: committed records are shown, a refused batch ends this attempt."""
        if isinstance(problem, LogConflict):
            self._loop.call_soon_threadsafe(self._alarm, problem)
        elif problem is not None:
            why = "fenced by another attempt" if isinstance(problem, Fenced) else str(problem)
            self._loop.call_soon_threadsafe(self.stop, why)
        elif batch.records and (audience := self.audience) is not None and audience.readers:
            self._loop.call_soon_threadsafe(audience.tell, *events_of_batch(batch))

    def _alarm(self, conflict: LogConflict) -> None:
        """The log holds what this attempt wanted to write: the run stops, loudly, and nobody goes on from it."""
        log.error("the log of %s contradicts its attempt %d: %s", self.run, self.attempt, conflict)
        self._close()
        error = {
            "code": "log_conflict", "message": "The record of this run contradicts itself, so it was stopped.",
            "hint": "Please report this with the server's log; start the run again.", "step": None,
        }  # fmt: skip
        told = orjson.dumps(error).decode()
        spent = (self.state.tokens_in, self.state.tokens_out, self.state.cost)
        now = self.now()

        def close(tx: Tx) -> bool:
            end = Ending(self.run, self.attempt, "failed", None, told, now, *last_link(tx, self.run), *spent)
            close_waits(tx, self.run)
            return close_run(tx, end, person=self.person)

        closing = self._loop.create_task(self.tools.writer.write(close))
        closing.add_done_callback(lambda _: self._on_end(self, Ended(self.run, None)))

    def _out_of_time(self) -> None:
        if not self._over:
            self.fail_as(*self._limits.out_of_time())

    # the live view

    def say(self, step: str, text: str) -> None:
        """Text of a running step, shown before it is kept."""
        if self.audience is None:
            self.audience = Audience()
        self.audience.say(self.run, step, self.attempt, text)

    def say_anew(self, step: str) -> None:
        """The text of a step begins again: another try."""
        if self.audience is not None:
            self.audience.say_anew(step)

    def join(self, reader: Subscriber) -> None:
        """Somebody looks from now on."""
        if self.audience is None:
            self.audience = Audience()
        self.audience.join(self.run, reader, [self._started(each) for each in self._begun.values()])

    @property
    def takes_its_time(self) -> bool:
        """Whether it waits for an effect, so that it would not notice soon that it lost its run."""
        return bool(self._begun) and not self._over

    def _started(self, turn: Turn) -> Event:
        place = {"run": self.run, "step": turn.step.id, "path": "", "attempt": self.attempt}
        return {"kind": "step.started", "started": turn.started} | place

    def _tell(self, make: Callable[[], Event]) -> None:
        if self.audience is not None and self.audience.readers:
            self.audience.tell(make())
