"""Runs: start, follow, read, stop."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson

from nodes.sdk import StepFailed
from runtime.engine.engine import Start
from runtime.engine.execution import Ended
from runtime.engine.ports import Pin
from runtime.engine.values import encode
from runtime.errors import BadInput, Conflict, NotFound
from runtime.graph.compiling import Compiled
from runtime.graph.document import Document
from runtime.graph.hashing import canonical, content_hash, words_digest
from runtime.graph.plan import Plan
from runtime.operations.actors import Actor
from runtime.operations.door import allowed, do, look, missing
from runtime.operations.runtime import Runtime
from runtime.operations.traces import Finished, events_of, finished_of, visible_run
from runtime.operations.workflows import draft_of
from runtime.store import runs as rows
from runtime.store.ids import new_id
from runtime.store.runs import NewRun
from runtime.store.transaction import Tx
from runtime.store.workflows import draft_mark


@dataclass(frozen=True, slots=True)
class Started:
    """A run that has been accepted. `again` when its key had already started it."""

    run: str
    again: bool = False


@dataclass(frozen=True, slots=True)
class _Prepared:
    """A draft ready to run, found once for its (workflow, revision)."""

    workflow: str
    document: Document
    hash: str
    plan: Plan
    words: str
    meaning_body: bytes
    words_body: bytes
    kept: set[str] = field(default_factory=set[str])
    """digests whose bodies are known to be in the store"""


_prepared: dict[tuple[str, int], _Prepared] = {}
_MOST_PREPARED = 128


async def start_run(
    runtime: Runtime,
    actor: Actor | None,
    *,
    workflow: str,
    inputs: Mapping[str, Any],
    key: str | None = None,
    queued: bool = False,
    pins: Mapping[str, Pin] | None = None,
) -> Started:
    """Accept a run of the draft as it is now; its id is told once the start is durable.

    Two starts of one workflow with one `key` are one run. `queued` leaves it to any process.
    """
    started, _ = await _start(runtime, actor, workflow, inputs, key, queued, pins)
    return started


async def run_to_end(
    runtime: Runtime,
    actor: Actor | None,
    *,
    workflow: str,
    inputs: Mapping[str, Any],
    key: str | None = None,
    pins: Mapping[str, Pin] | None = None,
) -> Finished:
    """Start a run and wait for its committed end (or until it waits for somebody)."""
    started, told = await _start(runtime, actor, workflow, inputs, key, False, pins)
    if told is not None:
        end = await told
        if end.status is not None:
            return Finished(end.run, end.status, end.outputs, end.error)
    while True:  # executed elsewhere, or taken over: its row tells
        finished = await read_finished(runtime, actor, run=started.run)
        if finished.status not in ("queued", "running"):
            return finished
        await asyncio.sleep(0.05)


async def _start(
    runtime: Runtime,
    actor: Actor | None,
    workflow: str,
    inputs: Mapping[str, Any],
    key: str | None,
    queued: bool,
    pins: Mapping[str, Pin] | None,
) -> tuple[Started, asyncio.Future[Ended] | None]:
    person = await allowed(runtime, actor, "run.start", workflow)
    if key is not None and not (1 <= len(key) <= 200 and key.isprintable()):
        raise BadInput("A key is a text of 1 to 200 characters.", hint="Use an id of the request, such as a UUID.")
    ready = await _prepare(runtime, workflow)
    checked, packed = _checked(ready.plan, inputs)
    now = runtime.clock.now()
    new = NewRun(
        id=new_id("run"), workflow=ready.workflow, name=workflow, title=ready.document.words.title or workflow,
        person=person.id, via=person.via, key=key, hash=ready.hash, words=ready.words,
        catalogue=ready.plan.catalogue_digest, inputs=packed, created=now,
        process="" if queued else runtime.engine.process.id,
    )  # fmt: skip

    def work(tx: Tx) -> Started:
        if key is not None and (earlier := rows.run_by_key(tx, ready.workflow, key)) is not None:
            return Started(earlier, again=True)
        if not ready.kept:
            rows.keep_content(tx, ready.hash, ready.meaning_body)
            rows.keep_content(tx, ready.words, ready.words_body)
        rows.insert_run(tx, new)
        return Started(new.id)

    accepting = asyncio.ensure_future(
        do(runtime, actor, "run.start", workflow, work, found=lambda started: started.run)
    )
    await asyncio.sleep(0)  # the start is queued before the first record of the run
    told = None
    if not queued and not accepting.done():
        start = Start(new.id, ready.plan, checked, person.id, now, pins)
        told = asyncio.wrap_future(runtime.engine.execute(start))
    started = await accepting
    if not started.again:
        ready.kept.update((ready.hash, ready.words))
    if queued:
        runtime.engine.nudge()
    return started, None if started.again else told


async def _prepare(runtime: Runtime, workflow: str) -> _Prepared:
    """The draft's plan; compiled once per revision."""
    mark = runtime.reader.now(lambda tx: _mark(tx, workflow))
    found = _prepared.get(mark)
    if found is None:
        row = await runtime.reader.ask(lambda tx: draft_of(tx, workflow))
        document = Document.model_validate_json(row.document)
        compiled = await asyncio.to_thread(runtime.plans.compile, document)
        found = _Prepared(
            row.workflow, document, content_hash(document), runnable(compiled), words_digest(document),
            canonical(document.meaning), canonical(document.words),
        )  # fmt: skip
        if len(_prepared) >= _MOST_PREPARED:
            _prepared.pop(next(iter(_prepared)))
        _prepared[row.workflow, row.revision] = found
    return found


