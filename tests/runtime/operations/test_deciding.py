"""Who decides what: each kind with all it needs, once, about exactly what was looked at, never about one's own work."""

import asyncio
from dataclasses import replace

import pytest

from runtime.errors import BadInput, Conflict, NotAllowed, ProveYourself
from runtime.graph.edits import Configure
from runtime.operations.actors import FRESH_S
from runtime.operations.deciding import Demand, decide
from runtime.operations.decisions import meet_condition, standing_decision, withdraw_approval
from runtime.operations.drafts import edit_draft
from runtime.operations.notifications import list_notifications
from runtime.operations.reviews import open_review
from runtime.operations.submissions import submit
from runtime.operations.workflows import create_workflow
from runtime.store import people
from runtime.store.audit import list_audit
from runtime.store.models import bind_alias, list_aliases
from runtime.store.rights import give_right, take_right
from tests.support.reviewing import (
    ANSWERS,
    DAY,
    LEAKY,
    REASON,
    decided,
    decision_on,
    drawn,
    narrowed,
    somebody,
    submitted,
    verdict_on,
)


def refusals(runtime) -> list:
    return [row for row in runtime.reader.now(list_audit) if row.outcome == "refused"]


def workflow_of(runtime, name: str) -> str:
    return runtime.reader.now(
        lambda tx: tx.exec_driver_sql("SELECT id FROM workflow WHERE name = ?", (name,)).scalar_one()
    )


@pytest.mark.parametrize(
    ("kind", "status"),
    [("approved", "approved"), ("conditions", "approved"), ("exception", "approved"), ("changes", "changes_requested"),
     ("denied", "denied")],
)  # fmt: skip
async def test_a_decision_closes_the_submission_and_tells_its_author_why(runtime, ada, grace, kind, status):
    card = await submitted(runtime, ada)
    decision = await decided(runtime, grace, card.number, kind)
    seen = await open_review(runtime, ada, number=card.number)
    assert seen.decision is not None
    assert (seen.card.status, seen.decision.kind, seen.decision.who) == (status, kind, "Grace")
    ruling = runtime.reader.now(lambda tx: standing_decision(tx, decision, runtime.clock.now()))
    assert ruling.valid == (status == "approved")
    [told] = await list_notifications(runtime, ada)
    assert REASON in told.text
    assert runtime.reader.now(list_audit)[0].action == "decision.make"


@pytest.mark.parametrize(
    ("kind", "change"),
    [
        ("approved", {"reason": "too short"}),
        ("", {}),
        ("withdraw", {}),
        ("superseded", {}),
        ("denied", {"reason": " " * 40}),
        ("conditions", {"conditions": ()}),
        ("conditions", {"conditions": (Demand("", 1e12),)}),
        ("conditions", {"conditions": (Demand("Add the handbook.", 1.0),)}),
        ("exception", {"expires": None}),
        ("exception", {"expires": 1.0}),
        ("exception", {"controls": ""}),
        ("exception", {"owners": ""}),
    ],
)
async def test_a_decision_lacks_nothing_its_kind_needs(runtime, ada, grace, kind, change):
    card = await submitted(runtime, ada)
    with pytest.raises(BadInput):
        await decided(runtime, grace, card.number, kind, **change)
    assert (await open_review(runtime, grace, number=card.number)).card.status == "open"


async def test_a_reviewer_raises_the_tier_and_never_lowers_it(runtime, ada, grace):
    for wanted, kept in ((3, 3), (1, 2)):
        card = await submitted(runtime, ada)
        await runtime.writer.write(
            lambda tx, n=card.number: tx.exec_driver_sql("UPDATE submission SET tier = 2 WHERE number = ?", (n,))
        )
        await decided(runtime, grace, card.number, "conditions", tier=wanted)
        assert (await decision_on(runtime, ada, card.number)).tier == kept


async def test_what_a_tier_asks_for_comes_before_an_approval_or_as_a_condition_of_it(runtime, ada, grace):
    card = await submitted(runtime, ada)
    seen = await open_review(runtime, grace, number=card.number)
    assert seen.unmet == ()
    with pytest.raises(Conflict, match=r"Tier 3 asks for more .* inside the workflow; its test cases"):
        await decided(runtime, grace, card.number, tier=3)
    await decided(runtime, grace, card.number, "conditions", tier=3)
    assert (await decision_on(runtime, ada, card.number)).kind == "conditions"


