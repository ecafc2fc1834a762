"""What becomes of a step that fails: another try, a fallback, its exit for errors, or the end of what it belongs to."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

import orjson

from nodes.sdk import StepFailed

if TYPE_CHECKING:
    from runtime.engine.execution import Execution
    from runtime.engine.turn import Turn
    from runtime.store.log import Record

log = logging.getLogger(__name__)

LONGEST_WAIT_S = 300.0
"""between two tries of a step"""


class Failures:
    """Of one attempt. Lives on the engine's loop."""

    def __init__(self, execution: Execution) -> None:
        self._execution, self._state = execution, execution.state

    def met(self, turn: Turn, error: Exception) -> None:
        """A step failed."""
        execution, told = self._execution, self._told(turn, error)
        on, tries = turn.step.on_failure, turn.try_
        if tries <= on.retries:
            self._note("retry", turn, told)
            self._state.take_try(turn.where, tries)
            execution.again(turn, min(on.wait_s * on.factor ** (tries - 1), LONGEST_WAIT_S))
        elif on.then != "stop":
            self._recover(turn, told)
        else:
            self._note("failed", turn, told, exit_id="error")
            self._state.steps += 1
            execution.break_off(turn.walk, told)

    def _told(self, turn: Turn, error: Exception) -> dict[str, Any]:
        """A failure as it stands in the log."""
        if not isinstance(error, StepFailed):
            log.error("step %s of %s failed unexpectedly", turn.step.id, self._execution.run, exc_info=error)
            error = StepFailed(
                f"This step stopped on an error of its own: {type(error).__name__}.",
                code="internal",
                hint="The server's log has the details under this run's id.",
            )
        told = {"code": error.code, "message": error.message, "hint": error.hint, "step": turn.step.id}
        path = turn.walk.frame.path
        return told | {"path": path} if path else told

    def _recover(self, turn: Turn, told: dict[str, Any]) -> None:
        """Hand on a fallback, or leave by the exit for errors."""
        on = turn.step.on_failure
        exit_id, own = ("done", on.fallback) if on.then == "fallback" else ("error", {})
        output = {**own, "error_message": told["message"], "error_code": told["code"]}
        noted = self._note("failed", turn, {**told, "output": output}, exit_id=exit_id, handled=True)
        self._state.take_handled(turn.walk.frame, turn.step, exit_id, output, noted.output_digest)

    def _note(
        self, kind: str, turn: Turn, value: dict[str, Any], *, exit_id: str = "", handled: bool = False
    ) -> Record:
        execution, usage = self._execution, turn.context.usage
        detail: dict[str, Any] = ({"handled": True} if handled else {}) | ({"usage": usage} if usage else {})
        detail |= execution.effects.lost()
        noted = execution.journal.note(
            kind, turn.step.id, path=turn.walk.frame.path, started=turn.started, ended=execution.now(),
            seen=turn.seen, value=orjson.dumps(value), exit_id=exit_id,
            detail=orjson.dumps(detail) if detail else None, try_=turn.try_,
        )  # fmt: skip
        if usage:
            self._state.take_usage(usage)
        return noted
