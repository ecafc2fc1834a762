"""Policies that differ from their default. What a policy is and means is known above: `runtime.governance.policies`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol, TypeVar

from sqlalchemy import Connection, Row

from runtime.store.database import execute

V = TypeVar("V", covariant=True)


class Known(Protocol[V]):
    """A policy as this file needs it: its name, and how to read what is kept for it."""

    @property
    def name(self) -> str: ...

    def value(self, kept: str | None) -> V: ...


def read_policy(tx: Connection, policy: Known[V]) -> V:
    """What a policy says now: `read_policy(tx, DRIFT["model", 2])`."""
    row = execute(tx, "SELECT value FROM policy WHERE name = ?", (policy.name,)).fetchone()
    return policy.value(None if row is None else row[0])


def read_policies(tx: Connection, *policies: Known[V]) -> tuple[V, ...]:
    """What some policies say now, asked at once."""
    marks = ", ".join("?" * len(policies))
    names = [each.name for each in policies]
    kept = dict(execute(tx, f"SELECT name, value FROM policy WHERE name IN ({marks})", names).fetchall())
    return tuple(each.value(kept.get(each.name)) for each in policies)


def write_policy(tx: Connection, name: str, value: str, *, person: str, now: float) -> None:
    """Keep a choice (JSON) for a policy."""
    tx.exec_driver_sql(
        "INSERT INTO policy (name, value, updated, person) VALUES (?, ?, ?, ?) ON CONFLICT (name) DO UPDATE"
        " SET value = excluded.value, updated = excluded.updated, person = excluded.person",
        (name, value, now, person),
    )


def list_policies(tx: Connection) -> Sequence[Row[Any]]:
    """Columns name, value, updated, person (id), person_name; by name."""
    return tx.exec_driver_sql(
        "SELECT policy.name, value, updated, person, person.name AS person_name FROM policy"
        " LEFT JOIN person ON person.id = policy.person ORDER BY policy.name"
    ).fetchall()
