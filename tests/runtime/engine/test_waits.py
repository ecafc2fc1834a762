"""Waiting for people: asked once, answered once, laid aside meanwhile, whatever dies in between."""

import asyncio
import contextlib
from collections.abc import Callable

import orjson
import pytest

from nodes.sdk import Effect
from runtime.clock import MovedClock
from runtime.engine.state import fold, fresh
from runtime.errors import GreenlaneError
from runtime.graph.document import RunSettings
from runtime.store.runs import cancel
from tests.support.engine_room import Decide, Gate, Give, Hold, Room, Send, draw, ran, reading, step
from tests.support.model_server import Turn

DECISION = draw(step("a", Give(value=1)), step("ask", Decide(), "a"), reading("b", Give, ["ask"], "ask"))


@pytest.fixture
def clock() -> MovedClock:
    return MovedClock()


@pytest.fixture
def asking(rooms: Callable[..., Room], clock: MovedClock) -> Room:
    room = rooms(clock=clock)
    room.people("Ada", "Ben")
    return room


def kinds(room: Room, run: str) -> list[str]:
    return [f"{each.step} {each.kind}" for each in room.checked_log(run)]


async def test_a_run_is_laid_aside_until_somebody_answers_and_then_goes_on(asking):
    run, told = asking.begin(DECISION)
    [wait] = await asking.waiting(run)
    assert (await asyncio.wrap_future(told)).status == "waiting", "who waits for the end is told"
    row = asking.row(run)
    assert (row.process, row.due_at) == ("", None)
    assert await asking.answer(wait.id, "yes", comment="fine") == run
    row = await asking.ended(run)
    assert (row.status, orjson.loads(row.outputs)) == ("succeeded", {"value": "yes"})
    assert kinds(asking, run) == ["a done", "ask wait", "ask answer", "ask done", "b done"]
    assert ran(run) == ["a", "ask", "ask", "b"]
    assert [each.logged for each in asking.waits(run)] == [1]


async def test_opening_and_laying_aside_are_one_commit(asking):
    await asking.end(draw(step("s", Give())))
    before = asking.writer.commits
    run, _ = asking.begin(DECISION)
    await asking.waiting(run)
    assert asking.writer.commits - before <= 2, "the start, and all that comes until it waits"


async def test_who_may_answer_is_told_and_the_starter_is_not(asking):
    asking.people("P")  # who starts runs in this room
    run, _ = asking.begin(draw(step("ask", Decide(holders=("Ada", "p")))))
    [wait] = await asking.waiting(run)
    told = asking.reader.now(lambda tx: tx.exec_driver_sql("SELECT person, link FROM notification").all())
    assert [tuple(each) for each in told] == [("ada", f"/inbox/{wait.id}")]


@pytest.mark.parametrize("holders", [("Nobody",), ("P",), ()])
async def test_a_question_nobody_could_answer_fails_the_step_with_words(asking, holders):
    asking.people("P")
    end = await asking.end(draw(step("ask", Decide(holders=holders))))
    assert (end.status, end.error["code"]) == ("failed", "nobody_to_ask")
    assert end.error["hint"]
    assert asking.waits(end.run) == []


async def test_of_two_answers_the_first_counts(asking):
    run, _ = asking.begin(DECISION)
    [wait] = await asking.waiting(run)
    won = await asyncio.gather(*(asking.answer(wait.id, choice, by) for choice, by in [("yes", "ada"), ("no", "ben")]))
    assert sorted(each is None for each in won) == [False, True]
    row = await asking.ended(run)
    expected = "yes" if won[0] else "no"
    assert orjson.loads(row.outputs) == {"value": expected}
    assert kinds(asking, run).count("ask answer") == 1


async def test_the_deadline_answers_by_itself_and_an_answer_after_it_is_too_late(asking, clock):
    run, _ = asking.begin(draw(step("ask", Decide(deadline_s=3600))))
    [wait] = await asking.waiting(run)
    assert wait.deadline == clock.now() + 3600
    clock.move(3600)
    assert await asking.answer(wait.id) is None
    row = await asking.ended(run)
    assert orjson.loads(row.outputs)["value"] == "timeout"
    audited = asking.reader.now(lambda tx: tx.exec_driver_sql("SELECT action FROM audit ORDER BY id").scalars().all())
    assert audited == ["wait.timeout", "run.end"]


async def test_a_deadline_is_fixed_once_and_holds_while_no_process_lives(rooms, clock):
    first = rooms(clock=clock)
    first.people("Ada")
    plan = draw(
        step("ask", Decide(deadline_s=100)),
        step("held", Hold(gate="deadline kept")),
        reading("b", Give, ["ask"], "ask"),
    )
    run, _ = first.begin(plan)
    await first.until(lambda: first.waits(run))
    first.die()
    clock.move(60)
    second = rooms(clock=clock)
    await second.waiting(run)
    assert [each.deadline for each in second.waits(run)] == [clock.now() + 40], "a takeover does not ask again"
    second.die()
    clock.move(41)
    third = rooms(clock=clock)
    assert orjson.loads((await third.ended(run)).outputs) == {"value": "timeout"}


