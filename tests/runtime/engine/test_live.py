"""The live view: sooner than the log, never different from it."""

import asyncio

import pytest

from runtime.engine import live
from runtime.engine.live import Audience, Subscriber, event_of
from tests.support.engine_room import Ask, Count, Gate, Give, Hold, draw, step
from tests.support.model_server import Turn


async def heard(subscriber, until="run.ended"):
    found = []
    async with asyncio.timeout(5):
        async for event in subscriber:
            found.append(event)
            if event["kind"] == until:
                break
    return found


async def test_committed_events_are_the_log_and_come_in_its_order(room):
    large = "x" * 50_000
    plan = draw(
        step("held", Hold(gate="live order")),
        step("count", Count(), "held"),
        step("text", Count(variable="long", by=0), "count"),
        step("a", Give(value=large), "text"),
        variables={"total": 0},
    )
    run, _ = room.begin(plan)
    subscriber = None
    while subscriber is None:
        subscriber = await room.engine.watch(run)
    Gate.of("live order").open()
    events = await heard(subscriber)
    committed = [each for each in events if "seq" in each]
    assert committed == [event_of(each) for each in room.checked_log(run)]
    assert events[-1]["outputs"] == {"value": large}


async def test_nothing_with_a_seq_is_told_before_it_is_durable(rooms):
    early = []
    told = []
    opened = []

    def look(place: str) -> None:
        if place == "before commit" and told:
            durable = len(opened[0].log(told[0]["run"]))
            early.extend(each for each in told if each["seq"] > durable)

    opened.append(rooms(reach=look))
    run, _ = opened[0].begin(draw(step("held", Hold(gate="durable")), *(
        step(f"s{at}", Give(), f"s{at - 1}" if at else "held") for at in range(40))))  # fmt: skip
    subscriber = None
    while subscriber is None:
        subscriber = await opened[0].engine.watch(run)
    Gate.of("durable").open()
    async for event in subscriber:
        told.extend([event] if "seq" in event else [])
        if event["kind"] == "run.ended":
            break
    assert len(told) == 41
    assert not early


@pytest.mark.slow
async def test_a_late_reader_gets_the_text_so_far_and_then_the_rest(room, model):
    model.say(Turn("abcdefgh", pieces=8, delay_s=0.03))
    run, _ = room.begin(draw(step("ask", Ask(prompt="x", stream=True))))
    model.wait_until(lambda server: server.calls)
    await asyncio.sleep(0.12)
    subscriber = await room.engine.watch(run)
    events = await heard(subscriber)
    text = ""
    for each in events:
        if each["kind"] == "text":
            assert each["offset"] == len(text)
            text += each["text"]
    assert text == "abcdefgh"
    assert events[0]["kind"] == "step.started", "it learns what is going on"
    assert len([each for each in events if each["kind"] == "text"]) > 1


@pytest.mark.slow
async def test_a_new_try_begins_its_text_anew(room, model):
    model.say(Turn("abcdefgh", pieces=4, drop_after=2), "the answer")
    run, _ = room.begin(draw(step("ask", Ask(prompt="x", stream=True))))
    subscriber = None
    while subscriber is None:
        subscriber = await room.engine.watch(run)
    texts = [each for each in await heard(subscriber) if each["kind"] == "text"]
    tries = {each["try"] for each in texts}
    assert len(tries) == 2
    last = [each for each in texts if each["try"] == max(tries)]
    assert last[0]["offset"] == 0
    assert "".join(each["text"] for each in last) == "the answer"


async def test_a_reader_that_does_not_read_is_cut_off_and_costs_no_more(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(live, "MOST_WAITING", 10)
    reader, audience = Subscriber(asyncio.get_running_loop()), Audience()
    audience.join("run", reader)
    for at in range(1_000):
        audience.tell({"kind": "x", "at": at})
        await asyncio.sleep(0)
    assert reader._queue.qsize() <= 13
    assert [each["at"] async for each in reader] == list(range(len(range(11))))


async def test_a_reader_who_leaves_is_forgotten(room):
    run, told = room.begin(draw(step("held", Hold(gate="leaves"))))
    subscriber = None
    while subscriber is None:
        subscriber = await room.engine.watch(run)
    execution = room.engine._live[run]
    room.engine.unwatch(run, subscriber)
    await room.until(lambda: not execution.telling.audience.readers)
    Gate.of("leaves").open()
    await asyncio.wrap_future(told)


async def test_nobody_executes_it_here_so_there_is_nothing_to_watch(room):
    assert await room.engine.watch("run_unknown") is None
