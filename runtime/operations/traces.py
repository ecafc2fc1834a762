"""Reading what happened: a run as a list entry, as events, and whole with every step's input and output."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import orjson

from nodes.sdk import StepFailed
from runtime.engine.live import event_of
from runtime.engine.state import fold, fresh
from runtime.errors import NotAllowed, NotFound
from runtime.graph.document import CALL, FINISH, START, Document, Meaning, Words
from runtime.graph.handing import handed_back
from runtime.operations.actors import Actor
from runtime.operations.called import CalledView, called_in, document_at, shut_calls, steps_at, without_numbers
from runtime.operations.door import Hidden, allowed, look
from runtime.operations.forms import chat_of
from runtime.operations.happened import StepView, absent, steps_in
from runtime.operations.runtime import Runtime
from runtime.store import runs as rows
from runtime.store.error_runs import because_of, error_run_of
from runtime.store.inside import read_last, read_place
from runtime.store.log import Record, last_link, read_records
from runtime.store.rights import LEVELS, roles_of, standing
from runtime.store.spending import usage_of_calls
from runtime.store.transaction import Tx
from runtime.store.versions import version_with


@dataclass(frozen=True, slots=True)
class RunCard:
    """A run in a list. Times are seconds since 1970; cost in the currency of the price list."""

    run: str
    name: str
    title: str
    person: str
    """the name of who started it"""
    via: str
    status: str
    created: float
    started: float | None
    ended: float | None
    tokens_in: int
    tokens_out: int
    cost: float | None
    error: str
    said: str = ""
    """how its input begins; only where runs are looked for"""


@dataclass(frozen=True, slots=True)
class Finished:
    """How a run stands: `status` queued, running and waiting are not its end."""

    run: str
    status: str
    outputs: dict[str, Any] | None
    error: dict[str, Any] | None
    conversation: str = ""
    """the conversation it is a message of; empty: of none"""
    error_run: str = ""
    """the run of the error workflow, which began because it failed; empty: none"""


@dataclass(frozen=True, slots=True)
class RunView:
    """A whole run."""

    card: RunCard
    inputs: dict[str, Any]
    outputs: dict[str, Any] | None
    error: dict[str, Any] | None
    steps: list[StepView]
    """in the order of the workflow, also those that did not run"""
    chat: bool
    """whether it is a turn of a conversation, whose answer is the output `answer` or the only one"""
    hash: str
    attempt: int
    last_hash: str
    labels: dict[str, dict[str, str]] = field(default_factory=dict[str, dict[str, str]])
    """what people call the `inputs` and `outputs`, by name"""
    app: str = ""
    """name of the app it is a run of; empty where a draft was tried"""
    version: int = 0
    """number of the version that ran; 0 for a draft"""
    inside: bool = True
    """whether this reader sees what the steps handed on; of an app that is for its owner and for auditors"""
    erased: float | None = None
    """when its data was removed; then inputs, outputs and what steps handed on are empty"""
    erased_by: str = ""
    """name of who asked for it; empty: its app keeps nothing longer"""
    seq: int = 0
    """the newest record it knows of: whoever follows the run goes on from there"""
    error_run: str = ""
    """the run of the error workflow, which began because it failed; empty: none"""
    because: str = ""
    """the run whose failure began it; empty: none"""
    called: list[CalledView] = field(default_factory=list[CalledView])
    """the workflows its steps called, each after the one that calls it; for readers who see inside"""


async def read_finished(runtime: Runtime, actor: Actor | None, *, run: str) -> Finished:
    """How a run stands now."""
    return await look(
        runtime, actor, "run.see", run, lambda tx: finished_of(tx, visible_run(tx, actor, run)), soon=True
    )


async def list_runs(
    runtime: Runtime, actor: Actor | None, *, workflow: str | None = None, limit: int = 50, before: float = 1e12
) -> list[RunCard]:
    """One's own, newest first, started before a time."""
    person = await allowed(runtime, actor, "run.list")
    found = await runtime.reader.ask(
        lambda tx: rows.list_runs(tx, person=person.id, workflow=workflow, before=before, most=min(limit, 500))
    )
    return [card_of(row) for row in found]


async def read_run(runtime: Runtime, actor: Actor | None, *, run: str) -> RunView:
    """A run whole, from its row and its log."""

    def find(tx: Tx) -> RunView:
        row = visible_run(tx, actor, run)
        inside = sees_inside(tx, actor, row)
        view = _view(tx, actor, row, inside=inside)
        return view if inside else _from_outside(view)

    return await look(runtime, actor, "run.see", run, find)


