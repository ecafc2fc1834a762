import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from builder.session.gathering import gathered
from runtime.errors import GreenlaneError


async def test_events_come_in_batches_and_all_of_them():
    async def events() -> AsyncIterator[dict[str, Any]]:
        for number in range(5):
            yield {"n": number}
            if number == 2:
                await asyncio.sleep(0)

    batches = [batch async for batch in gathered(events(), 0)]
    assert [each["n"] for batch in batches for each in batch] == [0, 1, 2, 3, 4]
    assert len(batches) < 5


async def test_what_goes_wrong_while_following_is_not_swallowed():
    async def events() -> AsyncIterator[dict[str, Any]]:
        yield {"n": 1}
        raise GreenlaneError("gone")

    with pytest.raises(GreenlaneError, match="gone"):
        _ = [batch async for batch in gathered(events(), 0)]
