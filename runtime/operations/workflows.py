"""Workflows: list, create, copy, open, remove."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from nodes.sdk import Shape
from runtime.errors import BadInput
from runtime.graph.compiling import Compiled
from runtime.graph.document import Document, Layout, Meaning, Place, Step, StepWords, Words
from runtime.graph.hashing import content_hash
from runtime.graph.problems import Problem
from runtime.operations.actors import Actor
from runtime.operations.calling import unseen_calls
from runtime.operations.connected import connection_problems, missing_connections
from runtime.operations.door import allowed, do, missing
from runtime.operations.governance import Crossing, Flow, flow_in
from runtime.operations.naming import free_name
from runtime.operations.passages import base_problems
from runtime.operations.runtime import Runtime
from runtime.store import workflows as rows
from runtime.store.ids import new_id
from runtime.store.rights import give_right, take_right
from runtime.store.transaction import Tx
from runtime.store.workflows import DraftRow


@dataclass(frozen=True, slots=True)
class WorkflowCard:
    """A workflow in a list. Times are seconds since 1970."""

    name: str
    title: str
    description: str
    icon: str
    steps: int
    updated: float
    last_run: float | None
    last_status: str | None
    origin: str
    """title of the template it began as; empty for none, and where this person may not see it"""
    renewed: bool
    """whether that template has a newer release"""


@dataclass(frozen=True, slots=True)
class Check:
    """What the compiler says of a draft: all problems, and what later steps may refer to."""

    revision: int
    hash: str
    runnable: bool
    problems: tuple[Problem, ...]
    outputs: dict[str, list[dict[str, Any]]]
    """by step: name, kind, description, fields of each value"""
    exits: dict[str, list[dict[str, str]]]
    crossings: tuple[Crossing, ...] = ()
    """what goes where"""
    inner: dict[str, list[dict[str, Any]]] = field(default_factory=dict[str, list[dict[str, Any]]])
    """by container: what it hands on to the steps inside"""
    older: dict[str, dict[str, Any]] = field(default_factory=dict[str, dict[str, Any]])
    """by step that was made with an earlier version of its type: today's version, and the settings in its shape"""


@dataclass(frozen=True, slots=True)
class Draft:
    """A workflow as it is being edited."""

    name: str
    revision: int
    document: Document
    check: Check


async def list_workflows(runtime: Runtime, actor: Actor | None) -> list[WorkflowCard]:
    """All workflows this person may see, last changed first."""
    person = await allowed(runtime, actor, "workflow.list")
    found = await runtime.reader.ask(lambda tx: rows.list_workflows(tx, person.id))
    return [replace(WorkflowCard(*row), renewed=bool(row.renewed)) for row in found]


async def create_workflow(
    runtime: Runtime,
    actor: Actor | None,
    *,
    title: str,
    document: Document | None = None,
    origin: tuple[str, str] | None = None,
) -> Draft:
    """Start a workflow: blank (a start and a finish step) or from a document, remembering its `origin`: the ids of the
    template it came from and of the version that was then. Its name is made from the title and never changes."""
    person = await allowed(runtime, actor, "workflow.create")
    title = " ".join(title.split())
    if not title or len(title) > 200:
        raise BadInput("A workflow needs a title of 1 to 200 characters.", hint="Say in a few words what it does.")
    given = document or blank()
    given = given.model_copy(update={"words": given.words.model_copy(update={"title": title})})
    workflow, now = new_id("workflow"), runtime.clock.now()

    def work(tx: Tx) -> Draft:
        name = free_name(title, lambda start: rows.taken_names(tx, start), otherwise="workflow")
        named = given.model_copy(update={"name": name})
        rows.insert_workflow(tx, workflow=workflow, name=name, owner=person.id, now=now, origin=origin)
        give_right(tx, workflow, person.id, "own")
        rows.write_draft(tx, as_row(workflow, 1, named, now))
        return Draft(name, 1, named, _NOT_YET)

    draft = await do(runtime, actor, "workflow.create", workflow, work)
    check = await runtime.reader.ask(lambda tx: check_of(tx, 1, draft.document, runtime, person.id))
    return Draft(draft.name, 1, draft.document, check)


async def open_draft(runtime: Runtime, actor: Actor | None, *, name: str) -> Draft:
    """The draft of a workflow with what the compiler says of it."""
    person = await allowed(runtime, actor, "workflow.see", name)

    def find(tx: Tx) -> Draft:
        row = draft_of(tx, name)
        document = Document.model_validate_json(row.document)
        return Draft(name, row.revision, document, check_of(tx, row.revision, document, runtime, person.id))

    return await runtime.reader.ask(find)


