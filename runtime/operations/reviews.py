"""A submission as whoever decides sees it: what it does, what changed, what data goes where, and what others said."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

import orjson

from runtime.errors import Conflict, NotAllowed, NotFound
from runtime.governance.materiality import Ranked
from runtime.graph.document import Document
from runtime.graph.explaining import explain
from runtime.operations.actors import Actor
from runtime.operations.connected import check_connections
from runtime.operations.decisions import Ruling, standing_decision
from runtime.operations.door import allowed, do, look
from runtime.operations.forms import form_of
from runtime.operations.governance import watch
from runtime.operations.pictures import Picture, picture_of
from runtime.operations.reasons import written
from runtime.operations.runtime import Runtime
from runtime.operations.seeing import link_of, thing_of, visible_submission
from runtime.operations.sheets import as_far_as, unmet
from runtime.operations.starting import Started, begin, ready_of
from runtime.operations.submissions import Answers, SubmissionCard, card_of
from runtime.operations.titles import known_titles, unreadable
from runtime.operations.versions import comparison, version_document
from runtime.store import decisions
from runtime.store import submissions as rows
from runtime.store.ids import new_id
from runtime.store.notifications import notify
from runtime.store.rights import roles_of
from runtime.store.templates import origin_of
from runtime.store.transaction import Row, Tx


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """One change against the last approved version; the weightiest come first."""

    kind: str
    """added, removed or changed"""
    part: str
    step: str
    title: str
    """of the step; empty where the change is not in one"""
    field: str
    before: Any
    after: Any
    sentence: str
    reason: str
    """why it matters; empty for what does not"""
    material: bool
    place: str = ""
    """where it is, as a person calls it; empty where the sentence is all there is"""


@dataclass(frozen=True, slots=True)
class CommentView:
    """A remark on a step or on the whole."""

    id: str
    step: str
    title: str
    text: str
    who: str
    at: float
    settled: float | None


@dataclass(frozen=True, slots=True)
class ConditionView:
    """A condition of an approval."""

    id: str
    text: str
    due: float
    met: float | None
    met_by: str
    note: str


@dataclass(frozen=True, slots=True)
class DecisionView:
    """What was decided, by whom, why, and whether it holds now."""

    id: str
    kind: str
    reason: str
    who: str
    at: float
    tier: int
    expires: float | None
    controls: str
    owners: str
    withdrawn: float | None
    conditions: tuple[ConditionView, ...]
    ruling: Ruling


@dataclass(frozen=True, slots=True)
class Review:
    """All a person needs to decide, and what became of it."""

    card: SubmissionCard
    hash: str
    manifest: str
    about: str
    """the workflow's own description"""
    answers: Answers
    walkthrough: str
    """what it does, in plain sentences"""
    picture: Picture
    against: str
    """what it is compared with: `version 3`, the last approved one, or the template it was started from; empty: nothing
    of it was ever approved"""
    changes: tuple[ChangeLine, ...]
    facts: dict[str, Any]
    """the fact sheet as it was at submission, see `sheets`"""
    steps: dict[str, str]
    """titles of the steps, in reading order"""
    inputs: tuple[dict[str, Any], ...]
    """what a run of it asks for, see `forms.FormField`"""
    comments: tuple[CommentView, ...]
    decision: DecisionView | None
    mine: bool
    """whether this person submitted it"""
    unmet: tuple[str, ...]
    """what the policy of its tier asks for and is not there, see `sheets.unmet`"""
    hindrance: str
    """why this person may not decide it; empty: they may"""


async def open_review(runtime: Runtime, actor: Actor | None, *, number: int) -> Review:
    """One submission whole."""
    now = runtime.clock.now()

    def find(tx: Tx) -> Review:
        row = visible_submission(tx, actor, number)
        assert actor is not None, "nobody sees a submission"
        document = version_document(tx, row.version)
        against, before = _last_approved(tx, row)
        compiled = runtime.plans.compile(document)
        titles = {step: document.title(step) for step in compiled.ways.order}
        card = rows.card_of_number(tx, number)
        assert card is not None, "its row was read a moment ago"
        return Review(
            card=replace(card_of(card), title=document.words.title or card.title),
            hash=row.hash,
            manifest=row.manifest,
            about=document.words.description,
            answers=Answers(**orjson.loads(row.answers)),
            walkthrough=explain(
                document, runtime.catalogue, known_titles(tx, actor, compiled.touched), runtime.plans.called
            ),
            picture=picture_of(runtime, document),
            against=against,
            changes=_changes(tx, runtime, actor, before, row.version),
            facts=as_far_as(orjson.loads(row.facts), unreadable(tx, actor, compiled.touched.bases)),
            steps=titles,
            inputs=tuple(asdict(each) for each in form_of(document)),
            comments=comments_of(tx, row.id, titles),
            decision=_decision(tx, row.id, now),
            mine=row.person == actor.id,
            unmet=tuple(unmet(tx, document, orjson.loads(row.facts)["checks"], row.tier)),
            hindrance=_hindrance(tx, row, actor),
        )

    return await look(runtime, actor, "submission.see", thing_of(number), find)


