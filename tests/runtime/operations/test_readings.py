"""Files that are read for steps: few at a time, also where nobody waits for one any more."""

import asyncio
import threading

import pytest

from runtime.operations import traces
from runtime.operations.trying import adopt_file
from tests.runtime.operations.test_files import FLOW, bring, ran


@pytest.mark.slow
async def test_readings_nobody_waits_for_any_more_keep_their_place(runtime, owner):
    """A step that is stopped by its time limit and tried again must not have ever more files read at once."""
    await adopt_file(runtime, FLOW)
    end = await ran(runtime, owner, doc=(await bring(runtime, owner)).id)
    kept, given = runtime.files, (await traces.read_run(runtime, owner, run=end.run)).inputs["doc"]
    at_work, most, go_on = 0, 0, threading.Event()

    def slow(_name: str, _content: bytes) -> list[str]:
        nonlocal at_work, most
        at_work += 1
        most = max(most, at_work)
        go_on.wait(10)
        at_work -= 1
        return []

    for _ in range(8):
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(kept._extracted(slow, end.run, given), 0.05)
    assert most == 2
    go_on.set()
    assert await asyncio.wait_for(kept._extracted(slow, end.run, given), 10) == []
