"""Templates: approved versions that others start from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row

from runtime.store.database import execute
from runtime.store.rights import HOLDERS

_SELECT = (
    "SELECT template.id, template.name, template.title, template.description, template.icon, template.workflow,"
    " template.version, template.decision, template.owner, coalesce(person.name, '') AS who, template.created,"
    " (SELECT count(*) FROM workflow WHERE workflow.template = template.id) AS used"
    " FROM template LEFT JOIN person ON person.id = template.owner"
)


@dataclass(frozen=True, slots=True)
class TemplateRow:
    """A template with the name of its owner and how many drafts were started from it."""

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
    used: int


def find_template(tx: Connection, name: str) -> TemplateRow | None:
    """By name or id; a withdrawn one is not found."""
    row = execute(
        tx, f"{_SELECT} WHERE (template.name = ?1 OR template.id = ?1) AND withdrawn IS NULL", (name,)
    ).fetchone()
    return TemplateRow(*row) if row else None


def origin_of(tx: Connection, workflow: str) -> Row[Any] | None:
    """The template a workflow was started from, withdrawn or not: title and version."""
    return tx.exec_driver_sql(
        "SELECT template.title, template.version FROM workflow JOIN template ON template.id = workflow.template"
        " WHERE workflow.id = ?",
        (workflow,),
    ).first()


def templates_for(tx: Connection, person: str) -> list[TemplateRow]:
    """Those on which the person holds any right, by title."""
    rows = execute(
        tx,
        f"{_SELECT} WHERE withdrawn IS NULL"
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
        "INSERT INTO template (id, name, title, description, icon, workflow, version, decision, owner, created)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (template, name, title, description, icon, workflow, version, decision, owner, now),
    )


def withdraw_template(tx: Connection, template: str, now: float) -> bool:
    """Nobody starts from it any more; False when it was withdrawn before."""
    done = tx.exec_driver_sql("UPDATE template SET withdrawn = ? WHERE id = ? AND withdrawn IS NULL", (now, template))
    return done.rowcount == 1
