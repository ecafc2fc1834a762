"""Rows of what workflows reach outside: model aliases, connections, and what was spent."""

from __future__ import annotations

from sqlalchemy import Index
from sqlmodel import Field, SQLModel


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
    stopped: float | None = None
    """switched off at once, running calls included"""
    updated: float


class Connection(SQLModel, table=True):
    """An outside host that workflows may call, and the credential that goes to it and nowhere else."""

    id: str = Field(primary_key=True)
    name: str = Field(unique=True)
    host: str = Field(unique=True)
    """`api.example.com`, or `intranet.example.com:8443`; scheme https unless `plain`"""
    plain: bool = False
    """http without encryption; only for hosts of the company's own"""
    internal: bool = False
    """may resolve to an address that is not public"""
    description: str = ""
    clearance: str = "public"
    """highest data class that may be sent there"""
    header: str = ""
    """name of the header that carries the credential"""
    key_env: str = ""
    """environment variable that holds the credential; empty: none is sent"""
    stopped: float | None = None
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
