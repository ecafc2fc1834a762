"""The door: permit, do, record, in one transaction. A refusal is recorded too."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from runtime.errors import NotAllowed, NotSignedIn
from runtime.operations.actors import Actor, permit
from runtime.operations.runtime import Runtime
from runtime.store.audit import write_audit
from runtime.store.transaction import Tx

T = TypeVar("T")


async def allowed(runtime: Runtime, actor: Actor | None, action: str, thing: str = "") -> Actor:
    """Ask permission for something that only reads; the refusal is recorded."""
    verdict = permit(actor, action)
    if verdict.allowed and actor is not None:
        return actor
    await refused(runtime, actor, action, thing, verdict.reason)
    if actor is None:
        raise NotSignedIn("Please sign in first.", hint="Open the sign-in link this server printed when it started.")
    raise NotAllowed(verdict.reason)


async def do(
    runtime: Runtime,
    actor: Actor | None,
    action: str,
    thing: str,
    work: Callable[[Tx], T],
    *,
    audited: bool = True,
    found: Callable[[T], str] | None = None,
) -> T:
    """Ask permission, run `work` in the shared transaction, and record it there.

    `audited=False` is for autosaved edits, whose history is the draft's own journal. `found` names the thing where only
    the work knows it.
    """
    person = await allowed(runtime, actor, action, thing)

    def unit(tx: Tx) -> T:
        result = work(tx)
        if audited:
            now = runtime.clock.now()
            name = found(result) if found else thing
            write_audit(tx, at=now, person=person.id, action=action, thing=name, outcome="done", detail=person.via)
        return result

    return await runtime.writer.write(unit)


async def refused(runtime: Runtime, actor: Actor | None, action: str, thing: str, why: str) -> None:
    """Record that somebody was not allowed to do something."""
    person, now = actor.id if actor else "", runtime.clock.now()
    await runtime.writer.write(
        lambda tx: write_audit(tx, at=now, person=person, action=action, thing=thing, outcome="refused", reason=why)
    )
