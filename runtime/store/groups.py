"""Groups: people who get rights together."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, Row

GROUPS_OF = (
    "coalesce((SELECT group_concat(named.name, ', ') FROM (SELECT people_group.name FROM people_group JOIN group_member"
    " ON group_member.group_id = people_group.id WHERE group_member.person = person.id"
    " ORDER BY people_group.name) AS named), '')"
)
"""the names of a person's groups in one column: they tell namesakes apart without an address"""


def list_groups(tx: Connection) -> list[Row[Any]]:
    """Columns id, name, description, created, members (ids joined by commas); by name."""
    return list(
        tx.exec_driver_sql(
            "SELECT id, name, description, created, coalesce((SELECT group_concat(person, ',') FROM group_member"
            " WHERE group_id = people_group.id), '') AS members FROM people_group ORDER BY lower(name)"
        )
    )


def find_group(tx: Connection, group: str) -> Row[Any] | None:
    """A group by id."""
    return tx.exec_driver_sql("SELECT id, name, description FROM people_group WHERE id = ?", (group,)).first()


def group_named(tx: Connection, name: str) -> str | None:
    """The id of the group of this name, however it is capitalised."""
    row = tx.exec_driver_sql("SELECT id FROM people_group WHERE lower(name) = lower(?)", (name,)).first()
    return row[0] if row else None


def insert_group(tx: Connection, group: str, name: str, description: str, now: float) -> None:
    tx.exec_driver_sql(
        "INSERT INTO people_group (id, name, description, created) VALUES (?, ?, ?, ?)", (group, name, description, now)
    )


def rename_group(tx: Connection, group: str, name: str, description: str) -> None:
    tx.exec_driver_sql("UPDATE people_group SET name = ?, description = ? WHERE id = ?", (name, description, group))


def set_members(tx: Connection, group: str, people: Iterable[str]) -> None:
    """Exactly these from now on."""
    tx.exec_driver_sql("DELETE FROM group_member WHERE group_id = ?", (group,))
    for person in sorted(set(people)):
        add_member(tx, group, person)


def add_member(tx: Connection, group: str, person: str) -> None:
    tx.exec_driver_sql(
        "INSERT INTO group_member (group_id, person) VALUES (?, ?) ON CONFLICT DO NOTHING", (group, person)
    )


def remove_group(tx: Connection, group: str) -> None:
    """The group with its members and every right it held."""
    tx.exec_driver_sql("DELETE FROM thing_right WHERE holder = ?", (group,))
    tx.exec_driver_sql("DELETE FROM people_group WHERE id = ?", (group,))