async def inspect_step(runtime: Runtime, actor: Actor | None, *, run: str, step: str, path: str = "") -> dict[str, Any]:
    """One step with its input, rebuilt from plan and log as of what it saw. Of a step inside a container that is the
    last time it ran, or the one at a `path`: `each[3]`; of a workflow that is called, the one at `call`."""

    def find(tx: Tx) -> dict[str, Any]:
        row = seen_inside(tx, actor, run)
        document = document_at(tx, actor, document_of(tx, row), path)
        if step not in document.meaning.steps:
            raise NotFound(f"There is no step {step} in run {run}.", hint="Open the run again.")
        place = path or next((each.path for each in read_last(tx, run) if each.step == step), "")
        records = read_place(tx, run, place, step)
        rest = "skipped" if row.status in rows.ENDED else "waiting"
        found = steps_in(document, records, usage_of_calls(tx, run)).get(step) or absent(document, step, rest)
        given = None if row.erased is not None else _input_of(runtime, tx, row, records)
        if given is not None and document.meaning.steps[step].type == CALL:
            given = {each["name"]: each["value"] for each in given["inputs"]}  # what it calls is told by its name
        return {"run": run, "step": found, "input": given}

    return await look(runtime, actor, "run.see", run, find)


async def read_events(
    runtime: Runtime, actor: Actor | None, *, run: str, after: int
) -> tuple[Finished, list[dict[str, Any]]]:
    """How a run stands, and its committed events after a cursor, both of one moment."""

    def find(tx: Tx) -> tuple[Finished, list[dict[str, Any]]]:
        row = visible_run(tx, actor, run)
        heard = hearing_of(tx, actor, row)
        return finished_of(tx, row), [told for each in events_of(tx, run, after) if (told := heard(each))]

    return await look(runtime, actor, "run.see", run, find)


def visible_run(tx: Tx, actor: Actor | None, run: str, *, also: str = "auditor") -> Any:
    """The row of a run this actor may see: one's own, one of the key's app, or any for somebody with the role `also`.

    For everybody else it is as if there were no such run.
    """
    row = rows.run_row(tx, run)
    absent = f"There is no run {run}."
    if row is None or actor is None:
        raise NotFound(absent)
    if actor.app is not None:
        mine = row.app == actor.app and row.via == "key"
    else:
        mine = row.person == actor.id or also in roles_of(tx, actor.id)
    if not mine:
        raise Hidden(absent)
    return row


def seen_inside(tx: Tx, actor: Actor | None, run: str) -> Any:
    """The row of a run whose steps this actor may look into."""
    row = visible_run(tx, actor, run)
    if not sees_inside(tx, actor, row):
        raise NotAllowed(
            "What the steps of an app hand on is for its owner and for auditors.",
            hint="The result and its sources are yours.",
        )
    return row


def sees_inside(tx: Tx, actor: Actor | None, row: Any) -> bool:
    """Whether a reader of a run sees what its steps handed on, and what was said to models.

    Whoever runs an app gets what it hands back: that is what its guard and its approval are about. What lies before is
    for the app's owner and for auditors. A draft is open to whoever tried it. An error run is open to those of them who
    may see the workflow that runs there.
    """
    if (failed := because_of(row.key)) and not _may_look_into(tx, actor, failed):
        return False
    if not row.app or actor is None or actor.app is not None:
        return not row.app
    roles, _, held = standing(tx, actor.id, "app", row.app)
    return "auditor" in roles or held >= LEVELS.index("share")


def _may_look_into(tx: Tx, actor: Actor | None, failed: str) -> bool:
    """Whether a reader may see the error workflow of a run."""
    row = rows.run_row(tx, failed)
    after = None if row is None else document_of(tx, row).meaning.run.error_workflow
    if after is None or actor is None:
        return False
    version = version_with(tx, after.content, actor.id, after.name)
    return bool(version is not None and version.seen) or "auditor" in roles_of(tx, actor.id)


def hearing_of(tx: Tx, actor: Actor | None, row: Any) -> Callable[[Mapping[str, Any]], dict[str, Any] | None]:
    """What a reader hears of an event of a run, None for nothing: from outside an app, of what is spoken only what is
    handed back anyway, no values of variables, not what a step that failed said, and nothing of workflows that are
    called; otherwise all but what happens in called workflows this reader may not see."""
    inside, body = sees_inside(tx, actor, row), rows.read_content(tx, row.hash) or b""
    if inside and CALL.encode() not in body:
        return dict
    document = document_of(tx, row)
    calls, shut = shut_calls(tx, actor, document)
    if inside:
        return lambda event: None if _within(event, shut) else dict(event)
    aloud = handed_back(document.meaning)

    def told(event: Mapping[str, Any]) -> dict[str, Any] | None:
        kind = event["kind"]
        if kind == "variable.set" or (kind == "text" and event["step"] not in aloud) or _within(event, calls):
            return None
        if kind in ("step.failed", "step.retry"):  # what ended the run is told with its end
            return {**event, "error": _bare(event["error"])}
        return dict(event)

    return told


