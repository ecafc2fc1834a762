"""Where data may come from and go to, as it is set up now: the few columns that decide it, read at every start."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from sqlalchemy import Connection

from runtime.store.database import execute


class ModelPlace(NamedTuple):
    """A model alias as data flow sees it."""

    name: str
    fallback: str | None
    hosting: str
    clearance: str
    stopped: float | None


class HostPlace(NamedTuple):
    """An outside host as data flow sees it."""

    host: str
    title: str
    """what people call it, with the host it leads to"""
    internal: bool
    clearance: str
    stopped: float | None


class BasePlace(NamedTuple):
    """A knowledge base as data flow sees it."""

    name: str
    title: str
    """what people call it; with its name where others are called the same"""
    data_class: str


def model_places(tx: Connection) -> dict[str, ModelPlace]:
    """All model aliases, by name: there are few, and each may fall back to another."""
    rows = execute(
        tx,
        "SELECT a.name, a.fallback, coalesce(c.hosting, a.hosting), a.clearance, coalesce(a.stopped, c.stopped)"
        " FROM model_alias AS a LEFT JOIN connection AS c ON c.id = a.connection",
    )
    return {row[0]: ModelPlace(*row) for row in rows}


def host_places(tx: Connection, hosts: Iterable[str]) -> dict[str, HostPlace]:
    """The connections that lead to these hosts."""
    found: dict[str, HostPlace] = {}
    for host in hosts:
        row = execute(
            tx,
            "SELECT host, name, internal, clearance, stopped FROM connection WHERE host = ? AND kind = 'http'",
            (host,),
        ).fetchone()
        if row is not None:
            title = host if row[1] == host else f"{row[1]} ({host})"
            found[host] = HostPlace(host, title, bool(row[2]), row[3], row[4])
    return found


def base_places(tx: Connection, names: Iterable[str]) -> dict[str, BasePlace]:
    """The knowledge bases of these names that are there."""
    found: dict[str, BasePlace] = {}
    for name in names:
        row = execute(
            tx,
            "SELECT title, data_class, EXISTS (SELECT 1 FROM knowledge_base AS other"
            " WHERE other.title = knowledge_base.title AND other.name <> knowledge_base.name)"
            " FROM knowledge_base WHERE name = ?",
            (name,),
        ).fetchone()
        if row is not None:
            found[name] = BasePlace(name, f"{row[0]} ({name})" if row[2] else row[0], row[1])
    return found
