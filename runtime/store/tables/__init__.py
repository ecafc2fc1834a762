"""Every table of the product: `people`, `workflows`, `runs`, `conversations`, `files`, `models`, `knowledge`,
`governance`, `audit`, `processes`."""

from runtime.store.tables.audit import Audit
from runtime.store.tables.conversations import Conversation, ConversationSummary
from runtime.store.tables.files import File, FileBody, FileUse
from runtime.store.tables.governance import (
    App,
    Comment,
    Condition,
    Decision,
    Drift,
    Policy,
    Release,
    Submission,
    Template,
)
from runtime.store.tables.knowledge import Document, KnowledgeBase, Passage
from runtime.store.tables.models import Connection, ModelAlias, Secret, Spend, VaultKey
from runtime.store.tables.people import (
    ApiKey,
    Group,
    GroupMember,
    Notification,
    Owned,
    Person,
    PersonRole,
    Right,
    Session,
    SignInCode,
    SignInTry,
)
from runtime.store.tables.processes import Process
from runtime.store.tables.runs import Blob, Record, Run, Schedule, Trial, Wait, WaitFor
from runtime.store.tables.workflows import Content, Draft, DraftChange, Pinned, TestCase, Version, Workflow

__all__ = [
    "ApiKey",
    "App",
    "Audit",
    "Blob",
    "Comment",
    "Condition",
    "Connection",
    "Content",
    "Conversation",
    "ConversationSummary",
    "Decision",
    "Document",
    "Draft",
    "DraftChange",
    "Drift",
    "File",
    "FileBody",
    "FileUse",
    "Group",
    "GroupMember",
    "KnowledgeBase",
    "ModelAlias",
    "Notification",
    "Owned",
    "Passage",
    "Person",
    "PersonRole",
    "Pinned",
    "Policy",
    "Process",
    "Record",
    "Release",
    "Right",
    "Run",
    "Schedule",
    "Secret",
    "Session",
    "SignInCode",
    "SignInTry",
    "Spend",
    "Submission",
    "Template",
    "TestCase",
    "Trial",
    "VaultKey",
    "Version",
    "Wait",
    "WaitFor",
    "Workflow",
]
