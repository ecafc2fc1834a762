"""Submissions: a workflow as it stands goes to review in one step, with everything computed filled in."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import Any

import orjson

from runtime.errors import BadInput, Conflict, NotAllowed
from runtime.graph.document import Document
from runtime.operations.actors import Actor
from runtime.operations.connected import check_connections
from runtime.operations.door import allowed, do, look
from runtime.operations.runtime import Runtime
from runtime.operations.seeing import link_of, thing_of, visible_submission
from runtime.operations.sheets import Sheet, as_far_as, sheet_of, unmet
from runtime.operations.starting import check_calls
from runtime.operations.titles import unreadable
from runtime.operations.versions import save_in
from runtime.operations.workflows import draft_of
from runtime.store import decisions, notifications
from runtime.store import submissions as rows
from runtime.store.ids import new_id
from runtime.store.rights import things_of
from runtime.store.submissions import NewSubmission
from runtime.store.transaction import Row, Tx

LONGEST_ANSWER = 2_000


@dataclass(frozen=True, slots=True)
class Answers:
    """What a machine cannot know: the four questions."""

    problem: str
    """which problem it solves"""
    users: str
    """who will use it"""
    customers: bool
    """whether what it makes reaches customers"""
    experimental: bool


@dataclass(frozen=True, slots=True)
class SubmissionCard:
    """A submission in a list. Times are seconds since 1970."""

    number: int
    workflow: str
    """name of the workflow, as in its address"""
    title: str
    icon: str
    version: int
    who: str
    created: float
    closed: float | None
    status: str
    """open, withdrawn, superseded, changes_requested, approved or denied"""
    tier: int
    kind: str
    """of the decision; empty while there is none"""
    due: float | None
    """of the first condition that is not met"""
    expires: float | None
    withdrawn: float | None
    """when the approval was taken back"""


@dataclass(frozen=True, slots=True)
class Preview:
    """What the author sees before submitting."""

    sheet: Sheet
    answers: Answers | None
    """of the submission before, to start from"""
    reviewers: int
    """people who may decide: reviewers who took no part"""
    last: SubmissionCard | None
    unmet: list[str]
    """what the policy of its tier asks for and is not there, see `sheets.unmet`"""


async def check_submission(runtime: Runtime, actor: Actor | None, *, workflow: str) -> Preview:
    """Run the automatic checks on the draft as it is now; nothing is kept."""
    person = await allowed(runtime, actor, "submission.check", workflow)

    def find(tx: Tx) -> Preview:
        draft = draft_of(tx, workflow)
        document = Document.model_validate_json(draft.document)
        check_calls(tx, runtime, document, person.id)
        sheet = sheet_of(tx, runtime, draft.workflow, document)
        last = rows.last_of_workflow(tx, draft.workflow)
        answers = None
        if last is not None:
            row = rows.submission_row(tx, last.number)
            assert row is not None, "read a moment ago"
            answers = Answers(**orjson.loads(row.answers))
        lacks = unmet(tx, document, sheet.checks, sheet.tier)
        told = as_far_as(asdict(sheet), unreadable(tx, person, runtime.plans.compile(document).touched.bases))
        shown = replace(sheet, **{part: told[part] for part in ("flow", "reasons", "checks", "inventory")})
        return Preview(shown, answers, len(_judges(tx, draft.workflow)), card_of(last) if last else None, lacks)

    return await runtime.reader.ask(find)


async def submit(
    runtime: Runtime, actor: Actor | None, *, workflow: str, answers: Answers, saw: str = ""
) -> SubmissionCard:
    """Save the draft as a version and ask for a review of exactly that, in one transaction.

    `saw` is the content hash of what the author looked at: when the draft is another by now, nothing is submitted.
    What is open of this workflow is superseded. Raises `BadInput` where a check fails that has to pass.
    """
    person = await allowed(runtime, actor, "submission.create", workflow)
    answers = _checked(answers)

    def compute(tx: Tx) -> tuple[int, Sheet]:
        draft = draft_of(tx, workflow)
        document = Document.model_validate_json(draft.document)
        check_calls(tx, runtime, document, person.id)
        check_connections(tx, runtime, document, person.id)
        return draft.revision, sheet_of(tx, runtime, draft.workflow, document, customers=answers.customers)

    revision, sheet = await runtime.reader.ask(compute)
    if saw and saw != sheet.hash:
        raise _changed()
    if sheet.blocked:
        raise BadInput(
            "It cannot be submitted yet: " + " ".join(sheet.blocked),
            hint="Mend this in the editor, then submit again; your answers are kept.",
        )
    submission, now = new_id("submission"), runtime.clock.now()

    def work(tx: Tx) -> Row[Any]:
        draft = draft_of(tx, workflow)
        if draft.revision != revision:
            raise _changed()
        version = save_in(tx, runtime, person, draft.workflow)
        if (version.hash, version.manifest) != (sheet.hash, sheet.manifest):
            raise _changed()
        last = rows.last_of_workflow(tx, draft.workflow)
        if last is not None and last.status == rows.OPEN and last.version == version.number:
            raise Conflict(
                f"This version is under review already, as #{last.number}.", hint="Withdraw that one to ask anew."
            )
        rows.supersede(tx, draft.workflow, now)
        number = rows.next_number(tx)
        rows.insert_submission(
            tx,
            NewSubmission(
                submission, number, draft.workflow, version.id, version.hash, version.manifest, person.id, now,
                sheet.tier, sheet.as_json(), orjson.dumps(asdict(answers)).decode(),
            ),
        )  # fmt: skip
        text = f"{person.name} submitted “{draft.title}” for review (#{number}, tier {sheet.tier})."
        notifications.notify(tx, _judges(tx, draft.workflow), text, link_of(number), now)
        found = rows.last_of_workflow(tx, draft.workflow)
        assert found is not None, "inserted above"
        return found

    return card_of(await do(runtime, actor, "submission.create", workflow, work))


async def withdraw_submission(runtime: Runtime, actor: Actor | None, *, number: int) -> None:
    """Take it back before anybody decided: its author may, and whoever owns the workflow."""
    person, now = await allowed(runtime, actor, "submission.withdraw", thing_of(number)), runtime.clock.now()

    def work(tx: Tx) -> None:
        row = visible_submission(tx, person, number)
        if row.person != person.id and row.workflow not in things_of(tx, person.id, "own"):
            raise NotAllowed("Only its author, or the owner of the workflow, withdraws a submission.")
        if not rows.close_submission(tx, row.id, "withdrawn", now):
            raise Conflict(f"Submission #{number} is not open any more.", hint="Open it to see what became of it.")

    await do(runtime, actor, "submission.withdraw", thing_of(number), work)


async def latest_submission(runtime: Runtime, actor: Actor | None, *, workflow: str) -> SubmissionCard | None:
    """The newest submission of a workflow, whoever submitted it."""

    def find(tx: Tx) -> Row[Any] | None:
        return rows.last_of_workflow(tx, draft_of(tx, workflow).workflow)

    row = await look(runtime, actor, "workflow.see", workflow, find)
    return card_of(row) if row is not None else None


async def list_reviews(
    runtime: Runtime, actor: Actor | None
) -> tuple[list[tuple[SubmissionCard, str]], list[SubmissionCard]]:
    """What waits for a decision, longest first, each with why this reviewer may not decide it (empty: they may); then
    what was decided lately."""
    person = await allowed(runtime, actor, "submission.review")

    def find(tx: Tx) -> tuple[list[tuple[SubmissionCard, str]], list[SubmissionCard]]:
        waiting = rows.list_open(tx)
        parts = decisions.contributed_to(tx, {row.workflow for row in waiting}, person.id)
        return [(card_of(row), parts.get(row.workflow, "")) for row in waiting], [
            card_of(row) for row in rows.list_decided(tx, 50)
        ]

    return await runtime.reader.ask(find)


def card_of(row: Row[Any]) -> SubmissionCard:
    """A row of the lists as a card."""
    return SubmissionCard(
        row.number, row.name, row.title, row.icon, row.version, row.who, row.created, row.closed, row.status, row.tier,
        row.kind or "", row.due, row.expires, row.withdrawn,
    )  # fmt: skip


def _judges(tx: Tx, workflow: str) -> set[str]:
    """Reviewers who took no part in a workflow."""
    reviewers = notifications.people_behind(tx, ["role:reviewer"])
    return {each for each in reviewers if not decisions.contributed(tx, workflow, each)}


def _checked(answers: Answers) -> Answers:
    problem, users = " ".join(answers.problem.split()), " ".join(answers.users.split())
    for words, text in (("which problem it solves", problem), ("who will use it", users)):
        if not 3 <= len(text) <= LONGEST_ANSWER:
            raise BadInput(f"Say in a sentence {words}.", hint="Whoever reviews it reads this first.")
    return Answers(problem, users, answers.customers, answers.experimental)


def _changed() -> Conflict:
    return Conflict(
        "The workflow was changed after its checks were shown.", hint="Look at the checks again, then submit."
    )
