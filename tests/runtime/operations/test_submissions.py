"""A workflow goes to review: what is kept, who hears of it, and what is refused."""

from dataclasses import replace
from functools import partial

import pytest

from runtime.errors import BadInput, Conflict, NotAllowed, NotFound
from runtime.graph.edits import Configure
from runtime.operations.drafts import edit_draft
from runtime.operations.invitations import invite_person
from runtime.operations.notifications import list_notifications
from runtime.operations.people import set_roles
from runtime.operations.reviews import open_review
from runtime.operations.submissions import (
    check_submission,
    latest_submission,
    list_reviews,
    submit,
    withdraw_submission,
)
from runtime.operations.workflows import create_workflow, open_draft
from runtime.store import notifications as notes
from runtime.store.audit import list_audit
from tests.support.counting import counted
from tests.support.reviewing import ANSWERS, LEAKY, drawn, narrowed, somebody, submitted


async def heard(runtime, person: str) -> list[tuple[str, str]]:
    """What somebody was told, and where it leads."""
    rows = await runtime.reader.ask(lambda tx: notes.list_notifications(tx, person, 9))
    return [(each.text, each.link) for each in rows]


async def changed(runtime, author, name: str, prompt: str) -> None:
    """Another prompt in the draft."""
    draft = await open_draft(runtime, author, name=name)
    edit = Configure(id="ask", field="messages", value=[{"role": "user", "text": prompt}])
    done = await edit_draft(runtime, author, name=name, saw=draft.revision, batch=prompt, client="c", edits=[edit])
    assert not done.refused


async def test_who_becomes_a_reviewer_later_hears_of_what_waits(runtime, owner, ada):
    invite = partial(invite_person, runtime, owner, groups=[])
    early = await invite(name="Rita", email="rita@example.com", roles=["reviewer"])
    assert await heard(runtime, early.person) == []
    await submitted(runtime, ada)
    waits = [("One workflow waits for a decision.", "/reviews")]
    late = await invite(name="Ruth", email="ruth@example.com", roles=["reviewer"])
    assert await heard(runtime, late.person) == waits
    other = await invite(name="Otto", email="otto@example.com", roles=["analyst"])
    assert await heard(runtime, other.person) == []
    await set_roles(runtime, owner, person=other.person, roles=["analyst", "reviewer"])
    await set_roles(runtime, owner, person=other.person, roles=["reviewer"])
    assert await heard(runtime, other.person) == waits


async def test_submitting_saves_a_version_and_tells_the_reviewers(runtime, ada, grace):
    card = await submitted(runtime, ada)
    assert (card.number, card.version, card.status, card.who) == (1, 1, "open", "Ada")
    [told] = await list_notifications(runtime, grace)
    assert "Ada submitted “Ticket triage”" in told.text
    assert told.link == "/reviews/1"
    assert await latest_submission(runtime, ada, workflow=card.workflow) == card
    [(waiting, why)], decided = await list_reviews(runtime, grace)
    assert (waiting, why, decided) == (card, "", [])


async def test_a_reviewer_who_took_part_is_not_asked_and_sees_why(runtime, ada, grace):
    card = await submitted(runtime, grace)
    assert await list_notifications(runtime, grace) == []
    [(waiting, why)], _ = await list_reviews(runtime, grace)
    assert (waiting.number, why) == (card.number, "owned it")


async def test_what_does_not_compile_is_shown_and_not_taken(runtime, ada):
    document = drawn()
    steps = {**document.meaning.steps}
    steps["ask"] = steps["ask"].model_copy(update={"settings": {}})
    broken = document.model_copy(update={"meaning": document.meaning.model_copy(update={"steps": steps})})
    draft = await create_workflow(runtime, ada, title="Broken", document=broken)
    preview = await check_submission(runtime, ada, workflow=draft.name)
    assert preview.sheet.blocked
    with pytest.raises(BadInput, match="cannot be submitted yet"):
        await submit(runtime, ada, workflow=draft.name, answers=ANSWERS)
    assert await latest_submission(runtime, ada, workflow=draft.name) is None


