"""Effects: intent first, one key for all attempts, and what an interrupted one may do."""

import asyncio

import orjson
import pytest

from nodes.sdk import Effect
from runtime.engine.effects import AT_ONCE
from runtime.engine.values import idempotency_key
from runtime.store.runs import claim
from tests.support.documents import each, finish, inside, plan_of, start
from tests.support.engine_room import Ask, Gate, Give, Hold, Room, Send, draw, ran, reading, step
from tests.support.model_server import Turn


async def test_the_intent_is_durable_before_the_call_leaves(rooms, model):
    seen: list[int] = []
    opened: list[Room] = []

    def look(place: str) -> None:
        if place == "before effect":
            with opened[0].database.connect() as tx:  # another connection: it sees what is committed
                seen.append(tx.exec_driver_sql("SELECT count(*) FROM record WHERE kind = 'intent'").scalar_one())
                seen.append(tx.exec_driver_sql("SELECT count(*) FROM spend").scalar_one())

    opened.append(rooms(model_url=model.url, reach=look))
    opened[0].bind()
    end = await opened[0].end(draw(step("ask", Ask(prompt="hello"))))
    assert seen == [1, 1]
    intent, reply, done = opened[0].checked_log(end.run)
    assert orjson.loads(intent.value or b"")["messages"] == [{"role": "user", "text": "hello"}]
    assert (reply.kind, orjson.loads(reply.value or b"")["text"]) == ("reply", "You said: hello")
    assert (done.kind, done.seen) == ("done", 0)


async def test_an_intent_that_cannot_be_kept_lets_nothing_leave(rooms, model):
    room = rooms(model_url=model.url, sweeps=False)  # which would take the run over from a process that is not there
    room.bind()
    run, told = room.begin(draw(step("held", Hold(gate="no intent")), step("ask", Ask(), "held")))
    await room.until(lambda: ran(run) and room.row(run))
    await room.writer.write(lambda tx: claim(tx, run, attempt=1, process="another", now=1.0))
    Gate.of("no intent").open()
    assert (await asyncio.wrap_future(told)).status is None
    assert not model.calls


async def test_the_key_of_a_call_is_the_same_in_every_attempt(rooms, model):
    model.say(Turn("never read", stall_after=0, pieces=1), "the answer")
    first = rooms(model_url=model.url)
    first.bind()
    run, _ = first.begin(draw(step("ask", Ask(prompt="x", stream=True))))
    model.wait_until(lambda server: len(server.calls) == 1)
    first.die()
    second = rooms(model_url=model.url)
    assert (await second.ended(run)).status == "succeeded"
    assert [call.key for call in model.calls] == [idempotency_key(run, "ask", "", 1)] * 2
    assert [each.kind for each in second.checked_log(run)] == ["intent", "intent", "reply", "done"]
    with second.database.connect() as tx:
        assert tx.exec_driver_sql("SELECT count(*) FROM spend").scalar_one() == 1, "reserved once, not twice"


class SendOnce(Send, label="Send once", effects=(Effect.SPEND, Effect.WRITE), interrupted="fail"):
    """Would rather fail than ask."""


async def test_a_step_may_say_that_an_interruption_fails_it(rooms, model):
    model.say(Turn("never read", stall_after=0, pieces=1))
    first = rooms(model_url=model.url)
    first.bind()
    run, _ = first.begin(draw(step("send", SendOnce(prompt="x", stream=True))))
    model.wait_until(lambda server: len(server.calls) == 1)
    first.die()
    second = rooms(model_url=model.url)
    row = await second.ended(run)
    assert (row.status, orjson.loads(row.error)["code"]) == ("failed", "interrupted")
    assert len(model.calls) == 1


async def test_a_finished_call_is_not_made_again_after_a_takeover(rooms, model):
    first = rooms(model_url=model.url)
    first.bind()
    plan = draw(
        step("ask", Ask(prompt="x")),
        step("held", Hold(gate="after the call"), "ask"),
        reading("end", Give, ["ask"], "held"),
    )
    run, _ = first.begin(plan)
    await first.until(lambda: len(first.log(run)) == 3)  # intent, reply, done
    first.die()
    Gate.of("after the call").open()
    second = rooms(model_url=model.url)
    row = await second.ended(run)
    assert orjson.loads(row.outputs) == {"value": "You said: x"}
    assert len(model.calls) == 1


async def test_what_a_call_may_cost_is_reserved_and_what_it_cost_is_settled(room):
    room.bind(price_in=1_000.0, price_out=1_000_000.0)
    end = await room.end(draw(step("ask", Ask(prompt="x"))))
    with room.database.connect() as tx:
        reserved, settled = tx.exec_driver_sql("SELECT reserved, settled FROM spend").one()
    assert reserved >= 100.0, "100 tokens at the most"
    assert settled == (7 * 1_000 + 5 * 1_000_000) / 1e6
    assert room.row(end.run).cost == settled


async def test_an_alias_that_has_used_up_its_month_asks_nobody(room, model):
    room.bind(price_in=1_000.0, price_out=1_000_000.0, month_limit=150.0)
    plan = draw(step("a", Ask(prompt="x")), step("b", Ask(prompt="y"), "a"), step("c", Ask(prompt="z"), "b"))
    room.bind(price_in=0.0, price_out=10_000_000.0, month_limit=1_040.0)  # 1,000 reserved, 50 used a call
    end = await room.end(plan)
    assert (end.status, end.error["code"], end.error["step"]) == ("failed", "budget_used_up", "b")
    assert len(model.calls) == 1


async def test_a_call_nobody_can_bill_gives_its_reservation_back(room, model):
    model.say(Turn(status=401, error={"error": {"message": "no"}}))
    room.bind(price_in=1.0, price_out=1.0)
    end = await room.end(draw(step("ask", Ask(prompt="x"))))
    assert end.status == "failed"
    with room.database.connect() as tx:
        assert tx.exec_driver_sql("SELECT settled FROM spend").scalar_one() == 0.0


@pytest.mark.slow
async def test_items_in_items_make_no_more_calls_at_once_than_a_run_may(room, model):
    """Twelve times twelve at once would be a connection each; three levels of fifty would leave none for anybody."""
    model.say(*(Turn("x", delay_s=0.3) for _ in range(144)))
    room.bind()
    asks = {"type": "ai.ask_model", "settings": {"alias": "fast", "messages": [{"role": "user", "text": "x"}]}}
    plan = plan_of(
        {"s": start("rows"), "all": each("{{ s.rows }}", parallel=50),
         "deep": inside("all", each("{{ s.rows }}", parallel=50)), "ask": inside("deep", asks),
         "end": finish(failed="{{ all.failed }}")},
        ["s > all", "all > end"],
    )  # fmt: skip
    under_way, most, ask = 0, 0, room.engine._tools.models.ask

    async def counted(*args, **options):
        nonlocal under_way, most
        under_way += 1
        most = max(most, under_way)
        try:
            return await ask(*args, **options)
        finally:
            under_way -= 1

    with pytest.MonkeyPatch.context() as here:
        here.setattr(room.engine._tools.models, "ask", counted)
        end = await room.end(plan, {"rows": list(range(12))})
    assert (end.status, len(model.calls), most) == ("succeeded", 144, AT_ONCE)
