"""Trying a draft out with what an earlier run left: one step alone, from a step on, or all of it with recorded answers.

Each of these is a new run. What it is given of the earlier one stands at the beginning of its log as records that say
where they come from, written in the transaction that starts it; how it is tried out stands in a row beside it. So a
run that is taken over goes on as it began, and no effect that was given happens again.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from nodes.sdk import StepFailed, files_in
from runtime.engine.given import Given, Pen, copied, snapshot
from runtime.engine.ports import Pin
from runtime.engine.replaying import Calls
from runtime.engine.state import fold, fresh
from runtime.engine.trials import Trial
from runtime.errors import BadInput, NotAllowed, NotFound
from runtime.graph import rerunning
from runtime.graph.document import CONVERSATION, Document, Meaning
from runtime.graph.plan import Plan, PlanStep
from runtime.operations.actors import Actor
from runtime.operations.brought import check_brought
from runtime.operations.called import in_called
from runtime.operations.connected import check_connections
from runtime.operations.door import allowed, look
from runtime.operations.files import give_files
from runtime.operations.governance import watch
from runtime.operations.passages import check_bases
from runtime.operations.pinning import pins_of_draft
from runtime.operations.places import not_reached, path_in, step_in, steps_of, title_of
from runtime.operations.runtime import Runtime
from runtime.operations.starting import Ready, Started, begin, check_calls, ready_of
from runtime.operations.traces import sees_inside, visible_run
from runtime.operations.versions import version_document
from runtime.operations.workflows import draft_of, workflow_id
from runtime.store.error_runs import because_of
from runtime.store.files import used_file
from runtime.store.ids import new_id
from runtime.store.log import Record, read_records, write_records
from runtime.store.runs import ENDED, read_content
from runtime.store.transaction import Tx
from runtime.store.trials import insert_trial, pins_on
from runtime.store.versions import find_version


@dataclass(frozen=True, slots=True)
class _Earlier:
    """An earlier run, as far as another is given something of it."""

    id: str
    inputs: dict[str, Any]
    meaning: Meaning
    plan: Plan | None
    records: list[Record]

    def exits(self, path: str = "") -> dict[str, str]:
        """The ways out of the steps that have ended at a path."""
        return {each.step: each.exit for each in self.records if each.path == path and _ended(each)}


async def run_step(
    runtime: Runtime,
    actor: Actor | None,
    *,
    workflow: str,
    step: str,
    run: str = "",
    path: str = "",
    pinned: bool = False,
) -> Started:
    """Run one step of the draft alone, with what it saw in an earlier `run`, or with what is `pinned`.

    Inside a container `path` says with which item or round of that run. Nothing behind the step runs; what comes out
    is what it handed on. Raises `BadInput` where something it reads is not known.
    """
    ready, earlier, pins = await _prepared(runtime, actor, workflow, run, None, pinned=pinned)
    planned = step_in(ready, step, path)
    if path and earlier is None:
        raise BadInput(
            f"“{title_of(ready, step)}” lies inside a container, and only a run knows what one item was given.",
            hint="Choose an earlier run, and one of its items or rounds.",
        )
    meaning = ready.document.meaning
    known = _known(meaning, planned, path, earlier, pins)
    if known is not None:
        raise BadInput(
            f"“{title_of(ready, step)}” reads what “{title_of(ready, known)}” hands on, and that is not known"
            f"{' from this run' if earlier else ''}.",
            hint=f"Choose a run in which “{title_of(ready, known)}” has ended, or pin what it hands on.",
        )
    behind = rerunning.anew(meaning, [step]).whole

    def seed(pen: Pen) -> None:
        if earlier is not None:
            _seen_by(pen, earlier, ready.plan, step, path, lambda each: each in behind or each in pins)
        for each, pin in pins.items():
            if each not in behind and each in meaning.steps and not meaning.steps[each].inside:
                pen.done(each, "", pin.exit, dict(pin.outputs), {"pin": True})

    trial = Trial("step", run, step, path)
    return await _begin(runtime, actor, workflow, ready, earlier, trial, seed, pins)


async def run_from(
    runtime: Runtime, actor: Actor | None, *, workflow: str, step: str, run: str, pinned: bool = False
) -> Started:
    """Run the draft from a step on: what has ended in an earlier `run` and is neither that step nor behind it is given
    with what it handed on and the way it left.

    Raises `BadInput` where that would be untrue: something before the step has changed since, or never ended.
    """
    ready, earlier, pins = await _prepared(runtime, actor, workflow, run, None, pinned=pinned)
    assert earlier is not None, "a run was named"
    step_in(ready, step, None)
    meaning = ready.document.meaning
    reads = {each.id: each.reads_variables for each in steps_of(ready.plan.top)}
    differ = rerunning.changed(earlier.meaning, meaning, reads) - pins.keys()
    for each in rerunning.before(meaning, step):
        if each in differ:
            raise BadInput(
                f"“{title_of(ready, each)}” has changed since this run, and “{title_of(ready, step)}” rests on it.",
                hint=f"Run from “{title_of(ready, each)}” instead, or pin what it hands on.",
            )
    exits = earlier.exits() | {each: pin.exit for each, pin in pins.items()}
    outermost = (rerunning.containers_of(meaning, step) or [step])[-1]
    if (why := rerunning.not_reached(meaning, outermost, exits)) is not None:
        raise not_reached(ready, why, step)
    anew = rerunning.anew(meaning, {step, *(each for each in differ if each in meaning.steps)})
    wanted = _given_in(meaning, anew, earlier.records, ready.plan)

    def seed(pen: Pen) -> None:
        copied(pen, earlier.records, wanted, pins)

    left = {each: pin for each, pin in pins.items() if each in anew.whole}
    trial = Trial("from", run, step, pins=left)
    return await _begin(runtime, actor, workflow, ready, earlier, trial, seed, pins)


async def replay_run(
    runtime: Runtime,
    actor: Actor | None,
    *,
    workflow: str,
    run: str,
    version: str | None = None,
    calls: Calls = "refuse",
) -> Started:
    """Run the draft (or a `version`) with the input of an earlier `run` and the recorded answers of its models, hosts
    and people. A call for which nothing is recorded fails its step, unless `calls` are to be made: then it is real.
    """
    ready, earlier, _ = await _prepared(runtime, actor, workflow, run, version, pinned=False)
    assert earlier is not None, "a run was named"
    known = [each for each in earlier.records if _found(each, ready.plan)]

    def seed(pen: Pen) -> None:
        for each in known:
            pen.copy(each)

    return await _begin(runtime, actor, workflow, ready, earlier, Trial("replay", run, calls=calls), seed, {})


async def run_pinned(runtime: Runtime, actor: Actor | None, *, workflow: str, inputs: Mapping[str, Any]) -> Started:
    """Run the draft as it is now; steps that are pinned give what is pinned."""
    ready, _, pins = await _prepared(runtime, actor, workflow, "", None, pinned=True)
    return await _begin(runtime, actor, workflow, ready, None, Trial("pinned", pins=pins), None, pins, inputs)


def _seen_by(pen: Pen, earlier: _Earlier, plan: Plan, step: str, path: str, left_out: Callable[[str], bool]) -> None:
    """Give what a step saw in an earlier run; where it did not run there, what was known in the end."""
    mine = next((each for each in earlier.records if (each.step, each.path) == (step, path)), None)
    end = next((each for each in earlier.records if each.kind == "item" and each.path == path), None)
    upto = mine.seen if mine is not None else end.seq - 1 if end is not None else len(earlier.records)
    origin = {"run": earlier.id}
    try:
        assert earlier.plan is not None, "asked before"
        state = fold(fresh(earlier.plan, earlier.id, ""), earlier.records[:upto])
        known = {each.id for each in steps_of(plan.top)}
        snapshot(pen, state, path, origin, lambda each: left_out(each) or each not in known)
        last = {each.id for each in earlier.plan.steps if state.top.exits[each.index] is not None}
    except (KeyError, IndexError, ValueError, StepFailed) as error:
        raise BadInput("The run has no such item or round.", hint="Choose one from the list of that run.") from error
    outer = path.partition("/")[0].partition("[")[0]
    for each in earlier.records[upto:]:  # what ended later, and a changed step may read
        later = _ended(each) and each.path == "" and each.step in known - last - {outer}
        if later and not left_out(each.step):
            value = orjson.loads(each.value or b"null")
            pen.done(each.step, "", each.exit, value["output"] if each.kind == "failed" else value, origin)


def _given_in(meaning: Meaning, anew: rerunning.Anew, records: list[Record], plan: Plan) -> Callable[[Record], bool]:
    """Which records of an earlier run are given when these steps run anew."""
    loops = {each.id for each in steps_of(plan.top) if each.node.container == "repeat"}
    given = {(each.step, each.path) for each in records
             if _ended(each) and each.step in meaning.steps and anew.gives(meaning, each.step)
             and _is_first_round(each.path, loops) and not in_called(each.path)}  # fmt: skip

    def wanted(record: Record) -> bool:
        where, detail = (record.step, record.path), orjson.loads(record.detail or b"{}")
        match record.kind:
            case "done" | "failed":
                return where in given
            case "set" if detail.get("found"):
                return detail["variable"] in meaning.conversation
            case "set":
                begins = record.step in anew.partly and detail.get("of") == record.step
                return where in given or (begins and _is_first_round(record.path, loops))
            case "intent":
                return record.step in anew.partly and detail.get("effect") == "items"
            case _:
                return False

    return wanted


def _is_first_round(path: str, loops: set[str]) -> bool:
    """Whether no loop around a path is further than its first round: later ones rest on what is not given."""
    return all(each.partition("[")[0] not in loops or each.endswith("[0]") for each in path.split("/") if each)


def _found(record: Record, plan: Plan) -> bool:
    """Whether a record says what a conversation held when a run began."""
    detail: dict[str, Any] = orjson.loads(record.detail or b"{}") if record.kind == "set" else {}
    return bool(detail.get("found")) and detail.get("of") == CONVERSATION and detail["variable"] in plan.conversation


def _ended(record: Record) -> bool:
    """Whether a step has handed something on for good."""
    if record.kind == "failed":
        return bool(orjson.loads(record.detail or b"{}").get("handled"))
    return record.kind == "done"


def _known(
    meaning: Meaning, planned: PlanStep, path: str, earlier: _Earlier | None, pins: Mapping[str, Pin]
) -> str | None:
    """The first step whose result is read and not known."""
    around = rerunning.containers_of(meaning, planned.id)
    for each in planned.reads:
        if each in pins or each in around or each not in meaning.steps:
            continue
        if earlier is None:
            return each
        inside = meaning.steps[each].inside
        at = path_in(path, inside)
        if each in earlier.exits(at):
            continue
        if inside or rerunning.not_reached(earlier.meaning, each, earlier.exits()) != ("skipped", each):
            return each
    return None


async def _prepared(
    runtime: Runtime, actor: Actor | None, workflow: str, run: str, version: str | None, *, pinned: bool
) -> tuple[Ready, _Earlier | None, dict[str, Pin]]:
    """What is run, what it is given of, and what is pinned; all of it after the door was asked."""
    person = await allowed(runtime, actor, "run.start", workflow)

    def find(tx: Tx) -> tuple[str, Document, dict[str, Pin]]:
        found = workflow_id(tx, workflow)
        if version is None:
            document = Document.model_validate_json(draft_of(tx, workflow).document)
        else:
            row = find_version(tx, version)
            if row is None or row.workflow != found:
                raise NotFound("This workflow has no such version.", hint="Open the list of versions again.")
            document = version_document(tx, version)
        return found, document, pins_of_draft(tx, found) if pinned else {}

    id_, document, pins = await runtime.reader.ask(find)
    runtime.reader.now(lambda tx: check_calls(tx, runtime, document, person.id))
    ready = await ready_of(runtime, document, workflow=id_, name=workflow)
    if ready.touched.bases:
        runtime.reader.now(lambda tx: check_bases(tx, document, person.id))
    if ready.touched.hosts:
        runtime.reader.now(lambda tx: check_connections(tx, runtime, document, person.id))
    runtime.reader.now(watch(runtime, document).admit)
    earlier = await _earlier(runtime, person, id_, run) if run else None
    return ready, earlier, pins


async def _earlier(runtime: Runtime, person: Actor, workflow: str, run: str) -> _Earlier:
    """An earlier run, where this person may use what its steps handed on."""

    def find(tx: Tx) -> tuple[Any, Meaning, list[Record]]:
        row = visible_run(tx, person, run)
        if row.person != person.id or not sees_inside(tx, person, row):
            raise NotAllowed(
                "Only what one’s own runs have left can be used to try something out.",
                hint="Start the workflow yourself with the same input.",
            )
        of = row.workflow
        if row.version and (version := find_version(tx, row.version)) is not None:
            of = version.workflow
        if of != workflow or because_of(row.key):
            raise BadInput("This run is of another workflow.", hint="Choose a run of this one.")
        if row.status not in ENDED:
            raise BadInput("This run has not ended yet.", hint="Wait for its end, or stop it.")
        if row.erased is not None:
            raise BadInput(
                "The data of this run was removed, so nothing of it can be given.", hint="Choose another run."
            )
        meaning = read_content(tx, row.hash)
        return row, Meaning.model_validate_json(meaning or b"{}"), read_records(tx, run)

    row, meaning, records = await look(runtime, person, "run.see", run, find)
    plan = await asyncio.to_thread(runtime.plans.plan_of, row.hash, row.words)
    if plan is None:
        raise BadInput("A step type of this run is not installed any more.", hint="Choose another run.")
    return _Earlier(run, orjson.loads(row.inputs), meaning, plan, records)


async def _begin(
    runtime: Runtime,
    actor: Actor | None,
    workflow: str,
    ready: Ready,
    earlier: _Earlier | None,
    trial: Trial,
    seed: Callable[[Pen], None] | None,
    pins: Mapping[str, Pin],
    inputs: Mapping[str, Any] | None = None,
) -> Started:
    """Start the run behind what it is given. It is queued: whoever executes it reads it from its rows."""
    run, now = new_id("run"), runtime.clock.now()

    def write() -> Given:
        pen = Pen(ready.plan, run, now)
        if seed is not None:
            seed(pen)
        return pen.written()

    given = await asyncio.to_thread(write)
    pinned = {each.step: each.source for each in runtime.reader.now(lambda tx: pins_on(tx, ready.workflow))}
    sources = {step: pinned.get(step, "") for step in pins}
    alone = trial.step if trial.kind == "step" else ""
    await runtime.reader.ask(lambda tx: check_brought(tx, runtime, ready.document, given.records, sources, alone))
    files = [file for each in given.records if each.value for file in files_in(orjson.loads(each.value))]
    files += [file for _, body in given.blobs for file in files_in(orjson.loads(body))]
    known = {each["id"]: each for each in files}

    def moves(tx: Tx, started: str) -> None:
        insert_trial(tx, trial.row(started))
        write_records(tx, given.records, given.blobs)
        # what a step hands on may look like a file, and name one that was never the earlier run's
        real = [each for each in known.values() if earlier is not None and used_file(tx, earlier.id, each["id"])]
        give_files(tx, started, real, now)

    given_inputs = inputs if inputs is not None else earlier.inputs if earlier is not None else {}
    started, _ = await begin(
        runtime, actor, action="run.start", thing=workflow, ready=ready, inputs=given_inputs, queued=True,
        moves=moves, run=run, any_inputs=trial.kind == "step",
    )  # fmt: skip
    return started
