"""Pictures among files, and where a model is shown them."""

import pytest

from nodes.sdk import Picture, Said, StepFailed
from nodes.sdk.pictures import LARGEST, MOST, pictures_in, with_pictures
from tests.support.context import FilesAtHand


def file(number, media="image/png", size=3):
    return {"id": f"file_{number}", "name": "a", "type": media, "size": size, "sha256": str(number)}


FILES = FilesAtHand({"file_1": b"one", "file_2": b"two"})
ONE, TWO = Picture("image/png", b"one", "1"), Picture("image/jpeg", b"two", "2")


@pytest.mark.parametrize(
    ("value", "pictures"),
    [
        (file(1), (ONE,)),
        ([file(2, "image/jpeg"), file(1)], (TWO, ONE)),
        ([file(1), file(3, "application/pdf"), file(4, "image/svg+xml")], (ONE,)),
        ({"deep": [file(1)]}, (ONE,)),
        ([], ()),
        ("file_1", ()),
    ],
)
async def test_pictures_are_taken_in_order_and_other_files_left_out(value, pictures):
    assert await pictures_in(value, FILES) == pictures


@pytest.mark.parametrize("value", [[file(1)] * (MOST + 1), [file(1, size=LARGEST), file(2)]])
async def test_no_more_is_shown_than_models_take(value):
    with pytest.raises(StepFailed, match="at most 20 pictures of 20 MB") as told:
        await pictures_in(value, FILES)
    assert told.value.hint


async def test_a_file_that_is_not_this_runs_is_not_read():
    with pytest.raises(StepFailed, match="does not belong"):
        await pictures_in(file(9), FILES)


def test_they_stand_beside_the_last_message_of_the_user():
    told = [Said("system", "s"), Said("user", "a"), Said("assistant", "b"), Said("user", "c"), Said("assistant", "d")]
    assert with_pictures(told, (ONE,)) == [*told[:3], Said("user", "c", (ONE,)), told[4]]
    assert with_pictures(told, ()) == told
    assert with_pictures(told[:1], (ONE, TWO)) == [told[0], Said("user", "", (ONE, TWO))]
