"""Templates: approved versions that others start from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row

from runtime.store.database import execute
from runtime.store.dialects import steps_of
from runtime.store.rights import HOLDERS


def _select(tx: Connection) -> str:
    return (
        "SELECT template.id, template.name, template.title, template.description, template.icon, template.workflow,"
        " template.version, template.decision, template.owner, coalesce(person.name, '') AS who, template.created,"
        " template.released, (SELECT count(*) FROM workflow WHERE workflow.template = template.id) AS used,"
        " (SELECT count(*) FROM version JOIN content ON digest = hash,"
        f" {steps_of(tx, 'body')}"
        " WHERE version.id = template.version) AS steps"
        " FROM template LEFT JOIN person ON person.id = template.owner"
    )


@dataclass(frozen=True, slots=True)
class TemplateRow:
    """A template with the name of its owner, how many drafts were started from it and how many steps it has."""

    id: str
    name: str
    title: str
    description: str
    icon: str
    workflow: str
    version: str
    decision: str
    owner: str
    who: str
    created: float
    released: float
    """when it became the version it is now"""
    used: int
    steps: int


def find_template(tx: Connection, name: str) -> TemplateRow | None:
    """By name or id; a withdrawn one is not found."""
    row = execute(
        tx, f"{_select(tx)} WHERE (template.name = ?1 OR template.id = ?1) AND withdrawn IS NULL", (name,)
    ).fetchone()
    return TemplateRow(*row) if row else None


def origin_of(tx: Connection, workflow: str) -> Row[Any] | None:
    """The template a workflow was started from, withdrawn or not. Columns title, name, version (the one it began as),
    newest, withdrawn."""
    return tx.exec_driver_sql(
        "SELECT template.title, template.name, coalesce(template_version, template.version) AS version,"
        " template.version AS newest, withdrawn FROM workflow JOIN template ON template.id = workflow.template"
        " WHERE workflow.id = ?",
        (workflow,),
    ).first()


def templates_of(tx: Connection, workflow: str) -> list[Row[Any]]:
    """Those that were made of a workflow and not withdrawn. Columns id, name, title, decision."""
    return list(
        tx.exec_driver_sql(
            "SELECT id, name, title, decision FROM template WHERE workflow = ? AND withdrawn IS NULL ORDER BY title",
            (workflow,),
        )
    )


def started_from(tx: Connection, template: str) -> list[str]:
    """Ids of the people who own what was started from it, of those who may still see it."""
    return list(
        tx.exec_driver_sql(
            "SELECT DISTINCT owner FROM workflow WHERE template = ?1 AND EXISTS (SELECT 1 FROM thing_right WHERE"
            " thing = ?1 AND (holder = owner OR holder IN (SELECT group_id FROM group_member WHERE person = owner)"
            " OR holder IN (SELECT 'role:' || role FROM person_role WHERE person = owner)))",
            (template,),
        ).scalars()
    )


def templates_for(tx: Connection, person: str) -> list[TemplateRow]:
    """Those on which the person holds any right, by title."""
    rows = execute(
        tx,
        f"{_select(tx)} WHERE withdrawn IS NULL"
        f" AND template.id IN (SELECT thing FROM thing_right WHERE holder IN ({HOLDERS})) ORDER BY template.title",
        (person,),
    )
    return [TemplateRow(*row) for row in rows.fetchall()]


def taken_template_names(tx: Connection, start: str) -> set[str]:
    """The names in use that begin like this."""
    return {row[0] for row in execute(tx, "SELECT name FROM template WHERE name LIKE ? || '%'", (start,))}


def insert_template(
    tx: Connection,
    *,
    template: str,
    name: str,
    title: str,
    description: str,
    icon: str,
    workflow: str,
    version: str,
    decision: str,
    owner: str,
    now: float,
) -> None:
    tx.exec_driver_sql(
        "INSERT INTO template (id, name, title, description, icon, workflow, version, decision, owner, created,"
        " released) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (template, name, title, description, icon, workflow, version, decision, owner, now, now),
    )


def release_template(
    tx: Connection, template: str, *, title: str, description: str, icon: str, version: str, decision: str, now: float
) -> None:
    """What others start from, from now on."""
    tx.exec_driver_sql(
        "UPDATE template SET title = ?, description = ?, icon = ?, version = ?, decision = ?, released = ?"
        " WHERE id = ?",
        (title, description, icon, version, decision, now, template),
    )


def withdraw_template(tx: Connection, template: str, now: float) -> bool:
    """Nobody starts from it any more; False when it was withdrawn before."""
    done = tx.exec_driver_sql("UPDATE template SET withdrawn = ? WHERE id = ? AND withdrawn IS NULL", (now, template))
    return done.rowcount == 1
