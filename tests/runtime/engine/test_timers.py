"""Waiting for a time: in memory when it is soon, else a row that any process answers."""

import asyncio
from collections.abc import Callable

import orjson
import pytest

from nodes.flow.wait import Wait
from runtime.clock import MovedClock
from runtime.engine.waits import SHORT_S
from runtime.store.runs import cancel
from tests.support.engine_room import Decide, Gate, Give, Hold, Room, draw, ran, reading, step

LATER = draw(
    step("a", Give(value=1)), step("wait", Wait(amount=1, unit="hours"), "a"), reading("b", Give, ["a"], "wait")
)


@pytest.fixture
def clock() -> MovedClock:
    return MovedClock()


@pytest.fixture
def room(rooms: Callable[..., Room], clock: MovedClock) -> Room:
    return rooms(clock=clock)


def kinds(room: Room, run: str) -> list[str]:
    return [f"{each.step} {each.kind}" for each in room.checked_log(run)]


@pytest.mark.slow
async def test_a_run_is_laid_aside_until_its_time_and_then_goes_on(room, clock):
    run, told = room.begin(LATER)
    [wait] = await room.waiting(run)
    assert (await asyncio.wrap_future(told)).status == "waiting"
    assert (wait.kind, wait.deadline) == ("timer", clock.now() + 3600)
    clock.move(3599)
    await asyncio.sleep(room.sweep_s * 4)
    assert room.row(run).status == "waiting", "not a moment too soon"
    clock.move(1)
    assert (await room.ended(run)).status == "succeeded"
    assert kinds(room, run) == ["a done", "wait wait", "wait answer", "wait done", "b done"]
    assert ran(run) == ["a", "b"]


@pytest.mark.slow
async def test_the_time_is_fixed_once_and_survives_a_restart(rooms, room, clock):
    run, _ = room.begin(LATER)
    [wait] = await room.waiting(run)
    room.close(0.1)
    clock.move(1800)
    other = rooms(clock=clock)
    clock.move(1799)
    await asyncio.sleep(other.sweep_s * 4)
    assert [each.deadline for each in other.waits(run)] == [wait.deadline]
    clock.move(1)
    assert (await other.ended(run)).status == "succeeded"
    done = next(each for each in other.checked_log(run) if each.step == "wait" and each.kind == "done")
    assert orjson.loads(done.value)["until"].startswith("2027-01-15T09:00:00")


async def test_what_is_soon_is_waited_for_in_memory(room):
    end = await room.end(draw(step("wait", Wait(amount=0.02, unit="seconds")), reading("b", Give, [], "wait")))
    assert (end.status, kinds(room, end.run)) == ("succeeded", ["wait done", "b done"])
    assert room.waits(end.run) == []
    run, _ = room.begin(draw(step("wait", Wait(amount=SHORT_S + 0.1, unit="seconds"))))
    assert len(await room.waiting(run)) == 1


async def test_a_time_that_comes_while_other_steps_go_on_is_taken_at_once(room, clock):
    plan = draw(
        step("a", Give()), step("hold", Hold(gate="timer beside"), "a"), step("wait", Wait(amount=1), "a"),
        reading("after", Give, [], "wait"),
    )  # fmt: skip
    run, told = room.begin(plan)
    await room.until(lambda: room.waits(run))
    clock.move(60)
    await room.until(lambda: "after" in ran(run))
    assert room.row(run).status == "running", "it was not laid aside for that"
    Gate.of("timer beside").open()
    assert (await asyncio.wait_for(asyncio.wrap_future(told), 10)).status == "succeeded"


@pytest.mark.slow
async def test_a_run_that_waits_for_a_time_is_cancelled_like_any_other(room, clock):
    run, _ = room.begin(LATER)
    [wait] = await room.waiting(run)
    room.writer.offer(lambda tx: cancel(tx, run, now=clock.now())).result(10)
    clock.move(7200)
    await asyncio.sleep(room.sweep_s * 4)
    assert room.row(run).status == "cancelled"
    assert [each.status for each in room.waits(run)] != ["answered"], wait


async def test_it_is_nobodys_to_answer_and_no_deadline_anybody_missed(room, clock):
    room.people("Ada")
    run, _ = room.begin(LATER)
    await room.waiting(run)
    clock.move(3600)
    await room.ended(run)
    told = room.reader.now(lambda tx: tx.exec_driver_sql("SELECT count(*) FROM notification").scalar())
    missed = room.reader.now(
        lambda tx: tx.exec_driver_sql("SELECT count(*) FROM audit WHERE action = 'wait.timeout'").scalar()
    )
    assert (told, missed) == (0, 0)


async def test_a_person_and_a_time_are_waited_for_together(room, clock):
    room.people("Ada")
    run, _ = room.begin(draw(step("a", Give()), step("ask", Decide(), "a"), step("wait", Wait(amount=1), "a")))
    waits = await room.waiting(run, 2)
    clock.move(60)
    assert await room.answer(next(each.id for each in waits if each.kind == "approve"), "yes") == run
    assert (await room.ended(run)).status == "succeeded"
