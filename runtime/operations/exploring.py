"""The run explorer: from a person, a date, an app or a piece of text to the exact run.

Everybody finds their own runs; auditors find everybody's, and that they looked is recorded.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from runtime.errors import BadInput
from runtime.operations.actors import Actor
from runtime.operations.door import allowed, do
from runtime.operations.runtime import Runtime
from runtime.operations.traces import RunCard, card_of
from runtime.store.exploring import Wanted, explore, ran_things

__all__ = ["MOST", "Ran", "Wanted", "explore_runs", "list_ran"]

MOST = 200
_LONGEST_WORDS = 200


@dataclass(frozen=True, slots=True)
class Ran:
    """A workflow or an app that was run, to narrow a search by."""

    id: str
    title: str
    app: bool


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
        await do(
            runtime,
            actor,
            action,
            " ".join(filter(None, (wanted.words, wanted.who, wanted.person, wanted.of))),
            lambda _tx: None,
        )
    found = await runtime.reader.ask(lambda tx: explore(tx, mine, min(limit, MOST)))
    return [replace(card_of(row), said=" ".join((row.said or "").split())) for row in found]


async def list_ran(runtime: Runtime, actor: Actor | None, *, everybody: bool = False) -> list[Ran]:
    """What was run, by oneself or (for auditors) by anybody."""
    person = await allowed(runtime, actor, "run.explore" if everybody else "run.list")
    found = await runtime.reader.ask(lambda tx: ran_things(tx, None if everybody else person.id))
    return [Ran(each.id, each.title, each.app is not None) for each in found]
