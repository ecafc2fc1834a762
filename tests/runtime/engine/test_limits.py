import asyncio
from dataclasses import replace

import orjson
import pytest

from nodes.sdk import Effect, StepFailed
from runtime.engine.ending import Ended
from runtime.engine.limits import Limits
from runtime.engine.ports import Quote
from runtime.engine.state import fold, fresh
from runtime.graph.document import OnFailure, RunSettings
from tests.support.documents import each, finish, inside, plan_of, positive, start
from tests.support.engine_room import Ask, Gate, Give, Hold, Room, chain, draw, ran, step
from tests.support.model_server import ModelServer, Turn


def code_of(end: Ended) -> str:
    assert end.error is not None
    return end.error["code"]


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


class Reject(Ask, label="Reject", effects=(Effect.SPEND,)):
    """Asks a model, and cannot use what it answers."""

    async def run(self, ctx):
        await super().run(ctx)
        raise StepFailed("That is no answer.", code="unfit")


def trying(node: Ask, limits: RunSettings | None = None, **on_failure):
    plan = draw(step("ask", node), limits=limits)
    steps = tuple(replace(each, on_failure=OnFailure(wait_s=0, **on_failure)) for each in plan.steps)
    return replace(plan, steps=steps)


def spent(room: Room) -> float:
    with room.database.connect() as tx:
        return tx.exec_driver_sql("SELECT sum(coalesce(settled, reserved)) FROM spend").scalar_one()


async def test_every_try_of_a_step_is_on_the_bill(room: Room):
    room.bind(price_in=0.0, price_out=1_000_000.0)
    end = await room.end(trying(Reject(prompt="x"), retries=3))
    assert (end.status, code_of(end)) == ("failed", "unfit")
    assert room.row(end.run).cost == 20.0, "four times five tokens"
    assert spent(room) == 20.0


async def test_tries_of_a_step_stop_where_the_month_of_a_model_is_used_up(room: Room, model: ModelServer):
    room.bind(price_in=0.0, price_out=1_000_000.0, month_limit=108.0)  # 100 reserved, 5 used a call
    end = await room.end(trying(Reject(prompt="x"), retries=9))
    assert (end.status, code_of(end)) == ("failed", "budget_used_up")
    assert len(model.calls) == 2


@pytest.mark.slow
@pytest.mark.parametrize("limit", [RunSettings(cost_limit=250.0), RunSettings(token_limit=250)])
async def test_a_call_that_was_cut_off_may_be_on_the_bill_and_counts_against_the_run(room, model, limit):
    model.say(*(Turn("never read", stall_after=0, pieces=1) for _ in range(10)))
    room.bind(price_in=0.0, price_out=1_000_000.0)  # 100 reserved a call
    plan = trying(Ask(prompt="x", stream=True), limit, retries=9, timeout_s=0.5)
    run, told = room.begin(plan)
    end = await asyncio.wait_for(asyncio.wrap_future(told), 20)
    assert (end.status, end.error["code"]) in {("failed", "cost_limit"), ("failed", "token_limit")}
    assert len(model.calls) == 2
    log = [each for each in room.checked_log(run) if each.kind == "retry"]
    again = fold(fresh(plan, run, ""), room.checked_log(run))
    assert len(log) == 9, "what is refused is tried again, and asks nobody"
    assert again.lost_cost == 200.0, "an attempt that takes over knows it too"
    assert spent(room) == 200.0


def stumbling(limit: int, **on_failure):
    """Items of which each fails, and nobody minds."""
    plan = plan_of(
        {"s": start("items"), "all": each("{{ s.items }}", on_error="skip"),
         "work": inside("all", positive("x"), **on_failure), "end": finish(failed="{{ all.failed }}")},
        ["s > all", "all > end"],
    )  # fmt: skip
    return replace(plan, run=RunSettings(step_limit=limit))


@pytest.mark.parametrize("on_failure", [{}, {"retries": 4, "wait_s": 0}])
async def test_what_fails_counts_as_a_step_each_time(room, on_failure):
    many = 50 // (1 + on_failure.get("retries", 0))
    end = await room.end(stumbling(55, **on_failure), {"items": list(range(many))})
    assert (end.status, end.outputs) == ("partly_succeeded", {"failed": many})
    run, told = room.begin(stumbling(55, **on_failure), {"items": list(range(1_000))})
    end = await asyncio.wrap_future(told)
    assert (end.status, end.error["code"]) == ("failed", "step_limit")
    log = room.checked_log(run)
    assert sum(each.kind in ("failed", "retry") for each in log) < 60
    assert fold(fresh(stumbling(55, **on_failure), run, ""), log).steps == 55, "an attempt that takes over counts on"
