"""One's own notifications: what happened that one should know. They are written by `store.notifications.notify`."""

from __future__ import annotations

from dataclasses import dataclass

from runtime.operations.actors import Actor
from runtime.operations.door import allowed, do
from runtime.operations.runtime import Runtime
from runtime.store import notifications

MOST = 200
"""as many as are listed; older ones are kept, not shown"""


@dataclass(frozen=True, slots=True)
class Notice:
    """Something one was told, with the address where to look; `seen` is None while it is new."""

    id: str
    at: float
    text: str
    link: str
    seen: float | None


async def list_notifications(runtime: Runtime, actor: Actor | None, *, limit: int = 50) -> list[Notice]:
    """One's own, newest first."""
    person = await allowed(runtime, actor, "notification.see")
    most = max(1, min(limit, MOST))
    rows = await runtime.reader.ask(lambda tx: notifications.list_notifications(tx, person.id, most))
    return [Notice(*row) for row in rows]


async def count_unseen(runtime: Runtime, actor: Actor | None) -> int:
    """How many are new: the number on the bell."""
    person = await allowed(runtime, actor, "notification.see")
    return runtime.reader.now(lambda tx: notifications.count_unseen(tx, person.id))


async def mark_seen(runtime: Runtime, actor: Actor | None, *, until: float) -> int:
    """Mark one's own as seen up to the newest that was shown; later ones stay new. Returns how many that were."""
    person, now = await allowed(runtime, actor, "notification.see"), runtime.clock.now()
    return await do(
        runtime,
        actor,
        "notification.see",
        "",
        lambda tx: notifications.mark_seen(tx, person.id, until, now),
        audited=False,
    )
