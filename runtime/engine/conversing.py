"""A run as a message of a conversation: what it finds there when it begins, and what it leaves there when it ends.

What the variables of the conversation hold is written at the beginning of the run's log, so that the run is rebuilt
from its log alone. Messages of one conversation are executed one after the other; what was said before one of them
therefore stays as it is while it goes on.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson

from nodes.sdk import Exchange, Summary
from nodes.sdk.named import Kind, misfit
from runtime.engine.values import encode
from runtime.graph.document import CONVERSATION
from runtime.graph.handing import answer_of
from runtime.store.conversations import Talk, keep_summary, remember, summary_before, turns_before
from runtime.store.transaction import Tx

if TYPE_CHECKING:
    from runtime.engine.execution import Execution

MESSAGE = "message"
"""the input that is what a person said"""


def recall(execution: Execution) -> None:
    """Note what the variables of the conversation hold; once, at the beginning of the log."""
    state, plan = execution.state, execution.plan
    if state.talk is None or state.seq:
        return
    step, now = plan.steps[plan.start].id, execution.now()
    for name, value in state.talk.variables.items():
        if name in plan.conversation and _fits(value, plan.conversation[name].kind):
            detail = orjson.dumps({"variable": name, "of": CONVERSATION, "found": True})
            packed = encode(value)
            kept = execution.journal.note("set", step, started=now, ended=now, seen=0, value=packed, detail=detail)
            state.top.take_set(CONVERSATION, name, value, kept.output_digest)


def leave_behind(execution: Execution) -> None:
    """Have what the variables of the conversation hold now kept with the end of the run."""
    talk, plan = execution.state.talk, execution.plan
    if talk is None:
        return
    before = {name: talk.variables.get(name, each.start) for name, each in plan.conversation.items()}
    now = execution.state.conversation
    changed = {name: now[name] for name, value in before.items() if now.get(name) != value}
    if changed:
        execution.journal.also(lambda tx: remember(tx, talk.id, changed))


def _fits(value: Any, kind: str) -> bool:
    """Whether a variable that another version has left is still of this kind; if not it begins anew."""
    return kind not in set(Kind) or value is None or not misfit(value, Kind(kind))


class StepTalk:
    """Implements `nodes.sdk.Conversation` for a step of a run; where there is no `talk`, nothing was said before."""

    def __init__(self, execution: Execution, step: str, talk: Talk | None) -> None:
        self._execution, self._step, self._talk = execution, step, talk

    async def exchanges(self, most: int, *, after: int = 0) -> list[Exchange]:
        """What was said and answered before."""
        talk = self._talk
        if talk is None:
            return []
        reader = self._execution.tools.reader
        found = await reader.ask(lambda tx: turns_before(tx, talk.id, talk.turn, after=after, most=most))
        told = [(each.number, _said(each.inputs), answer_of(orjson.loads(each.outputs))) for each in found]
        return [Exchange(*each) for each in told if each[1] and each[2]]

    async def summary(self) -> Summary | None:
        """What this step kept in an earlier run."""
        talk, run = self._talk, self._execution.run
        if talk is None:
            return None
        reader = self._execution.tools.reader
        found = await reader.ask(lambda tx: summary_before(tx, talk.id, step=self._step, run=run))
        return Summary(*found) if found else None

    def keep(self, summary: Summary) -> None:
        """Keep a summary for later runs, with the next records of this one."""
        talk, run, step = self._talk, self._execution.run, self._step
        if talk is None:
            return

        def write(tx: Tx) -> None:
            keep_summary(tx, talk.id, step=step, run=run, upto=summary.upto, text=summary.text)

        self._execution.journal.also(write)


def _said(inputs: bytes) -> str:
    given: dict[str, Any] = orjson.loads(inputs)
    return str(given.get(MESSAGE) or "")
