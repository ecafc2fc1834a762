"""Model aliases: what the words “fast”, “careful” and “private” stand for."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from runtime.egress import read_target
from runtime.errors import BadInput, Conflict, NotAllowed, NotFound
from runtime.governance.policies import DataClass
from runtime.local_model import LOCAL, named
from runtime.operations.actors import Actor
from runtime.operations.connecting import Hosting, check_address, check_provider
from runtime.operations.connections import env_alone
from runtime.operations.door import allowed, do, missing
from runtime.operations.runtime import Runtime
from runtime.store import models as rows
from runtime.store.connections import ConnectionRow, find_connection, list_connections
from runtime.store.models import AliasRow
from runtime.store.rights import LEVELS, standing
from runtime.store.secrets import SecretRow, list_secrets
from runtime.store.spending import month_costs
from runtime.store.transaction import Tx
from runtime.vault import key_of

_PROVIDER = re.compile(r"[a-z0-9_]+")


class Binding(BaseModel):
    """What an alias is bound to, as a person fills it in."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    name: str = Field(pattern=r"^[a-z][a-z0-9_-]{0,39}$")
    description: str = Field(default="", max_length=300)
    model: str = Field(min_length=1, max_length=200)
    base_url: str = Field(default="", max_length=300)
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
    connection: str = Field(default="", max_length=60)
    """id of the model connection that gives address, provider, hosting and key; empty: they stand here"""


LOCALLY = {"fast": True, "price_in": 0.0, "price_out": 0.0, "max_tokens": 1024, "timeout_s": 300.0}
"""what an alias of a local model is bound with, unless somebody says otherwise"""


@dataclass(frozen=True, slots=True)
class AliasCard:
    """An alias as a person sees it. The key itself is never shown, only whether there is one."""

    alias: AliasRow
    key_found: bool
    spent_this_month: float
    over: str
    """name of the connection it leads over; empty where it has an address of its own"""


async def list_aliases(runtime: Runtime, actor: Actor | None) -> list[AliasCard]:
    """All aliases, by name."""
    await allowed(runtime, actor, "model.see")
    now = runtime.clock.now()

    def find(tx: Tx) -> list[AliasCard]:
        connections = {each.id: each for each in list_connections(tx, "model")}
        sealed = {each.connection: each for each in list_secrets(tx)}
        spent = month_costs(tx, now)
        cards: list[AliasCard] = []
        for each in rows.list_aliases(tx):
            over = connections.get(each.connection)
            there = _found(runtime, over, sealed) if over else bool(each.key_env and os.environ.get(each.key_env))
            cards.append(AliasCard(each, there, spent.get(each.name, 0.0), over.name if over else ""))
        return cards

    return await runtime.reader.ask(find)


async def bind_alias(runtime: Runtime, actor: Actor | None, *, binding: Binding) -> None:
    """Bind an alias; workflows that use it are not changed, what they run on is."""
    person = await allowed(runtime, actor, "model.bind", binding.name)
    if here := named(binding.model):
        binding = _here(runtime, here, binding)
    elif not binding.connection:
        binding = _alone(binding)
    now = runtime.clock.now()

    def work(tx: Tx) -> str:
        bound = {each.name: each for each in rows.list_aliases(tx)}
        known = set(bound)
        if binding.fallback is not None and (binding.fallback not in known or binding.fallback == binding.name):
            raise BadInput(
                f"The fallback “{binding.fallback}” is not another alias.", hint=f"Known: {', '.join(sorted(known))}."
            )
        said = _over(tx, person, binding) if binding.connection else binding
        env_alone(tx, said.key_env, read_target(said.base_url).named if said.key_env else "")
        rows.bind_alias(tx, AliasRow(**said.model_dump(), demo=False, updated=now))
        before = bound.get(binding.name)
        return f"{_in_words(before) if before else 'nothing'} → {_in_words(said)}"

    await do(runtime, actor, "model.bind", binding.name, work, said=str)
    runtime.models.forget()


async def bind_local(runtime: Runtime, actor: Actor | None, *, alias: str, model: str) -> None:
    """Bind an alias to a model of this machine; what it is for and may see stays, where it was bound before."""
    await allowed(runtime, actor, "model.bind", alias)
    bound = {each.name: each for each in await runtime.reader.ask(rows.list_aliases)}
    before = bound.get(alias)
    same = ("description", "clearance", "fallback", "month_limit")
    kept = {} if before is None else {name: getattr(before, name) for name in same}
    try:
        binding = Binding.model_validate({"name": alias, "model": f"{LOCAL}/{model}", **LOCALLY, **kept})
    except ValidationError as error:
        raise BadInput(
            f"“{alias}” cannot be the name of an alias.",
            hint="Small letters, digits, - and _, beginning with a letter.",
        ) from error
    await bind_alias(runtime, actor, binding=binding)


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


def _here(runtime: Runtime, name: str, binding: Binding) -> Binding:
    """A binding to a local model: it has no address and no key that a person could know. Raises `NotFound`."""
    if runtime.models.local is None:
        raise NotFound("Local models are not run here.", hint="Choose another model.")
    runtime.models.local.shelf.known(name)
    return binding.model_copy(update={"base_url": "", "key_env": "", "hosting": "here", "connection": ""})


def _alone(binding: Binding) -> Binding:
    """A binding with an address of its own. Raises `BadInput`."""
    provider, slash, _ = binding.model.partition("/")
    if not slash or not _PROVIDER.fullmatch(provider):
        raise BadInput(
            f"{binding.model!r} does not say whose model it is.",
            hint="Write provider and model with a slash between, such as openai/gpt-5-mini, or choose a connection.",
        )
    check_address(binding.base_url, binding.hosting)
    check_provider(provider)
    return binding


def _over(tx: Tx, person: Actor, binding: Binding) -> Binding:
    """A binding that leads over a connection: provider, address, hosting and key are the connection's. Raises
    `NotFound`, `NotAllowed` where the person may not use it, `BadInput`."""
    row = find_connection(tx, binding.connection)
    held = standing(tx, person.id, "connection", binding.connection).level
    if row is None or row.kind != "model" or held < 0:
        raise missing("connection", binding.connection)
    if held < LEVELS.index("run"):
        raise NotAllowed("You may see this connection but not use it.", hint="Ask its owner to share it with you.")
    if binding.key_env:
        raise BadInput("The key is the connection's.", hint="Leave the variable empty, or choose no connection.")
    model = f"{row.provider}/{binding.model.removeprefix(f'{row.provider}/')}"
    return binding.model_copy(update={"model": model, "base_url": "", "hosting": row.hosting, "connection": row.id})


def _found(runtime: Runtime, row: ConnectionRow, sealed: Mapping[str, SecretRow]) -> bool:
    """Whether the credential of a connection is there; true for one that needs none."""
    if row.credential == "none" or row.key_env:
        return row.credential == "none" or bool(os.environ.get(row.key_env))
    kept = sealed.get(row.id)
    return kept is not None and runtime.vault.holds(key_of(kept.sealed))


def _in_words(bound: Binding | AliasRow) -> str:
    return f"{bound.model}, cleared for {bound.clearance}"