async def test_nobody_approves_their_own_work_the_owner_role_included(runtime):
    boss = await somebody(runtime, "Boss", "owner", "reviewer", "analyst")
    card = await submitted(runtime, boss)
    verdict = await verdict_on(runtime, boss, card.number)
    with pytest.raises(NotAllowed, match="You owned it, and nobody decides about what they took part in"):
        await decide(runtime, boss, number=card.number, verdict=verdict)
    [row] = refusals(runtime)
    assert (row.action, row.person, row.thing) == ("decision.make", boss.id, "submission:1")


async def test_handing_the_draft_over_changes_nothing(runtime, ada):
    boss = await somebody(runtime, "Boss", "owner", "reviewer", "analyst")
    draft = await create_workflow(runtime, boss, title="Triage", document=drawn())
    workflow = workflow_of(runtime, draft.name)

    def hand_over(tx) -> None:
        give_right(tx, workflow, ada.id, "own")
        take_right(tx, workflow, boss.id)
        tx.exec_driver_sql("UPDATE workflow SET owner = ? WHERE id = ?", (ada.id, workflow))

    await runtime.writer.write(hand_over)
    card = await submit(runtime, ada, workflow=draft.name, answers=ANSWERS)
    with pytest.raises(NotAllowed, match="You owned it"):
        await decided(runtime, boss, card.number)
    assert len(refusals(runtime)) == 1


async def test_who_edited_it_once_does_not_decide(runtime, ada, grace):
    draft = await create_workflow(runtime, ada, title="Triage", document=drawn())
    workflow = workflow_of(runtime, draft.name)
    await runtime.writer.write(lambda tx: give_right(tx, workflow, grace.id, "edit"))
    edit = Configure(id="ask", field="temperature", value=0.1)
    done = await edit_draft(runtime, grace, name=draft.name, saw=1, batch="b", client="c", edits=[edit])
    assert not done.refused
    await runtime.writer.write(lambda tx: take_right(tx, workflow, grace.id))
    card = await submit(runtime, ada, workflow=draft.name, answers=ANSWERS)
    with pytest.raises(NotAllowed, match="You edited it"):
        await decided(runtime, grace, card.number)
    assert (await open_review(runtime, grace, number=card.number)).hindrance.startswith("You edited it")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ("UPDATE thing_owned SET holder = ?1 WHERE thing = ?2", "owned it"),
        ("UPDATE workflow SET owner = ?1 WHERE id = ?2", "created it"),
        ("UPDATE version SET person = ?1 WHERE workflow = ?2", "saved a version of it"),
        ("UPDATE submission SET person = ?1 WHERE workflow = ?2", "submitted it"),
        ("UPDATE draft_change SET person = ?1 WHERE workflow = ?2", "edited it"),
    ],
)
async def test_each_way_of_taking_part_counts_by_itself(runtime, ada, grace, change, words):
    draft = await create_workflow(runtime, ada, title="Triage", document=drawn())
    edit = Configure(id="ask", field="temperature", value=0.1)
    await edit_draft(runtime, ada, name=draft.name, saw=1, batch="b", client="c", edits=[edit])
    card = await submit(runtime, ada, workflow=draft.name, answers=ANSWERS)
    verdict = await verdict_on(runtime, grace, card.number)
    given = (grace.id, workflow_of(runtime, draft.name))
    assert (await runtime.writer.write(lambda tx: tx.exec_driver_sql(change, given).rowcount)) > 0
    with pytest.raises(NotAllowed, match=f"You {words}, and nobody decides"):
        await decide(runtime, grace, number=card.number, verdict=verdict)


async def test_a_decision_is_made_once(runtime, ada, grace):
    alan = await somebody(runtime, "Alan", "reviewer")
    card = await submitted(runtime, ada)
    late = await verdict_on(runtime, alan, card.number)
    await decided(runtime, grace, card.number, "denied")
    with pytest.raises(Conflict, match="not open any more: it is denied"):
        await decide(runtime, alan, number=card.number, verdict=late)
    [row] = refusals(runtime)
    assert (row.person, row.action) == (alan.id, "decision.make")
    assert (await decision_on(runtime, ada, card.number)).who == "Grace"


