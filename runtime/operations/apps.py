"""Apps: what people may run, whether it may start right now, and starting it.

A start is admitted inside the transaction that writes it: the app is not stopped, its approval holds, and nothing it
depends on has changed in a way the policy does not carry. Time alone, a changed model or a click of IT stops an app.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from runtime.cache import Cache
from runtime.engine.ending import Ended
from runtime.errors import AppStopped
from runtime.operations.actors import Actor
from runtime.operations.decisions import Ruling, day, standing_decision, standing_decisions
from runtime.operations.door import allowed, look, missing
from runtime.operations.drifting import Standing, judge, keep
from runtime.operations.forms import FormField, Greeting, answers_of, chat_of, form_of, greeting_of
from runtime.operations.runtime import Runtime
from runtime.operations.starting import Ready, Started, begin, checked_inputs, end_of, ready_of
from runtime.operations.traces import Finished
from runtime.operations.versions import version_document
from runtime.store import apps as rows
from runtime.store.apps import AppRow
from runtime.store.rights import LEVELS, names_of, standing
from runtime.store.transaction import Tx


@dataclass(frozen=True, slots=True)
class AppCard:
    """An app in a list."""

    id: str
    name: str
    title: str
    description: str
    icon: str
    owner: str
    """the name of the person"""
    release: int
    released: float
    tier: int
    stopped: str
    """why it does not start now; empty when it does"""


@dataclass(frozen=True, slots=True)
class AppView:
    """An app as somebody sees it who may run it."""

    card: AppCard
    inputs: list[FormField]
    """what the form asks for, as the start step declares it, with labels and help"""
    chat: bool
    level: str
    """what this person may do with it: see, run, edit, share or own"""
    until: float | None
    """when its approval ends by itself"""
    hint: str = ""
    """what to do when it does not start"""
    greeting: Greeting = field(default_factory=Greeting)
    """of a chat"""
    answers: bool = False
    """whether it answers on the way, and not only with its result"""


_prepared: Cache[tuple[str, int], Ready] = Cache(256)
"""apps ready to run, by id and release"""


async def list_apps(runtime: Runtime, actor: Actor | None) -> list[AppCard]:
    """Those shared with this person, by title."""
    person = await allowed(runtime, actor, "app.list")
    now = runtime.clock.now()

    def find(tx: Tx) -> list[AppCard]:
        return cards_of(tx, rows.apps_for(tx, person.id), now)

    return await runtime.reader.ask(find)


async def open_app(runtime: Runtime, actor: Actor | None, *, app: str) -> AppView:
    """An app with its form. Whether it starts now is judged as a start would be."""
    person = await allowed(runtime, actor, "app.see", app)
    ready = await _prepare(runtime, app)
    now = runtime.clock.now()

    def find(tx: Tx) -> AppView:
        row = _row(tx, app)
        stand = _standing(tx, row, ready, now)
        card = replace(cards_of(tx, [row], now)[0], stopped=stand.sentence)
        held = standing(tx, person.id, "app", row.id).level
        return AppView(
            card, form_of(ready.document), chat_of(ready.document), LEVELS[max(held, 0)], stand.until, stand.hint,
            greeting_of(ready.document), answers_of(ready.document),
        )  # fmt: skip

    return await runtime.reader.ask(find)


async def start_app_run(
    runtime: Runtime,
    actor: Actor | None,
    *,
    app: str,
    inputs: Mapping[str, Any],
    key: str | None = None,
    queued: bool = False,
    moves: Callable[[Tx, str], None] | None = None,
    conversation: str | None = None,
) -> Started:
    """Accept a run of what the app's release names. Raises `AppStopped` with the reason when it does not start.
    `moves` is told the run in the transaction that inserts it. With a `conversation` (or “new”) it is a message
    there."""
    started, _ = await _start(runtime, actor, app, inputs, key, queued, moves, conversation)
    return started


async def app_inputs(runtime: Runtime, app: str, inputs: Mapping[str, Any]) -> bytes:
    """Inputs as a start would keep them. Raises `BadInput` naming every one that does not fit."""
    return checked_inputs((await _prepare(runtime, app)).plan, inputs)[1]


async def run_app_to_end(
    runtime: Runtime,
    actor: Actor | None,
    *,
    app: str,
    inputs: Mapping[str, Any],
    key: str | None = None,
    conversation: str | None = None,
) -> Finished:
    """Start a run and wait for its committed end (or until it waits for somebody)."""
    started, told = await _start(runtime, actor, app, inputs, key, False, conversation=conversation)
    return await end_of(runtime, actor, started, told)


async def _start(
    runtime: Runtime,
    actor: Actor | None,
    app: str,
    inputs: Mapping[str, Any],
    key: str | None,
    queued: bool,
    moves: Callable[[Tx, str], None] | None = None,
    conversation: str | None = None,
) -> tuple[Started, asyncio.Future[Ended] | None]:
    await allowed(runtime, actor, "app.run", app)
    ready = await _prepare(runtime, app)

    def admit(tx: Tx) -> None:
        now = runtime.clock.now()
        row = _row(tx, app)
        stand = _standing(tx, row, ready, now)
        if not stand.starts or row.manifest != ready.manifest or row.version != ready.version:
            raise AppStopped(stand.sentence or "A new release was published this moment.", hint=stand.hint)
        keep(tx, row.id, stand, now)

    def first_look(tx: Tx) -> None:
        stand = _standing(tx, _row(tx, app), ready, runtime.clock.now())
        if not stand.starts:
            raise AppStopped(stand.sentence, hint=stand.hint)

    await look(runtime, actor, "app.run", app, first_look, soon=True)  # before its inputs are looked at
    return await begin(
        runtime,
        actor,
        action="app.run",
        thing=app,
        ready=ready,
        inputs=inputs,
        key=key,
        queued=queued,
        admit=admit,
        moves=moves,
        conversation=conversation,
    )


async def _prepare(runtime: Runtime, app: str) -> Ready:
    """What the app's release names, compiled once."""
    row = runtime.reader.now(lambda tx: _row(tx, app))
    found = _prepared.get((row.id, row.release))
    if found is None:
        document = await runtime.reader.ask(lambda tx: version_document(tx, row.version))
        ready = await ready_of(
            runtime, document, workflow=row.id, name=row.name, app=row.id, version=row.version, manifest=row.manifest
        )
        found = _prepared.keep((row.id, row.release), ready)
    return found


