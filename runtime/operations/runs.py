"""Runs: start a draft, follow, read, stop."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from contextlib import aclosing
from typing import Any

import orjson

from runtime.cache import Cache
from runtime.engine.ending import Ended
from runtime.engine.live import Event, answer_event
from runtime.engine.partials import LOOKS_S, Overheard
from runtime.engine.ports import Pin
from runtime.errors import BadInput, Conflict, NotFound
from runtime.graph.document import Document
from runtime.operations.actors import Actor
from runtime.operations.connected import check_connections
from runtime.operations.door import allowed, do, look, missing
from runtime.operations.forms import chat_of
from runtime.operations.governance import Watch, watch
from runtime.operations.passages import check_bases
from runtime.operations.runtime import Runtime
from runtime.operations.starting import Ready, Started, begin, check_calls, end_of, ready_of
from runtime.operations.traces import Finished, events_of, finished_of, hearing_of, visible_run
from runtime.operations.workflows import draft_of
from runtime.store import runs as rows
from runtime.store.partial import Partial, look_at, read_partial
from runtime.store.transaction import Tx
from runtime.store.workflows import draft_mark

_prepared: Cache[tuple[str, int], tuple[Ready, Watch]] = Cache(128)
"""drafts ready to run with the watch over their data, by workflow and revision"""
AFAR_S = 0.25
"""how often the log of a run is read that another process executes"""
PATIENCE_S = 1.0
"""how often a patient reader looks whether a run that waits goes on"""


async def start_run(
    runtime: Runtime,
    actor: Actor | None,
    *,
    workflow: str,
    inputs: Mapping[str, Any],
    key: str | None = None,
    queued: bool = False,
    pins: Mapping[str, Pin] | None = None,
    conversation: str | None = None,
) -> Started:
    """Accept a run of the draft as it is now; its id is told once the start is durable.

    Two starts of one workflow with one `key` are one run. `queued` leaves it to any process. With a `conversation` (or
    “new”) it is a message there.
    """
    started, _ = await _start(runtime, actor, workflow, inputs, _own_key(key), queued, pins, conversation)
    return started


async def run_to_end(
    runtime: Runtime,
    actor: Actor | None,
    *,
    workflow: str,
    inputs: Mapping[str, Any],
    key: str | None = None,
    pins: Mapping[str, Pin] | None = None,
    conversation: str | None = None,
) -> Finished:
    """Start a run and wait for its committed end (or until it waits for somebody)."""
    started, told = await _start(runtime, actor, workflow, inputs, _own_key(key), False, pins, conversation)
    return await end_of(runtime, actor, started, told)


async def run_test(
    runtime: Runtime, actor: Actor | None, *, workflow: str, inputs: Mapping[str, Any], key: str
) -> Finished:
    """Run a test case to its end. Its key tells the case, and nobody else may start a run with such a key."""
    started, told = await _start(runtime, actor, workflow, inputs, key, False, None)
    return await end_of(runtime, actor, started, told)


def _own_key(key: str | None) -> str | None:
    """A key as somebody chose it. Raises `BadInput` for one that tells a test case."""
    if key is not None and key.startswith("test:"):
        raise BadInput("Keys that begin with “test:” are for test cases.", hint="Choose another key for this run.")
    return key


async def _start(
    runtime: Runtime,
    actor: Actor | None,
    workflow: str,
    inputs: Mapping[str, Any],
    key: str | None,
    queued: bool,
    pins: Mapping[str, Pin] | None,
    conversation: str | None = None,
) -> tuple[Started, asyncio.Future[Ended] | None]:
    person = await allowed(runtime, actor, "run.start", workflow)
    ready, watched = await _prepare(runtime, workflow, person.id)
    pinned = (pins or {}).keys()
    # first, because what goes where would tell title and class of a base this person may not read
    if ready.touched.bases:
        runtime.reader.now(lambda tx: check_bases(tx, ready.document, person.id, pinned))
    if ready.touched.hosts:
        runtime.reader.now(lambda tx: check_connections(tx, runtime, ready.document, person.id, pinned))
    runtime.reader.now(lambda tx: watched.admit(tx, pinned))
    return await begin(
        runtime,
        actor,
        action="run.start",
        thing=workflow,
        ready=ready,
        inputs=inputs,
        key=key,
        queued=queued,
        pins=pins,
        conversation=conversation,
    )


async def chats(runtime: Runtime, actor: Actor | None, *, workflow: str) -> bool:
    """Whether a run of the draft begins with a chat message. Raises `BadInput` for a draft that cannot run."""
    person = await allowed(runtime, actor, "run.start", workflow)
    ready, _ = await _prepare(runtime, workflow, person.id)
    return chat_of(ready.document)


async def _prepare(runtime: Runtime, workflow: str, person: str) -> tuple[Ready, Watch]:
    """The draft's plan; compiled once per revision. What it calls has to be seen by whoever starts it: before anything
    is told of it."""
    mark = runtime.reader.now(lambda tx: _mark(tx, workflow))
    found = _prepared.get(mark)
    if found is not None:
        if found[0].calls:
            runtime.reader.now(lambda tx: check_calls(tx, runtime, found[0].document, person))
    else:
        row = await runtime.reader.ask(lambda tx: draft_of(tx, workflow))
        document = Document.model_validate_json(row.document)
        runtime.reader.now(lambda tx: check_calls(tx, runtime, document, person))
        ready = await ready_of(runtime, document, workflow=row.workflow, name=workflow)
        found = _prepared.keep((row.workflow, row.revision), (ready, watch(runtime, document)))
    return found


def _mark(tx: Tx, workflow: str) -> tuple[str, int]:
    row = draft_mark(tx, workflow)
    if row is None:
        raise missing("workflow", workflow)
    return row


async def cancel_run(runtime: Runtime, actor: Actor | None, *, run: str) -> Finished:
    """Stop a run: recorded at once, no new effect begins, what it is doing is aborted."""
    person, now = await allowed(runtime, actor, "run.cancel", run), runtime.clock.now()

    def work(tx: Tx) -> None:
        visible_run(tx, person, run, also="owner")
        if rows.cancel(tx, run, now=now) is None:
            raise Conflict("This run has ended already.", hint="Start it again if you need it again.")

    await do(runtime, actor, "run.cancel", run, work)
    runtime.engine.stop(run, "cancelled")
    runtime.engine.nudge(run)  # the next message of its conversation is due
    return runtime.reader.now(lambda tx: finished_of(tx, rows.run_row(tx, run)))


async def follow_run(
    runtime: Runtime, actor: Actor | None, *, run: str, after: int = 0, patient: bool = False
) -> AsyncIterator[dict[str, Any]]:
    """What happened in a run since record `after`, then what happens, until it ends or waits for somebody; a `patient`
    reader stays while it waits, and hears `quiet` each time there is nothing new, so that it can see whether anybody
    still looks.

    Events with `seq` are committed and never change; text and step.started are sooner and provisional. A reader that
    is cut off comes back with the last `seq` it saw.
    """
    heard = await look(
        runtime, actor, "run.see", run, lambda tx: hearing_of(tx, actor, visible_run(tx, actor, run)), soon=True
    )
    said = ""
    async with aclosing(_events(runtime, run, after, patient)) as events:
        async for event in events:
            if event["kind"] == "answer":
                said = said[: event["offset"]] + event["text"]
            elif event["kind"] == "run.ended" and (rest := _unsaid(run, said, event["outputs"])) and heard(rest):
                yield rest
            if (told := heard(event)) is not None:
                yield told


def _unsaid(run: str, said: str, outputs: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """What a reader has not heard of the answer, because it came late or all went fast."""
    answer = (outputs or {}).get("answer")
    if not isinstance(answer, str) or answer == said:
        return None
    offset = len(said) if answer.startswith(said) else 0
    return answer_event(run, offset, answer[offset:])


async def _events(runtime: Runtime, run: str, after: int, patient: bool) -> AsyncGenerator[dict[str, Any]]:
    look, told = _Look(runtime, run, after), -1
    while True:
        live = await runtime.engine.watch(run)
        try:
            row, events = await look.so_far(afar=live is None)
            for event in events:
                yield event
            if row.status in rows.ENDED or (row.status == "waiting" and told != look.seen):
                yield ended_event(run, row)
                if row.status != "waiting" or not patient:
                    return
                told = look.seen  # once for each time it is laid aside
            if live is None:
                await asyncio.sleep(PATIENCE_S if row.status == "waiting" else AFAR_S)
                if patient:
                    yield {"kind": "quiet", "run": run}
                continue
            async for event in _unseen(live, look.seen):
                look.seen = event.get("seq", look.seen)
                yield event
                if event["kind"] == "run.ended":
                    return
        finally:
            if live is not None:
                runtime.engine.unwatch(run, live)


class _Look:
    """What a reader knows of a run: its committed records, and from another process the text so far, which that one
    writes while somebody looks."""

    def __init__(self, runtime: Runtime, run: str, seen: int) -> None:
        self._runtime, self._run, self.seen = runtime, run, seen
        self._overheard, self._until = Overheard(run), 0.0

    async def so_far(self, *, afar: bool) -> tuple[Any, list[dict[str, Any]]]:
        """The run's row, and what is new; `afar`: the run is not executed here."""
        row, events, said = await self._runtime.reader.ask(self._read)
        self.seen = events[-1]["seq"] if events else self.seen
        if afar and row.status == "running":
            await self._tell_that_somebody_looks()
            events += self._overheard.news(said, row.attempt, self.seen)
        return row, events

    def _read(self, tx: Tx) -> tuple[Any, list[dict[str, Any]], Partial | None]:
        """Of one moment."""
        row = rows.run_row(tx, self._run)
        if row is None:
            raise NotFound(f"There is no run {self._run}.")
        return row, events_of(tx, self._run, self.seen), read_partial(tx, self._run)

    async def _tell_that_somebody_looks(self) -> None:
        now = self._runtime.clock.now()
        if self._until < now + LOOKS_S / 2:
            self._until = until = now + LOOKS_S
            await self._runtime.writer.write(lambda tx: look_at(tx, self._run, until))


async def _unseen(live: AsyncIterator[Event], seen: int) -> AsyncIterator[dict[str, Any]]:
    """Live events after a cursor. That the run was laid aside is not told from here: its row tells."""
    async for event in live:
        if event.get("seq", seen + 1) > seen and event["kind"] != "run.waiting":
            yield dict(event)


def ended_event(run: str, row: Any) -> dict[str, Any]:
    """The last event of a stream, from the run's row."""
    return {
        "kind": "run.ended" if row.status != "waiting" else "run.waiting",
        "run": run,
        "status": row.status,
        "outputs": orjson.loads(row.outputs) if row.outputs else None,
        "error": orjson.loads(row.error) if row.error else None,
        "ended": row.ended,
        "cost": row.cost,
    }
