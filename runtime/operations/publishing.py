"""Publishing: an approved (meaning, dependencies) becomes an app that people run, or a template others start from.

Only what a standing decision names can be published. Publishing is no decision: whoever approved may publish.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from runtime.errors import BadInput, Conflict, NotAllowed, NotFound
from runtime.graph.document import Words
from runtime.operations.actors import Actor
from runtime.operations.decisions import standing_decision
from runtime.operations.door import allowed, do, look, missing
from runtime.operations.naming import free_name
from runtime.operations.reasons import reasoned
from runtime.operations.runtime import Runtime
from runtime.store import apps as rows
from runtime.store import templates
from runtime.store.decisions import decision_row
from runtime.store.ids import new_id
from runtime.store.notifications import notify_holders
from runtime.store.rights import give_at_least, give_right, known_holders
from runtime.store.runs import read_content
from runtime.store.transaction import Tx
from runtime.store.workflows import owner_of


@dataclass(frozen=True, slots=True)
class Published:
    """Where the app or template stands now."""

    id: str
    name: str
    release: int
    """of an app; 0 for a template"""


@dataclass(frozen=True, slots=True)
class _Approved:
    """What a decision lets be published."""

    decision: str
    workflow: str
    owner: str
    version: str
    hash: str
    words: str
    manifest: str
    title: str
    description: str
    icon: str


@dataclass(frozen=True, slots=True)
class Offer:
    """What may become of a decision."""

    title: str
    """of what was approved"""
    standing: bool
    sentence: str
    """why it cannot be published; empty when it can"""
    apps: list[tuple[str, str]]
    """name and title of the workflow's apps, of which it may be the next release"""
    templates: list[tuple[str, str]]
    """name and title of the workflow's templates, of which it may be the next release"""
    published: str
    """name of the app that runs exactly this decision; empty for none"""
    offered: str
    """name of the template that is exactly this decision; empty for none"""
    until: float | None = None
    """when the approval ends by itself: an exception expires, or a condition is due"""


async def prepare_publication(runtime: Runtime, actor: Actor | None, *, decision: str) -> Offer:
    """What the people who publish are offered."""
    now = runtime.clock.now()

    def find(tx: Tx) -> Offer:
        if decision_row(tx, decision) is None:
            raise NotFound("There is no such decision.", hint="Open the review again.")
        try:
            found = _approved(tx, decision, now)
        except (NotAllowed, Conflict) as refusal:
            return Offer("", False, refusal.sentence, [], [], "", "")
        mine, started = rows.all_apps(tx, found.workflow), templates.templates_of(tx, found.workflow)
        return Offer(
            found.title, True, "",
            [(each.name, each.title) for each in mine], [(each.name, each.title) for each in started],
            next((each.name for each in mine if each.decision == decision), ""),
            next((each.name for each in started if each.decision == decision), ""),
            standing_decision(tx, decision, now).until,
        )  # fmt: skip

    return await look(runtime, actor, "app.prepare", decision, find)


async def publish_app(
    runtime: Runtime,
    actor: Actor | None,
    *,
    decision: str,
    title: str,
    holders: Sequence[str],
    app: str | None = None,
    reason: str = "",
) -> Published:
    """Let people run what was approved: as a new app, or as the next release of `app` (name or id).

    `holders` are ids of groups or persons who may run it; a next release keeps the ones it has and adds these.
    """
    person, now, title = await allowed(runtime, actor, "app.publish", decision), runtime.clock.now(), _titled(title)

    def work(tx: Tx) -> Published:
        found = _approved(tx, decision, now)
        _known(tx, holders)
        if app is None:
            if not holders:
                raise BadInput("An app needs at least one group or person who may run it.", hint="Choose a group.")
            name, target = (
                free_name(title, lambda start: rows.taken_app_names(tx, start), otherwise="app"),
                new_id("app"),
            )
            rows.insert_app(
                tx, app=target, name=name, title=title, description=found.description, icon=found.icon,
                workflow=found.workflow, owner=found.owner, now=now,
            )  # fmt: skip
            give_right(tx, target, found.owner, "own")
        else:
            row = rows.find_app(tx, app)
            if row is None:
                raise missing("app", app)
            if row.workflow != found.workflow:
                raise BadInput(
                    "This approval is about another workflow than the app's.", hint="Publish it as a new app."
                )
            name, target = row.name, row.id
            rows.describe_app(tx, target, title=title, description=found.description, icon=found.icon)
        number = rows.add_release(
            tx, target, version=found.version, digest=found.hash, words=found.words, manifest=found.manifest,
            decision=decision, person=person.id, now=now, reason=reason,
        )  # fmt: skip
        give_at_least(tx, target, holders, "run")
        told = f"“{title}” is ready for you to run." if app is None else f"“{title}” has a new release."
        notify_holders(tx, (*holders, found.owner), told, f"/apps/{name}", now, but=(person.id,))
        return Published(target, name, number)

    return await do(runtime, actor, "app.publish", decision, work, found=lambda done: f"{done.id}:{done.release}")


