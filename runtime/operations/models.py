"""Model aliases: what the words “fast”, “careful” and “private” stand for."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from runtime.egress import Refused, read_target
from runtime.engine.outside import THIS_MACHINE
from runtime.errors import BadInput, Conflict, NotFound
from runtime.gateway import OFFERED, provider_of
from runtime.governance.policies import DataClass
from runtime.operations.actors import Actor
from runtime.operations.door import allowed, do
from runtime.operations.runtime import Runtime
from runtime.store import models as rows
from runtime.store.models import AliasRow
from runtime.store.spending import month_cost
from runtime.store.transaction import Tx

Hosting = Literal["here", "company", "external"]


class Binding(BaseModel):
    """What an alias is bound to, as a person fills it in."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    name: str = Field(pattern=r"^[a-z][a-z0-9_-]{0,39}$")
    description: str = Field(default="", max_length=300)
    model: str = Field(pattern=r"^[a-z0-9_]+/.+$", max_length=200)
    base_url: str = Field(max_length=300)
    key_env: str = Field(default="", pattern=r"^$|^GREENLANE_KEY_[A-Z0-9_]+$")
    fast: bool = False
    fallback: str | None = None
    price_in: float | None = Field(default=None, ge=0)
    price_out: float | None = Field(default=None, ge=0)
    max_tokens: int = Field(default=2048, ge=1, le=1_000_000)
    timeout_s: float = Field(default=120, gt=0, le=3600)
    month_limit: float | None = Field(default=None, ge=0)
    hosting: Hosting = "external"
    clearance: DataClass = "internal"


@dataclass(frozen=True, slots=True)
class AliasCard:
    """An alias as a person sees it. The key itself is never shown, only whether there is one."""

    alias: AliasRow
    key_found: bool
    spent_this_month: float


async def list_aliases(runtime: Runtime, actor: Actor | None) -> list[AliasCard]:
    """All aliases, by name."""
    await allowed(runtime, actor, "model.see")
    now = runtime.clock.now()

    def find(tx: Tx) -> list[AliasCard]:
        return [
            AliasCard(each, bool(each.key_env and os.environ.get(each.key_env)), month_cost(tx, each.name, now))
            for each in rows.list_aliases(tx)
        ]

    return await runtime.reader.ask(find)


async def bind_alias(runtime: Runtime, actor: Actor | None, *, binding: Binding) -> None:
    """Bind an alias; workflows that use it are not changed, what they run on is."""
    await allowed(runtime, actor, "model.bind", binding.name)
    check_address(binding.base_url, binding.hosting)
    if provider_of(binding.model) not in OFFERED:
        raise BadInput(
            f"Models of “{provider_of(binding.model)}” cannot be bound.",
            hint=f"Known providers: {', '.join(OFFERED)}. Many others speak as openai does.",
        )
    now = runtime.clock.now()

    def work(tx: Tx) -> str:
        bound = {each.name: each for each in rows.list_aliases(tx)}
        known = set(bound)
        if binding.fallback is not None and (binding.fallback not in known or binding.fallback == binding.name):
            raise BadInput(
                f"The fallback “{binding.fallback}” is not another alias.", hint=f"Known: {', '.join(sorted(known))}."
            )
        rows.bind_alias(tx, AliasRow(**binding.model_dump(), demo=False, updated=now))
        before = bound.get(binding.name)
        return f"{_in_words(before) if before else 'nothing'} → {_in_words(binding)}"

    await do(runtime, actor, "model.bind", binding.name, work, said=str)
    runtime.models.forget()


async def remove_alias(runtime: Runtime, actor: Actor | None, *, name: str) -> None:
    """Take an alias away; steps that use it fail with a sentence that says so. Raises `Conflict` where another falls
    back to it."""

    def work(tx: Tx) -> None:
        if leaning := [each.name for each in rows.list_aliases(tx) if each.fallback == name]:
            raise Conflict(f"“{leaning[0]}” falls back to “{name}”.", hint="Give that one another fallback first.")
        if not rows.remove_alias(tx, name):
            raise NotFound(f"There is no model alias “{name}”.", hint="It may have been removed meanwhile.")

    await do(runtime, actor, "model.bind", name, work, said=lambda _done: "removed")
    runtime.models.forget()


def _in_words(bound: Binding | AliasRow) -> str:
    return f"{bound.model}, cleared for {bound.clearance}"


def check_address(address: str, hosting: Hosting) -> None:
    """A model's address is https, or http on this machine; and it lies where its hosting says. Raises `BadInput`."""
    try:
        target = read_target(address)
    except Refused as error:
        raise BadInput(
            f"{address!r} is not an address a model can be called at.",
            hint="Give the provider's https address, such as https://api.example.com/v1.",
        ) from error
    here = target.host in THIS_MACHINE
    if here and hosting != "here":
        raise BadInput(
            f"{address} is on this machine, and the alias is said to be hosted elsewhere.",
            hint="Choose “On this machine” as its hosting, or give another address.",
        )
    if target.scheme == "http" and not here:
        raise BadInput(
            f"{address} would send texts and the key without encryption.",
            hint="Give the provider's https address, such as https://api.example.com/v1; http only on this machine.",
        )
