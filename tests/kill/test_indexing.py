"""Indexing under `kill -9`: what was acknowledged is there, nothing is half there, and all of it is found."""

import pytest

from tests.kill.indexing import play


@pytest.mark.slow
async def test_twenty_kills_of_indexing_lose_nothing_and_leave_nothing_half_done(tmp_path):
    found = await play(tmp_path, 20, seed=3)
    assert found.findings == []
    assert found.under_way >= 10, "the kills have to meet work"
    assert found.by_knife >= 10, "two of three rounds end at a commit"
    assert len(found.brought) >= 5
