"""Workflows and their drafts: the document, its revision, and the journal of accepted edits."""

from __future__ import annotations

from dataclasses import astuple, dataclass
from typing import Any

from sqlalchemy import Connection, Row

from runtime.store.conversations import remove_conversations_of
from runtime.store.database import execute
from runtime.store.rights import HOLDERS
from runtime.store.runs import NO_ERROR_RUN


@dataclass(frozen=True, slots=True)
class DraftRow:
    """A draft as it is kept, with the few facts lists need standing beside the document."""

    workflow: str
    revision: int
    document: str
    title: str
    description: str
    icon: str
    steps: int
    hash: str
    updated: float


def insert_workflow(
    tx: Connection,
    *,
    workflow: str,
    name: str,
    owner: str,
    now: float,
    origin: tuple[str, str] | None = None,
) -> None:
    """A new one; its draft is written in the same transaction. `origin` is a template and the version it is now."""
    tx.exec_driver_sql(
        "INSERT INTO workflow (id, name, owner, created, template, template_version) VALUES (?, ?, ?, ?, ?, ?)",
        (workflow, name, owner, now, *(origin or (None, None))),
    )


def find_workflow(tx: Connection, name: str) -> Row[Any] | None:
    """Columns id, name, owner, created."""
    return tx.exec_driver_sql("SELECT id, name, owner, created FROM workflow WHERE name = ?", (name,)).first()


def owner_of(tx: Connection, workflow: str) -> str | None:
    """Who owns it now; None where there is no such workflow."""
    row = execute(tx, "SELECT owner FROM workflow WHERE id = ?", (workflow,)).fetchone()
    return row[0] if row else None


def taken_names(tx: Connection, start: str) -> set[str]:
    """The names in use that begin like this."""
    return {row[0] for row in tx.exec_driver_sql("SELECT name FROM workflow WHERE name LIKE ? || '%'", (start,))}


def remove_workflow(tx: Connection, workflow: str) -> None:
    """The workflow and its draft go, with the conversations in which it was tried; its runs stay."""
    remove_conversations_of(tx, workflow)
    tx.exec_driver_sql("DELETE FROM workflow WHERE id = ?", (workflow,))


def list_workflows(tx: Connection, person: str) -> list[Row[Any]]:
    """What this person may see. Columns name, title, description, icon, steps, updated, last_run, last_status (of their
    own runs), origin (title of the template it began as, for who may see that) and renewed (whether that has a newer
    release); newest change first."""
    own = f"FROM run WHERE run.workflow = workflow.id AND run.person = ?1 AND {NO_ERROR_RUN}"
    return list(
        tx.exec_driver_sql(
            "SELECT workflow.name, draft.title, draft.description, draft.icon, steps, updated,"
            f" (SELECT max(created) {own}) AS last_run,"
            f" (SELECT status {own} ORDER BY created DESC LIMIT 1) AS last_status,"
            " coalesce(template.title, '') AS origin, coalesce(template.version <> template_version, FALSE) AS renewed"
            " FROM workflow JOIN draft ON draft.workflow = workflow.id"
            " LEFT JOIN template ON template.id = workflow.template AND template.withdrawn IS NULL"
            f" AND template.id IN (SELECT thing FROM thing_right WHERE holder IN ({HOLDERS}))"
            f" WHERE workflow.id IN (SELECT thing FROM thing_right WHERE holder IN ({HOLDERS})) ORDER BY updated DESC",
            (person,),
        )
    )


def write_draft(tx: Connection, draft: DraftRow) -> None:
    """Write the draft as it is now."""
    tx.exec_driver_sql(
        "INSERT INTO draft (workflow, revision, document, title, description, icon, steps, hash, updated)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (workflow) DO UPDATE SET revision = excluded.revision,"
        " document = excluded.document, title = excluded.title, description = excluded.description,"
        " icon = excluded.icon, steps = excluded.steps, hash = excluded.hash, updated = excluded.updated",
        astuple(draft),
    )


def read_draft(tx: Connection, workflow: str) -> DraftRow | None:
    """The draft of a workflow, by its id."""
    row = tx.exec_driver_sql(
        "SELECT workflow, revision, document, title, description, icon, steps, hash, updated FROM draft"
        " WHERE workflow = ?",
        (workflow,),
    ).first()
    return DraftRow(*row) if row else None


def draft_mark(tx: Connection, name: str) -> tuple[str, int] | None:
    """Which revision a workflow's draft is at: (id of the workflow, revision)."""
    return execute(
        tx,
        "SELECT draft.workflow, revision FROM draft JOIN workflow ON workflow.id = draft.workflow"
        " WHERE workflow.name = ?",
        (name,),
    ).fetchone()


def insert_change(
    tx: Connection, *, workflow: str, revision: int, batch: str, client: str, person: str, at: float, edits: str
) -> None:
    """A line of a draft's journal: the edits that made it this revision."""
    tx.exec_driver_sql(
        "INSERT INTO draft_change (workflow, revision, batch, client, person, at, edits) VALUES (?, ?, ?, ?, ?, ?, ?)",
        (workflow, revision, batch, client, person, at, edits),
    )


def change_of_batch(tx: Connection, workflow: str, client: str, batch: str) -> int | None:
    """The revision a batch became, when it was accepted before (an answer that got lost)."""
    row = tx.exec_driver_sql(
        "SELECT revision FROM draft_change WHERE workflow = ? AND client = ? AND batch = ?", (workflow, client, batch)
    ).first()
    return row[0] if row else None


def changes_after(tx: Connection, workflow: str, revision: int, most: int = 500) -> list[Row[Any]]:
    """Columns revision, batch, client, name, at, edits; oldest first."""
    return list(
        tx.exec_driver_sql(
            "SELECT revision, batch, client, name, at, edits FROM draft_change JOIN person ON person.id = person"
            " WHERE workflow = ? AND revision > ? ORDER BY revision LIMIT ?",
            (workflow, revision, most),
        )
    )
