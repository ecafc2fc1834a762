"""Deciding: what a reviewer says about a submission.

Nobody decides about what they took part in: whoever edited the draft, saved or submitted a version, created the
workflow or ever owned it, whatever their role. All of it is asked inside the transaction that writes the decision.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Literal

import orjson

from runtime.errors import BadInput, Conflict
from runtime.operations.actors import Actor
from runtime.operations.decisions import impartial, recorded
from runtime.operations.door import allowed
from runtime.operations.manifests import drifted, manifest_of, manifest_under
from runtime.operations.reasons import written
from runtime.operations.runtime import Runtime
from runtime.operations.seeing import link_of, thing_of, visible_submission
from runtime.operations.sheets import APPROVING, failed, unmet
from runtime.operations.titles import titles_of
from runtime.operations.versions import version_document
from runtime.store import decisions as rows
from runtime.store import submissions
from runtime.store.decisions import NewDecision
from runtime.store.ids import new_id
from runtime.store.notifications import notify
from runtime.store.transaction import Row, Tx

Kind = Literal["approved", "conditions", "changes", "denied", "exception"]

MOST_CONDITIONS = 20
LONGEST_S = 2 * 366 * 24 * 3600.0
"""how far away a date may be"""
STATUS = {"changes": "changes_requested", "denied": "denied"}
"""what a decision makes of its submission; all other kinds approve it"""
STATUS_WORDS = {
    "withdrawn": "withdrawn",
    "superseded": "replaced by a newer one",
    "changes_requested": "waiting for changes",
    "approved": "approved",
    "denied": "denied",
}
VERBS = {
    "approved": "approved",
    "conditions": "approved, with conditions,",
    "exception": "approved, as an exception,",
    "changes": "asked for changes to",
    "denied": "denied",
}


@dataclass(frozen=True, slots=True)
class Demand:
    """A condition of an approval: what has to be done, and until when (seconds since 1970)."""

    text: str
    due: float


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a reviewer decides, and what they looked at while they did."""

    kind: Kind
    reason: str
    hash: str
    """of the version on their page"""
    manifest: str
    tier: int | None = None
    """a higher tier than the computed one; None: that one"""
    conditions: tuple[Demand, ...] = ()
    expires: float | None = None
    controls: str = ""
    owners: str = ""


async def decide(runtime: Runtime, actor: Actor | None, *, number: int, verdict: Verdict) -> str:
    """Decide about a submission; the id of the decision.

    Refused, and recorded, when the actor took part or is no reviewer any more, when it was decided before, and when
    what was looked at is not what is under review or has changed since.
    """
    person, now = await allowed(runtime, actor, "decision.make", thing_of(number)), runtime.clock.now()
    verdict = _checked(verdict, now)
    decision = new_id("decision")

    def work(tx: Tx) -> str:
        row = visible_submission(tx, person, number)
        impartial(tx, row, person)
        if row.status != submissions.OPEN:
            raise Conflict(
                f"Submission #{number} is not open any more: it is {STATUS_WORDS[row.status]}.",
                hint="Reload the page to see it.",
            )
        if (verdict.hash, verdict.manifest) != (row.hash, row.manifest):
            raise Conflict(
                "What you decided about is not what is under review.", hint="Reload the page and look at it again."
            )
        if verdict.kind in rows.APPROVALS:
            _unchanged(tx, runtime, row)
        tier = max(row.tier, verdict.tier or 0)
        if verdict.kind in ("approved", "conditions"):
            _clean(row)
        if verdict.kind == "approved":
            _complete(tx, row, tier)
        rows.insert_decision(
            tx,
            NewDecision(
                decision, row.id, row.workflow, row.hash, row.manifest, tier, verdict.kind, verdict.reason, person.id,
                now, verdict.expires, verdict.controls, verdict.owners,
            ),
        )  # fmt: skip
        for each in verdict.conditions:
            rows.insert_condition(tx, condition=new_id("condition"), decision=decision, text=each.text, due=each.due)
        closed = submissions.close_submission(tx, row.id, STATUS.get(verdict.kind, "approved"), now)
        assert closed, "it was open a moment ago, in this very transaction"
        text = f"{person.name} {VERBS[verdict.kind]} “{row.title}” (#{number}): {verdict.reason}"
        notify(tx, {row.person}, text[:400], link_of(number), now)
        return decision

    return await recorded(runtime, person, "decision.make", number, work, f"{verdict.kind}: {verdict.reason}")


def _unchanged(tx: Tx, runtime: Runtime, row: Row[Any]) -> None:
    """Raises `Conflict` with what changed when something the version depends on is not as it was submitted."""
    document = version_document(tx, row.version)
    current = manifest_of(tx, runtime, document)
    if current.digest == row.manifest:
        return
    titles = titles_of(tx, [runtime.plans.compile(document).touched])
    changed = " ".join(each.sentence for each in drifted(manifest_under(tx, row.manifest), current, titles))
    raise Conflict(
        f"Something it depends on is not as it was submitted. {changed}",
        hint="Ask its author to submit it again; the facts are then computed anew.",
    )


def _clean(row: Row[Any]) -> None:
    """Raises `Conflict` where a check failed that only an exception may pass over."""
    if wrong := failed(orjson.loads(row.facts)["checks"], APPROVING):
        raise Conflict(
            f"A check failed: {' '.join(wrong)}",
            hint="Ask for changes, or approve it as an exception, with an end and with controls that stand in.",
        )


def _complete(tx: Tx, row: Row[Any], tier: int) -> None:
    """Raises `Conflict` where something is missing that policy asks for in this tier."""
    if missing := unmet(tx, version_document(tx, row.version), orjson.loads(row.facts)["checks"], tier):
        raise Conflict(
            f"Tier {tier} asks for more before an approval without conditions: {'; '.join(missing)}.",
            hint="Ask for changes, or approve it with a condition that brings what is missing.",
        )


def _checked(verdict: Verdict, now: float) -> Verdict:
    """The verdict with its texts tidied. Raises `BadInput` where something its kind needs is missing."""
    if verdict.kind not in VERBS:
        raise BadInput("Say what you decide.", hint="Choose one of the decisions on the page of the review.")
    reason = written(verdict.reason, "Every decision needs its reason.")
    demands = verdict.conditions if verdict.kind == "conditions" else ()
    expires, controls, owners = None, "", ""
    if verdict.kind == "conditions":
        if not 1 <= len(demands) <= MOST_CONDITIONS:
            raise BadInput("An approval with conditions needs at least one.", hint="Say what has to be done, by when.")
        demands = tuple(
            Demand(written(each.text, "A condition says what has to be done."), each.due) for each in demands
        )
        if any(not now < each.due < now + LONGEST_S for each in demands):
            raise BadInput("A condition is due on a day to come, within two years.", hint="Choose another date.")
    if verdict.kind == "exception":
        expires = verdict.expires
        if expires is None or not now < expires < now + LONGEST_S:
            raise BadInput("An exception needs the day on which it ends, within two years.", hint="Choose a date.")
        controls = written(verdict.controls, "An exception says which controls stand in for what is missing.")
        owners = written(verdict.owners, "An exception names who answers for it.", 3)
    return replace(
        verdict, reason=reason, conditions=demands, expires=expires, controls=controls, owners=owners,
        tier=verdict.tier if verdict.tier in (1, 2, 3) else None,
    )  # fmt: skip
