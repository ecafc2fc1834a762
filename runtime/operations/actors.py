"""Who acts, and what each may do: permissions are data, every verdict carries its reason."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from runtime.store.rights import LEVELS

ROLES = {
    "owner": "Platform owner",
    "reviewer": "IT reviewer",
    "analyst": "Analyst",
    "member": "Team member",
    "auditor": "Auditor",
}
"""every role, as a person reads it"""


@dataclass(frozen=True, slots=True)
class Actor:
    """A person, or a program with a key of that person (or of one app: then `app` names it and nothing else is
    reached)."""

    id: str
    name: str
    roles: frozenset[str] = frozenset()
    groups: frozenset[str] = frozenset()
    """ids of the groups the person is in"""
    via: Literal["browser", "key", "command", "schedule"] = "browser"
    app: str | None = None
    proved: float = 0.0
    """when the person last showed that it is really them; seconds since 1970"""


@dataclass(frozen=True, slots=True)
class Action:
    """Something an actor may do. The words are shown in the audit log and in refusals."""

    words: str
    roles: frozenset[str] = field(default_factory=lambda: frozenset(ROLES))
    level: str = ""
    """the right needed on the very thing (`rights.LEVELS`); empty: the role alone decides, or the operation has a rule
    of its own"""
    by_key: bool = False
    """whether a program with a person's key may do it"""
    by_app: bool = False
    """whether a program with an app's key may do it"""
    fresh: bool = False
    """whether the person has to have proved lately who they are"""

    on: str = ""
    """the kind of thing the right is on, where it is not the first word of the action"""

    def kind(self, name: str) -> str:
        """The kind of thing an action of this name is done to."""
        return self.on or name.partition(".")[0]

    def __post_init__(self) -> None:
        assert not self.level or self.level in LEVELS, f"{self.level} is none of {LEVELS}"
        assert self.roles <= set(ROLES), f"unknown role among {set(self.roles)}"


_OWNER = frozenset({"owner"})
_IT = frozenset({"owner", "reviewer"})
_REVIEWERS = frozenset({"reviewer"})
_MAKERS = frozenset({"owner", "reviewer", "analyst"})
_WATCHERS = frozenset({"owner", "auditor"})