async def test_a_leak_is_shown_before_submitting_and_left_to_the_reviewer(runtime, ada):
    await narrowed(runtime)
    draft = await create_workflow(runtime, ada, title="Leaky", document=drawn(LEAKY))
    sheet = (await check_submission(runtime, ada, workflow=draft.name)).sheet
    [line] = [each for each in sheet.flow if not each["allowed"] and each["sink_kind"] == "model"]
    assert line["edge"] == "start → ask"
    assert "data_flow" in [each["code"] for each in sheet.checks if each["ok"] == "failed"]
    assert (await submit(runtime, ada, workflow=draft.name, answers=ANSWERS)).status == "open"


async def test_resubmitting_replaces_what_was_open_and_starts_from_the_old_answers(runtime, ada, grace):
    first = await submitted(runtime, ada)
    await changed(runtime, ada, first.workflow, "Say in five words: {{ start.ticket }}")
    assert (await check_submission(runtime, ada, workflow=first.workflow)).answers == ANSWERS
    second = await submit(runtime, ada, workflow=first.workflow, answers=ANSWERS)
    assert (second.number, second.version) == (2, 2)
    old, new = [(await open_review(runtime, ada, number=each.number)).card.status for each in (first, second)]
    assert (old, new) == ("superseded", "open")


async def test_the_same_version_is_submitted_once(runtime, ada):
    card = await submitted(runtime, ada)
    with pytest.raises(Conflict, match="under review already, as #1"):
        await submit(runtime, ada, workflow=card.workflow, answers=ANSWERS)


async def test_what_is_submitted_is_what_was_looked_at(runtime, ada):
    draft = await create_workflow(runtime, ada, title="Triage", document=drawn())
    seen = await check_submission(runtime, ada, workflow=draft.name)
    await changed(runtime, ada, draft.name, "Forget it")
    with pytest.raises(Conflict, match="changed after its checks were shown"):
        await submit(runtime, ada, workflow=draft.name, answers=ANSWERS, saw=seen.sheet.hash)


async def test_what_reaches_customers_is_tier_three(runtime, ada):
    draft = await create_workflow(runtime, ada, title="Triage", document=drawn())
    card = await submit(runtime, ada, workflow=draft.name, answers=replace(ANSWERS, customers=True))
    assert card.tier == 3


@pytest.mark.parametrize("answers", [replace(ANSWERS, problem="  "), replace(ANSWERS, users="x" * 2001)])
async def test_answers_are_asked_for_in_words(runtime, ada, answers):
    draft = await create_workflow(runtime, ada, title="Triage", document=drawn())
    with pytest.raises(BadInput, match="Say in a sentence"):
        await submit(runtime, ada, workflow=draft.name, answers=answers)


async def test_its_author_withdraws_it_once(runtime, ada):
    card = await submitted(runtime, ada)
    await withdraw_submission(runtime, ada, number=card.number)
    found = await latest_submission(runtime, ada, workflow=card.workflow)
    assert found is not None
    assert found.status == "withdrawn"
    with pytest.raises(Conflict):
        await withdraw_submission(runtime, ada, number=card.number)


async def test_a_reviewer_does_not_withdraw_what_others_submitted(runtime, ada, grace):
    card = await submitted(runtime, ada)
    with pytest.raises(NotAllowed, match="Only its author"):
        await withdraw_submission(runtime, grace, number=card.number)


async def test_strangers_get_the_answer_of_a_submission_that_is_not_there(runtime, ada):
    card = await submitted(runtime, ada)
    eve = await somebody(runtime, "Eve", "analyst")
    answers = []
    for number in (card.number, 99):
        with pytest.raises(NotFound) as error:
            await withdraw_submission(runtime, eve, number=number)
        answers.append(error.value.sentence.replace(str(number), "N"))
    assert answers[0] == answers[1]
    rows = runtime.reader.now(list_audit)[:2]
    assert {(row.outcome, row.person, row.thing) for row in rows} == {
        ("refused", eve.id, "submission:1"),
        ("refused", eve.id, "submission:99"),
    }
    with pytest.raises(NotFound):
        await submit(runtime, eve, workflow=card.workflow, answers=ANSWERS)


async def test_a_longer_list_of_reviews_asks_the_database_no_more(runtime, ada, grace):
    counts = []
    for more in (1, 4):
        for _ in range(more):
            await submitted(runtime, ada)
        with counted(runtime) as (watched, asked):
            waiting, _ = await list_reviews(watched, grace)
        counts.append((len(waiting), len(asked)))
    (few, asked_first), (many, asked_then) = counts
    assert (few, many) == (1, 5)
    assert 0 < asked_first == asked_then