async def test_who_lost_the_role_between_looking_and_clicking_decides_nothing(runtime, ada, grace):
    card = await submitted(runtime, ada)
    verdict = await verdict_on(runtime, grace, card.number)
    await runtime.writer.write(lambda tx: people.set_roles(tx, grace.id, ["member"]))
    with pytest.raises(NotAllowed, match="one has to be IT reviewer"):
        await decide(runtime, grace, number=card.number, verdict=verdict)
    [row] = refusals(runtime)
    assert row.person == grace.id
    assert (await open_review(runtime, ada, number=card.number)).decision is None


async def test_an_edit_after_submitting_is_not_what_is_approved(runtime, ada, grace):
    card = await submitted(runtime, ada)
    edit = Configure(id="ask", field="temperature", value=0.9)
    done = await edit_draft(runtime, ada, name=card.workflow, saw=1, batch="b", client="c", edits=[edit])
    assert not done.refused
    await decided(runtime, grace, card.number)
    row = runtime.reader.now(
        lambda tx: tx.exec_driver_sql(
            "SELECT decision.hash AS approved, draft.hash AS drafted FROM decision"
            " JOIN draft ON draft.workflow = decision.workflow"
        ).one()
    )
    assert row.approved != row.drafted


async def test_a_resubmission_while_the_page_is_open_is_not_approved_unseen(runtime, ada, grace):
    card = await submitted(runtime, ada)
    verdict = await verdict_on(runtime, grace, card.number)
    edit = Configure(id="ask", field="temperature", value=0.9)
    await edit_draft(runtime, ada, name=card.workflow, saw=1, batch="b", client="c", edits=[edit])
    again = await submit(runtime, ada, workflow=card.workflow, answers=ANSWERS)
    with pytest.raises(Conflict, match="replaced by a newer one"):
        await decide(runtime, grace, number=card.number, verdict=verdict)
    with pytest.raises(Conflict, match="not what is under review"):
        await decide(runtime, grace, number=again.number, verdict=verdict)
    assert len(refusals(runtime)) == 2


@pytest.mark.parametrize("part", ["hash", "manifest"])
async def test_a_forged_hash_is_refused(runtime, ada, grace, part):
    card = await submitted(runtime, ada)
    verdict = replace(await verdict_on(runtime, grace, card.number), **{part: "f" * 64})
    with pytest.raises(Conflict, match="not what is under review"):
        await decide(runtime, grace, number=card.number, verdict=verdict)
    assert len(refusals(runtime)) == 1


async def test_a_dependency_that_changed_since_hinders_approving_but_not_denying(runtime, ada, grace):
    card = await submitted(runtime, ada)
    verdict = await verdict_on(runtime, grace, card.number)
    [alias] = runtime.reader.now(list_aliases)
    await runtime.writer.write(lambda tx: bind_alias(tx, replace(alias, model="openai/other")))
    with pytest.raises(Conflict, match="The model alias “fast” changed: model: openai/scripted → openai/other"):
        await decide(runtime, grace, number=card.number, verdict=verdict)
    assert len(refusals(runtime)) == 1
    await decide(runtime, grace, number=card.number, verdict=replace(verdict, kind="denied"))


@pytest.mark.parametrize("kind", ["approved", "conditions"])
async def test_a_leak_is_approved_as_an_exception_only(runtime, ada, grace, kind):
    await narrowed(runtime)
    card = await submitted(runtime, ada, drawn(LEAKY))
    with pytest.raises(Conflict, match="A check failed"):
        await decided(runtime, grace, card.number, kind)
    await decided(runtime, grace, card.number, "exception")


async def test_deciding_asks_for_a_fresh_proof(runtime, ada, grace):
    card = await submitted(runtime, ada)
    verdict = await verdict_on(runtime, grace, card.number)
    with pytest.raises(ProveYourself):
        await decide(runtime, replace(grace, proved=grace.proved - FRESH_S - 1), number=card.number, verdict=verdict)


