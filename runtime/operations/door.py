"""The door: permit, do, record, in one transaction. A refusal is recorded too.

Permission is asked twice: by what the session says, before anything is looked at, and again inside the transaction by
what the rows say then. Somebody who lost a role or a right between opening a page and clicking is refused.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from runtime.errors import NotAllowed, NotFound, NotSignedIn, ProveYourself
from runtime.operations.actors import ACTIONS, FRESH_S, Actor, permit
from runtime.operations.runtime import Runtime
from runtime.store.audit import write_audit
from runtime.store.rights import LEVELS, roles_of, standing, thing_id
from runtime.store.transaction import Tx

T = TypeVar("T")


class Hidden(NotFound):
    """The thing is there, but the actor may not know: they get the answer of a thing that is not, as slowly; the audit
    log the truth."""


WORDS = {"workflow": "workflow", "app": "app", "template": "template", "base": "knowledge base", "file": "file",
         "connection": "connection"}  # fmt: skip
_LEVEL_WORDS = {"connection": {"run": "use", "edit": "change"}}
"""how a right is called, where it has a name of its own"""


def called(kind: str, level: str) -> str:
    """A right as people read it: one is said to use a connection, not to run it."""
    return _LEVEL_WORDS.get(kind, {}).get(level, level)


def missing(kind: str, name: str) -> NotFound:
    """The one answer for a thing that is not there, and for one the actor may not see."""
    return NotFound(f"There is no {WORDS[kind]} “{name}”.", hint="It may have been deleted, renamed, or not be shared.")


async def allowed(runtime: Runtime, actor: Actor | None, action: str, thing: str = "") -> Actor:
    """Ask permission for something that only reads; the refusal is recorded.

    Where the action needs a right, `thing` is the name or id of the workflow, app, template or knowledge base.
    """
    person = await permitted(runtime, actor, action, thing)
    if ACTIONS[action].level:
        try:
            runtime.reader.now(lambda tx: need(tx, person, action, thing))
        except (NotAllowed, NotFound) as refusal:
            await refused(runtime, person, action, thing, _why(refusal))
            raise
    return person


async def permitted(runtime: Runtime, actor: Actor | None, action: str, thing: str = "") -> Actor:
    """Ask permission by what the session says alone, where the rows are asked inside the transaction that follows; the
    refusal is recorded."""
    verdict = permit(actor, action)
    if actor is None or not verdict.allowed:
        await refused(runtime, actor, action, thing, verdict.reason)
        if actor is None:
            raise NotSignedIn("Please sign in first.", hint="Open the sign-in page, or the link you were sent.")
        raise NotAllowed(verdict.reason)
    try:
        _ask_fresh(runtime, actor, action)
    except NotAllowed as refusal:
        await refused(runtime, actor, action, thing, _why(refusal))
        raise
    return actor


def need(tx: Tx, actor: Actor, action: str, thing: str) -> str:
    """The id of a thing on which the actor holds what the action needs, by the rows as they are now.

    Raises `NotFound` when it is not there or not shared with the actor at all, `NotAllowed` when they may see it but
    not do this.
    """
    entry = ACTIONS[action]
    if actor.app is not None:  # its key reaches this one app, whoever made the key
        if thing_id(tx, entry.kind(action), thing) != actor.app:
            raise missing(entry.kind(action), thing)
        return actor.app
    roles, found, held = standing(tx, actor.id, (kind := entry.kind(action)), thing)
    if not (roles & entry.roles):
        raise NotAllowed(permit(Actor(actor.id, actor.name), action).reason)
    if found is None:
        raise missing(kind, thing)
    if held < 0:
        answer = missing(kind, thing)
        raise Hidden(answer.sentence, hint=answer.hint)
    if held < LEVELS.index(entry.level):
        raise NotAllowed(
            f"You may {called(kind, LEVELS[held])} this {WORDS[kind]}, but to {entry.words} you need the right to"
            f" {called(kind, entry.level)} it.",
            hint="Ask its owner to share it with you.",
        )
    return found


async def do(
    runtime: Runtime,
    actor: Actor | None,
    action: str,
    thing: str,
    work: Callable[[Tx], T],
    *,
    audited: bool = True,
    found: Callable[[T], str] | None = None,
    said: Callable[[T], str] = lambda _result: "",
) -> T:
    """Ask permission, run `work` in the shared transaction, and record it there.

    `work` may refuse with `NotAllowed` or `Hidden`: it is recorded as the door's own refusals are. `audited=False` is
    for autosaved edits, whose history is the draft's own journal. `found` names the thing where only the work knows it;
    `said` is what the record says beside the action, such as what was before and what is now.
    """
    person = await permitted(runtime, actor, action, thing)

    def unit(tx: Tx) -> T:
        if ACTIONS[action].level:
            need(tx, person, action, thing)
        elif person.app is None and not (roles_of(tx, person.id) & ACTIONS[action].roles):
            raise NotAllowed(permit(Actor(person.id, person.name), action).reason)
        result = work(tx)
        if audited:
            now = runtime.clock.now()
            name = found(result) if found else thing
            write_audit(
                tx, at=now, person=person.id, action=action, thing=name, outcome="done", reason=said(result),
                detail=person.via,
            )  # fmt: skip
        return result

    try:
        return await runtime.writer.write(unit)
    except (NotAllowed, NotFound) as refusal:
        await refused(runtime, person, action, thing, _why(refusal))
        raise


async def look(
    runtime: Runtime, actor: Actor | None, action: str, thing: str, question: Callable[[Tx], T], *, soon: bool = False
) -> T:
    """Ask permission and read; `question` may refuse as the work of `do` may. `soon` is for reads by key, which are
    answered where they are asked."""
    person = await allowed(runtime, actor, action, thing)
    try:
        return runtime.reader.now(question) if soon else await runtime.reader.ask(question)
    except (NotAllowed, NotFound) as refusal:
        await refused(runtime, person, action, thing, _why(refusal))
        raise


async def refused(runtime: Runtime, actor: Actor | None, action: str, thing: str, why: str) -> None:
    """Record that somebody was not allowed to do something."""
    person, now = actor.id if actor else "", runtime.clock.now()
    await runtime.writer.write(
        lambda tx: write_audit(tx, at=now, person=person, action=action, thing=thing, outcome="refused", reason=why)
    )


def _ask_fresh(runtime: Runtime, actor: Actor, action: str) -> None:
    if ACTIONS[action].fresh and actor.via == "browser" and runtime.clock.now() - actor.proved > FRESH_S:
        raise ProveYourself(
            f"To {ACTIONS[action].words}, show again that it is you.", hint="Enter your password; nothing is lost."
        )


def _why(refusal: NotAllowed | NotFound) -> str:
    """What the log says. What is not there is recorded as what is hidden: who asks for either waits for the same write,
    and whoever goes through names leaves a trace."""
    match refusal:
        case Hidden():
            return f"hidden: {refusal.sentence}"
        case NotFound():
            return f"not there: {refusal.sentence}"
        case _:
            return refusal.sentence
