"""Rows of governance: submissions and their decisions, apps, templates, policies."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Text
from sqlmodel import Field, SQLModel


class Policy(SQLModel, table=True):
    """A rule that differs from its default; `governance.policies` knows them all."""

    name: str = Field(primary_key=True)
    value: str = Field(sa_column=Column(Text, nullable=False))
    """JSON"""
    updated: float
    person: str


class Submission(SQLModel, table=True):
    """A version under review: what was computed of it, what its author was asked, how it stands."""

    id: str = Field(primary_key=True)
    number: int = Field(unique=True)
    workflow: str = Field(index=True)
    version: str = Field(foreign_key="version.id")
    hash: str
    manifest: str
    person: str
    created: float
    status: str
    """open, withdrawn, changes_requested, approved, denied; another submission of the workflow makes it superseded"""
    tier: int
    facts: str = Field(sa_column=Column(Text, nullable=False))
    """JSON: tier reasons, checks with evidence, data flow, models, hosts, bases, cost forecast"""
    answers: str = Field(sa_column=Column(Text, nullable=False))
    """JSON: what a machine cannot know"""
    closed: float | None = None

    __table_args__ = (Index("submission_status", "status", "created"),)


class Comment(SQLModel, table=True):
    """A remark of a review, on a step or on the whole."""

    id: str = Field(primary_key=True)
    submission: str = Field(foreign_key="submission.id", index=True)
    step: str = ""
    text: str = Field(sa_column=Column(Text, nullable=False))
    person: str
    at: float
    settled: float | None = None


class Decision(SQLModel, table=True):
    """What a reviewer decided, about exactly this meaning and these dependencies."""

    id: str = Field(primary_key=True)
    submission: str = Field(foreign_key="submission.id", unique=True)
    workflow: str = Field(index=True)
    hash: str
    manifest: str
    tier: int
    kind: str
    """approved, conditions, exception, changes or denied"""
    reason: str = Field(sa_column=Column(Text, nullable=False))
    person: str
    at: float
    expires: float | None = None
    """exception: when it ends by itself"""
    controls: str = ""
    owners: str = ""
    withdrawn: float | None = None


class Condition(SQLModel, table=True):
    """Something an approval asks for until a day; an overdue one stops the app."""

    id: str = Field(primary_key=True)
    decision: str = Field(foreign_key="decision.id", index=True)
    text: str
    due: float
    met: float | None = None
    met_by: str = ""
    note: str = ""


class App(SQLModel, table=True):
    """A published workflow that people run. Who may run it stands in `thing_right`."""

    id: str = Field(primary_key=True)
    name: str = Field(unique=True)
    """in its address; it never changes"""
    title: str
    description: str = ""
    icon: str = ""
    workflow: str = Field(index=True)
    release: int
    """the number of the release that runs now"""
    owner: str = Field(foreign_key="person.id")
    created: float
    stopped: float | None = None
    stopped_by: str = ""
    stop_reason: str = ""
    at_once: int | None = None
    """runs that may be executed at once; None: as the policy says"""
    per_minute: int | None = None
    """starts in a minute; None: as the policy says"""
    keep_days: int | None = None
    """days after its end at which the payload of a run is removed; None: it is kept"""


class Release(SQLModel, table=True):
    """What an app runs or ran: an approved (meaning, dependencies). Rolling back is a new release of an old version."""

    app: str = Field(sa_column=Column(ForeignKey("app.id", ondelete="CASCADE"), primary_key=True))
    number: int = Field(primary_key=True)
    version: str = Field(foreign_key="version.id")
    hash: str
    words: str
    manifest: str
    decision: str = Field(foreign_key="decision.id")
    person: str
    at: float
    reason: str = ""


class Template(SQLModel, table=True):
    """A version others start from. Who may use it stands in `thing_right`."""

    id: str = Field(primary_key=True)
    name: str = Field(unique=True)
    title: str
    description: str = ""
    icon: str = ""
    workflow: str = Field(index=True)
    version: str = Field(foreign_key="version.id")
    decision: str = Field(foreign_key="decision.id")
    owner: str = Field(foreign_key="person.id")
    created: float
    released: float
    """when this version was put here"""
    withdrawn: float | None = None


class Drift(SQLModel, table=True):
    """A dependency that changed under an app, and what the policy made of it: a recorded decision of the system."""

    app: str = Field(primary_key=True)
    dependency: str = Field(primary_key=True)
    """`model:fast`, `base:handbook`, …"""
    approved: str = Field(primary_key=True)
    found: str = Field(primary_key=True)
    ruling: str
    """stop, grace or carry_on"""
    until: float | None = None
    at: float