def _bare(error: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """A failure without its words, which may hold what the step was given."""
    return None if error is None else {name: error.get(name, "") for name in ("code", "step")}


def _within(event: Mapping[str, Any], places: set[str]) -> bool:
    """Whether an event lies in a workflow called at one of these places."""
    parts = without_numbers(event.get("path", "")).split("/")
    return bool(places) and any("/".join(parts[:length]) in places for length in range(1, len(parts) + 1))


def finished_of(tx: Tx, row: Any) -> Finished:
    """How a run stands, from its row."""
    outputs = orjson.loads(row.outputs) if row.outputs else None
    error = orjson.loads(row.error) if row.error else None
    return Finished(row.id, row.status, outputs, error, row.conversation or "", _error_run(tx, row))


def _error_run(tx: Tx, row: Any) -> str:
    """The run that began because this one failed; who may see the one may see the other."""
    return error_run_of(tx, row.workflow, row.id) if row.status == "failed" else ""


def events_of(tx: Tx, run: str, after: int) -> list[dict[str, Any]]:
    """The committed records of a run as events."""
    return [event_of(record) for record in read_records(tx, run, after)]


def _view(tx: Tx, actor: Actor | None, row: Any, *, inside: bool) -> RunView:
    run, document, over = row.id, document_of(tx, row), row.status in rows.ENDED
    seq = last_link(tx, run)[0]
    used = usage_of_calls(tx, run)
    steps = steps_at(tx, run, document, "", used, over=over)
    called = list(called_in(tx, actor, run, document, steps, used, over=over)) if inside else []
    outputs = orjson.loads(row.outputs) if row.outputs else None
    error = orjson.loads(row.error) if row.error else None
    inputs = orjson.loads(row.inputs)
    return RunView(
        card_of(row), inputs, outputs, error, steps, chat_of(document), row.hash, row.attempt, row.last_hash,
        {"inputs": labels_of(document, START), "outputs": labels_of(document, FINISH)},
        row.name if row.app else "", rows.version_number(tx, row.version) if row.version else 0,
        erased=row.erased, erased_by=row.erased_by or "", seq=seq, called=called,
        error_run=_error_run(tx, row), because=because_of(row.key),
    )  # fmt: skip


def _from_outside(view: RunView) -> RunView:
    """The steps with how they went, without what they handed on."""
    steps = [replace(each, output=None, usage=None, calls=[], error=_bare(each.error)) for each in view.steps]
    return replace(view, steps=steps, inside=False)


def labels_of(document: Document, type_id: str) -> dict[str, str]:
    """What people call the values of the steps of a type, by their names."""
    return {
        name: each.label
        for step, words in document.words.steps.items()
        if step in document.meaning.steps and document.meaning.steps[step].type == type_id
        for name, each in words.labels.items()
        if each.label
    }


def document_of(tx: Tx, row: Any) -> Document:
    """What ran."""
    meaning = rows.read_content(tx, row.hash)
    words = rows.read_content(tx, row.words)
    assert meaning is not None, "a run is inserted together with what it runs"
    return Document(
        name="run",
        meaning=Meaning.model_validate_json(meaning),
        words=Words.model_validate_json(words) if words else Words(),
    )


def _input_of(runtime: Runtime, tx: Tx, row: Any, records: Sequence[Record]) -> dict[str, Any] | None:
    """The settings of a step with the values it saw; None when it has not begun. `records` are those of the step."""
    plan = runtime.plans.plan_of(row.hash, row.words)
    mine = next((each for each in records if each.kind in ("intent", "wait", "done", "failed")), None)
    if plan is None or mine is None:
        return None
    state = fold(fresh(plan, row.id, ""), [each for each in read_records(tx, row.id) if each.seq <= mine.seen])
    try:
        frame = state.at(mine.path)
        planned = frame.scope.steps[frame.scope.index[mine.step]]
        node = planned.ready if planned.bind is None else planned.bind(frame.read)
    except (KeyError, StepFailed):
        return None
    return node.model_dump(mode="json", by_alias=True) if node is not None else None


def card_of(row: Any) -> RunCard:
    """A row of the lists as a card."""
    error = orjson.loads(row.error)["message"] if row.error else ""
    return RunCard(
        row.id, row.name, row.title, row.who, row.via, row.status, row.created, row.started, row.ended,
        row.tokens_in, row.tokens_out, row.cost, error,
    )  # fmt: skip