async def duplicate_workflow(runtime: Runtime, actor: Actor | None, *, name: str) -> Draft:
    """A copy under a new name."""
    original = await open_draft(runtime, actor, name=name)
    title = f"{original.document.words.title or name} (copy)"
    return await create_workflow(runtime, actor, title=title[:200], document=original.document)


async def remove_workflow(runtime: Runtime, actor: Actor | None, *, name: str) -> None:
    """Delete a workflow and its draft. Its runs stay, for whoever asks what happened."""

    def work(tx: Tx) -> None:
        workflow = workflow_id(tx, name)
        take_right(tx, workflow)
        rows.remove_workflow(tx, workflow)

    await do(runtime, actor, "workflow.remove", name, work)


def blank() -> Document:
    """A start and a finish step, not connected yet: what goes between is the person's."""
    return Document(
        name="blank",
        words=Words(steps={"start": StepWords(title="Start"), "finish": StepWords(title="Finish")}),
        meaning=Meaning(steps={"start": Step(type="flow.start"), "finish": Step(type="flow.finish")}),
        layout=Layout(steps={"start": Place(0, 0), "finish": Place(720, 0)}),
    )


def workflow_id(tx: Tx, name: str) -> str:
    """The id behind a name. Raises `NotFound`."""
    row = rows.find_workflow(tx, name)
    if row is None:
        raise missing("workflow", name)
    return row.id


def draft_of(tx: Tx, name: str) -> DraftRow:
    """The draft behind a name. Raises `NotFound`."""
    draft = rows.read_draft(tx, workflow_id(tx, name))
    assert draft is not None, "a workflow is inserted together with its draft"
    return draft


def as_row(workflow: str, revision: int, document: Document, now: float) -> DraftRow:
    """A document as the store keeps it."""
    return DraftRow(
        workflow=workflow,
        revision=revision,
        document=document.model_dump_json(by_alias=True, exclude_defaults=True),
        title=document.words.title or document.name,
        description=document.words.description,
        icon=document.words.icon,
        steps=len(document.meaning.steps),
        hash=content_hash(document),
        updated=now,
    )


def check_of(tx: Tx, revision: int, document: Document, runtime: Runtime, person: str) -> Check:
    """Compile, follow the data, and tell, as far as this person may know what the document names."""
    unseen = unseen_calls(tx, document.meaning, person)
    compiled: Compiled = runtime.plans.compile(document, without=unseen)
    outputs = {
        step: [_described(name, shape) for name, shape in each.items()] for step, each in compiled.outputs.items()
    }
    exits = {
        step: [{"id": way.id, "label": _exit_label(document, step, way.id, way.label)} for way in each]
        for step, each in compiled.exits.items()
    }
    hidden = [] if unseen else [*base_problems(tx, document, person),
                                *connection_problems(tx, runtime, document, person)]  # fmt: skip
    # what goes where would tell title and class of what is not shared with this person
    flow = Flow({}, (), ()) if hidden or unseen else flow_in(tx, runtime, document)
    absent = [] if unseen else missing_connections(tx, runtime, document)
    problems = (*compiled.problems, *hidden, *absent, *flow.problems)
    runnable = compiled.plan is not None and not hidden and not absent and not flow.problems
    inner = {
        step: [_described(name, shape) for name, shape in each.inner.items()]
        for step, each in compiled.steps.items()
        if each.holds_steps
    }
    older = {
        step: {"version": each.node.version, "settings": each.settings}
        for step, each in compiled.steps.items()
        if each.node is not None and each.sure and document.meaning.steps[step].version < each.node.version
    }
    return Check(revision, content_hash(document), runnable, problems, outputs, exits, flow.crossings, inner, older)


def _described(name: str, shape: Shape) -> dict[str, Any]:
    """A value as the picker shows it: what is inside it stands in `fields`, of a list in `items`."""
    found: dict[str, Any] = {"name": name, "kind": shape.kind.value, "description": shape.description}
    if shape.fields:
        found["fields"] = [_described(inner, each) for inner, each in shape.fields.items()]
    if shape.items is not None:
        found["items"] = _described("", shape.items)
    return found


def _exit_label(document: Document, step: str, exit_id: str, label: str) -> str:
    words = document.words.steps.get(step)
    own = words.labels.get(exit_id) if words else None
    return (own.label if own else "") or label


_NOT_YET = Check(0, "", False, (), {}, {})
