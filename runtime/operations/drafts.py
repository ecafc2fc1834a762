"""Editing a draft together: each batch of edits is applied on top of what others did meanwhile, or refused with both
values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from runtime.graph.applying import EditRefused, apply_all, spelled_out
from runtime.graph.document import Document
from runtime.graph.edits import EDITS, Edit
from runtime.graph.rebasing import Conflict, rebase
from runtime.operations.actors import Actor
from runtime.operations.door import allowed, do
from runtime.operations.runtime import Runtime
from runtime.operations.workflows import Check, as_row, check_of, draft_of, workflow_id
from runtime.store import workflows as rows
from runtime.store.transaction import Tx


@dataclass(frozen=True, slots=True)
class Change:
    """An accepted batch of edits: what made `revision` out of the one before."""

    revision: int
    batch: str
    client: str
    who: str
    at: float
    edits: list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Edited:
    """What became of a batch. Either it is among `changes`, or `refused` says why in a sentence."""

    revision: int
    changes: list[Change]
    """everything accepted since the revision the author saw, in order"""
    refused: str = ""
    conflicts: tuple[Conflict, ...] = ()


async def edit_draft(
    runtime: Runtime, actor: Actor | None, *, name: str, saw: int, batch: str, client: str, edits: list[Edit]
) -> Edited:
    """Apply a batch whole, or not at all. A batch that was accepted before is answered, not applied again."""
    person = await allowed(runtime, actor, "workflow.edit", name)
    now = runtime.clock.now()

    def work(tx: Tx) -> Edited:
        draft = draft_of(tx, name)
        later = _changes(tx, draft.workflow, saw)
        if rows.change_of_batch(tx, draft.workflow, client, batch) is not None:
            return Edited(draft.revision, later)
        document = Document.model_validate_json(draft.document)
        told = spelled_out(document, edits)
        if conflicts := rebase([edit for each in later for edit in EDITS.validate_python(each.edits)], told):
            who = later[-1].who if later else "Somebody"
            return Edited(draft.revision, later, f"{who} changed the same place meanwhile.", tuple(conflicts))
        try:
            after, _inverse = apply_all(document, told)
        except EditRefused as refusal:
            return Edited(draft.revision, later, refusal.sentence)
        revision = draft.revision + 1
        rows.write_draft(tx, as_row(draft.workflow, revision, after, now))
        packed = EDITS.dump_json(told, by_alias=True).decode()
        rows.insert_change(
            tx, workflow=draft.workflow, revision=revision, batch=batch, client=client, person=person.id, at=now,
            edits=packed,
        )  # fmt: skip
        own = Change(revision, batch, client, person.name, now, EDITS.dump_python(told, by_alias=True, mode="json"))
        return Edited(revision, [*later, own])

    return await do(runtime, actor, "workflow.edit", name, work, audited=False)


async def changes_of(runtime: Runtime, actor: Actor | None, *, name: str, after: int) -> list[Change]:
    """Accepted batches since a revision, oldest first."""
    await allowed(runtime, actor, "workflow.see", name)
    return runtime.reader.now(lambda tx: _changes(tx, workflow_id(tx, name), after))


async def check_draft(runtime: Runtime, actor: Actor | None, *, name: str) -> Check:
    """What the compiler says of the draft now."""
    person = await allowed(runtime, actor, "workflow.see", name)

    def find(tx: Tx) -> Check:
        row = draft_of(tx, name)
        return check_of(tx, row.revision, Document.model_validate_json(row.document), runtime, person.id)

    return await runtime.reader.ask(find)


def _changes(tx: Tx, workflow: str, after: int) -> list[Change]:
    return [
        Change(row.revision, row.batch, row.client, row.name, row.at, EDITS.dump_python(
            EDITS.validate_json(row.edits), by_alias=True, mode="json"))
        for row in rows.changes_after(tx, workflow, after)
    ]  # fmt: skip
