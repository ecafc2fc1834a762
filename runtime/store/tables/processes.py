"""Rows of processes: who is at work on a Postgres that several machines share."""

from __future__ import annotations

from sqlmodel import Field, SQLModel


class Process(SQLModel, table=True):
    """The lease of a process. On SQLite there is none: there a locked file says it."""

    id: str = Field(primary_key=True)
    until: float
    """end of the lease by the clock of the database, which is the same for everybody"""
