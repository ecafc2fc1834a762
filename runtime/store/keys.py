"""API keys, of people and of apps. A key is 256 bits; only its hash is kept."""

from __future__ import annotations

from typing import Any, Literal, NamedTuple

from sqlalchemy import Connection, Row

from runtime.store.database import execute
from runtime.store.people import GROUPS, ROLES, hash_of

Of = Literal["person", "app"]
"""whose keys: those somebody made, or those that start an app, whoever made them"""


def insert_key(
    tx: Connection,
    *,
    key: str,
    text: str,
    label: str,
    person: str,
    now: float,
    expires: float | None,
    app: str | None = None,
) -> None:
    """Keep a new key; of its text only the hash and how it begins."""
    tx.exec_driver_sql(
        "INSERT INTO api_key (id, prefix, hash, label, person, created, expires, app) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (key, text[:10], hash_of(text), label, person, now, expires, app),
    )


class KeyHolder(NamedTuple):
    """The person behind a key."""

    key: str
    person: str
    name: str
    roles: str
    groups: str
    app: str | None
    label: str


def find_key(tx: Connection, text: str, now: float) -> KeyHolder | None:
    """Whose key it is; None for an unknown, revoked or expired one."""
    row = execute(
        tx,
        f"SELECT api_key.id, person.id, name, {ROLES}, {GROUPS}, app, label FROM api_key"
        " JOIN person ON person.id = api_key.person"
        " WHERE hash = ? AND revoked IS NULL AND disabled IS NULL AND (expires IS NULL OR expires > ?)",
        (hash_of(text), now),
    ).fetchone()
    return KeyHolder(*row) if row else None


def list_keys(tx: Connection, of: Of, holder: str) -> list[Row[Any]]:
    """Columns id, prefix, label, created, expires, revoked; newest first."""
    return list(
        tx.exec_driver_sql(
            f"SELECT id, prefix, label, created, expires, revoked FROM api_key WHERE {of} = ? ORDER BY created DESC",
            (holder,),
        )
    )


def revoke_key(tx: Connection, key: str, of: Of, holder: str, now: float) -> bool:
    """End a key of this person or app; False when there is none to end."""
    done = tx.exec_driver_sql(
        f"UPDATE api_key SET revoked = ? WHERE id = ? AND {of} = ? AND revoked IS NULL", (now, key, holder)
    )
    return done.rowcount == 1
