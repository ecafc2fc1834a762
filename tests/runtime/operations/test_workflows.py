"""A workflow in the list: what its document says of itself, and what its runs came to."""

from runtime.graph.document import Document, Words
from runtime.graph.hashing import content_hash
from runtime.operations.workflows import blank, create_workflow, duplicate_workflow, list_workflows, open_draft


async def test_a_card_says_what_the_document_says_of_itself(runtime, owner):
    document = blank().model_copy(update={"words": Words(description="Sorts mail.", icon="mail")})
    await create_workflow(runtime, owner, title="Sort mail", document=document)
    (card,) = await list_workflows(runtime, owner)
    assert (card.name, card.title, card.description, card.icon) == ("sort-mail", "Sort mail", "Sorts mail.", "mail")
    assert (card.steps, card.last_run, card.last_status) == (2, None, None)


async def test_a_copy_looks_like_its_original(runtime, owner):
    document = blank().model_copy(update={"words": Words(icon="mail")})
    draft = await create_workflow(runtime, owner, title="Sort mail", document=document)
    await duplicate_workflow(runtime, owner, name=draft.name)
    cards = await list_workflows(runtime, owner)
    assert {card.title: card.icon for card in cards} == {"Sort mail": "mail", "Sort mail (copy)": "mail"}


async def test_a_step_of_an_earlier_version_is_told_in_todays_shape_and_stays_as_it_is_kept(runtime, owner):
    steps = {
        "start": {"type": "flow.start"},
        "set": {
            "type": "flow.set_value",
            "version": 1,
            "settings": {"variable": "n", "operation": "set", "value": "1"},
        },
    }
    meaning = {"steps": steps, "edges": [{"from": "start", "to": "set"}], "variables": {"n": {"start": ""}}}
    document = Document.model_validate({"name": "old", "meaning": meaning})
    made = await create_workflow(runtime, owner, title="Old", document=document)
    draft = await open_draft(runtime, owner, name=made.name)
    assert draft.check.older == {
        "set": {"version": 2, "settings": {"changes": [{"variable": "n", "operation": "set", "value": "1"}]}}
    }
    assert draft.document.meaning.steps["set"].version == 1
    assert draft.check.hash == content_hash(document)
