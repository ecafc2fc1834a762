"""The rows: every table of the product in one place, so that the whole of what is kept can be read at once."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, LargeBinary, Text, text
from sqlmodel import Field, SQLModel


class Person(SQLModel, table=True):
    """Somebody who signs in."""

    id: str = Field(primary_key=True)
    name: str
    role: str
    created: float
    disabled: float | None = None


class SignInCode(SQLModel, table=True):
    """A one-time link; only the hash of its code is kept."""

    __tablename__ = "sign_in_code"  # pyright: ignore[reportAssignmentType] - SQLModel types it as a method
    hash: str = Field(primary_key=True)
    person: str = Field(foreign_key="person.id")
    created: float
    expires: float
    used: float | None = None


class Session(SQLModel, table=True):
    """A signed-in browser; only the hash of its token is kept."""

    id: str = Field(primary_key=True)
    hash: str = Field(unique=True)
    person: str = Field(foreign_key="person.id", index=True)
    created: float
    seen: float
    expires: float
    revoked: float | None = None


class ApiKey(SQLModel, table=True):
    """A program's key; only its hash is kept, the prefix tells keys apart."""

    __tablename__ = "api_key"  # pyright: ignore[reportAssignmentType] - SQLModel types it as a method
    id: str = Field(primary_key=True)
    prefix: str
    hash: str = Field(unique=True)
    label: str
    person: str = Field(foreign_key="person.id", index=True)
    created: float
    expires: float | None = None
    revoked: float | None = None


class Workflow(SQLModel, table=True):
    """A named, owned workflow."""

    id: str = Field(primary_key=True)
    name: str = Field(unique=True)
    owner: str = Field(foreign_key="person.id")
    created: float


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


class Blob(SQLModel, table=True):
    """A value too large for a record, under its SHA-256."""

    digest: str = Field(primary_key=True)
    body: bytes = Field(sa_column=Column(LargeBinary, nullable=False))


class Run(SQLModel, table=True):
    """A run. This row is the truth of who executes it (`attempt`, `process`) and how it ended."""

    id: str = Field(primary_key=True)
    workflow: str = Field(index=True)
    name: str
    title: str
    person: str = Field(index=True)
    via: str
    key: str | None = None
    hash: str
    words: str
    catalogue: str
    format: int
    status: str
    attempt: int
    process: str
    due_at: float | None = None
    barren: int = 0
    """takeovers in a row that found no new record"""
    barren_seq: int = 0
    inputs: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    outputs: bytes | None = Field(default=None, sa_column=Column(LargeBinary))
    error: str | None = None
    """JSON: code, message, step, hint"""
    created: float
    started: float | None = None
    ended: float | None = None
    last_seq: int = 0
    last_hash: str = ""
    tokens_in: int = 0
    tokens_out: int = 0
    cost: float | None = None

    __table_args__ = (
        Index("run_key", "workflow", "key", unique=True),
        Index("run_open", "status", sqlite_where=text("status IN ('queued', 'running', 'waiting')")),
        Index("run_created", "created"),
    )


class Record(SQLModel, table=True):
    """One line of a run's log. The columns stand in the order in which the writer inserts them."""

    run: str = Field(primary_key=True)
    seq: int = Field(primary_key=True)
    format: int
    kind: str
    attempt: int
    step: str
    path: str
    try_: int = Field(sa_column_kwargs={"name": "try"})
    started: float
    ended: float
    seen: int
    exit: str
    value: bytes | None = Field(default=None, sa_column=Column(LargeBinary))
    blob: str | None = None
    detail: bytes | None = Field(default=None, sa_column=Column(LargeBinary))
    input_digest: str
    output_digest: str
    hash: str

    __table_args__ = (
        Index("record_once", "run", "step", "path", unique=True, sqlite_where=text("kind IN ('done', 'failed')")),
        {"sqlite_with_rowid": False},
    )


class ModelAlias(SQLModel, table=True):
    """What a step's model name stands for, and what may flow to it."""

    __tablename__ = "model_alias"  # pyright: ignore[reportAssignmentType] - SQLModel types it as a method
    name: str = Field(primary_key=True)
    description: str = ""
    model: str
    base_url: str
    key_env: str = ""
    """environment variable that holds the key; empty: no key is sent"""
    fast: bool = False
    fallback: str | None = None
    price_in: float | None = None
    """per million tokens; None: unknown"""
    price_out: float | None = None
    max_tokens: int = 2048
    """most an answer may take"""
    timeout_s: float = 120.0
    month_limit: float | None = None
    """most it may cost in a calendar month (UTC)"""
    hosting: str = "external"
    clearance: str = "public"
    demo: bool = False
    updated: float


class Spend(SQLModel, table=True):
    """One model call in the ledger: reserved before it leaves, settled after."""

    key: str = Field(primary_key=True)
    run: str = Field(index=True)
    step: str
    alias: str
    model: str
    person: str
    at: float
    reserved: float
    settled: float | None = None
    tokens_in: int | None = None
    tokens_out: int | None = None

    __table_args__ = (Index("spend_month", "alias", "at"),)


class Audit(SQLModel, table=True):
    """Who did what, or was refused; written in the same transaction as the change itself."""

    id: int | None = Field(default=None, primary_key=True)
    at: float = Field(index=True)
    person: str
    action: str
    thing: str
    outcome: str
    reason: str = ""
    detail: str = ""
