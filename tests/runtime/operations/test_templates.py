"""Templates: for whom they are, what a draft remembers of one, and what a next release changes."""

from __future__ import annotations

import pytest

from runtime.errors import BadInput, NotFound
from runtime.graph.edits import Configure
from runtime.operations import drafts, notifications, publishing, templates, workflows
from runtime.operations.actors import Actor
from runtime.operations.trying import adopt_file
from tests.support.publishing import FLOW, approved, approved_as_it_is, person


@pytest.fixture
async def it(runtime) -> Actor:
    return await person(runtime, "p_it", "reviewer")


@pytest.fixture
async def analyst(runtime) -> Actor:
    return await person(runtime, "p_an", "analyst")


async def changed(runtime, author: Actor, name: str) -> None:
    """A new prompt in the workflow the template was made of."""
    said = [{"role": "user", "text": "Greet {{ start.who }} twice"}]
    edit = Configure(id="ask", field="messages", value=said)
    await drafts.edit_draft(runtime, author, name=name, saw=1, batch="b-1", client="b", edits=[edit])


async def test_a_template_is_for_those_it_was_given_and_a_draft_remembers_it(runtime, it, analyst):
    decision, other = await approved(runtime), await person(runtime, "p_other", "analyst")
    made = await publishing.publish_template(runtime, it, decision=decision, title="Greeting", holders=[analyst.id])
    assert [each.name for each in await templates.list_templates(runtime, analyst)] == [made.name]
    assert await templates.list_templates(runtime, other) == []
    with pytest.raises(NotFound):
        await templates.use_template(runtime, other, template=made.name)
    draft = await templates.use_template(runtime, analyst, template=made.name, title="Mine")
    assert draft.document.words.title == "Mine"
    view = await templates.open_template(runtime, analyst, template=made.name)
    assert (view.card.used, view.picture.steps, "Greet" in view.walk) == (1, 3, True)
    origin = await templates.read_origin(runtime, analyst, workflow=draft.name)
    assert origin == templates.Origin(made.name, "Greeting", renewed=False)
    await templates.withdraw_template(runtime, it, template=made.name)
    with pytest.raises(NotFound):
        await templates.use_template(runtime, analyst, template=made.name)
    assert await templates.read_origin(runtime, analyst, workflow=draft.name) is None


@pytest.mark.slow
async def test_a_next_release_is_what_others_start_from_and_drafts_are_told_of_it(runtime, it, analyst):
    author, name = await adopt_file(runtime, FLOW)
    first = await approved_as_it_is(runtime, author, name)
    made = await publishing.publish_template(runtime, it, decision=first, title="Greeting", holders=[analyst.id])
    draft = await templates.use_template(runtime, analyst, template=made.name)
    await changed(runtime, author, name)
    second = await approved_as_it_is(runtime, author, name)
    offer = await publishing.prepare_publication(runtime, it, decision=second)
    assert (offer.templates, offer.offered) == ([(made.name, "Greeting")], "")
    again = await publishing.publish_template(
        runtime, it, decision=second, title="Greeting twice", holders=[], template=made.name
    )
    assert again.id == made.id
    view = await templates.open_template(runtime, analyst, template=made.name)
    assert (view.card.title, "twice" in str(view.document.meaning.steps["ask"].settings)) == ("Greeting twice", True)
    assert await templates.read_origin(runtime, analyst, workflow=draft.name) == templates.Origin(
        made.name, "Greeting twice", renewed=True
    )
    [card] = await workflows.list_workflows(runtime, analyst)
    assert (card.origin, card.renewed) == ("Greeting twice", True)
    told = [each.text for each in await notifications.list_notifications(runtime, analyst)]
    assert any("new release" in each for each in told)
    fresh = await templates.use_template(runtime, analyst, template=made.name, title="Fresh")
    renewed = await templates.read_origin(runtime, analyst, workflow=fresh.name)
    assert renewed is not None
    assert not renewed.renewed


async def test_an_approval_of_one_workflow_is_no_release_of_a_template_of_another(runtime, it, analyst):
    first, second = await approved(runtime), await approved(runtime)
    made = await publishing.publish_template(runtime, it, decision=first, title="One", holders=[analyst.id])
    with pytest.raises(BadInput, match="another workflow"):
        await publishing.publish_template(runtime, it, decision=second, title="Two", holders=[], template=made.name)


async def test_whoever_lost_the_right_on_a_template_does_not_learn_its_name_from_a_draft(runtime, it, analyst):
    made = await publishing.publish_template(
        runtime, it, decision=await approved(runtime), title="Greeting", holders=[analyst.id]
    )
    draft = await templates.use_template(runtime, analyst, template=made.name, title="Mine")
    await runtime.writer.write(
        lambda tx: tx.exec_driver_sql("DELETE FROM thing_right WHERE thing = ? AND holder = ?", (made.id, analyst.id))
    )
    assert await templates.read_origin(runtime, analyst, workflow=draft.name) is None
    [card] = await workflows.list_workflows(runtime, analyst)
    assert card.origin == ""
