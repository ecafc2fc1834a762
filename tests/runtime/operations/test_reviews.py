"""What whoever decides sees of a submission, and what they may do beside deciding."""

import pytest

from runtime.errors import BadInput, Conflict, NotAllowed, NotFound
from runtime.graph.edits import Configure
from runtime.operations.drafts import edit_draft
from runtime.operations.notifications import list_notifications
from runtime.operations.publishing import publish_template
from runtime.operations.reviews import add_comment, open_review, settle_comment, try_submission
from runtime.operations.runs import follow_run
from runtime.operations.submissions import submit
from runtime.operations.templates import use_template
from runtime.operations.traces import read_run
from runtime.store.audit import list_audit
from tests.support.reviewing import ANSWERS, LEAKY, SOURCE, decided, drawn, narrowed, somebody, submitted


async def test_a_first_review_tells_what_it_does_and_compares_with_nothing(runtime, ada, grace):
    card = await submitted(runtime, ada)
    seen = await open_review(runtime, grace, number=card.number)
    assert (seen.answers, seen.against, seen.changes, seen.hindrance) == (ANSWERS, "", (), "")
    assert "Sum up" in seen.walkthrough
    assert seen.about == "Says in a sentence what a ticket is about."
    assert list(seen.steps.values()) == ["start", "ask", "finish"]
    assert [each["name"] for each in seen.inputs] == ["ticket"]
    assert {each["kind"] for each in seen.facts["inventory"]} >= {"model", "node_type"}


async def test_the_next_one_is_compared_with_the_last_approved(runtime, ada, grace):
    card = await submitted(runtime, ada)
    await decided(runtime, grace, card.number)
    messages = [{"role": "user", "text": "In five words: {{ start.ticket }}"}]
    edit = Configure(id="ask", field="messages", value=messages)
    await edit_draft(runtime, ada, name=card.workflow, saw=1, batch="b", client="c", edits=[edit])
    again = await submit(runtime, ada, workflow=card.workflow, answers=ANSWERS)
    seen = await open_review(runtime, grace, number=again.number)
    assert seen.against == "version 1"
    assert [(each.step, each.material) for each in seen.changes] == [("ask", True)]
    assert "In five words" in seen.changes[0].sentence


async def test_what_began_as_a_template_is_compared_with_it(runtime, ada, grace):
    await submitted(runtime, ada)
    decision = await decided(runtime, grace, 1)
    made = await publish_template(runtime, grace, decision=decision, title="Short words", holders=[ada.id])
    draft = await use_template(runtime, ada, template=made.name, title="Shorter words")
    messages = [{"role": "user", "text": "In two words: {{ start.ticket }}"}]
    edit = Configure(id="ask", field="messages", value=messages)
    await edit_draft(runtime, ada, name=draft.name, saw=0, batch="b", client="c", edits=[edit])
    seen = await open_review(
        runtime, grace, number=(await submit(runtime, ada, workflow=draft.name, answers=ANSWERS)).number
    )
    assert seen.against == "the template “Short words”"
    assert [each.step for each in seen.changes if each.material] == ["ask"]


async def test_the_facts_are_those_of_the_submission(runtime, ada, grace):
    await narrowed(runtime)
    card = await submitted(runtime, ada, drawn(LEAKY))
    seen = await open_review(runtime, grace, number=card.number)
    assert any(not each["allowed"] and each["edge"] == "start → ask" for each in seen.facts["flow"])


async def test_strangers_get_the_answer_of_a_submission_that_is_not_there(runtime, ada, grace):
    card = await submitted(runtime, ada)
    eve = await somebody(runtime, "Eve", "analyst")
    with pytest.raises(NotFound, match="There is no submission #1"):
        await open_review(runtime, eve, number=card.number)
    with pytest.raises(NotFound, match="There is no submission #2"):
        await open_review(runtime, grace, number=2)
    rows = runtime.reader.now(list_audit)[:2]
    assert [(row.person, row.outcome, row.action, row.reason.partition(":")[0]) for row in rows] == [
        (grace.id, "refused", "submission.see", "not there"),
        (eve.id, "refused", "submission.see", "hidden"),
    ]


async def test_a_remark_on_a_step_reaches_the_author_and_is_settled_by_them(runtime, ada, grace):
    card = await submitted(runtime, ada)
    await add_comment(runtime, grace, number=card.number, text="Which language?", step="ask")
    [told] = await list_notifications(runtime, ada)
    assert "Which language?" in told.text
    [remark] = (await open_review(runtime, ada, number=card.number)).comments
    assert (remark.title, remark.who, remark.settled) == ("ask", "Grace", None)
    alan = await somebody(runtime, "Alan", "reviewer")
    with pytest.raises(NotAllowed):
        await settle_comment(runtime, alan, number=card.number, comment=remark.id)
    await settle_comment(runtime, ada, number=card.number, comment=remark.id)
    with pytest.raises(Conflict):
        await settle_comment(runtime, ada, number=card.number, comment=remark.id)


async def test_a_remark_is_on_a_step_there_is_and_in_words(runtime, ada, grace):
    card = await submitted(runtime, ada)
    with pytest.raises(NotFound):
        await add_comment(runtime, grace, number=card.number, text="What is this?", step="none")
    with pytest.raises(BadInput):
        await add_comment(runtime, grace, number=card.number, text="  ")


async def test_a_try_runs_the_submitted_version_whatever_the_draft_is_now(runtime, ada, grace):
    card = await submitted(runtime, ada)
    edit = Configure(id="ask", field="messages", value=[{"role": "user", "text": "Nothing"}])
    await edit_draft(runtime, ada, name=card.workflow, saw=1, batch="b", client="c", edits=[edit])
    started = await try_submission(runtime, grace, number=card.number, inputs={"ticket": "Printer on fire"})
    [_ async for _ in follow_run(runtime, grace, run=started.run)]
    view = await read_run(runtime, grace, run=started.run)
    assert (view.card.status, view.card.person) == ("succeeded", "Grace")
    assert "Sum up: Printer on fire" in (view.outputs or {})["summary"]
    with pytest.raises(NotFound):
        await read_run(runtime, await somebody(runtime, "Eve", "analyst"), run=started.run)


async def test_a_chat_asks_whoever_tries_it_for_the_message(runtime, ada, grace):
    chat = SOURCE.replace(b"inputs: [{name: ticket, kind: text, data_class: public}]", b"kind: chat")
    card = await submitted(runtime, ada, drawn(chat.replace(b"start.ticket", b"start.message")))
    seen = await open_review(runtime, grace, number=card.number)
    assert [(each["name"], each["label"]) for each in seen.inputs] == [("message", "Your message")]
    started = await try_submission(runtime, grace, number=card.number, inputs={"message": "Printer on fire"})
    assert started.run


async def test_only_reviewers_try(runtime, ada):
    card = await submitted(runtime, ada)
    with pytest.raises(NotAllowed):
        await try_submission(runtime, ada, number=card.number, inputs={"ticket": "x"})
