"""Rows of files: what each is and whose, which runs it belongs to, and which bytes are kept."""

from __future__ import annotations

from sqlalchemy import Index
from sqlmodel import Field, SQLModel


class File(SQLModel, table=True):
    """A file somebody brought or a run has made. Several may have the same bytes."""

    id: str = Field(primary_key=True)
    owner: str = Field(index=True)
    """the person who brought it, or the person or app whose run made it"""
    run: str | None = None
    """the run that made it; None: it was brought"""
    name: str
    type: str
    """media type by its content"""
    size: int
    sha256: str = Field(index=True)
    created: float
    touched: float
    """when it was brought, or last given to a run"""

    __table_args__ = (Index("file_touched", "touched"),)


class FileUse(SQLModel, table=True):
    """A run was started with a file, or has made it: whoever may see the run may see the file."""

    __tablename__ = "file_use"  # pyright: ignore[reportAssignmentType] - SQLModel types it as a method
    run: str = Field(primary_key=True)
    file: str = Field(primary_key=True, index=True)


class FileBody(SQLModel, table=True):
    """Bytes that are kept. Whoever adds a file with these bytes, or takes the bytes away, locks this row first."""

    __tablename__ = "file_body"  # pyright: ignore[reportAssignmentType] - SQLModel types it as a method
    digest: str = Field(primary_key=True)
    size: int
    created: float
