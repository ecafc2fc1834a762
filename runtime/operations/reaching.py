"""Whether those an app is for may read what it draws on: a run searches with the rights of whoever started it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from runtime.errors import NotFound
from runtime.operations.actors import Actor
from runtime.operations.door import look
from runtime.operations.manifests import manifest_under
from runtime.operations.runtime import Runtime
from runtime.store import rights
from runtime.store.decisions import decision_row
from runtime.store.knowledge import find_base
from runtime.store.transaction import Tx


@dataclass(frozen=True, slots=True)
class ShutOut:
    """A knowledge base that some of those an app is for may not search."""

    title: str
    owner: str
    """who can share it"""
    who: list[str]
    """names of people and groups; of a group, when a single member may not"""

    @property
    def sentence(self) -> str:
        """What follows from it, and who can help."""
        return (
            f"{', '.join(self.who)} may not search “{self.title}” yet: the app would fail for them. "
            f"{self.owner} can share it, under Knowledge."
        )


async def shut_out(runtime: Runtime, actor: Actor | None, *, decision: str, holders: Sequence[str]) -> list[ShutOut]:
    """The knowledge bases of what was approved that not all of these people and groups may search."""

    def find(tx: Tx) -> list[ShutOut]:
        row = decision_row(tx, decision)
        if row is None:
            raise NotFound("There is no such decision.", hint="Open the review again.")
        names = rights.names_of(tx, holders)
        found: list[ShutOut] = []
        for each in manifest_under(tx, row.manifest).dependencies:
            base = find_base(tx, each.name) if each.kind == "base" else None
            if base is None:
                continue
            who = [name for holder, name in names.items() if rights.lacks(tx, base.id, holder)]
            if who:
                found.append(ShutOut(base.title, base.who, who))
        return found

    return await look(runtime, actor, "app.prepare", decision, find)
