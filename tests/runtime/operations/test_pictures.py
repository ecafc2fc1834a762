"""Pictures: all that is needed to draw a workflow, also one that cannot run."""

from runtime.operations.pictures import picture_of
from tests.runtime.operations.flows import summary


async def test_a_picture_has_the_steps_their_types_and_the_ways_out_of_each(runtime):
    picture = picture_of(runtime, summary())
    assert picture.steps == 3
    assert {each["type"] for each in picture.types} == {"flow.start", "ai.ask_model", "flow.finish"}
    assert [way["id"] for way in picture.exits["ask"]] == ["done"]
    assert picture.drawn([{"step": "ask"}])["problems"] == [{"step": "ask"}]


async def test_what_cannot_run_is_drawn_too(runtime):
    document = summary()
    broken = document.model_copy(update={"meaning": document.meaning.model_copy(update={"edges": ()})})
    assert picture_of(runtime, broken).document["meaning"]["edges"] == []
