"""Models of this machine: what is installed, how it stands with it, which aliases lead there."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from runtime.local_model import ModelStanding, named
from runtime.local_model.pins import BUNDLED
from runtime.local_model.shelf import INSTALL
from runtime.operations.actors import Actor
from runtime.operations.door import allowed
from runtime.operations.runtime import Runtime
from runtime.store import models as rows


@dataclass(frozen=True, slots=True)
class LocalCard:
    """The models of this machine as a person sees them. Where their files lie is not told."""

    engine: bool
    """whether the engine is installed"""
    command: str
    """what installs it"""
    models: list[ModelStanding]
    aliases: dict[str, list[str]]
    """model → the aliases that lead to it"""


def is_demo_quality(model: str) -> bool:
    """Whether what an alias is bound to is the very small model that comes with it."""
    return named(model) == BUNDLED


async def local_models(runtime: Runtime, actor: Actor | None) -> LocalCard:
    """What there is on this machine."""
    await allowed(runtime, actor, "model.see")
    local = runtime.models.local
    if local is None:
        return LocalCard(engine=False, command=INSTALL, models=[], aliases={})
    standings = await asyncio.to_thread(local.standings)
    leading: dict[str, list[str]] = {}
    for alias in await runtime.reader.ask(rows.list_aliases):
        if name := named(alias.model):
            leading.setdefault(name, []).append(alias.name)
    return LocalCard(local.shelf.engine is not None, INSTALL, standings, leading)