async def test_an_answer_given_while_no_process_lives_is_taken_by_the_next(rooms, clock):
    first = rooms(clock=clock)
    first.people("Ada")
    run, _ = first.begin(DECISION)
    [wait] = await first.waiting(run)
    first.die()
    second = rooms(clock=clock, sweeps=False)
    assert await second.answer(wait.id) == run
    assert second.row(run).status == "queued"
    second.die()
    third = rooms(clock=clock)
    assert (await third.ended(run)).status == "succeeded"


async def test_replay_gives_the_same_answer_forever(rooms, clock):
    first = rooms(clock=clock)
    first.people("Ada")
    plan = draw(
        step("ask", Decide()),
        step("held", Hold(gate="after the answer"), "ask"),
        reading("end", Give, ["ask"], "held"),
    )
    run, _ = first.begin(plan)
    [wait] = await first.waiting(run)
    await first.answer(wait.id, "no")
    await first.until(lambda: "held" in ran(run))
    first.die()
    Gate.of("after the answer").open()
    second = rooms(clock=clock)
    assert orjson.loads((await second.ended(run)).outputs) == {"value": "no"}
    assert ran(run).count("ask") == 2, "its answer and its end are in the log"


async def test_other_branches_go_on_while_one_waits_and_an_answer_is_taken_meanwhile(asking):
    plan = draw(
        step("s", Give()),
        step("ask", Decide(), "s"),
        step("held", Hold(gate="other branch"), "s"),
        step("more", Give(value=2), "held"),
        reading("after", Give, ["ask"], "ask"),
    )
    run, told = asking.begin(plan)
    await asking.until(lambda: asking.waits(run) and "held" in ran(run))
    assert asking.row(run).status == "running"
    await asking.answer(asking.waits(run)[0].id)
    await asking.until(lambda: "after" in ran(run))
    assert "more" not in ran(run)
    Gate.of("other branch").open()
    assert (await asyncio.wrap_future(told)).status == "succeeded"
    assert asking.row(run).attempt == 1, "it was never laid aside"


async def test_an_answer_from_another_process_is_taken_while_other_branches_go_on(rooms, clock):
    first, other = rooms(clock=clock), rooms(clock=clock, sweeps=False)
    first.people("Ada")
    plan = draw(
        step("s", Give()),
        step("ask", Decide(), "s"),
        step("held", Hold(gate="answered elsewhere"), "s"),
        reading("after", Give, ["ask"], "ask"),
    )
    run, told = first.begin(plan)
    await first.until(lambda: first.waits(run) and "held" in ran(run))
    await other.answer(other.waits(run)[0].id)
    await first.until(lambda: "after" in ran(run))
    Gate.of("answered elsewhere").open()
    assert (await asyncio.wrap_future(told)).status == "succeeded"
    assert first.row(run).attempt == 1


async def test_a_run_is_laid_aside_only_when_nothing_else_can_go_on(asking):
    plan = draw(step("s", Give()), step("ask", Decide(), "s"), step("held", Hold(gate="still going"), "s"))
    run, _ = asking.begin(plan)
    await asking.until(lambda: asking.waits(run))
    await asyncio.sleep(0.1)
    assert asking.row(run).status == "running"
    Gate.of("still going").open()
    await asking.waiting(run)


async def test_cancelling_closes_the_question_and_nobody_can_answer_any_more(asking):
    run, _ = asking.begin(DECISION)
    [wait] = await asking.waiting(run)
    await asking.writer.write(lambda tx: cancel(tx, run, now=5.0))
    assert [each.status for each in asking.waits(run)] == ["closed"]
    assert await asking.answer(wait.id) is None
    assert asking.row(run).status == "cancelled"


async def test_a_run_that_fails_elsewhere_closes_its_questions(asking):
    class Boom(Hold, label="Boom", effects=(Effect.WAIT,)):
        """Fails once its gate is opened."""

        async def run(self, ctx):
            await super().run(ctx)
            raise ZeroDivisionError

    run, told = asking.begin(draw(step("s", Give()), step("ask", Decide(), "s"), step("boom", Boom(gate="boom"), "s")))
    await asking.until(lambda: asking.waits(run))
    Gate.of("boom").open()
    assert (await asyncio.wrap_future(told)).status == "failed"
    assert [each.status for each in asking.waits(run)] == ["closed"]


async def test_two_hundred_answers_are_few_resumes(asking):
    names = [f"ask{at}" for at in range(200)]
    plan = draw(step("s", Give()), *(step(each, Decide(), "s") for each in names), reading("join", Give, names, *names))
    run, _ = asking.begin(plan)
    waits = await asking.waiting(run, 200)
    for each in waits:
        await asking.answer(each.id)
    row = await asking.ended(run)
    assert orjson.loads(row.outputs) == {"value": ["yes"] * 200}
    assert row.attempt <= 10


