"""Rows of the audit chain."""

from __future__ import annotations

from sqlmodel import Field, SQLModel


class Audit(SQLModel, table=True):
    """Who did what, or was refused; written in the same transaction as the change itself.

    Ids are 1, 2, 3 … without gaps; `hash` covers the row and the hash of the row before.
    """

    id: int = Field(primary_key=True)
    at: float = Field(index=True)
    person: str = Field(index=True)
    action: str
    thing: str = Field(index=True)
    outcome: str
    """done, or refused"""
    reason: str = ""
    detail: str = ""
    hash: str