async def add_comment(runtime: Runtime, actor: Actor | None, *, number: int, text: str, step: str = "") -> None:
    """Remark on a submission or on one of its steps. Its author hears of a reviewer's words, reviewers of the
    author's only on the page."""
    person, now = await allowed(runtime, actor, "submission.comment", thing_of(number)), runtime.clock.now()
    text = written(text, "A remark needs words.", 1)

    def work(tx: Tx) -> None:
        row = visible_submission(tx, person, number)
        document = version_document(tx, row.version)
        if step and step not in document.meaning.steps:
            raise NotFound("There is no such step in this version.", hint="Reload the page.")
        rows.insert_comment(
            tx, comment=new_id("comment"), submission=row.id, step=step, text=text, person=person.id, now=now
        )
        if row.person != person.id:
            where = f" on “{document.title(step)}”" if step else ""
            notify(tx, {row.person}, f"{person.name} remarked{where} (#{number}): {text}"[:400], link_of(number), now)

    await do(runtime, person, "submission.comment", thing_of(number), work)


async def settle_comment(runtime: Runtime, actor: Actor | None, *, number: int, comment: str) -> None:
    """Say that a remark is dealt with; whoever made it may, and the author of the submission."""
    person, now = await allowed(runtime, actor, "submission.comment", thing_of(number)), runtime.clock.now()

    def work(tx: Tx) -> None:
        row = visible_submission(tx, person, number)
        found = next((each for each in rows.comments_of(tx, row.id) if each.id == comment), None)
        if found is None:
            raise NotFound("There is no such remark.", hint="Reload the page.")
        if person.id not in (found.person, row.person):
            raise NotAllowed("A remark is settled by whoever made it, or by the author of the submission.")
        if not rows.settle_comment(tx, comment, now):
            raise Conflict("The remark is settled already.", hint="Reload the page.")

    await do(runtime, person, "submission.comment", thing_of(number), work)


async def try_submission(runtime: Runtime, actor: Actor | None, *, number: int, inputs: Mapping[str, Any]) -> Started:
    """Run exactly the submitted version, as oneself: over connections one may use. It is kept among the reviewer's own
    runs, tied to the version."""

    def find(tx: Tx) -> tuple[Row[Any], Document]:
        row = visible_submission(tx, actor, number)
        document = version_document(tx, row.version)
        check_connections(tx, runtime, document, actor.id if actor else "")
        return row, document

    row, document = await look(runtime, actor, "submission.try", thing_of(number), find)
    if row.name is None:
        raise Conflict("The workflow was deleted.", hint="There is nothing left to try.")
    ready = await ready_of(
        runtime, document, workflow=row.workflow, name=row.name, version=row.version, manifest=row.manifest
    )

    flow = watch(runtime, document)

    def admit(tx: Tx) -> None:
        visible_submission(tx, actor, number)
        flow.admit(tx)

    started, _ = await begin(
        runtime, actor, action="submission.try", thing=thing_of(number), ready=ready, inputs=inputs, admit=admit
    )
    return started


def comments_of(tx: Tx, submission: str, titles: Mapping[str, str]) -> tuple[CommentView, ...]:
    """All remarks, oldest first."""
    return tuple(
        CommentView(each.id, each.step, titles.get(each.step, each.step), each.text, each.name, each.at, each.settled)
        for each in rows.comments_of(tx, submission)
    )


def _last_approved(tx: Tx, submission: Row[Any]) -> tuple[str, str | None]:
    """What somebody approved before of what is submitted, in words, and that version."""
    if (last := decisions.last_approval(tx, submission.workflow, before=submission.closed or 1e12)) is not None:
        return f"version {last.number}", last.version
    if (origin := origin_of(tx, submission.workflow)) is not None:
        return f"the template “{origin.title}”", origin.version
    return "", None


def _changes(tx: Tx, runtime: Runtime, actor: Actor, before: str | None, after: str) -> tuple[ChangeLine, ...]:
    """Against the version before, what weighs most first; none where both are the same version."""
    if before is None or before == after:
        return ()
    compared = comparison(tx, runtime, actor, before, after)
    assert compared.before is not None, "there is a version before"
    return tuple(_line(each, compared.before, compared.after) for each in compared.changes)


def _line(each: Ranked, before: Document, after: Document) -> ChangeLine:
    change = each.change
    if change is None:
        assert each.drift is not None, "a change is of the document or of what it depends on"
        return ChangeLine("changed", each.drift.kind, "", "", "", None, None, each.sentence, each.reason, each.material)
    step = change.step or ""
    title = (after if step in after.meaning.steps else before).title(step) if step else ""
    return ChangeLine(
        change.kind, change.part, step, title, change.field, change.before, change.after, each.sentence, each.reason,
        each.material, change.place,
    )  # fmt: skip


def _decision(tx: Tx, submission: str, now: float) -> DecisionView | None:
    row = decisions.decision_of(tx, submission)
    if row is None:
        return None
    return DecisionView(
        row.id, row.kind, row.reason, row.name, row.at, row.tier, row.expires, row.controls, row.owners, row.withdrawn,
        tuple(
            ConditionView(each.id, each.text, each.due, each.met, each.met_name, each.note)
            for each in decisions.conditions_of(tx, row.id)
        ),
        standing_decision(tx, row.id, now),
    )  # fmt: skip


def _hindrance(tx: Tx, row: Row[Any], actor: Actor) -> str:
    if row.status != rows.OPEN:
        return "It is not open any more."
    if "reviewer" not in roles_of(tx, actor.id):
        return "Only an IT reviewer decides."
    if how := decisions.contributed(tx, row.workflow, actor.id):
        return f"You {how}, and nobody decides about what they took part in. Another reviewer has to."
    return ""
