"""What an operation writes and reads with, named here so that nobody else has to know the library."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, Row

Tx = Connection
"""an open transaction (or one moment of reading)"""


@dataclass(slots=True)
class Pending:
    """What the writer's open transaction holds until its end."""

    audit: list[tuple[Any, ...]] = field(default_factory=list[tuple[Any, ...]])
    """rows for the end of the audit chain, which they join just before the commit"""
    held: dict[str, tuple[int, str]] = field(default_factory=dict[str, tuple[int, str]])
    """attempt and status of runs it has locked, until something in it may change them"""


def pending(tx: Tx) -> Pending | None:
    """What the open transaction holds; None outside the writer."""
    return tx.info.get("pending")


def set_pending(tx: Tx, held: Pending | None) -> None:
    """The writer begins or ends a transaction."""
    tx.info["pending"] = held


class Torn(Exception):
    """A unit failed in the midst of its writing, by its cause: the group is rolled back, then each unit tried alone."""


__all__ = ["Pending", "Row", "Torn", "Tx", "pending", "set_pending"]
