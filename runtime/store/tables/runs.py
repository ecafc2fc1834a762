"""Rows of runs: who executes them, their log, what they wait for."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, LargeBinary, Text, text
from sqlmodel import Field, SQLModel

_OF_AN_APP = text("app IS NOT NULL")
_IN_A_CONVERSATION = text("conversation IS NOT NULL")


class Blob(SQLModel, table=True):
    """A value too large for a record, under its SHA-256."""

    digest: str = Field(primary_key=True)
    body: bytes = Field(sa_column=Column(LargeBinary, nullable=False))


class Run(SQLModel, table=True):
    """A run. This row is the truth of who executes it (`attempt`, `process`) and how it ended."""

    id: str = Field(primary_key=True)
    workflow: str
    name: str
    title: str
    person: str
    via: str
    key: str | None = None
    app: str | None = None
    """the app it is a run of; None: somebody tried a draft, or the system works"""
    version: str | None = None
    manifest: str = ""
    conversation: str | None = None
    """the conversation it is a message of"""
    turn: int = 0
    """the number of the message there, from 1"""
    hash: str
    words: str
    catalogue: str
    format: int
    status: str
    attempt: int
    process: str
    due_at: float | None = None
    """when it may begin; None of a queued run: after the message before it"""
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
    erased: float | None = None
    """when its payload was removed: what it was given, what its steps handed on, its files. Digests stay"""
    erased_by: str | None = None
    """name of the person who asked for it; empty: its app keeps nothing longer"""

    __table_args__ = (
        # what retention still has to remove; nothing is written to it before a run of an app ends
        Index(
            "run_kept", "app", "ended", sqlite_where=text("ended IS NOT NULL AND app IS NOT NULL AND erased IS NULL"),
            postgresql_where=text("ended IS NOT NULL AND app IS NOT NULL AND erased IS NULL"),
        ),
        Index("run_key", "workflow", "key", unique=True),  # finds the runs of a workflow, too
        Index("run_app", "app", "created", sqlite_where=_OF_AN_APP, postgresql_where=_OF_AN_APP),
        Index("run_person", "person", "created"),  # how much was started lately, and the newest runs of somebody
        # whose turn it is is read from person to person, however many runs wait (`store.due`)
        Index(
            "run_waits", "person", "app", "due_at", sqlite_where=text("status = 'queued'"),
            postgresql_where=text("status = 'queued'"),
        ),
        Index(
            "run_busy", "person", "app", "process", sqlite_where=text("status = 'running'"),
            postgresql_where=text("status = 'running'"),
        ),
        Index(
            "run_turn", "conversation", "turn", unique=True, sqlite_where=_IN_A_CONVERSATION,
            postgresql_where=_IN_A_CONVERSATION,
        ),
        Index("run_created", "created"),
    )  # fmt: skip


class Schedule(SQLModel, table=True):
    """A run of an app that begins by itself, again and again."""

    id: str = Field(primary_key=True)
    app: str = Field(sa_column=Column(ForeignKey("app.id", ondelete="CASCADE"), index=True, nullable=False))
    rule: str = Field(sa_column=Column(Text, nullable=False))
    """JSON: when, as a person chose it (`runtime.engine.calendar`)"""
    zone: str
    """the time zone the rule is read in, such as Europe/Berlin"""
    inputs: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    person: str
    """who made it; its runs act as the app"""
    created: float
    next_due: float | None = None
    """None while it is stopped"""
    stop_reason: str = ""
    """why it begins no run; empty while it does"""
    last_due: float | None = None
    last_run: str = ""

    __table_args__ = (Index("schedule_due", "next_due"),)


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
        Index(
            "record_once",
            "run",
            "step",
            "path",
            unique=True,
            sqlite_where=text("kind IN ('done', 'failed')"),
            postgresql_where=text("kind IN ('done', 'failed')"),
        ),
        {"sqlite_with_rowid": False},
    )


class Trial(SQLModel, table=True):
    """How a run is tried out: one step of it alone, from a step on, as a replay, with pins. A run without this row runs
    as it stands."""

    run: str = Field(primary_key=True)
    kind: str
    """pinned, step, from or replay"""
    source: str = ""
    """the earlier run it was given something of"""
    step: str = ""
    """the step that runs alone, or from which on it runs"""
    path: str = ""
    calls: str = ""
    """what becomes of a call without a recorded answer in a replay: refuse or make"""
    pins: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    """JSON: what steps give instead of being run, by step"""


class Wait(SQLModel, table=True):
    """A run waits for a person or a time. Exactly one answer wins: open becomes answered or closed once."""

    id: str = Field(primary_key=True)
    run: str = Field(index=True)
    seq: int
    """of the record that opened it"""
    step: str
    path: str
    kind: str
    """approve, or interrupted (an effect that may have happened)"""
    asked: str = Field(sa_column=Column(Text, nullable=False))
    """JSON: title, text, choices [{id, label, chosen}]"""
    opened: float
    deadline: float | None = None
    status: str
    """open, answered or closed (the run ended)"""
    answer: str | None = None
    """id of the choice; `timeout` when the deadline came first"""
    comment: str = ""
    answered_by: str = ""
    answered: float | None = None
    logged: bool = False
    """whether the run's log holds the answer"""

    __table_args__ = (
        Index("wait_open", "status", "deadline"),
        Index("wait_once", "run", "seq", unique=True),
    )


class WaitFor(SQLModel, table=True):
    """Who may answer a wait: a person, a group."""

    __tablename__ = "wait_for"  # pyright: ignore[reportAssignmentType] - SQLModel types it as a method
    wait: str = Field(foreign_key="wait.id", primary_key=True)
    holder: str = Field(primary_key=True, index=True)


class Partial(SQLModel, table=True):
    """The text so far of a run that somebody looks at from another process."""

    run: str = Field(primary_key=True)
    looked: float
    """until when somebody is believed to look"""
    attempt: int
    seq: int
    words: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
