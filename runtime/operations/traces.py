"""Reading what happened: a run as a list entry, as events, and whole with every step's input and output."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import orjson

from runtime.engine.live import event_of
from runtime.engine.state import fold, fresh
from runtime.errors import NotAllowed, NotFound
from runtime.graph.document import FINISH, START, Document, Meaning, Words
from runtime.graph.handing import handed_back
from runtime.graph.ordering import order_of
from runtime.operations.actors import Actor
from runtime.operations.door import Hidden, allowed, look
from runtime.operations.forms import chat_of
from runtime.operations.runtime import Runtime
from runtime.store import runs as rows
from runtime.store.log import Record, read_records
from runtime.store.rights import LEVELS, roles_of, standing
from runtime.store.spending import usage_of_calls
from runtime.store.transaction import Tx


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


@dataclass(frozen=True, slots=True)
class ModelCall:
    """One call of a model as it was really sent, and what it used."""

    step: str
    alias: str
    model: str
    messages: list[dict[str, str]]
    at: float
    usage: dict[str, Any] | None


@dataclass(frozen=True, slots=True)
class Asked:
    """A question a step asked people, and the answer once there is one."""

    title: str
    waits_for: str
    """the names of who may answer"""
    since: float
    deadline: float | None
    choice: str = ""
    by: str = ""


@dataclass(frozen=True, slots=True)
class StepView:
    """One step of a run."""

    step: str
    path: str
    title: str
    type: str
    status: str
    """done, failed, running (began, no result yet), asking (waits for people), skipped or waiting (not reached)"""
    exit: str
    started: float | None
    ended: float | None
    output: Any
    error: dict[str, Any] | None
    usage: dict[str, Any] | None
    calls: list[ModelCall]
    asked: Asked | None = None
    """the last question it asked"""


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


async def read_finished(runtime: Runtime, actor: Actor | None, *, run: str) -> Finished:
    """How a run stands now."""
    row = await look(runtime, actor, "run.see", run, lambda tx: visible_run(tx, actor, run), soon=True)
    return finished_of(row)


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
        view = _view(tx, row)
        return view if sees_inside(tx, actor, row) else _from_outside(view)

    return await look(runtime, actor, "run.see", run, find)


async def inspect_step(runtime: Runtime, actor: Actor | None, *, run: str, step: str) -> dict[str, Any]:
    """One step with its input, rebuilt from plan and log as of what it saw."""

    def find(tx: Tx) -> dict[str, Any]:
        row = visible_run(tx, actor, run)
        if not sees_inside(tx, actor, row):
            raise NotAllowed(
                "What the steps of an app hand on is for its owner and for auditors.",
                hint="The result and its sources are yours.",
            )
        view = _view(tx, row)
        found = next((each for each in view.steps if each.step == step), None)
        if found is None:
            raise NotFound(f"There is no step {step} in run {run}.", hint="Open the run again.")
        given = None if row.erased is not None else _input_of(runtime, tx, run, step)
        return {"run": run, "step": found, "input": given}

    return await look(runtime, actor, "run.see", run, find)


async def read_events(
    runtime: Runtime, actor: Actor | None, *, run: str, after: int
) -> tuple[Finished, list[dict[str, Any]]]:
    """How a run stands, and its committed events after a cursor, both of one moment."""

    def find(tx: Tx) -> tuple[Finished, list[dict[str, Any]]]:
        row = visible_run(tx, actor, run)
        heard = hearing_of(tx, actor, row)
        return finished_of(row), [each for each in events_of(tx, run, after) if heard(each)]

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


def sees_inside(tx: Tx, actor: Actor | None, row: Any) -> bool:
    """Whether a reader of a run sees what its steps handed on, and what was said to models.

    Whoever runs an app gets what it hands back: that is what its guard and its approval are about. What lies before is
    for the app's owner and for auditors. A draft is open to whoever tried it.
    """
    if not row.app or actor is None or actor.app is not None:
        return not row.app
    roles, _, held = standing(tx, actor.id, "app", row.app)
    return "auditor" in roles or held >= LEVELS.index("share")


def hearing_of(tx: Tx, actor: Actor | None, row: Any) -> Callable[[Mapping[str, Any]], bool]:
    """Which events of a run a reader hears: from outside an app, of what is spoken only what is handed back anyway,
    and no values of variables."""
    if sees_inside(tx, actor, row):
        return lambda _event: True
    aloud = handed_back(_document(tx, row).meaning)
    return lambda event: event["kind"] != "variable.set" and (event["kind"] != "text" or event["step"] in aloud)


def finished_of(row: Any) -> Finished:
    """How a run stands, from its row."""
    outputs = orjson.loads(row.outputs) if row.outputs else None
    return Finished(row.id, row.status, outputs, orjson.loads(row.error) if row.error else None)


def events_of(tx: Tx, run: str, after: int) -> list[dict[str, Any]]:
    """The committed records of a run as events."""
    return [event_of(record) for record in read_records(tx, run, after)]


def _view(tx: Tx, row: Any) -> RunView:
    run, document = row.id, _document(tx, row)
    records = read_records(tx, run)
    used = usage_of_calls(tx, run)
    steps: dict[str, StepView] = {}
    calls: dict[str, list[ModelCall]] = {}
    asked: dict[str, Asked] = {}
    for record in records:
        detail: dict[str, Any] = orjson.loads(record.detail) if record.detail else {}
        if record.kind == "intent" and detail.get("effect") != "model":
            steps.setdefault(record.step, _step(document, record, "running", []))
        elif record.kind == "intent":
            sent: dict[str, Any] = _loaded(record) or {}
            call = ModelCall(
                record.step,
                sent.get("alias", ""),
                sent.get("model", ""),
                sent.get("messages", []),
                record.started,
                used.get(detail.get("key", "")),
            )
            calls.setdefault(record.step, []).append(call)
            steps.setdefault(record.step, _step(document, record, "running", calls[record.step]))
        elif record.kind in ("wait", "answer"):
            asked[record.step] = _asked(asked.get(record.step), record, detail)
            begun = steps.setdefault(record.step, _step(document, record, "asking", []))
            steps[record.step] = replace(begun, status="asking" if record.kind == "wait" else "running")
        elif record.kind in ("done", "failed"):
            steps.pop(record.step, None)
            steps[record.step] = _step(document, record, record.kind, calls.get(record.step, []), detail.get("usage"))
    for step, question in asked.items():
        started = min(steps[step].started or question.since, question.since)
        steps[step] = replace(steps[step], asked=question, started=started)
    rest = "skipped" if row.status in rows.ENDED else "waiting"
    ordered = [steps.get(step) or _absent(document, step, rest) for step in order_of(document.meaning)]
    outputs = orjson.loads(row.outputs) if row.outputs else None
    error = orjson.loads(row.error) if row.error else None
    inputs = orjson.loads(row.inputs)
    return RunView(
        card_of(row), inputs, outputs, error, ordered, chat_of(document), row.hash, row.attempt, row.last_hash,
        {"inputs": labels_of(document, START), "outputs": labels_of(document, FINISH)},
        row.name if row.app else "", rows.version_number(tx, row.version) if row.version else 0,
        erased=row.erased, erased_by=row.erased_by or "",
    )  # fmt: skip


def _from_outside(view: RunView) -> RunView:
    """The steps with how they went, without what they handed on."""
    steps = [replace(each, output=None, usage=None, calls=[]) for each in view.steps]
    return replace(view, steps=steps, inside=False)


def _step(
    document: Document, record: Record, status: str, calls: list[ModelCall], usage: dict[str, Any] | None = None
) -> StepView:
    failed = status == "failed"
    going = status in ("running", "asking")
    value = None if going else _loaded(record)
    return StepView(
        record.step, record.path, document.title(record.step), document.meaning.steps[record.step].type, status,
        record.exit, record.started, None if going else record.ended, None if failed else value,
        value if failed else None, usage, calls,
    )  # fmt: skip


def _asked(before: Asked | None, record: Record, detail: dict[str, Any]) -> Asked:
    """What is known of a question after one more record of it."""
    said: dict[str, Any] = _loaded(record) or {}
    if record.kind == "answer" and before is not None:
        return replace(before, choice=said.get("choice", ""), by=said.get("by", ""))
    return Asked(said.get("title", ""), said.get("waits_for", ""), record.started, detail.get("deadline"))


def _absent(document: Document, step: str, status: str) -> StepView:
    type_id = document.meaning.steps[step].type
    return StepView(step, "", document.title(step), type_id, status, "", None, None, None, None, None, [])


def labels_of(document: Document, type_id: str) -> dict[str, str]:
    """What people call the values of the steps of a type, by their names."""
    return {
        name: each.label
        for step, words in document.words.steps.items()
        if step in document.meaning.steps and document.meaning.steps[step].type == type_id
        for name, each in words.labels.items()
        if each.label
    }


def _document(tx: Tx, row: Any) -> Document:
    meaning = rows.read_content(tx, row.hash)
    words = rows.read_content(tx, row.words)
    assert meaning is not None, "a run is inserted together with what it runs"
    return Document(
        name="run",
        meaning=Meaning.model_validate_json(meaning),
        words=Words.model_validate_json(words) if words else Words(),
    )


def _input_of(runtime: Runtime, tx: Tx, run: str, step: str) -> dict[str, Any] | None:
    """The settings of a step with the values it saw; None when it has not begun."""
    row = rows.run_row(tx, run)
    assert row is not None, "read a moment ago"
    plan = runtime.plans.plan_of(row.hash, row.words)
    records = read_records(tx, run)
    kinds = ("intent", "wait", "done", "failed")
    mine = next((each for each in records if each.step == step and each.kind in kinds), None)
    if plan is None or mine is None or step not in plan.index:
        return None
    state = fold(fresh(plan, run, ""), [each for each in records if each.seq <= mine.seen])
    planned = plan.steps[plan.index[step]]
    node = planned.ready if planned.bind is None else planned.bind(state.top.read)
    return node.model_dump(mode="json", by_alias=True) if node is not None else None


def card_of(row: Any) -> RunCard:
    """A row of the lists as a card."""
    error = orjson.loads(row.error)["message"] if row.error else ""
    return RunCard(
        row.id, row.name, row.title, row.who, row.via, row.status, row.created, row.started, row.ended,
        row.tokens_in, row.tokens_out, row.cost, error,
    )  # fmt: skip


def _loaded(record: Record) -> Any:
    return orjson.loads(record.value) if record.value is not None else None
