"""People, their sign-in codes, sessions and keys. Secrets are 256 bits; only their hashes are kept."""

from __future__ import annotations

from hashlib import sha256
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row

from runtime.store.database import execute


def hash_of(secret: str) -> str:
    """SHA-256 of a secret of 256 random bits; nothing slower is needed for those."""
    return sha256(secret.encode()).hexdigest()


def any_person(tx: Connection) -> bool:
    """Whether somebody exists already."""
    return tx.exec_driver_sql("SELECT 1 FROM person LIMIT 1").first() is not None


def insert_person(tx: Connection, *, id: str, name: str, role: str, now: float) -> None:  # noqa: A002 - the column
    tx.exec_driver_sql("INSERT INTO person (id, name, role, created) VALUES (?, ?, ?, ?)", (id, name, role, now))


def find_owner(tx: Connection) -> Row[Any] | None:
    """The first owner who is not disabled."""
    return tx.exec_driver_sql(
        "SELECT id, name, role FROM person WHERE role = 'owner' AND disabled IS NULL ORDER BY created LIMIT 1"
    ).first()


def insert_code(tx: Connection, *, code: str, person: str, now: float, expires: float) -> None:
    """Keep a new one-time code; earlier unused ones of the person end."""
    tx.exec_driver_sql("UPDATE sign_in_code SET used = ? WHERE person = ? AND used IS NULL", (now, person))
    row = (hash_of(code), person, now, expires)
    tx.exec_driver_sql("INSERT INTO sign_in_code (hash, person, created, expires) VALUES (?, ?, ?, ?)", row)


def use_code(tx: Connection, code: str, now: float) -> str | None:
    """Use a code up; the person it is for, or None when it is unknown, used or expired."""
    used = tx.exec_driver_sql(
        "UPDATE sign_in_code SET used = ? WHERE hash = ? AND used IS NULL AND expires > ? RETURNING person",
        (now, hash_of(code), now),
    ).first()
    return used[0] if used else None


def insert_session(tx: Connection, *, id: str, token: str, person: str, now: float, expires: float) -> None:  # noqa: A002
    tx.exec_driver_sql(
        "INSERT INTO session (id, hash, person, created, seen, expires) VALUES (?, ?, ?, ?, ?, ?)",
        (id, hash_of(token), person, now, now, expires),
    )


def find_session(tx: Connection, token: str) -> Row[Any] | None:
    """A session with its person: session, person, name, role, seen, expires; None when it has ended."""
    return tx.exec_driver_sql(
        "SELECT session.id AS session, person.id AS person, name, role, seen, expires FROM session"
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
    role: str


def find_key(tx: Connection, text: str, now: float) -> KeyHolder | None:
    """Whose key it is; None for an unknown, revoked or expired one."""
    row = execute(
        tx,
        "SELECT api_key.id, person.id, name, role FROM api_key JOIN person ON person.id = api_key.person"
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
