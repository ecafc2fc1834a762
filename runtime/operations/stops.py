"""The stop switch: one action ends what runs and lets nothing start, until somebody decides otherwise."""

from __future__ import annotations

from dataclasses import dataclass

from runtime.errors import Conflict
from runtime.operations.actors import Actor
from runtime.operations.door import allowed, do, missing
from runtime.operations.reasons import reasoned
from runtime.operations.runtime import Runtime
from runtime.store import apps, models, runs
from runtime.store.audit import write_audit
from runtime.store.notifications import notify
from runtime.store.transaction import Tx


@dataclass(frozen=True, slots=True)
class Stopped:
    """What a stop ended."""

    runs: int
    """that had not ended yet"""


async def stop_app(runtime: Runtime, actor: Actor | None, *, app: str, reason: str) -> Stopped:
    """End an app's open runs and let none start. Its owner is told why."""
    person, now, reason = await allowed(runtime, actor, "app.stop", app), runtime.clock.now(), reasoned(reason)

    def work(tx: Tx) -> list[str]:
        row = apps.find_app(tx, app)
        if row is None:
            raise missing("app", app)
        if not apps.stop_app(tx, row.id, person=person.id, reason=reason, now=now):
            raise Conflict("This app was stopped already.", hint="Nothing of it runs.")
        notify(tx, {row.owner} - {person.id}, f"“{row.title}” was stopped: {reason}", f"/apps/{row.name}", now)
        return _cancel(tx, runs.open_runs_of(tx, "app", row.id), person.id, now)

    return _end(runtime, await do(runtime, actor, "app.stop", app, work, said=lambda _runs: reason))


async def resume_app(runtime: Runtime, actor: Actor | None, *, app: str, reason: str) -> None:
    """Let a stopped app start again. What else it needs (its approval, its dependencies) is asked at each start."""
    person, now, reason = await allowed(runtime, actor, "app.resume", app), runtime.clock.now(), reasoned(reason)

    def work(tx: Tx) -> None:
        row = apps.find_app(tx, app)
        if row is None:
            raise missing("app", app)
        if not apps.resume_app(tx, row.id):
            raise Conflict("This app is not stopped.", hint="Reload the page to see why it does not start.")
        notify(tx, {row.owner} - {person.id}, f"“{row.title}” may run again: {reason}", f"/apps/{row.name}", now)

    await do(runtime, actor, "app.resume", app, work, said=lambda _done: reason)


async def stop_alias(runtime: Runtime, actor: Actor | None, *, alias: str, reason: str) -> None:
    """Switch a model alias off: every call after this one fails with a sentence."""
    await _switch(runtime, actor, alias, reason, off=True)


async def resume_alias(runtime: Runtime, actor: Actor | None, *, alias: str, reason: str) -> None:
    """Switch a model alias on again."""
    await _switch(runtime, actor, alias, reason, off=False)


async def _switch(runtime: Runtime, actor: Actor | None, alias: str, reason: str, *, off: bool) -> None:
    await allowed(runtime, actor, "model.stop", alias)
    now, reason, state = runtime.clock.now(), reasoned(reason), "off" if off else "on"

    def work(tx: Tx) -> None:
        if not models.switch_alias(tx, alias, now if off else None):
            raise Conflict(f"There is no alias “{alias}”, or it is {state} already.", hint="Reload the page.")

    await do(runtime, actor, "model.stop", alias, work, said=lambda _done: f"{state}: {reason}")
    runtime.models.forget()


def _cancel(tx: Tx, found: list[str], person: str, now: float) -> list[str]:
    for run in found:
        runs.cancel(tx, run, now=now)
        write_audit(tx, at=now, person=person, action="run.cancel", thing=run, outcome="done", reason="app stopped")
    return found


def _end(runtime: Runtime, ended: list[str]) -> Stopped:
    for run in ended:
        runtime.engine.stop(run, "the app was stopped")
    return Stopped(len(ended))