async def test_a_key_decides_nothing(runtime, ada, grace):
    card = await submitted(runtime, ada)
    verdict = await verdict_on(runtime, grace, card.number)
    with pytest.raises(NotAllowed, match="API key"):
        await decide(runtime, replace(grace, via="key"), number=card.number, verdict=verdict)


async def test_an_approval_is_withdrawn_once_with_its_reason(runtime, ada, grace):
    card = await submitted(runtime, ada)
    decision = await decided(runtime, grace, card.number)
    with pytest.raises(BadInput):
        await withdraw_approval(runtime, grace, number=card.number, reason="no")
    await withdraw_approval(runtime, grace, number=card.number, reason="The vendor changed its terms.")
    assert not runtime.reader.now(lambda tx: standing_decision(tx, decision, runtime.clock.now())).valid
    assert "changed its terms" in (await open_review(runtime, ada, number=card.number)).comments[-1].text
    with pytest.raises(Conflict):
        await withdraw_approval(runtime, grace, number=card.number, reason="The vendor changed its terms.")


@pytest.mark.parametrize("kind", ["denied", "changes"])
async def test_what_was_not_approved_cannot_be_withdrawn(runtime, ada, grace, kind):
    card = await submitted(runtime, ada)
    await decided(runtime, grace, card.number, kind)
    with pytest.raises(Conflict, match="no approval"):
        await withdraw_approval(runtime, grace, number=card.number, reason="A long enough reason.")


async def test_a_condition_is_met_by_a_reviewer_who_took_no_part_and_then_holds_the_approval(runtime, ada, grace):
    boss = await somebody(runtime, "Boss", "reviewer", "analyst")
    card = await submitted(runtime, boss)
    decision = await decided(runtime, grace, card.number, "conditions")
    [condition] = (await decision_on(runtime, grace, card.number)).conditions
    late = condition.due + DAY
    assert not runtime.reader.now(lambda tx: standing_decision(tx, decision, late)).valid
    note = "Seen in version 2 of the base."
    with pytest.raises(NotAllowed, match="took part"):
        await meet_condition(runtime, boss, number=card.number, condition=condition.id, note=note)
    await meet_condition(runtime, grace, number=card.number, condition=condition.id, note=note)
    assert runtime.reader.now(lambda tx: standing_decision(tx, decision, late)).valid
    with pytest.raises(Conflict, match="met already"):
        await meet_condition(runtime, grace, number=card.number, condition=condition.id, note=note)


async def test_a_deleted_workflow_has_nothing_left_to_decide(runtime, ada, grace):
    card = await submitted(runtime, ada)
    verdict = await verdict_on(runtime, grace, card.number)
    workflow = workflow_of(runtime, card.workflow)
    await runtime.writer.write(lambda tx: tx.exec_driver_sql("DELETE FROM workflow WHERE id = ?", (workflow,)))
    with pytest.raises(Conflict, match="deleted"):
        await decide(runtime, grace, number=card.number, verdict=verdict)


async def test_two_reviewers_at_once_make_one_decision(runtime, ada, grace):
    alan = await somebody(runtime, "Alan", "reviewer")
    card = await submitted(runtime, ada)
    verdicts = [(each, await verdict_on(runtime, each, card.number)) for each in (grace, alan)]
    done = await asyncio.gather(
        *(decide(runtime, who, number=card.number, verdict=verdict) for who, verdict in verdicts),
        return_exceptions=True,
    )
    assert sorted(type(each).__name__ for each in done) == ["Conflict", "str"]
    kept = runtime.reader.now(lambda tx: tx.exec_driver_sql("SELECT count(*) FROM decision").scalar_one())
    assert kept == 1


async def test_of_several_conditions_the_first_that_is_due_ends_the_approval(runtime, ada, grace):
    card, now = await submitted(runtime, ada), runtime.clock.now()
    demands = tuple(Demand(f"Bring what is due on day {each}.", now + each * DAY) for each in (20, 10, 30))
    decision = await decided(runtime, grace, card.number, "conditions", conditions=demands)
    ruled = [
        runtime.reader.now(lambda tx, day=day: standing_decision(tx, decision, now + day * DAY)) for day in (9, 11)
    ]
    assert [each.valid for each in ruled] == [True, False]
    assert ruled[0].until == now + 10 * DAY
    assert "due on day 10" in ruled[1].sentence
