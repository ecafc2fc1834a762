import pytest

from nodes.sdk import StepFailed
from runtime.engine.ports import Pin
from runtime.engine.turn import play
from tests.support.context import StepContext


async def test_a_pin_says_its_chunks_and_leaves_with_its_outputs():
    context = StepContext()
    left = await play(Pin(outputs={"text": "ab"}, chunks=("a", "b"), exit="else"), context)  # pyright: ignore[reportArgumentType] - a context for tests
    assert (left.exit, left.output, context.said) == ("else", {"text": "ab"}, ["a", "b"])


async def test_a_pin_may_fail():
    with pytest.raises(StepFailed, match="broken"):
        await play(Pin(error="broken", delay_s=0.001), StepContext())  # pyright: ignore[reportArgumentType] - as above


@pytest.mark.parametrize(
    ("pin", "way"),
    [
        (Pin(outputs={"class_id": "2", "class_name": "Other"}), "2"),
        (Pin(outputs={"class_id": "2"}, exit="1"), "1"),
        (Pin(outputs={"class_id": ["2"]}), "done"),
        (Pin(outputs={}), "done"),
    ],
)
async def test_a_pin_without_a_way_out_leaves_by_the_one_its_values_name(pin, way):
    left = await play(pin, StepContext(), {"1": (), "2": ()})  # pyright: ignore[reportArgumentType] - as above
    assert left.exit == way
