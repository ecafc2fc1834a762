"""Policies: what the rules say now, and changing one with a reason."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from runtime.errors import BadInput, Conflict, NotFound
from runtime.governance.policies import FIXED, NEEDS, POLICIES, Isolation, Lowering, Review, Ruling, Share, Value
from runtime.operations.actors import Actor
from runtime.operations.door import allowed, do
from runtime.operations.reasons import reasoned
from runtime.operations.runtime import Runtime
from runtime.sandbox.cage import cage
from runtime.store import policies as rows
from runtime.store.transaction import Tx

__all__ = [
    "NEEDS", "Isolation", "Lowering", "PolicyCard", "Review", "Rules", "Ruling", "Share", "list_policies", "set_policy",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class PolicyCard:
    """A policy as a person sees it."""

    name: str
    title: str
    sentence: str
    value: Value
    default: Value
    changed: float | None
    """when somebody last chose for it; None: it says its default"""
    by: str
    """who that was"""


@dataclass(frozen=True, slots=True)
class Rules:
    """All policies, and what nobody can change."""

    policies: list[PolicyCard]
    fixed: tuple[str, ...] = FIXED
    no_cage: str = ""
    """why this machine cannot build the cage that code runs in; empty: it can"""


async def list_policies(runtime: Runtime, actor: Actor | None) -> Rules:
    """Every policy, in the order of the page."""
    await allowed(runtime, actor, "policy.see")
    kept = {row.name: row for row in await runtime.reader.ask(rows.list_policies)}
    found = await asyncio.to_thread(cage)
    return Rules(
        [
            PolicyCard(
                name, policy.title, policy.sentence, policy.value(kept[name].value if name in kept else None),
                policy.default, kept[name].updated if name in kept else None,
                kept[name].person_name or "" if name in kept else "",
            )
            for name, policy in POLICIES.items()
        ],
        no_cage="" if found.works else f"{found.why_not} {found.advice}",
    )  # fmt: skip


async def set_policy(runtime: Runtime, actor: Actor | None, *, policy: str, value: dict[str, Any], reason: str) -> None:
    """Choose what a policy says from now on; the reason is kept in the audit log."""
    person, now = await allowed(runtime, actor, "policy.set", policy), runtime.clock.now()
    known = POLICIES.get(policy)
    if known is None:
        raise NotFound(f"There is no policy “{policy}”.", hint="Open the list of policies again.")
    reason = reasoned(reason)
    try:
        wanted = known.value(json.dumps(value))
    except (ValidationError, TypeError, ValueError) as error:
        raise BadInput("This policy cannot say that.", hint=known.default.words()) from error

    def work(tx: Tx) -> str:
        before = rows.read_policy(tx, known)
        if before == wanted:
            raise Conflict("That is what it says already.", hint=before.words())
        rows.write_policy(tx, known.name, wanted.model_dump_json(), person=person.id, now=now)
        return f"{reason} (before: {before.words()} now: {wanted.words()})"

    await do(runtime, actor, "policy.set", policy, work, said=str)
