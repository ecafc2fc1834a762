"""Rows of what workflows reach outside: model aliases, connections, and what was spent."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, LargeBinary, text
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
    connection: str = ""
    """id of the model connection that gives address, hosting and key in their stead; empty: none"""
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
    """An outside host that workflows or models may call, and the credential that goes to it and nowhere else."""

    id: str = Field(primary_key=True)
    name: str = Field(unique=True)
    host: str = Field(index=True)
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
    """environment variable that holds the credential; empty: the vault holds it, if there is one"""
    stopped: float | None = None
    updated: float
    credential: str = "none"
    """how it is sent: none, bearer, header, basic, query"""
    query: str = ""
    """name of the value in the address that carries the credential"""
    login: str = ""
    """the user that goes with a password"""
    kind: str = "http"
    """http: the hosts of steps; model: where models are asked"""
    provider: str = ""
    """of models, as LiteLLM names it"""
    base_url: str = ""
    """of models"""
    hosting: str = ""
    """of models: here, company, external"""
    probe: str = "/"
    """path that is called to test it"""

    __table_args__ = (
        Index(
            "connection_http_host", "host", unique=True, sqlite_where=text("kind = 'http'"),
            postgresql_where=text("kind = 'http'"),
        ),
    )  # fmt: skip


class Secret(SQLModel, table=True):
    """The sealed credential of a connection, bound to it and its host."""

    connection: str = Field(sa_column=Column(ForeignKey("connection.id", ondelete="CASCADE"), primary_key=True))
    host: str
    """the host it was given for"""
    sealed: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    person: str
    """who set it"""
    at: float


class VaultKey(SQLModel, table=True):
    """Which master key new secrets are sealed with: one row."""

    __tablename__ = "vault_key"  # pyright: ignore[reportAssignmentType] - SQLModel types it as a method
    one: int = Field(default=1, primary_key=True)
    key: str
    """its id"""
    at: float


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
