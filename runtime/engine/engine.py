"""The engine: executes runs on an event loop in a thread of its own, and takes over runs whose process is gone."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import orjson

from nodes.sdk import StepFailed
from runtime.engine.awaiting import STOPPING, Awaited
from runtime.engine.conversing import recall
from runtime.engine.dispatch import Answer, Bell, Silent
from runtime.engine.ending import Ended
from runtime.engine.execution import Execution
from runtime.engine.live import Subscriber
from runtime.engine.partials import Partials
from runtime.engine.ports import Pin, Tools
from runtime.engine.process import Process
from runtime.engine.state import fold, fresh
from runtime.engine.sweeping import Chore, Hands, Sweeper
from runtime.engine.trials import read_trial
from runtime.errors import GreenlaneError, StorageUnavailable
from runtime.graph.plan import Plan
from runtime.store.conversations import Talk, talk_of
from runtime.store.database import Reader
from runtime.store.log import read_records
from runtime.store.runs import Claim, release
from runtime.store.transaction import Tx

log = logging.getLogger(__name__)

GRACE_S = 20.0
"""how long runs may finish when the process is told to stop"""

PlanOf = Callable[[str, str], Plan | None]
"""(content hash, words digest) → plan; None, or without steps, where it cannot be compiled any more"""


@dataclass(frozen=True, slots=True)
class Start:
    """A run whose start is being committed by the door; executing it does not wait for that."""

    run: str
    plan: Plan
    inputs: Mapping[str, Any]
    person: str
    created: float
    pins: Mapping[str, Pin] | None = None
    talk: Talk | None = None
    """the conversation it is a message of"""


class Engine:
    """One per process. Methods may be called from any thread."""

    def __init__(
        self,
        tools: Tools,
        reader: Reader,
        process: Process,
        plan_of: PlanOf,
        hands: Hands | None = None,
        bell: Callable[[Answer], Bell] = lambda _answer: Silent(),
    ) -> None:
        self.process, self.hands = process, hands or Hands()
        self.bell = bell(self.rung)
        self.coming: Counter[str | None] = Counter()
        """starts on their way to the rows, by person and by app"""
        self._tools, self._reader, self._plan_of = tools, reader, plan_of
        self._loop = _new_loop()
        self._live: dict[str, Execution] = {}
        self._waiting: dict[str, list[Future[Ended]]] = {}
        self._awaited = Awaited(reader)
        self._partials = Partials(tools, self._live)
        self._sweeper: Sweeper | None = None
        self._idle = threading.Event()
        self._idle.set()
        self._thread = threading.Thread(target=self._turn, name="greenlane-engine", daemon=True)

    @property
    def executes(self) -> bool:
        """Whether this process executes what anybody may; else it leaves that to others."""
        return self.hands.slots > 0

    # the life of the engine

    def start(self, sweeps: bool = True, chores: Sequence[Chore] = ()) -> None:
        """Begin to execute and, unless told otherwise, to look for runs that need hands. `chores` are what one process
        does for all now and then."""
        self._thread.start()
        if sweeps:
            self._loop.call_soon_threadsafe(self._begin_to_sweep, chores)

    def _begin_to_sweep(self, chores: Sequence[Chore]) -> None:
        self._sweeper = Sweeper(
            self._tools, self.process, self.hands, self.bell, self._live, chores,
            take_up=self._resume, stop=self._stop,
        )  # fmt: skip
        self._sweeper.tick()

    def close(self, grace_s: float = GRACE_S) -> None:
        """Claim no more, let runs finish for a while, give the rest back, due at once."""
        self._soon(self._claim_no_more)
        self._idle.wait(grace_s)
        try:
            asyncio.run_coroutine_threadsafe(self._release_all(), self._loop).result(10)
        except (GreenlaneError, TimeoutError) as error:  # whoever comes next finds the dead process and takes them over
            log.warning("runs could not be given back: %s", error)
        self.bell.close()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)
        if not self._thread.is_alive():
            self._loop.close()

    def _claim_no_more(self) -> None:
        if self._sweeper is not None:
            self._sweeper.closing = True

    def _soon(self, work: Callable[..., object], *given: object) -> bool:
        """Have this done on the engine's loop; False when the engine has ended."""
        try:
            self._loop.call_soon_threadsafe(work, *given)
        except RuntimeError:  # the loop is closed
            return False
        return True

    def _turn(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_forever()

    # executing

    def execute(self, start: Start) -> Future[Ended]:
        """Execute a new run under attempt 1; the future gives its committed end."""
        told: Future[Ended] = Future()
        self._idle.clear()
        if not self._soon(self._begin, start, told):
            told.set_result(Ended(start.run, None))
        return told

    def _begin(self, start: Start, told: Future[Ended]) -> None:
        self._waiting.setdefault(start.run, []).append(told)
        if start.run in self._live:  # a sweep was faster
            return
        created = datetime.fromtimestamp(start.created, UTC).isoformat()
        state = fresh(start.plan, start.run, created, start.talk, start.person)
        execution = Execution(
            start.plan, state, self._tools, run=start.run, attempt=1, person=start.person, inputs=start.inputs,
            on_end=self._ended, pins=start.pins,
        )  # fmt: skip
        self._live[start.run] = execution
        self._partials.wake()
        recall(execution)
        execution.begin()

    def _ended(self, execution: Execution, told: Ended) -> None:
        if self._live.get(execution.run) is execution:
            del self._live[execution.run]
        for future in self._waiting.pop(execution.run, ()):
            if future.set_running_or_notify_cancel():  # else its caller has gone away
                future.set_result(told)
        if told.status is not None:
            self._awaited.settled(execution.run)
        if told.error_run:
            self._nudge(told.error_run)
        if self._sweeper is not None:
            self._sweeper.ended(execution.run)
            if execution.state.talk is not None:
                self._sweeper.look()  # the next message of its conversation is due
        if told.status is None and execution.telling.audience is not None:
            execution.telling.audience.tell(last=True)  # readers come back to the log with their cursor
        if not self._live:
            self._idle.set()

    def stop(self, run: str, why: str) -> None:
        """Stop this process's attempt at a run, if it has one."""
        self._soon(self._stop, run, why)

    def _stop(self, run: str, why: str) -> None:
        if (execution := self._live.get(run)) is not None:
            execution.stop(why)

    def settled(self, run: str) -> Future[None]:
        """Ends when the row of a run says that it has ended, or waits for somebody, whoever executes it."""
        told: Future[None] = Future()
        if not self._soon(self._awaited.add, run, told):
            told.set_exception(StorageUnavailable("The server is stopping.", hint=STOPPING))
        return told

    def nudge(self, run: str) -> None:
        """This run may be due: look now; where there is no room for it here, have another process look."""
        self._soon(self._nudge, run)

    def _nudge(self, run: str) -> None:
        if self._sweeper is not None:
            self._sweeper.nudge(run)

    def rung(self, run: str) -> Future[None]:
        """Another process says that this run is due. The future ends when this process has done its part of it."""
        done: Future[None] = Future()
        if not self._soon(lambda: self._loop.create_task(self._rung(run, done))):
            done.set_result(None)
        return done

    async def _rung(self, run: str, done: Future[None]) -> None:
        try:
            if self._sweeper is not None:
                await self._sweeper.looked()
            self._tools.reach("when rung")
            if run in self._live:
                told: Future[Ended] = Future()
                self._waiting.setdefault(run, []).append(told)
                await asyncio.wrap_future(told)
        finally:
            if done.set_running_or_notify_cancel():
                done.set_result(None)

    def answered(self, run: str) -> None:
        """Somebody has answered what a run asked: it goes on, here at once if it is here."""
        self._soon(self._answered, run)

    def _answered(self, run: str) -> None:
        if (execution := self._live.get(run)) is not None:
            execution.waits.look()
        else:
            self._nudge(run)

    # taking up

    async def _resume(self, taken: Claim) -> None:
        """Rebuild the state of a run from its log and go on."""
        self._idle.clear()
        plan = await asyncio.to_thread(self._plan_of, taken.hash, taken.words)
        if plan is None:
            plan = Plan.empty()
        created = datetime.fromtimestamp(taken.created, UTC).isoformat()
        talk = await self._reader.ask(lambda tx: talk_of(tx, taken.run)) if taken.conversation else None
        state = fresh(plan, taken.run, created, talk, taken.person)
        broken = ""
        records, trial = await self._reader.ask(lambda tx: (read_records(tx, taken.run), read_trial(tx, taken.run)))
        try:
            fold(state, records)
            if trial is not None and trial.path:
                state.at(trial.path)  # where it goes on has to be there before it does
        except (ValueError, KeyError, IndexError, StepFailed) as error:
            broken = str(error)
            if records:
                state.seq, state.hash = records[-1].seq, records[-1].hash
        execution = Execution(
            plan, state, self._tools, run=taken.run, attempt=taken.attempt, person=taken.person,
            inputs=orjson.loads(taken.inputs), on_end=self._ended, trial=None if broken else trial,
        )  # fmt: skip
        self._live[taken.run] = execution
        self._partials.wake()
        if not plan.steps:
            execution.fail_as(
                "plan_lost",
                "A step type this run needs is not installed any more.",
                "Install the version that started the run, and start it again.",
            )
        elif broken:
            execution.fail_as("replay_mismatch", f"The log of this run does not fit its plan: {broken}.")
        elif taken.poison:
            execution.fail_as(
                "crashed_repeatedly",
                "The process died three times in a row at the same place of this run.",
                "Look into the server's log for what kills it before starting the run again.",
            )
        else:
            recall(execution)
            execution.begin()

    async def _release_all(self) -> None:
        if self._sweeper is not None:
            await self._sweeper.close()
        left, now = list(self._live.values()), self._tools.clock.now()
        for execution in left:
            execution.stop("the process is leaving")

        def release_them(tx: Tx) -> None:
            for each in left:
                release(tx, each.run, attempt=each.attempt, now=now)

        self._awaited.close()
        self._partials.close()
        await self._tools.writer.write(release_them)  # with none left too: all the writer has to tell is told after it
        await self._tools.models.close()
        await self._tools.http.close()

    # the live view

    async def watch(self, run: str) -> Subscriber | None:
        """What happens in a run from now on, when it is executed here; None otherwise. Read the log after calling, and
        `unwatch` when done."""
        subscriber = Subscriber(asyncio.get_running_loop())
        joined: Future[bool] = Future()

        def join() -> None:
            execution = self._live.get(run)
            if execution is not None:
                execution.telling.join(subscriber)
            if joined.set_running_or_notify_cancel():
                joined.set_result(execution is not None)

        return subscriber if self._soon(join) and await asyncio.wrap_future(joined) else None

    def unwatch(self, run: str, subscriber: Subscriber) -> None:
        """This reader looks no more."""

        def part() -> None:
            execution = self._live.get(run)
            if (
                execution is not None
                and execution.telling.audience is not None
                and subscriber in execution.telling.audience.readers
            ):
                execution.telling.audience.readers.remove(subscriber)

        self._soon(part)


def _new_loop() -> asyncio.AbstractEventLoop:
    import uvloop

    return uvloop.new_event_loop()
