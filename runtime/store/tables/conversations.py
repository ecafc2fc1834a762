"""Rows of conversations: whose they are, what they remember."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, LargeBinary, Text
from sqlmodel import Field, SQLModel


class Conversation(SQLModel, table=True):
    """A conversation of one person with one app, or with a draft that is tried. Its messages are runs."""

    id: str = Field(primary_key=True)
    workflow: str
    """id of the app, or of the workflow whose draft is tried: as in its runs"""
    app: str | None = None
    person: str
    title: str
    named: bool = False
    """whether a person chose the title; else it is how the first message begins"""
    variables: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    """JSON: the variables some run has changed; the others hold what they start with"""
    created: float
    updated: float

    __table_args__ = (Index("conversation_of", "person", "workflow", "updated"),)


class ConversationSummary(SQLModel, table=True):
    """What a step keeps of the older messages of a conversation, in a model's words."""

    __tablename__ = "conversation_summary"  # pyright: ignore[reportAssignmentType] - SQLModel types it as a method
    conversation: str = Field(
        sa_column=Column(ForeignKey("conversation.id", ondelete="CASCADE"), primary_key=True, nullable=False)
    )
    step: str = Field(primary_key=True)
    run: str = Field(primary_key=True)
    """which made it"""
    upto: int
    """number of the last message in it"""
    text: str = Field(sa_column=Column(Text, nullable=False))