async def test_the_time_a_run_waits_does_not_count_as_work(asking, clock):
    plan = draw(step("ask", Decide()), reading("b", Give, ["ask"], "ask"), limits=RunSettings(time_limit_s=60))
    run, _ = asking.begin(plan)
    [wait] = await asking.waiting(run)
    clock.move(5 * 24 * 3600)
    await asking.answer(wait.id)
    assert (await asking.ended(run)).status == "succeeded"
    assert fold(fresh(plan, run, ""), asking.log(run)).busy_s < 60


async def test_the_live_view_says_who_is_waited_for_and_ends_when_the_run_is_laid_aside(asking):
    run, _ = asking.begin(draw(step("held", Hold(gate="watched")), step("ask", Decide(deadline_s=60), "held")))
    reader = await asking.engine.watch(run)
    Gate.of("watched").open()
    events = [each async for each in reader]
    asked = next(each for each in events if each["kind"] == "step.waiting")
    assert (asked["step"], asked["title"], asked["waits_for"]) == ("ask", "May it go on?", "Ada")
    assert asked["deadline"] == asking.clock.now() + 60
    assert events[-1]["kind"] == "run.waiting"


@pytest.mark.parametrize("commits", range(7))
async def test_dying_before_any_commit_around_a_wait_it_asks_once_and_takes_one_answer(rooms, clock, commits):
    left = commits

    def dies_at(place: str) -> None:
        nonlocal left
        if place == "before commit" and begun:
            left -= 1
            if left < 0:
                raise OSError("the process is gone")

    begun: list[str] = []
    first = rooms(clock=clock, reach=dies_at)
    first.people("Ada")
    begun.append("from here on")
    run, _ = first.begin(DECISION)
    with contextlib.suppress(AssertionError, GreenlaneError):
        await first.until(lambda: left < 0 or (first.row(run) and first.row(run).status == "waiting"), 1)
        for each in first.waits(run):
            await first.answer(each.id)
        await first.until(lambda: left < 0 or first.row(run).ended, 1)
    first.die()
    second = rooms(clock=clock)
    if second.row(run) is None:
        assert commits == 0, "its start was acknowledged to nobody"
        return
    await second.until(lambda: second.row(run).status == "waiting" or second.row(run).ended)
    if second.row(run).ended is None:
        [wait] = await second.waiting(run)
        assert await second.answer(wait.id) == run
    assert (await second.ended(run)).status == "succeeded"
    assert kinds(second, run) == ["a done", "ask wait", "ask answer", "ask done", "b done"]
    assert [each.status for each in second.waits(run)] == ["answered"]


async def interrupted(rooms, model, node: type[Send] = Send) -> tuple[str, Room]:
    """A run whose process died while it sent; taken up by another."""
    model.say(Turn("never read", stall_after=0, pieces=1))
    first = rooms(model_url=model.url)
    first.bind()
    first.people("P")
    run, _ = first.begin(draw(step("send", node(prompt="x", stream=True)), reading("end", Give, ["send"], "send")))
    model.wait_until(lambda server: len(server.calls) == 1)
    first.die()
    return run, rooms(model_url=model.url)


async def test_what_may_have_been_sent_is_asked_of_who_started_the_run(rooms, model):
    run, room = await interrupted(rooms, model)
    [wait] = await room.waiting(run)
    asked = orjson.loads(wait.asked)
    assert wait.kind == "interrupted"
    assert [each["id"] for each in asked["choices"]] == ["again", "sent", "stop"]
    assert "may have happened on" in asked["text"]
    holders = room.reader.now(lambda tx: tx.exec_driver_sql("SELECT holder FROM wait_for").scalars().all())
    assert holders == ["p"]
    assert len(model.calls) == 1, "nothing was sent again meanwhile"


@pytest.mark.parametrize(("choice", "status", "calls", "value"), [
    ("again", "succeeded", 2, "You said: x"), ("sent", "succeeded", 1, None), ("stop", "failed", 1, None)])  # fmt: skip
async def test_the_owner_decides_what_becomes_of_it(rooms, model, choice, status, calls, value):
    run, room = await interrupted(rooms, model)
    [wait] = await room.waiting(run)
    await room.answer(wait.id, choice, by="p")
    row = await room.ended(run)
    assert (row.status, len(model.calls)) == (status, calls)
    if status == "succeeded":
        assert orjson.loads(row.outputs) == {"value": value}
    else:
        assert orjson.loads(row.error)["code"] == "interrupted"


async def test_interrupted_once_more_it_is_asked_once_more(rooms, model):
    run, second = await interrupted(rooms, model)
    [wait] = await second.waiting(run)
    model.say(Turn("never read", stall_after=0, pieces=1))
    await second.answer(wait.id, "again", by="p")
    model.wait_until(lambda server: len(server.calls) == 2)
    second.die()
    third = rooms(model_url=model.url)
    [again] = await third.waiting(run)
    assert again.id != wait.id
    await third.answer(again.id, "sent", by="p")
    assert (await third.ended(run)).status == "succeeded"
    assert len(model.calls) == 2
