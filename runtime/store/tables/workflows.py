"""Rows of workflows: drafts and their journal, versions, test cases."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, LargeBinary, Text
from sqlmodel import Field, SQLModel


class Workflow(SQLModel, table=True):
    """A named, owned workflow."""

    id: str = Field(primary_key=True)
    name: str = Field(unique=True)
    owner: str = Field(foreign_key="person.id")
    created: float
    template: str | None = None
    """the template it was started from"""
    template_version: str | None = None
    """the version that template was then"""


class Draft(SQLModel, table=True):
    """What is being edited: the whole document and its revision."""

    workflow: str = Field(sa_column=Column(ForeignKey("workflow.id", ondelete="CASCADE"), primary_key=True))
    revision: int
    document: str = Field(sa_column=Column(Text, nullable=False))
    title: str
    description: str
    icon: str
    steps: int
    hash: str
    updated: float


class DraftChange(SQLModel, table=True):
    """One accepted batch of edits; together they are the draft's history. A batch is accepted once."""

    __tablename__ = "draft_change"  # pyright: ignore[reportAssignmentType] - SQLModel types it as a method
    workflow: str = Field(sa_column=Column(ForeignKey("workflow.id", ondelete="CASCADE"), primary_key=True))
    revision: int = Field(primary_key=True)
    batch: str
    client: str
    person: str
    at: float
    edits: str = Field(sa_column=Column(Text, nullable=False))

    __table_args__ = (Index("draft_change_batch", "workflow", "client", "batch", unique=True),)


class Content(SQLModel, table=True):
    """Something immutable under its digest: the meaning or the words of a document."""

    digest: str = Field(primary_key=True)
    body: bytes = Field(sa_column=Column(LargeBinary, nullable=False))


class Version(SQLModel, table=True):
    """A workflow as it was at one moment; nothing of it changes any more. Bodies stand in `content`."""

    id: str = Field(primary_key=True)
    workflow: str = Field(index=True)
    number: int
    hash: str = Field(index=True)
    """of the meaning"""
    words: str
    layout: str
    manifest: str
    """digest of everything the meaning depends on, as it was then"""
    name: str = ""
    note: str = ""
    person: str
    created: float

    __table_args__ = (Index("version_number", "workflow", "number", unique=True),)


class TestCase(SQLModel, table=True):
    """An input with what has to come out of it."""

    __tablename__ = "test_case"  # pyright: ignore[reportAssignmentType] - SQLModel types it as a method
    id: str = Field(primary_key=True)
    workflow: str = Field(sa_column=Column(ForeignKey("workflow.id", ondelete="CASCADE"), nullable=False, index=True))
    name: str
    inputs: str = Field(sa_column=Column(Text, nullable=False))
    expected: str = Field(sa_column=Column(Text, nullable=False))
    """JSON: a list of {output, operator, value}"""
    person: str
    updated: float


class Pinned(SQLModel, table=True):
    """What a step of a draft gives instead of being run, while that is asked for. It is no part of the workflow."""

    workflow: str = Field(sa_column=Column(ForeignKey("workflow.id", ondelete="CASCADE"), primary_key=True))
    step: str = Field(primary_key=True)
    pin: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    """JSON: outputs, error, delay_s, chunks, exit"""
    source: str = ""
    """the run whose result it is"""
    person: str
    updated: float
