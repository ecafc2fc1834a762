"""The run explorer: from a person, a date, an app or a piece of text to the exact run.

Everybody finds their own runs; auditors find everybody's, and that they looked is recorded.
"""

from __future__ import annotations

from dataclasses import replace

from runtime.errors import BadInput
from runtime.operations.actors import Actor
from runtime.operations.door import allowed, do
from runtime.operations.runtime import Runtime
from runtime.operations.traces import RunCard, card_of
from runtime.store.exploring import Wanted, explore

__all__ = ["MOST", "Wanted", "explore_runs"]

MOST = 200
_LONGEST_WORDS = 200


async def explore_runs(
    runtime: Runtime, actor: Actor | None, *, wanted: Wanted, limit: int = 50, everybody: bool = False
) -> list[RunCard]:
    """Newest first. With `everybody` (auditors only) not just one's own."""
    action = "run.explore" if everybody else "run.list"
    person = await allowed(runtime, actor, action)
    if len(wanted.words) > _LONGEST_WORDS:
        raise BadInput(f"Search for {_LONGEST_WORDS} characters at most.", hint="A few words are enough.")
    mine = wanted if everybody else replace(wanted, person=person.id)
    if everybody:  # who looked for what is part of what happened
        await do(runtime, actor, action, wanted.words or wanted.person or wanted.app or "", lambda _tx: None)
    return [card_of(row) for row in await runtime.reader.ask(lambda tx: explore(tx, mine, min(limit, MOST)))]
