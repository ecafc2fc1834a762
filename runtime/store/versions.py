"""Versions of workflows: rows that never change; their bodies stand in `content` under their digests."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row

from runtime.store.database import execute
from runtime.store.rights import HOLDERS


class NewVersion(NamedTuple):
    """A version as it is inserted; the order is that of the columns."""

    id: str
    workflow: str
    number: int
    hash: str
    words: str
    layout: str
    manifest: str
    name: str
    note: str
    person: str
    created: float


_COLUMNS = ", ".join(NewVersion._fields)
_QUALIFIED = ", ".join(f"version.{each}" for each in NewVersion._fields)


BASE_FACTS = ("id", "title", "purpose", "data_class", "model", "tokens", "overlap")
"""what an approval rests on of a knowledge base"""


def insert_version(tx: Connection, new: NewVersion) -> None:
    """Write a version down."""
    marks = ", ".join("?" * len(new))
    tx.exec_driver_sql(f"INSERT INTO version ({_COLUMNS}) VALUES ({marks})", tuple(new))


def find_version(tx: Connection, version: str) -> Row[Any] | None:
    """All columns, with `who` saved it and `workflow_name` (empty once the workflow is deleted)."""
    return tx.exec_driver_sql(
        f"SELECT {_QUALIFIED}, person.name AS who, coalesce(workflow.name, '') AS workflow_name FROM version"
        " JOIN person ON person.id = version.person LEFT JOIN workflow ON workflow.id = version.workflow"
        " WHERE version.id = ?",
        (version,),
    ).first()


def last_version(tx: Connection, workflow: str) -> Row[Any] | None:
    """The newest version of a workflow; all columns, with `who` saved it."""
    return tx.exec_driver_sql(
        f"SELECT {_QUALIFIED}, person.name AS who FROM version JOIN person ON person.id = version.person"
        " WHERE workflow = ? ORDER BY number DESC LIMIT 1",
        (workflow,),
    ).first()


def list_versions(tx: Connection, workflow: str, most: int = 500) -> list[Row[Any]]:
    """All versions of a workflow, newest first; all columns, with `who` saved each."""
    return list(
        tx.exec_driver_sql(
            f"SELECT {_QUALIFIED}, person.name AS who FROM version JOIN person ON person.id = version.person"
            " WHERE workflow = ? ORDER BY number DESC LIMIT ?",
            (workflow, most),
        )
    )


def newest_versions(tx: Connection, person: str) -> list[Row[Any]]:
    """The newest version of each workflow this person may see: name and title of the workflow, hash, number."""
    return list(
        tx.exec_driver_sql(
            "SELECT workflow.name, draft.title, version.hash, version.number FROM workflow"
            " JOIN draft ON draft.workflow = workflow.id JOIN version ON version.workflow = workflow.id"
            " AND version.number = (SELECT max(number) FROM version AS newer WHERE newer.workflow = workflow.id)"
            f" WHERE workflow.id IN (SELECT thing FROM thing_right WHERE holder IN ({HOLDERS}))"
            " ORDER BY draft.title, workflow.name",
            (person,),
        )
    )


def version_with(tx: Connection, content: str, person: str, name: str) -> Row[Any] | None:
    """A version with this content, of a workflow that is there: one this person may see, of the workflow with this
    name, and the newest, in that order. Columns words, layout, number, name and title of the workflow, and whether it
    is `seen` by this person."""
    return tx.exec_driver_sql(
        "SELECT version.words, version.layout, version.number, workflow.name, draft.title, CASE WHEN workflow.id IN"
        f" (SELECT thing FROM thing_right WHERE holder IN ({HOLDERS})) THEN 1 ELSE 0 END AS seen FROM version"
        " JOIN workflow ON workflow.id = version.workflow JOIN draft ON draft.workflow = workflow.id"
        " WHERE version.hash = ?2 ORDER BY seen DESC, CASE WHEN workflow.name = ?3 THEN 0 ELSE 1 END,"
        " version.number DESC LIMIT 1",
        (person, content, name),
    ).first()


def seen_versions(tx: Connection, hashes: Sequence[str], person: str) -> set[str]:
    """Those of these hashes that are a version of a workflow this person may see."""
    found: set[str] = set()
    for start in range(0, len(hashes), 500):
        some = hashes[start : start + 500]
        marks = ", ".join(f"?{number}" for number in range(2, len(some) + 2))
        rows = execute(
            tx,
            "SELECT DISTINCT version.hash FROM version JOIN workflow ON workflow.id = version.workflow"
            f" WHERE version.hash IN ({marks}) AND workflow.id IN"
            f" (SELECT thing FROM thing_right WHERE holder IN ({HOLDERS}))",
            (person, *some),
        )
        found.update(row[0] for row in rows.fetchall())
    return found


def name_version(tx: Connection, version: str, name: str, note: str) -> None:
    """Give a version another name and note: words about it, nothing of it."""
    tx.exec_driver_sql("UPDATE version SET name = ?, note = ? WHERE id = ?", (name, note, version))


def base_settings(tx: Connection, names: Iterable[str]) -> dict[str, dict[str, Any]]:
    """`BASE_FACTS` of each knowledge base that is there; its documents may change freely."""
    found: dict[str, dict[str, Any]] = {}
    for name in names:
        row = tx.exec_driver_sql(f"SELECT {', '.join(BASE_FACTS)} FROM knowledge_base WHERE name = ?", (name,)).first()
        if row is not None:
            found[name] = dict(zip(BASE_FACTS, row, strict=True))
    return found
