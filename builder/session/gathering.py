"""Events in batches: what comes quickly goes to the browser together."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any


async def gathered(events: AsyncIterator[dict[str, Any]], seconds: float) -> AsyncIterator[list[dict[str, Any]]]:
    """Events in batches: the first of a batch waits `seconds` for those behind it."""
    queue: asyncio.Queue[dict[str, Any] | None] = asyncio.Queue()

    async def read() -> None:
        try:
            async for event in events:
                queue.put_nowait(event)
        finally:
            queue.put_nowait(None)

    reading = asyncio.create_task(read())
    try:
        while (event := await queue.get()) is not None:
            batch = [event]
            await asyncio.sleep(seconds)
            while not queue.empty() and (event := queue.get_nowait()) is not None:
                batch.append(event)
            yield batch
            if event is None:
                break
        await reading
    finally:
        reading.cancel()
