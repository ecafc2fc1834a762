"""Rows of people: who they are, what they belong to, how they come in."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index
from sqlmodel import Field, SQLModel


class Person(SQLModel, table=True):
    """Somebody who signs in. Without a password one comes in by a one-time link only."""

    id: str = Field(primary_key=True)
    name: str
    email: str | None = Field(default=None, unique=True)
    """what one signs in with, in small letters"""
    password: str | None = None
    """argon2id, with its parameters in it"""
    created: float
    disabled: float | None = None


class PersonRole(SQLModel, table=True):
    """What somebody is in this product: owner, reviewer, analyst, member, auditor; a person may be several."""

    __tablename__ = "person_role"  # pyright: ignore[reportAssignmentType] - SQLModel types it as a method
    person: str = Field(foreign_key="person.id", primary_key=True)
    role: str = Field(primary_key=True)


class Group(SQLModel, table=True):
    """People who get rights together: a department, a project."""

    __tablename__ = "people_group"  # pyright: ignore[reportAssignmentType] - SQLModel types it as a method
    id: str = Field(primary_key=True)
    name: str = Field(unique=True)
    description: str = ""
    created: float


class GroupMember(SQLModel, table=True):
    """Somebody in a group."""

    __tablename__ = "group_member"  # pyright: ignore[reportAssignmentType] - SQLModel types it as a method
    group: str = Field(
        sa_column=Column("group_id", ForeignKey("people_group.id", ondelete="CASCADE"), primary_key=True)
    )
    person: str = Field(foreign_key="person.id", primary_key=True, index=True)


class Right(SQLModel, table=True):
    """What somebody may do with one thing. A higher level includes the lower ones: see, run, edit, share, own."""

    __tablename__ = "thing_right"  # pyright: ignore[reportAssignmentType] - SQLModel types it as a method
    thing: str = Field(primary_key=True)
    """id of a workflow, template, app or knowledge base"""
    holder: str = Field(primary_key=True, index=True)
    """id of a person or of a group, or `role:analyst`"""
    level: int
    """place in `rights.LEVELS`"""


class Owned(SQLModel, table=True):
    """Who has ever owned a thing. A right can be handed over; having had it stays, and bars from judging the thing."""

    __tablename__ = "thing_owned"  # pyright: ignore[reportAssignmentType] - SQLModel types it as a method
    thing: str = Field(primary_key=True)
    holder: str = Field(primary_key=True)


class SignInCode(SQLModel, table=True):
    """A one-time link; only the hash of its code is kept. An invitation is one for somebody new."""

    __tablename__ = "sign_in_code"  # pyright: ignore[reportAssignmentType] - SQLModel types it as a method
    hash: str = Field(primary_key=True)
    person: str = Field(foreign_key="person.id")
    purpose: str = "sign_in"
    """sign_in, invite or reset"""
    created: float
    expires: float
    used: float | None = None


class SignInTry(SQLModel, table=True):
    """A failed attempt to sign in with a password; too many close the door for a while."""

    __tablename__ = "sign_in_try"  # pyright: ignore[reportAssignmentType] - SQLModel types it as a method
    id: int | None = Field(default=None, primary_key=True)
    subject: str = Field(index=True)
    """`account:` or `address:` and a hash"""
    at: float


class Session(SQLModel, table=True):
    """A signed-in browser; only the hash of its token is kept."""

    id: str = Field(primary_key=True)
    hash: str = Field(unique=True)
    person: str = Field(foreign_key="person.id", index=True)
    created: float
    seen: float
    proved: float
    """when the person last showed that it is really them"""
    agent: str = ""
    """browser and system, in a few words"""
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
    app: str | None = None
    """the only app the key starts; None: it acts for the person"""
    created: float
    expires: float | None = None
    revoked: float | None = None


class Notification(SQLModel, table=True):
    """Something one person should know, with the address where to look."""

    id: str = Field(primary_key=True)
    person: str = Field(foreign_key="person.id")
    at: float
    text: str
    link: str = ""
    seen: float | None = None

    __table_args__ = (Index("notification_of", "person", "at"),)