async def publish_template(
    runtime: Runtime,
    actor: Actor | None,
    *,
    decision: str,
    title: str,
    holders: Sequence[str],
    template: str | None = None,
) -> Published:
    """Let others start from what was approved: a new template, or the next release of `template` (name or id).

    `holders` are ids of groups or persons, or `role:analyst`; a next release keeps the ones it has and adds these.
    Drafts that were started before stay as they are, and their owners are told.
    """
    person, now, title = (
        await allowed(runtime, actor, "template.publish", decision),
        runtime.clock.now(),
        _titled(title),
    )
    if not holders and template is None:
        raise BadInput("A template needs somebody who may start from it.", hint="Choose a group or a role.")

    def work(tx: Tx) -> Published:
        found = _approved(tx, decision, now)
        _known(tx, holders)
        if template is None:
            target = new_id("template")
            name = free_name(title, lambda start: templates.taken_template_names(tx, start), otherwise="template")
            templates.insert_template(
                tx, template=target, name=name, title=title, description=found.description, icon=found.icon,
                workflow=found.workflow, version=found.version, decision=decision, owner=found.owner, now=now,
            )  # fmt: skip
            give_right(tx, target, found.owner, "own")
        else:
            target, name = _next_of(tx, template, found.workflow)
            templates.release_template(
                tx, target, title=title, description=found.description, icon=found.icon, version=found.version,
                decision=decision, now=now,
            )  # fmt: skip
            started = templates.started_from(tx, target)
            said = f"The template “{title}” has a new release. What you started from it stays as it is."
            notify_holders(tx, started, said, f"/library/{name}", now, but=(person.id,))
        give_at_least(tx, target, holders, "see")
        told = f"The template “{title}” is there for you to start from."
        notify_holders(tx, (*holders, *([] if template else [found.owner])), told, f"/library/{name}", now,
                       but=(person.id,))  # fmt: skip
        return Published(target, name, 0)

    return await do(runtime, actor, "template.publish", decision, work, found=lambda done: done.id)


def _next_of(tx: Tx, template: str, workflow: str) -> tuple[str, str]:
    """Id and name of the template that gets a next release."""
    row = templates.find_template(tx, template)
    if row is None:
        raise missing("template", template)
    if row.workflow != workflow:
        raise BadInput(
            "This approval is about another workflow than the template's.", hint="Publish it as a new template."
        )
    return row.id, row.name


async def roll_back(runtime: Runtime, actor: Actor | None, *, app: str, release: int, reason: str) -> Published:
    """Let an earlier release run again, as a new release, if its approval still holds."""
    person, now, reason = await allowed(runtime, actor, "app.roll_back", app), runtime.clock.now(), reasoned(reason)

    def work(tx: Tx) -> Published:
        row = rows.find_app(tx, app)
        if row is None:
            raise missing("app", app)
        past = next((each for each in rows.releases_of(tx, row.id) if each.number == release), None)
        if past is None or release == row.release:
            raise NotFound(f"“{row.title}” has no earlier release {release}.", hint="Reload the page.")
        found = _approved(tx, past.decision, now)
        number = rows.add_release(
            tx, row.id, version=found.version, digest=found.hash, words=found.words, manifest=found.manifest,
            decision=past.decision, person=person.id, now=now, reason=reason,
        )  # fmt: skip
        return Published(row.id, row.name, number)

    return await do(
        runtime, actor, "app.roll_back", app, work, found=lambda done: f"{done.id}:{done.release}",
        said=lambda _done: reason,
    )  # fmt: skip


def _approved(tx: Tx, decision: str, now: float) -> _Approved:
    """What a decision names, if it stands and names exactly what its version is."""
    ruling, row = standing_decision(tx, decision, now), decision_row(tx, decision)
    if row is None or not ruling.valid:
        raise NotAllowed(f"This cannot be published. {ruling.sentence}", hint="Submit the workflow for review.")
    version = rows.decided_version(tx, decision)
    if version is None or (version.hash, version.manifest) != (row.hash, row.manifest):
        raise NotAllowed(
            "What was approved and what would be published are not the same.", hint="Submit it for review."
        )
    owner = owner_of(tx, row.workflow)
    if owner is None:
        raise Conflict("The workflow was deleted meanwhile.", hint="Restore it from a copy and submit it again.")
    words = Words.model_validate_json(read_content(tx, version.words) or b"{}")
    return _Approved(
        decision,
        row.workflow,
        owner,
        version.id,
        row.hash,
        version.words,
        row.manifest,
        words.title,
        words.description,
        words.icon,
    )


def _known(tx: Tx, holders: Sequence[str]) -> None:
    strangers = set(holders) - known_holders(tx, holders)
    if strangers:
        raise BadInput("Some of those chosen are not there any more.", hint="Reload the page and choose again.")


def _titled(title: str) -> str:
    title = " ".join(title.split())
    if not 1 <= len(title) <= 100:
        raise BadInput("It needs a title of 1 to 100 characters.", hint="Say in a few words what it does for people.")
    return title
