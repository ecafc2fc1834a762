"""Code in a run: what it gives is recorded; a cancelled run ends its worker, and so does a process that leaves."""

import asyncio
import time
from typing import Any

import pytest

from nodes.sdk import Effect, Node
from tests.support.engine_room import Room, draw, step

pytestmark = pytest.mark.slow


class Compute(Node, label="Compute", effects=(Effect.COMPUTE,)):
    """Runs code."""

    source: str
    seconds: float = 10.0

    async def run(self, ctx) -> Any:
        ran = await ctx.sandbox.run("python", self.source, {"n": 20}, seconds=self.seconds)
        return {"value": ran.value, "printed": ran.printed}


@pytest.fixture
def room(tmp_path):
    room = Room(tmp_path)
    yield room
    room.close(0.1)
    assert room.sandbox.workers() == []


async def at_work(room: Room) -> None:
    """Wait until code runs."""
    async with asyncio.timeout(20):
        while not room.sandbox._workers._busy:  # noqa: ASYNC110 - another process is waited for
            await asyncio.sleep(0.01)


async def test_what_code_gives_is_the_output_of_its_step(room):
    ended = await room.end(draw(step("a", Compute(source="print('n', n)\nn * 2 + 2"))))
    assert (ended.status, ended.outputs) == ("succeeded", {"value": 42, "printed": "n 20\n"})


async def test_a_mistake_in_code_ends_the_run_with_its_line(room):
    ended = await room.end(draw(step("a", Compute(source="a = 1\na / 0"))))
    assert ended.status == "failed"
    assert (ended.error["code"], ended.error["step"]) == ("code_error", "a")
    assert ended.error["message"].startswith("Line 2: ZeroDivisionError")


async def test_a_cancelled_run_takes_its_worker_along(room):
    run, _ = room.begin(draw(step("a", Compute(source="while True: pass", seconds=60))))
    await at_work(room)
    (worker,) = room.sandbox._workers._busy
    began = time.monotonic()
    room.engine.stop(run, "cancelled")
    async with asyncio.timeout(10):
        while worker.lives:  # noqa: ASYNC110 - another process is waited for
            await asyncio.sleep(0.01)
    assert time.monotonic() - began < 2


async def test_a_process_that_leaves_takes_its_workers_along(tmp_path):
    room = Room(tmp_path)
    room.begin(draw(step("a", Compute(source="while True: pass", seconds=60))))
    await at_work(room)
    await asyncio.to_thread(room.close, 0.1)
    assert room.sandbox.workers() == []


async def test_two_people_with_the_same_code_never_share_a_worker(room):
    plan = draw(step("a", Compute(source="n")))
    await room.end(plan)
    (key,) = room.sandbox._workers._knowing
    assert key[1] == f"p {plan.hash}", "a worker belongs to a person and to what was approved"