def _row(tx: Tx, app: str) -> AppRow:
    row = rows.find_app(tx, app)
    if row is None:
        raise missing("app", app)
    return row


def _standing(tx: Tx, row: AppRow, ready: Ready, now: float) -> Standing:
    """Whether a run may start at this moment, and why not."""
    if row.stopped is not None:
        return Standing(
            False, _stopped(row, names_of(tx, {row.stopped_by})), hint="Ask the app's owner when it will run again."
        )
    if not row.approved or row.hash != ready.hash:  # of its row, or of what is kept under it
        return Standing(False, "What this app would run is not what was approved.", hint="Ask IT to look into it.")
    ruling = standing_decision(tx, row.decision, now)
    if not ruling.valid:
        return Standing(False, ruling.sentence, hint="Its owner has to settle this with IT before it runs again.")
    drifted = judge(tx, row, ready.touched, now)
    return Standing(drifted.starts, drifted.sentence, drifted.hint, ruling.until, drifted.drifts)


def _stopped(row: AppRow, names: Mapping[str, str]) -> str:
    """Who stopped it when and why; nothing where nobody did."""
    if row.stopped is None:
        return ""
    return f"{names.get(row.stopped_by, 'IT')} stopped this app on {day(row.stopped)}: {row.stop_reason}"


def cards_of(tx: Tx, found: Sequence[AppRow], now: float) -> list[AppCard]:
    """A list tells what time and clicks say of an app; what its dependencies say is asked when it is opened."""
    names = names_of(tx, {who for each in found for who in (each.owner, each.stopped_by)})
    rulings = standing_decisions(tx, {each.decision for each in found}, now)
    return [_card(each, names, rulings[each.decision]) for each in found]


def _card(row: AppRow, names: Mapping[str, str], ruling: Ruling) -> AppCard:
    stopped = _stopped(row, names) or ("" if ruling.valid else ruling.sentence)
    return AppCard(
        row.id, row.name, row.title, row.description, row.icon, names.get(row.owner, ""), row.release, row.released,
        row.tier, stopped,
    )  # fmt: skip
