"""What people call the knowledge bases, connections and step types a workflow names, as far as somebody may know it."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace

from runtime.governance.manifest import Drifted
from runtime.graph.touching import Touched
from runtime.operations.actors import ACTIONS, Actor
from runtime.store.connections import closed_hosts
from runtime.store.knowledge import readable_names
from runtime.store.placing import base_places, host_places
from runtime.store.rights import roles_of
from runtime.store.transaction import Tx

KNOWING = frozenset({"reviewer", "auditor"})
"""roles that know what anything is called: they judge what others draw"""


def titles_of(tx: Tx, names: Iterable[Touched]) -> dict[str, str]:
    """`base:handbook` → `Staff handbook`, for everything these documents name and that is there."""
    found: dict[str, str] = {}
    for each in names:
        found |= {f"base:{name}": base.title for name, base in base_places(tx, each.bases).items()}
        found |= {f"connection:{host}": place.title for host, place in host_places(tx, each.hosts).items()}
        found |= {f"node_type:{one.type_id}": one.label for one in each.types}
    return found


def known_titles(tx: Tx, actor: Actor | None, *names: Touched) -> dict[str, str]:
    """The same as far as this person may know: a base they may not read and a connection they may not see keep their
    names, which stand in the document anyway."""
    titles = titles_of(tx, names)
    roles = roles_of(tx, actor.id) if actor else frozenset[str]()
    if roles & KNOWING:
        return titles
    hidden = {f"base:{name}" for each in names for name in unreadable(tx, actor, each.bases)}
    if actor is not None:
        closed = [host for each in names for host in closed_hosts(tx, each.hosts, actor.id, "see")]
        hidden |= {f"connection:{host}" for host in closed}
    if not roles & ACTIONS["connection.list"].roles:
        hidden |= {each for each in titles if each.startswith("connection:")}
    return {each: title for each, title in titles.items() if each not in hidden}


def unreadable(tx: Tx, actor: Actor | None, bases: Iterable[str]) -> list[str]:
    """Those of these knowledge bases that this person may not know of."""
    if actor is None or roles_of(tx, actor.id) & KNOWING:
        return [] if actor else list(bases)
    named = list(bases)
    readable = set(readable_names(tx, named, actor.id))
    return [name for name in named if name not in readable]


def muted(drifts: Iterable[Drifted], hidden: Collection[str]) -> list[Drifted]:
    """What changed of things that versions depend on; of these knowledge bases, only that it did."""
    return [
        replace(each, sentence=f"The knowledge base “{each.name}” changed.")
        if each.kind == "base" and each.name in hidden
        else each
        for each in drifts
    ]
