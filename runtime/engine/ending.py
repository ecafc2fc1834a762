"""How an attempt ends: the end behind the last record, the commits shown, and the alarm that should never ring."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import orjson

from runtime.engine.conversing import leave_behind
from runtime.engine.error_runs import end_and_follow
from runtime.engine.live import events_of_batch
from runtime.engine.values import encode
from runtime.errors import Fenced
from runtime.store.log import Batch, LogConflict, last_link
from runtime.store.runs import Ending, close_waits

if TYPE_CHECKING:
    from runtime.engine.execution import Execution
    from runtime.store.transaction import Tx

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Ended:
    """How an attempt left its run. `status` is None when the attempt lost the run or the storage failed: the log goes
    on elsewhere."""

    run: str
    status: str | None
    outputs: dict[str, Any] | None = None
    error: dict[str, Any] | None = None
    error_run: str = ""
    """the run that began because this one failed"""


class Endings:
    """Of one attempt."""

    def __init__(self, execution: Execution) -> None:
        self._execution = execution
        self._loop = asyncio.get_running_loop()

    def write(self, status: str, outputs: dict[str, Any] | None, error: dict[str, Any] | None) -> None:
        """Write the end behind the last record; it is acknowledged after its commit."""
        execution, state = self._execution, self._execution.state
        run, journal, person = execution.run, execution.journal, execution.person
        packed = None if outputs is None else encode(outputs)
        told = None if error is None else orjson.dumps(error).decode()
        end = Ending(
            run, execution.attempt, status, packed, told, execution.now(), state.seq, state.hash, state.tokens_in,
            state.tokens_out, state.cost,
        )  # fmt: skip

        def settled(batch: Batch, problem: BaseException | None) -> None:
            self.settled(batch, problem)
            follows = "" if problem is not None else batch.results[-1]
            self._loop.call_soon_threadsafe(self._ended, end, Ended(run, status, outputs, error, follows), problem)

        if state.waits:
            journal.also(lambda tx: close_waits(tx, run))
        if status in ("succeeded", "partly_succeeded"):
            leave_behind(execution)
        journal.also(lambda tx: end_and_follow(tx, end, execution.plan, person=person))
        journal.flush(settled)

    def _ended(self, end: Ending, told: Ended, problem: BaseException | None) -> None:
        execution = self._execution
        if problem is not None:
            execution.on_end(execution, Ended(told.run, None))
            return
        if (audience := execution.telling.audience) is not None:
            event = {"kind": "run.ended", "run": told.run, "status": told.status, "outputs": told.outputs}
            audience.tell(event | {"error": told.error, "ended": end.ended, "cost": end.cost}, last=True)
        execution.on_end(execution, told)

    def settled(self, batch: Batch, problem: BaseException | None) -> None:
        """In the writer's thread: committed records are shown, a refused batch ends this attempt."""
        if isinstance(problem, LogConflict):
            self._loop.call_soon_threadsafe(self._alarm, problem)
        elif problem is not None:
            why = "fenced by another attempt" if isinstance(problem, Fenced) else str(problem)
            self._loop.call_soon_threadsafe(self._execution.stop, why)
        elif batch.records and (audience := self._execution.telling.audience) is not None and audience.readers:
            self._loop.call_soon_threadsafe(audience.tell, *events_of_batch(batch))

    def _alarm(self, conflict: LogConflict) -> None:
        """The log holds what this attempt wanted to write: the run stops, loudly, and nobody goes on from it."""
        execution, state = self._execution, self._execution.state
        log.error("the log of %s contradicts its attempt %d: %s", execution.run, execution.attempt, conflict)
        execution.close()
        error = {
            "code": "log_conflict", "message": "The record of this run contradicts itself, so it was stopped.",
            "hint": "Please report this with the server's log; start the run again.", "step": None,
        }  # fmt: skip
        told = orjson.dumps(error).decode()
        spent = (state.tokens_in, state.tokens_out, state.cost)
        now = execution.now()

        def close(tx: Tx) -> str:
            run = execution.run
            end = Ending(run, execution.attempt, "failed", None, told, now, *last_link(tx, run), *spent)
            close_waits(tx, run)
            return end_and_follow(tx, end, execution.plan, person=execution.person)

        closing = self._loop.create_task(execution.tools.writer.write(close))
        closing.add_done_callback(lambda _: execution.on_end(execution, Ended(execution.run, None)))
