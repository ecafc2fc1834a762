"""Looking after apps: what IT and an app's owner see of it beside running it (releases, keys, why it stands still)."""

from __future__ import annotations

from dataclasses import dataclass

from runtime.errors import NotFound
from runtime.operations.actors import Actor
from runtime.operations.apps import AppCard, cards_of
from runtime.operations.decisions import standing_decisions
from runtime.operations.door import Hidden, allowed, do, look, missing
from runtime.operations.forms import FormField, form_of
from runtime.operations.keys import KeyCard
from runtime.operations.runtime import Runtime
from runtime.operations.versions import version_document
from runtime.store import apps as rows
from runtime.store import keys as key_rows
from runtime.store.apps import AppRow
from runtime.store.erasing import kept_days
from runtime.store.rights import LEVELS, roles_of, standing
from runtime.store.transaction import Tx

IT = frozenset({"owner", "reviewer"})
"""roles that look after every app, without any right on it: they may stop it, not run it"""


@dataclass(frozen=True, slots=True)
class ReleaseCard:
    """What an app ran at some time."""

    number: int
    version: int
    """number of the workflow's version"""
    at: float
    who: str
    reason: str
    """why it was rolled back to; empty for a release of something newly approved"""
    now: bool
    """whether it is the one that runs"""
    stands: bool
    """whether its approval holds: only then may it be rolled back to"""
    sentence: str


@dataclass(frozen=True, slots=True)
class Oversight:
    """An app as somebody sees it who looks after it."""

    card: AppCard
    level: str
    """the right this person holds on it; empty for none"""
    steers: bool
    """whether this person may stop it, let it run again and roll it back"""
    releases: list[ReleaseCard]
    keys: list[KeyCard]
    """only for who owns it"""
    submission: int
    """number of the submission its release was approved with"""
    switched_off: bool
    """whether somebody stopped it; else time or a change does, if anything"""
    until: float | None
    """when its approval ends by itself: an exception expires, or a condition is due"""
    asks: list[FormField]
    """what a start takes"""
    keep_days: int | None = None
    """days after its end at which the data of a run is removed; None: it is kept"""


@dataclass(frozen=True, slots=True)
class WaysIn:
    """What somebody comes to an app for."""

    runs: bool
    oversees: bool


async def list_all_apps(runtime: Runtime, actor: Actor | None) -> list[AppCard]:
    """Every app there is, for those who look after them. No right to run any follows from it."""
    await allowed(runtime, actor, "app.oversee_all")
    now = runtime.clock.now()

    def find(tx: Tx) -> list[AppCard]:
        return cards_of(tx, rows.all_apps(tx), now)

    return await runtime.reader.ask(find)


async def ways_in(runtime: Runtime, actor: Actor | None, *, app: str) -> WaysIn:
    """Whether this person may open an app, and whether they look after it. Asking is nothing that could be refused:
    for an app they may not know of it is as for one that is not there."""
    person = await allowed(runtime, actor, "app.list")

    def find(tx: Tx) -> WaysIn:
        roles, thing, held = standing(tx, person.id, "app", app)
        return WaysIn(held >= 0, thing is not None and (bool(roles & IT) or held >= LEVELS.index("share")))

    return runtime.reader.now(find)


async def oversee_app(runtime: Runtime, actor: Actor | None, *, app: str) -> Oversight:
    """An app's releases, keys and state; for IT, and for those who may share it."""
    now = runtime.clock.now()

    def find(tx: Tx) -> Oversight:
        row, level, steers = overseen(tx, actor, app)
        past = rows.releases_of(tx, row.id)
        rulings = standing_decisions(tx, {each.decision for each in past}, now)
        releases = [
            ReleaseCard(
                each.number, each.version_number, each.at, each.who, each.reason, each.number == row.release,
                rulings[each.decision].valid, rulings[each.decision].sentence,
            )
            for each in past
        ]  # fmt: skip
        keys = [KeyCard(*each) for each in key_rows.list_keys(tx, "app", row.id)] if level == "own" else []
        return Oversight(
            cards_of(tx, [row], now)[0],
            level,
            steers,
            releases,
            keys,
            rows.decided_submission(tx, row.decision),
            row.stopped is not None,
            rulings[row.decision].until,
            form_of(version_document(tx, row.version)),
            kept_days(tx, row.id),
        )

    return await look(runtime, actor, "app.oversee", app, find)


async def revoke_app_key(runtime: Runtime, actor: Actor | None, *, app: str, key: str) -> None:
    """End a key of an app at once, whoever made it."""
    await allowed(runtime, actor, "app.revoke", app)
    now = runtime.clock.now()

    def work(tx: Tx) -> None:
        row = rows.find_app(tx, app)
        if row is None or not key_rows.revoke_key(tx, key, "app", row.id, now):
            raise NotFound("There is no such key.", hint="It may have been revoked already.")

    await do(runtime, actor, "app.revoke", app, work, said=lambda _done: key)


def overseen(tx: Tx, actor: Actor | None, app: str) -> tuple[AppRow, str, bool]:
    """The app, the level held on it and whether the actor steers it. Raises `NotFound`, or `Hidden` alike."""
    row = rows.find_app(tx, app)
    if row is None or actor is None:
        raise missing("app", app)
    steers = bool(roles_of(tx, actor.id) & IT)
    held = standing(tx, actor.id, "app", row.id).level
    if not steers and held < LEVELS.index("share"):
        answer = missing("app", app)
        raise Hidden(answer.sentence, hint=answer.hint)
    return row, LEVELS[held] if held >= 0 else "", steers
