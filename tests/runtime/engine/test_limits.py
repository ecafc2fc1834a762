import asyncio

import orjson
import pytest

from nodes.sdk import StepFailed
from runtime.engine.limits import Limits
from runtime.engine.ports import Quote
from runtime.engine.state import fresh
from runtime.graph.document import RunSettings
from tests.support.engine_room import Ask, Gate, Give, Hold, chain, draw, ran, step


def limits(settings: RunSettings) -> Limits:
    return Limits(settings, fresh(chain(1), "run", ""))


def test_calls_in_flight_count_against_the_tokens():
    mine = limits(RunSettings(token_limit=100))
    mine.reserve("a", Quote("m", 60, 0.0, None))
    with pytest.raises(StepFailed, match="40") as refused:
        mine.reserve("b", Quote("m", 60, 0.0, None))
    assert refused.value.code == "token_limit"
    mine.settle("a")
    mine.reserve("b", Quote("m", 60, 0.0, None))


def test_calls_in_flight_count_against_the_money():
    mine = limits(RunSettings(cost_limit=1.0))
    mine.reserve("a", Quote("m", 1, 0.6, None))
    with pytest.raises(StepFailed) as refused:
        mine.reserve("b", Quote("m", 1, 0.6, None))
    assert refused.value.code == "cost_limit"


async def test_a_run_stops_at_its_limit_of_steps(room):
    end = await room.end(draw(*(step(f"s{at}", Give(), *([f"s{at - 1}"] if at else [])) for at in range(5)),
                              limits=RunSettings(step_limit=3)))  # fmt: skip
    assert (end.status, end.error["code"]) == ("failed", "step_limit")
    assert len(room.checked_log(end.run)) == 3


async def test_a_run_stops_at_its_limit_of_time(room):
    end = await room.end(draw(step("held", Hold(gate="too long")), limits=RunSettings(time_limit_s=0.05)))
    assert (end.status, end.error["code"]) == ("failed", "time_limit")


async def test_steps_and_tokens_of_earlier_attempts_count_on(rooms, model):
    first = rooms(model_url=model.url)
    first.bind()
    plan = draw(
        step("ask", Ask(prompt="x")), step("held", Hold(gate="limits"), "ask"), step("again", Ask(prompt="y"), "held"),
        limits=RunSettings(token_limit=115),
    )  # fmt: skip
    run, _ = first.begin(plan)
    await first.until(lambda: len(ran(run)) == 2)
    first.die()
    Gate.of("limits").open()
    second = rooms(model_url=model.url)
    row = await second.ended(run)
    assert orjson.loads(row.error)["code"] == "token_limit"
    assert len(model.calls) == 1


@pytest.mark.slow
async def test_time_spent_by_earlier_attempts_counts_on(rooms):
    first = rooms()
    plan = draw(
        step("a", Give()), step("h1", Hold(gate="time 1"), "a"), step("h2", Hold(gate="time 2"), "h1"),
        limits=RunSettings(time_limit_s=3.0),
    )  # fmt: skip
    run, _ = first.begin(plan)
    await asyncio.sleep(2.7)
    Gate.of("time 1").open()
    await first.until(lambda: len(first.log(run)) == 2)
    first.die()
    second = rooms()
    row = await second.ended(run)
    assert orjson.loads(row.error)["code"] == "time_limit"
    assert row.ended - second.log(run)[-1].ended < 2.5, "the second attempt had only the rest of the time"
