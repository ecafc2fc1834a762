"""What steps put together stays small enough for everybody's server; runs of it are in the engine's tests."""

import pytest

from nodes.sdk import StepFailed
from nodes.sdk.sizes import LONGEST_TEXT, MOST_ENTRIES, ROOM, check_list, check_text


def test_sizes_have_an_end():
    check_text(LONGEST_TEXT)
    check_list(MOST_ENTRIES)
    for check in (lambda: check_text(LONGEST_TEXT + 1), lambda: check_list(MOST_ENTRIES + 1)):
        with pytest.raises(StepFailed) as refused:
            check()
        assert refused.value.code == "too_large"
    ROOM.left = 10
    with pytest.raises(StepFailed, match="larger than a step may make it"):
        ROOM.take(11)
