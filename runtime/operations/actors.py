"""Who acts, and what each may do: permissions are data, every verdict carries its reason."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Actor:
    """A person, or a program with a key of that person."""

    id: str
    name: str
    role: str
    via: Literal["browser", "key", "command"] = "browser"


@dataclass(frozen=True, slots=True)
class Action:
    """Something an actor may do. The words are shown in the audit log and in refusals."""

    words: str
    roles: frozenset[str]
    by_key: bool = False
    """whether a program with a key may do it"""


_OWNER = frozenset({"owner"})

ACTIONS: dict[str, Action] = {
    "workflow.list": Action("see the workflows", _OWNER, by_key=True),
    "workflow.see": Action("open a workflow", _OWNER, by_key=True),
    "workflow.create": Action("create a workflow", _OWNER),
    "workflow.edit": Action("edit a workflow", _OWNER),
    "workflow.remove": Action("delete a workflow", _OWNER),
    "run.start": Action("run a workflow", _OWNER, by_key=True),
    "run.see": Action("see runs", _OWNER, by_key=True),
    "run.cancel": Action("stop a run", _OWNER, by_key=True),
    "model.see": Action("see the model aliases", _OWNER),
    "model.bind": Action("change a model alias", _OWNER),
    "key.see": Action("see one's API keys", _OWNER),
    "key.create": Action("create an API key", _OWNER),
    "key.revoke": Action("revoke an API key", _OWNER),
    "session.end": Action("sign out", _OWNER),
    "page.see": Action("open a page", _OWNER),
}
"""every action there is; an operation names one of these or it cannot run"""


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether an actor may, and why."""

    allowed: bool
    reason: str


def permit(actor: Actor | None, action: str) -> Verdict:
    """Judge an action by the table."""
    entry = ACTIONS[action]
    if actor is None:
        return Verdict(False, "Nobody is signed in.")
    if actor.role not in entry.roles:
        return Verdict(False, f"The role {actor.role} may not {entry.words}.")
    if actor.via == "key" and not entry.by_key:
        return Verdict(False, f"An API key may not {entry.words}; a person has to sign in for that.")
    return Verdict(True, f"The role {actor.role} may {entry.words}.")