def _mark(tx: Tx, workflow: str) -> tuple[str, int]:
    row = draft_mark(tx, workflow)
    if row is None:
        raise missing("workflow", workflow)
    return row


def runnable(compiled: Compiled) -> Plan:
    """The plan, or `BadInput` with every problem that hinders it."""
    if compiled.plan is None:
        errors = [each for each in compiled.problems if each.severity == "error"]
        raise BadInput(
            f"The workflow has {len(errors)} problem{'s' if len(errors) != 1 else ''} to mend before it can run.",
            hint=errors[0].sentence if errors else "",
            details={"problems": [each.as_dict() for each in errors]},
        )
    return compiled.plan


def _checked(plan: Plan, inputs: Mapping[str, Any]) -> tuple[dict[str, Any], bytes]:
    """The inputs as the start step declares them, and as they are kept. Raises `BadInput` naming every input that does
    not fit."""
    start = plan.steps[plan.start].ready
    check = getattr(start, "check_inputs", None)
    values, problems = check(inputs) if check is not None else (dict(inputs), ())
    if problems:
        raise BadInput(
            "Some inputs do not fit: " + " ".join(each.sentence for each in problems),
            hint="Correct them and start again; nothing has run.",
            details={
                "problems": [{"input": each.field, "code": each.code, "message": each.sentence} for each in problems]
            },
        )
    try:
        packed = encode(values)
    except StepFailed as error:
        raise BadInput("The inputs hold something that is no data: a number without an end, or broken text.") from error
    return orjson.loads(packed), packed


async def cancel_run(runtime: Runtime, actor: Actor | None, *, run: str) -> Finished:
    """Stop a run: recorded at once, no new effect begins, what it is doing is aborted."""
    person, now = await allowed(runtime, actor, "run.cancel", run), runtime.clock.now()

    def work(tx: Tx) -> None:
        visible_run(tx, person, run, also="owner")
        if rows.cancel(tx, run, now=now) is None:
            raise Conflict("This run has ended already.", hint="Start it again if you need it again.")

    await do(runtime, actor, "run.cancel", run, work)
    runtime.engine.stop(run, "cancelled")
    return finished_of(runtime.reader.now(lambda tx: rows.run_row(tx, run)))


async def read_finished(runtime: Runtime, actor: Actor | None, *, run: str) -> Finished:
    """How a run stands now."""
    row = await look(runtime, actor, "run.see", run, lambda tx: visible_run(tx, actor, run), soon=True)
    return finished_of(row)


async def follow_run(
    runtime: Runtime, actor: Actor | None, *, run: str, after: int = 0
) -> AsyncIterator[dict[str, Any]]:
    """What happened in a run since record `after`, then what happens, until it ends or waits.

    Events with `seq` are committed and never change; text and step.started are sooner and provisional. A reader that
    is cut off comes back with the last `seq` it saw.
    """
    await look(runtime, actor, "run.see", run, lambda tx: visible_run(tx, actor, run), soon=True)
    seen = after
    while True:
        live = await runtime.engine.watch(run)
        try:
            row = runtime.reader.now(lambda tx: rows.run_row(tx, run))
            if row is None:
                raise NotFound(f"There is no run {run}.")
            events = await runtime.reader.ask(lambda tx, s=seen: events_of(tx, run, s))
            for event in events:
                seen = event["seq"]
                yield event
            if row.status in (*rows.ENDED, "waiting"):
                yield ended_event(run, row)
                return
            if live is None:
                await asyncio.sleep(0.25)
                continue
            async for event in live:
                if event.get("seq", seen + 1) <= seen:
                    continue
                seen = event.get("seq", seen)
                yield dict(event)
                if event["kind"] == "run.ended":
                    return
        finally:
            if live is not None:
                runtime.engine.unwatch(run, live)


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
