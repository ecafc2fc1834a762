"""Connections: the outside hosts that workflows may call."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import astuple, dataclass, fields

from sqlalchemy import Connection

from runtime.store.rights import HOLDERS, LEVELS


@dataclass(frozen=True, slots=True)
class ConnectionRow:
    """A connection as it is set up. The credential itself is never here, only the name of where it is kept."""

    id: str
    name: str
    host: str
    """`api.example.com`, or `intranet.example.com:8443`"""
    plain: bool
    """http without encryption"""
    internal: bool
    """may resolve to an address that is not public"""
    description: str
    clearance: str
    """highest data class that may be sent there"""
    header: str
    """name of the header that carries the credential"""
    key_env: str
    """environment variable that holds the credential; empty: the vault holds it, if there is one"""
    stopped: float | None
    updated: float
    credential: str = "none"
    """how it is sent: none, bearer, header, basic, query"""
    query: str = ""
    """name of the value in the address that carries the credential"""
    login: str = ""
    """the user that goes with a password"""
    kind: str = "http"
    """http: the hosts of steps; model: where models are asked"""
    provider: str = ""
    """of models, as LiteLLM names it"""
    base_url: str = ""
    """of models"""
    hosting: str = ""
    """of models: here, company, external"""
    probe: str = "/"
    """path that is called to test it"""


_COLUMNS = ", ".join(each.name for each in fields(ConnectionRow))
_MARKS = ", ".join("?" * len(fields(ConnectionRow)))
_CHANGES = ", ".join(f"{each.name} = excluded.{each.name}" for each in fields(ConnectionRow) if each.name != "id")


def write_connection(tx: Connection, connection: ConnectionRow) -> None:
    """Write a connection, new or changed. Its name and host belong to no other one: the caller has looked."""
    tx.exec_driver_sql(
        f"INSERT INTO connection ({_COLUMNS}) VALUES ({_MARKS}) ON CONFLICT (id) DO UPDATE SET {_CHANGES}",
        astuple(connection),
    )


def list_connections(tx: Connection, kind: str = "http") -> list[ConnectionRow]:
    """All connections of a kind, by name."""
    found = tx.exec_driver_sql(f"SELECT {_COLUMNS} FROM connection WHERE kind = ? ORDER BY name", (kind,))
    return [_row(row) for row in found]


def all_connections(tx: Connection) -> list[ConnectionRow]:
    """All connections of every kind, by name."""
    return [_row(row) for row in tx.exec_driver_sql(f"SELECT {_COLUMNS} FROM connection ORDER BY name")]


def closed_hosts(tx: Connection, hosts: Iterable[str], person: str, level: str) -> dict[str, str]:
    """Those of these hosts that a connection leads to on which this person has not this right, with its id."""
    found: dict[str, str] = {}
    for host in hosts:
        row = tx.exec_driver_sql(
            f"SELECT id, EXISTS (SELECT 1 FROM thing_right WHERE thing = connection.id AND level >= ?2 AND holder IN"
            f" ({HOLDERS})) FROM connection WHERE host = ?3 AND kind = 'http'",
            (person, LEVELS.index(level), host),
        ).fetchone()
        if row is not None and not row[1]:
            found[host] = row[0]
    return found


def connection_of_host(tx: Connection, host: str) -> ConnectionRow | None:
    """The connection that leads to a host (`api.example.com`, with a port where it is not the usual one)."""
    row = tx.exec_driver_sql(f"SELECT {_COLUMNS} FROM connection WHERE host = ? AND kind = 'http'", (host,)).fetchone()
    return None if row is None else _row(row)


def find_connection(tx: Connection, connection: str) -> ConnectionRow | None:
    """A connection by its id."""
    row = tx.exec_driver_sql(f"SELECT {_COLUMNS} FROM connection WHERE id = ?", (connection,)).fetchone()
    return None if row is None else _row(row)


def stop_connection(tx: Connection, connection: str, at: float | None) -> bool:
    """Stop a connection, or start it again with None; False when there is none."""
    return tx.exec_driver_sql("UPDATE connection SET stopped = ? WHERE id = ?", (at, connection)).rowcount == 1


def remove_connection(tx: Connection, connection: str) -> bool:
    """Take a connection away; False when there is none."""
    return tx.exec_driver_sql("DELETE FROM connection WHERE id = ?", (connection,)).rowcount == 1


def _row(row: tuple[object, ...]) -> ConnectionRow:
    kept = dict(zip((each.name for each in fields(ConnectionRow)), row, strict=True))
    return ConnectionRow(**kept | {"plain": bool(kept["plain"]), "internal": bool(kept["internal"])})  # pyright: ignore[reportArgumentType] - as many as there are columns
