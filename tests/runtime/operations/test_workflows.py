"""A workflow in the list: what its document says of itself, and what its runs came to."""

from runtime.graph.document import Words
from runtime.operations.workflows import blank, create_workflow, duplicate_workflow, list_workflows


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