ACTIONS: dict[str, Action] = {
    "workflow.list": Action("see workflows", _MAKERS, by_key=True),
    "workflow.see": Action("open this workflow", _MAKERS, level="see", by_key=True),
    "workflow.create": Action("create a workflow", _MAKERS),
    "workflow.edit": Action("edit this workflow", _MAKERS, level="edit"),
    "workflow.remove": Action("delete this workflow", _MAKERS, level="own"),
    "workflow.share": Action("share this workflow", _MAKERS, level="share"),
    "version.see": Action("see the versions of this workflow", _MAKERS, level="see", on="workflow"),
    "version.save": Action("save a version of this workflow", _MAKERS, level="edit", on="workflow"),
    "version.restore": Action("restore a version of this workflow", _MAKERS, level="edit", on="workflow"),
    "test.see": Action("see the test cases of this workflow", _MAKERS, level="see", on="workflow"),
    "test.edit": Action("change the test cases of this workflow", _MAKERS, level="edit", on="workflow"),
    "pin.see": Action("see what steps of this workflow are pinned", _MAKERS, level="edit", on="workflow"),
    "pin.set": Action("pin steps of this workflow", _MAKERS, level="edit", on="workflow"),
    "run.start": Action("run this workflow", _MAKERS, level="run", by_key=True, on="workflow"),
    "run.see": Action("see this run", by_key=True, by_app=True),
    "run.list": Action("see runs", by_key=True),
    "run.explore": Action("look into everybody's runs", frozenset({"auditor"})),
    "run.cancel": Action("stop this run", by_key=True, by_app=True),
    "run.erase": Action("remove the data of this run", by_key=True, fresh=True),
    "conversation.list": Action("see one's conversations", by_key=True, by_app=True),
    "conversation.see": Action("open this conversation", by_key=True, by_app=True),
    "conversation.rename": Action("rename this conversation", by_key=True, by_app=True),
    "conversation.remove": Action("delete this conversation", by_key=True, by_app=True),
    "file.bring": Action("bring a file", by_key=True, by_app=True),
    "file.see": Action("see this file", by_key=True, by_app=True),
    "file.discard": Action("take away a file one has brought", by_key=True, by_app=True),
    "submission.check": Action("check this workflow before a review", _MAKERS, level="edit", on="workflow"),
    "submission.create": Action("submit this workflow for review", _MAKERS, level="edit", on="workflow"),
    "submission.see": Action("see this submission"),
    "submission.withdraw": Action("withdraw a submission", _MAKERS),
    "submission.review": Action("review submissions", _REVIEWERS),
    "submission.comment": Action("remark on a submission"),
    "submission.try": Action("try out a submitted version", _REVIEWERS),
    "decision.make": Action("decide about a submission", _REVIEWERS, fresh=True),
    "decision.withdraw": Action("withdraw an approval", _REVIEWERS, fresh=True),
    "condition.meet": Action("mark a condition as met", _REVIEWERS, fresh=True),
    "app.list": Action("see apps", by_key=True),
    "app.see": Action("open this app", level="see", by_key=True),
    "app.run": Action("run this app", level="run", by_key=True, by_app=True),
    "app.publish": Action("publish an app", _IT, fresh=True),
    "app.stop": Action("stop an app", _IT),
    "app.resume": Action("let a stopped app run again", _IT, fresh=True),
    "app.roll_back": Action("roll an app back", _IT, fresh=True),
    "app.limit": Action("set how much of this app may run", _IT),
    "app.share": Action("share this app", level="share"),
    "app.oversee": Action("look after this app"),
    "app.oversee_all": Action("see every app", _IT),
    "app.keep": Action("say how long the data of its runs is kept", fresh=True),
    "app.prepare": Action("prepare a publication", _IT),
    "app.revoke": Action("revoke a key of this app", level="own"),
    "app.key": Action("give this app a key", level="own", fresh=True),
    "schedule.see": Action("see the schedules of this app", level="own", on="app"),
    "schedule.create": Action("add a schedule to this app", level="own", on="app"),
    "schedule.change": Action("switch a schedule of this app off or on, or remove it", level="own", on="app"),
    "template.list": Action("see templates", _MAKERS),
    "template.see": Action("open this template", _MAKERS, level="see"),
    "template.publish": Action("publish a template", _IT, fresh=True),
    "template.withdraw": Action("withdraw a template", _IT),
    "template.share": Action("share this template", level="share"),
    "model.see": Action("see the model aliases", _MAKERS),
    "model.bind": Action("change a model alias", _IT, fresh=True),
    "model.stop": Action("switch a model alias off or on", _IT),
    "connection.list": Action("see the connections", _MAKERS),
    "connection.see": Action("see this connection", _MAKERS, level="see"),
    "connection.add": Action("add a connection", _IT, fresh=True),
    "connection.change": Action("change this connection", _IT, level="edit", fresh=True),
    "connection.credential": Action("set or remove a credential", _MAKERS, level="edit", fresh=True),
    "connection.test": Action("test this connection", _MAKERS, level="run"),
    "connection.share": Action("share this connection", _MAKERS, level="share"),
    "connection.stop": Action("stop a connection", _IT),
    "connection.start": Action("let a stopped connection be used again", _IT, fresh=True),
    "connection.remove": Action("remove this connection", _IT, level="own", fresh=True),
    "vault.rotate": Action("give the vault a new master key", _OWNER, fresh=True),
    "vault.reset": Action("begin the vault anew", _OWNER, fresh=True),
    "policy.see": Action("see the policies", frozenset({"owner", "reviewer", "auditor"})),
    "policy.set": Action("change a policy", _OWNER, fresh=True),
    "key.see": Action("see one's API keys"),
    "key.create": Action("create an API key", fresh=True),
    "key.revoke": Action("revoke an API key"),
    "inbox.see": Action("see what waits for one's decision"),
    "inbox.answer": Action("decide what a run asks"),
    "inbox.choose": Action("choose who decides", _MAKERS),
    "notification.see": Action("see one's notifications"),
    "session.end": Action("sign out"),
    "session.see": Action("see where one is signed in"),
    "session.revoke": Action("end another session of one's own"),
    "base.list": Action("see knowledge bases"),
    "base.create": Action("create a knowledge base", _MAKERS),
    "base.see": Action("read this knowledge base", level="see"),
    "base.fill": Action("add or remove documents of this knowledge base", level="edit"),
    "base.change": Action("change what this knowledge base is", level="own"),
    "base.remove": Action("delete this knowledge base", level="own", fresh=True),
    "base.share": Action("share this knowledge base", level="share"),
    "password.change": Action("change one's password", fresh=True),
    "person.list": Action("see people and groups", _IT),
    "person.find": Action("look people and groups up to share with them", _MAKERS),
    "person.invite": Action("invite a person", _IT, fresh=True),
    "person.roles": Action("change what somebody is here", _OWNER, fresh=True),
    "person.reset": Action("make a new sign-in link for somebody", _OWNER, fresh=True),
    "person.disable": Action("disable a person", _IT, fresh=True),
    "person.enable": Action("let a disabled person in again", _OWNER, fresh=True),
    "group.create": Action("create a group", _OWNER, fresh=True),
    "group.change": Action("rename a group or change who is in it", _OWNER, fresh=True),
    "group.remove": Action("remove a group", _OWNER, fresh=True),
    "audit.search": Action("search the audit log", _WATCHERS),
    "audit.verify": Action("check the audit chain", _WATCHERS),
    "page.see": Action("open a page"),
}
"""every action there is; an operation names one of these or it cannot run. Screens and HTTP share this table."""

FRESH_S = 30 * 60.0
"""how long a proof of who one is counts, for actions that ask for a fresh one"""


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether an actor may, and why."""

    allowed: bool
    reason: str


def everybody(role: str) -> str:
    """Those with a role, as people read it; all are team members."""
    return "Everybody" if role == "member" else f"Everybody who is {ROLES.get(role, role)}"


def permit(actor: Actor | None, action: str) -> Verdict:
    """Judge an action by the actor's roles and the way they came; rights on the very thing are the door's to ask."""
    entry = ACTIONS[action]
    if actor is None:
        return Verdict(False, "Nobody is signed in.")
    if actor.app is not None:
        may = "may" if entry.by_app else "may not"
        return Verdict(entry.by_app, f"The key of an app {may} {entry.words}.")
    if actor.via == "key" and not entry.by_key:
        return Verdict(False, f"An API key may not {entry.words}; a person has to sign in for that.")
    if not (actor.roles & entry.roles):
        roles = " or ".join(ROLES[each] for each in ROLES if each in entry.roles)
        return Verdict(False, f"To {entry.words} one has to be {roles}.")
    return Verdict(True, f"{', '.join(ROLES[each] for each in ROLES if each in actor.roles)} may {entry.words}.")
