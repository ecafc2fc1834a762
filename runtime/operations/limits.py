"""How much of an app may run, where IT wants it otherwise than the policy has it."""

from __future__ import annotations

from dataclasses import dataclass

from runtime.errors import BadInput
from runtime.governance.policies import APP_SHARE
from runtime.operations.actors import Actor
from runtime.operations.door import allowed, do, look, missing
from runtime.operations.runtime import Runtime
from runtime.store import apps as rows
from runtime.store.due import app_share
from runtime.store.policies import read_policy
from runtime.store.transaction import Tx

MOST = 1_000_000


@dataclass(frozen=True, slots=True)
class AppLimits:
    """What is set for an app; None: as the policy says."""

    at_once: int | None
    per_minute: int | None
    policy: str
    """what the policy says, in words"""


async def read_limits(runtime: Runtime, actor: Actor | None, *, app: str) -> AppLimits:
    """What is set for an app, for IT."""

    def find(tx: Tx) -> AppLimits:
        row = rows.find_app(tx, app)
        if row is None:
            raise missing("app", app)
        return AppLimits(*app_share(tx, row.id), read_policy(tx, APP_SHARE).words())

    return await look(runtime, actor, "app.limit", app, find)


async def set_limits(
    runtime: Runtime, actor: Actor | None, *, app: str, at_once: int | None, per_minute: int | None
) -> None:
    """Set how many runs of an app are executed at once (further ones wait for their turn) and how many may be started
    in a minute (further ones are refused). None leaves it to the policy."""
    await allowed(runtime, actor, "app.limit", app)
    for each, least in ((at_once, 1), (per_minute, 0)):
        if each is not None and not least <= each <= MOST:
            raise BadInput(
                f"A limit is a number from {least} to {MOST:,}.", hint="Leave it empty to do as the policy says."
            )

    def work(tx: Tx) -> str:
        row = rows.find_app(tx, app)
        if row is None:
            raise missing("app", app)
        before = app_share(tx, row.id)
        rows.limit_app(tx, row.id, at_once, per_minute)
        return f"before: {_words(*before)} now: {_words(at_once, per_minute)}"

    await do(runtime, actor, "app.limit", app, work, said=str)


def _words(at_once: int | None, per_minute: int | None) -> str:
    said = ["as the policy says" if each is None else f"{each:,}" for each in (at_once, per_minute)]
    return f"{said[0]} at once, {said[1]} a minute."
