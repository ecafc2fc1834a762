"""Who may do what with one thing. Rights are held by a person, a group, or everybody with a role; they are a ladder."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row

from runtime.store.database import execute

LEVELS = ("see", "run", "edit", "share", "own")
"""each includes the ones before it; a level is kept as its place here"""

HOLDERS = (
    "SELECT ?1 UNION ALL SELECT group_id FROM group_member WHERE person = ?1"
    " UNION ALL SELECT 'role:' || role FROM person_role WHERE person = ?1"
)
"""everything by which the person `?1` may hold a right"""

THINGS = {
    "workflow": "workflow",
    "app": "app",
    "template": "template",
    "base": "knowledge_base",
    "connection": "connection",
}
"""kinds of things that rights are given on, and their tables"""
_TITLES = {"workflow": "draft.title", "connection": "thing.name"}
"""what people call them, where it is no title of their own"""


class Standing(NamedTuple):
    """How a person stands to a thing, by the rows as they are now."""

    roles: frozenset[str]
    """none for somebody disabled or unknown"""
    thing: str | None
    """its id; None where there is no such thing"""
    level: int
    """the highest held, by its place in `LEVELS`; -1 for none"""


def standing(tx: Connection, person: str, kind: str, name: str) -> Standing:
    """How a person stands to the thing with this name (or id). One statement, because every operation asks it."""
    row = execute(
        tx,
        "SELECT (SELECT group_concat(role, ',') FROM person_role WHERE person = ?1), thing.id,"
        f" (SELECT max(level) FROM thing_right WHERE thing = thing.id AND holder IN ({HOLDERS}))"
        f" FROM person LEFT JOIN {THINGS[kind]} AS thing ON thing.name = ?2 OR thing.id = ?2"
        " WHERE person.id = ?1 AND disabled IS NULL",
        (person, name),
    ).fetchone()
    if row is None:
        return Standing(frozenset(), None, -1)
    return Standing(frozenset((row[0] or "").split(",")) - {""}, row[1], -1 if row[2] is None else row[2])


def thing_id(tx: Connection, kind: str, name: str) -> str | None:
    """The id of the thing with this name (or id)."""
    row = execute(tx, f"SELECT id FROM {THINGS[kind]} WHERE name = ?1 OR id = ?1", (name,)).fetchone()
    return row[0] if row else None


def names_of(tx: Connection, holders: Iterable[str]) -> dict[str, str]:
    """Names of people and groups by id, in the order asked for; those that are not there are left out."""
    wanted = list(dict.fromkeys(holders))
    if not wanted:
        return {}
    among = f"id IN ({', '.join('?' * len(wanted))})"
    rows = execute(
        tx,
        f"SELECT id, name FROM person WHERE {among} UNION ALL SELECT id, name FROM people_group WHERE {among}",
        wanted * 2,
    )
    names = dict(rows.fetchall())
    return {each: names[each] for each in wanted if each in names}


def known_holders(tx: Connection, holders: Iterable[str]) -> set[str]:
    """Those that are there: people (none disabled), groups, and roles as `role:analyst`."""
    found: set[str] = set()
    for holder in holders:
        row = execute(
            tx,
            "SELECT 1 FROM person WHERE id = ?1 AND disabled IS NULL UNION ALL SELECT 1 FROM people_group WHERE id = ?1"
            " UNION ALL SELECT 1 WHERE ?1 IN ('role:owner', 'role:reviewer', 'role:analyst', 'role:member',"
            " 'role:auditor')",
            (holder,),
        ).fetchone()
        if row:
            found.add(holder)
    return found


def things_of(tx: Connection, person: str, level: str) -> set[str]:
    """Ids of everything on which a person holds at least this level."""
    found = execute(
        tx,
        f"SELECT DISTINCT thing FROM thing_right WHERE level >= ?2 AND holder IN ({HOLDERS})",
        (person, LEVELS.index(level)),
    )
    return {row[0] for row in found}


def give_right(tx: Connection, thing: str, holder: str, level: str) -> None:
    """Give or change a right. Who is made an owner is remembered for good."""
    if level == "own":
        tx.exec_driver_sql(
            "INSERT INTO thing_owned (thing, holder) VALUES (?, ?) ON CONFLICT DO NOTHING",
            (thing, holder),
        )
    tx.exec_driver_sql(
        "INSERT INTO thing_right (thing, holder, level) VALUES (?, ?, ?)"
        " ON CONFLICT (thing, holder) DO UPDATE SET level = excluded.level",
        (thing, holder, LEVELS.index(level)),
    )


def give_at_least(tx: Connection, thing: str, holders: Iterable[str], level: str) -> None:
    """Give all of these a right; who holds more keeps it."""
    for holder in holders:
        if level_of(tx, thing, holder) < LEVELS.index(level):
            give_right(tx, thing, holder, level)


def take_right(tx: Connection, thing: str, holder: str | None = None) -> None:
    """Take one right away, or all on a thing."""
    one = ("", ()) if holder is None else (" AND holder = ?", (holder,))
    tx.exec_driver_sql(f"DELETE FROM thing_right WHERE thing = ?{one[0]}", (thing, *one[1]))


def level_of(tx: Connection, thing: str, holder: str) -> int:
    """What this very holder has on a thing, by its place in `LEVELS`; -1 for nothing."""
    row = tx.exec_driver_sql("SELECT level FROM thing_right WHERE thing = ? AND holder = ?", (thing, holder)).first()
    return row[0] if row else -1


def alone_owned(tx: Connection, holder: str) -> list[str]:
    """Titles of the things nobody else owns."""
    titles = " UNION ALL ".join(
        f"SELECT thing.id, {_TITLES.get(kind, 'thing.title')} AS title FROM {table} AS thing"
        + (" JOIN draft ON draft.workflow = thing.id" if kind == "workflow" else "")
        for kind, table in THINGS.items()
    )
    rows = execute(
        tx,
        f"SELECT title FROM ({titles}) AS named JOIN thing_right AS mine ON mine.thing = named.id"
        " WHERE mine.holder = ?1 AND mine.level = ?2 AND NOT EXISTS (SELECT 1 FROM thing_right AS other"
        " WHERE other.thing = mine.thing AND other.level = ?2 AND other.holder <> ?1) ORDER BY title",
        (holder, LEVELS.index("own")),
    )
    return [row[0] for row in rows]


def lacks(tx: Connection, thing: str, holder: str) -> bool:
    """Whether a person, or anybody of a group, holds no right on a thing."""
    if level_of(tx, thing, holder) >= 0:
        return False
    members = execute(tx, "SELECT person FROM group_member WHERE group_id = ?", (holder,))
    people = [row[0] for row in members] if holder.startswith("group_") else [holder]
    held = f"SELECT 1 FROM thing_right WHERE thing = ?2 AND holder IN ({HOLDERS}) LIMIT 1"
    return any(execute(tx, held, (person, thing)).fetchone() is None for person in people)


def rights_on(tx: Connection, thing: str) -> list[Row[Any]]:
    """Columns holder, level, name (of the person or group; empty for a role); highest first."""
    return list(
        tx.exec_driver_sql(
            "SELECT holder, level, coalesce(person.name, people_group.name, '') AS name FROM thing_right"
            " LEFT JOIN person ON person.id = holder LEFT JOIN people_group ON people_group.id = holder"
            " WHERE thing = ? ORDER BY level DESC, name",
            (thing,),
        )
    )


def roles_of(tx: Connection, person: str) -> frozenset[str]:
    """The roles of a person; none for somebody disabled or unknown."""
    rows = execute(
        tx,
        "SELECT role FROM person_role JOIN person ON person.id = person WHERE person = ? AND disabled IS NULL",
        (person,),
    )
    return frozenset(row[0] for row in rows)
