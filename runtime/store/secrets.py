"""Sealed secrets: the credentials of connections as the database keeps them, which is never in clear."""

from __future__ import annotations

from dataclasses import dataclass, field

from sqlalchemy import Connection

_COLUMNS = "connection, host, sealed, person, at"


@dataclass(frozen=True, slots=True)
class SecretRow:
    """A sealed credential, who set it and when."""

    connection: str
    host: str
    """the host it was given for"""
    sealed: bytes = field(repr=False)
    person: str
    at: float


def place_of(connection: str, host: str) -> str:
    """What a credential is bound to: it opens for this connection and this host only."""
    return f"{connection}\n{host}"


def keep_secret(tx: Connection, secret: SecretRow) -> None:
    """Keep a sealed credential, in the stead of the one that was there."""
    tx.exec_driver_sql(
        f"INSERT INTO secret ({_COLUMNS}) VALUES (?, ?, ?, ?, ?) ON CONFLICT (connection) DO UPDATE SET"
        " host = excluded.host, sealed = excluded.sealed, person = excluded.person, at = excluded.at",
        (secret.connection, secret.host, secret.sealed, secret.person, secret.at),
    )


def find_secret(tx: Connection, connection: str) -> SecretRow | None:
    """The sealed credential of a connection."""
    row = tx.exec_driver_sql(f"SELECT {_COLUMNS} FROM secret WHERE connection = ?", (connection,)).fetchone()
    return None if row is None else SecretRow(row[0], row[1], bytes(row[2]), row[3], row[4])


def list_secrets(tx: Connection) -> list[SecretRow]:
    """All sealed credentials."""
    rows = tx.exec_driver_sql(f"SELECT {_COLUMNS} FROM secret ORDER BY connection")
    return [SecretRow(row[0], row[1], bytes(row[2]), row[3], row[4]) for row in rows]


def remove_secret(tx: Connection, connection: str) -> bool:
    """Forget the credential of a connection; False when there is none."""
    return tx.exec_driver_sql("DELETE FROM secret WHERE connection = ?", (connection,)).rowcount == 1


def remove_secrets(tx: Connection) -> int:
    """Forget all of them; how many there were."""
    return tx.exec_driver_sql("DELETE FROM secret").rowcount


def vault_key(tx: Connection) -> str:
    """Id of the master key new secrets are sealed with; empty before the first."""
    row = tx.exec_driver_sql("SELECT key FROM vault_key WHERE one = 1").fetchone()
    return "" if row is None else row[0]


def use_vault_key(tx: Connection, key: str, at: float, before: str) -> bool:
    """Seal with this key from now on, if `before` (empty: none) is still the one in use; False otherwise. Whoever seals
    calls it with the key in use: so a secret is never sealed with a key that is being given up at that moment."""
    if not before:
        made = tx.exec_driver_sql(
            "INSERT INTO vault_key (one, key, at) VALUES (1, ?, ?) ON CONFLICT (one) DO NOTHING", (key, at)
        )
        return made.rowcount == 1
    changed = tx.exec_driver_sql(
        "UPDATE vault_key SET key = ?, at = CASE WHEN key = ? THEN at ELSE ? END WHERE one = 1 AND key = ?",
        (key, key, at, before),
    )
    return changed.rowcount == 1
