"""People, their sign-in codes, sessions and keys. Secrets are 256 bits; only their hashes are kept."""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import sha256
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row

from runtime.store.database import execute

ROLES = "coalesce((SELECT group_concat(role) FROM person_role WHERE person_role.person = person.id), '')"
GROUPS = "coalesce((SELECT group_concat(group_id) FROM group_member WHERE group_member.person = person.id), '')"
"""a person's roles and groups in one column each, joined by commas"""


def hash_of(secret: str) -> str:
    """SHA-256 of a secret of 256 random bits; nothing slower is needed for those."""
    return sha256(secret.encode()).hexdigest()


def any_person(tx: Connection) -> bool:
    """Whether somebody exists already."""
    return tx.exec_driver_sql("SELECT 1 FROM person LIMIT 1").first() is not None


def insert_person(
    tx: Connection,
    *,
    id: str,  # noqa: A002 - the column
    name: str,
    roles: Iterable[str],
    now: float,
    email: str | None = None,
) -> None:
    """Somebody new, without a password yet."""
    tx.exec_driver_sql("INSERT INTO person (id, name, email, created) VALUES (?, ?, ?, ?)", (id, name, email, now))
    set_roles(tx, id, roles)


def set_roles(tx: Connection, person: str, roles: Iterable[str]) -> None:
    """Exactly these roles from now on."""
    tx.exec_driver_sql("DELETE FROM person_role WHERE person = ?", (person,))
    for role in sorted(set(roles)):
        tx.exec_driver_sql("INSERT INTO person_role (person, role) VALUES (?, ?)", (person, role))


def find_owner(tx: Connection) -> Row[Any] | None:
    """The first owner who is not disabled."""
    return tx.exec_driver_sql(
        f"SELECT id, name, {ROLES} AS roles FROM person JOIN person_role ON person = id"
        " WHERE role = 'owner' AND disabled IS NULL ORDER BY created LIMIT 1"
    ).first()


def insert_code(
    tx: Connection, *, code: str, person: str, now: float, expires: float, purpose: str = "sign_in"
) -> None:
    """Keep a new one-time code; earlier unused ones of the person end."""
    tx.exec_driver_sql("UPDATE sign_in_code SET used = ? WHERE person = ? AND used IS NULL", (now, person))
    row = (hash_of(code), person, purpose, now, expires)
    tx.exec_driver_sql("INSERT INTO sign_in_code (hash, person, purpose, created, expires) VALUES (?, ?, ?, ?, ?)", row)


def use_code(tx: Connection, code: str, now: float) -> str | None:
    """Use a code up; the person it is for, or None when it is unknown, used or expired."""
    used = tx.exec_driver_sql(
        "UPDATE sign_in_code SET used = ? WHERE hash = ? AND used IS NULL AND expires > ? RETURNING person",
        (now, hash_of(code), now),
    ).first()
    return used[0] if used else None


def insert_session(
    tx: Connection,
    *,
    id: str,  # noqa: A002 - the column
    token: str,
    person: str,
    now: float,
    expires: float,
    agent: str = "",
) -> None:
    tx.exec_driver_sql(
        "INSERT INTO session (id, hash, person, created, seen, proved, agent, expires) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (id, hash_of(token), person, now, now, now, agent, expires),
    )


def find_session(tx: Connection, token: str) -> Row[Any] | None:
    """A session with its person: session, person, name, roles, groups, seen, proved, expires; None when it is over."""
    return tx.exec_driver_sql(
        f"SELECT session.id AS session, person.id AS person, name, {ROLES} AS roles, {GROUPS} AS groups, seen, proved,"
        " expires FROM session"
        " JOIN person ON person.id = session.person"
        " WHERE hash = ? AND revoked IS NULL AND disabled IS NULL",
        (hash_of(token),),
    ).first()


def touch_session(tx: Connection, session: str, now: float) -> None:
    tx.exec_driver_sql("UPDATE session SET seen = ? WHERE id = ?", (now, session))


def revoke_session(tx: Connection, session: str, now: float) -> None:
    tx.exec_driver_sql("UPDATE session SET revoked = ? WHERE id = ? AND revoked IS NULL", (now, session))


def insert_key(
    tx: Connection, *, key: str, text: str, label: str, person: str, now: float, expires: float | None
) -> None:
    tx.exec_driver_sql(
        "INSERT INTO api_key (id, prefix, hash, label, person, created, expires) VALUES (?, ?, ?, ?, ?, ?, ?)",
        (key, text[:10], hash_of(text), label, person, now, expires),
    )


class KeyHolder(NamedTuple):
    """The person behind a key."""

    key: str
    person: str
    name: str
    roles: str
    groups: str
    app: str | None


def find_key(tx: Connection, text: str, now: float) -> KeyHolder | None:
    """Whose key it is; None for an unknown, revoked or expired one."""
    row = execute(
        tx,
        f"SELECT api_key.id, person.id, name, {ROLES}, {GROUPS}, app FROM api_key"
        " JOIN person ON person.id = api_key.person"
        " WHERE hash = ? AND revoked IS NULL AND disabled IS NULL AND (expires IS NULL OR expires > ?)",
        (hash_of(text), now),
    ).fetchone()
    return KeyHolder(*row) if row else None


def list_keys(tx: Connection, person: str) -> list[Row[Any]]:
    return list(
        tx.exec_driver_sql(
            "SELECT id, prefix, label, created, expires, revoked FROM api_key WHERE person = ? ORDER BY created DESC",
            (person,),
        )
    )


def revoke_key(tx: Connection, key: str, person: str, now: float) -> bool:
    done = tx.exec_driver_sql(
        "UPDATE api_key SET revoked = ? WHERE id = ? AND person = ? AND revoked IS NULL", (now, key, person)
    )
    return done.rowcount == 1
