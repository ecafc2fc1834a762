"""What a person should know: one row for each who is told, written in the transaction of what happened."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, Row

from runtime.store.database import execute
from runtime.store.ids import new_id


def notify(tx: Connection, person_ids: Iterable[str], text: str, link: str, now: float) -> None:
    """Tell each of these people once. `link` is an address of the product, such as `/inbox`; it may be empty."""
    for person in sorted(set(person_ids)):
        tx.exec_driver_sql(
            "INSERT INTO notification (id, person, at, text, link) VALUES (?, ?, ?, ?, ?)",
            (new_id("note"), person, now, text, link),
        )


def notify_holders(
    tx: Connection, holders: Iterable[str], text: str, link: str, now: float, *, but: Iterable[str] = ()
) -> set[str]:
    """Tell everybody behind these holders except `but`; the ids of who was told."""
    told = people_behind(tx, holders) - set(but)
    notify(tx, told, text, link, now)
    return told


def people_behind(tx: Connection, holders: Iterable[str]) -> set[str]:
    """Ids of the people (none disabled) behind holders: ids of persons, ids of groups, `role:reviewer`."""
    found: set[str] = set()
    for holder in set(holders):
        rows = execute(
            tx,
            "SELECT id FROM person WHERE disabled IS NULL AND (id = ?1"
            " OR id IN (SELECT person FROM group_member WHERE group_id = ?1)"
            " OR id IN (SELECT person FROM person_role WHERE 'role:' || role = ?1))",
            (holder,),
        )
        found.update(row[0] for row in rows)
    return found


def list_notifications(tx: Connection, person: str, limit: int) -> list[Row[Any]]:
    """Columns id, at, text, link, seen; newest first."""
    return list(
        tx.exec_driver_sql(
            "SELECT id, at, text, link, seen FROM notification WHERE person = ? ORDER BY at DESC, id DESC LIMIT ?",
            (person, limit),
        )
    )


def count_unseen(tx: Connection, person: str, *, but: str = " ") -> int:
    """How many the person has not seen yet, without those whose link begins with `but`."""
    question = (
        "SELECT count(*) FROM notification WHERE person = ? AND seen IS NULL"
        " AND substr(link, 1, CAST(? AS INTEGER)) <> ?"
    )
    return int(execute(tx, question, (person, len(but), but)).fetchone()[0])


def mark_seen(tx: Connection, person: str, until: float, now: float) -> int:
    """Mark everything seen that the person was told up to a moment; how many that were."""
    done = tx.exec_driver_sql(
        "UPDATE notification SET seen = ? WHERE person = ? AND at <= ? AND seen IS NULL", (now, person, until)
    )
    return done.rowcount
