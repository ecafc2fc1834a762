"""A run that fails begins its error workflow in the transaction that ends it: once, however its process dies."""

import asyncio
import contextlib
from dataclasses import replace

import orjson
import pytest

from nodes.flow.start import Start
from nodes.sdk import StepFailed
from nodes.sdk.inputs import Input
from runtime.engine.error_runs import title_of
from runtime.engine.ports import Pin
from runtime.errors import GreenlaneError
from runtime.graph.compiling import compile_document
from runtime.graph.document import ERROR_INPUTS, RunSettings
from runtime.graph.plan import OnError, Plan
from runtime.store.error_runs import error_run_of
from runtime.store.runs import MOST_BARREN, cancel, claim
from tests.runtime.graph.test_calling import CATALOGUE, document
from tests.support.engine_room import Decide, Gate, Give, Hold, draw, ran, reading, step


class Fail(Give, label="Fail"):
    """Fails."""

    async def run(self, ctx):
        raise StepFailed("It is broken.", code="broken", hint="Mend it.")


def telling(*names: str, **first: object) -> Plan:
    """What runs when a run fails: takes these inputs, hands on all of them."""
    inputs = [Input(name=each, **first if number == 0 else {}) for number, each in enumerate(names or ERROR_INPUTS)]  # pyright: ignore[reportArgumentType]
    return draw(step("start", Start(inputs=inputs)), step("end", Give(value="told"), "start"))


def followed(plan: Plan, after: Plan) -> Plan:
    return replace(plan, on_error=OnError("tell-it", "c" * 64, after, b"{}"))


def broken(after: Plan, limits: RunSettings | None = None) -> Plan:
    return followed(draw(step("a", Give(value=1)), step("boom", Fail(), "a"), limits=limits), after)


def after(room, run: str) -> str:
    return room.reader.now(lambda tx: error_run_of(tx, "w", run))


def count(room) -> int:
    return room.reader.now(lambda tx: tx.exec_driver_sql("SELECT count(*) FROM run").scalar())


@pytest.fixture
def telling_plan(room):
    plan = telling()
    room.plans[plan.hash] = plan
    return plan


async def test_its_error_workflow_runs_with_what_the_failure_says(room, telling_plan):
    end = await room.end(broken(telling_plan))
    assert (end.status, end.error_run) == ("failed", after(room, end.run))
    row = await room.ended(end.error_run)
    assert row.status == "succeeded"
    failed = room.row(end.run)
    told = orjson.loads(row.inputs)
    assert told.pop("started_at").startswith("20")
    assert told == {
        "workflow": "W", "run": end.run, "step": "boom", "message": "It is broken.", "code": "broken", "person": "",
    }  # fmt: skip
    assert (row.title, row.hash, row.created) == ("When “W” fails", telling_plan.hash, failed.ended)
    assert (row.person, row.via, row.workflow, row.app) == (failed.person, failed.via, failed.workflow, failed.app)


async def test_it_is_given_only_what_it_declares_and_no_more_than_it_takes(room):
    plan = telling("message", "code", max_length=5)
    room.plans[plan.hash] = plan
    end = await room.end(broken(plan))
    assert orjson.loads(room.row(end.error_run).inputs) == {"message": "It is", "code": "broken"}


async def test_a_key_that_is_taken_keeps_no_run_from_ending(room, telling_plan):
    run, told = room.begin(followed(draw(step("held", Hold(gate="taken")), step("boom", Fail(), "held")), telling_plan))
    await room.until(lambda: ran(run) and room.row(run))
    other, _ = room.begin(telling_plan, key=f"error:{run}", queued=True)
    Gate.of("taken").open()
    end = await asyncio.wait_for(asyncio.wrap_future(told), 10)
    assert (end.status, end.error_run) == ("failed", "")
    assert after(room, run) == other


async def test_a_limit_fails_it_by_no_step(room, telling_plan):
    end = await room.end(broken(telling_plan, RunSettings(step_limit=1)))
    assert end.error["code"] == "step_limit"
    told = orjson.loads(room.row(end.error_run).inputs)
    assert (told["step"], told["code"]) == ("", "step_limit")


async def test_an_error_run_that_fails_is_followed_by_none(room):
    last = draw(step("start", Start()), step("boom", Fail(), "start"))
    again = followed(last, telling("message"))
    room.plans[again.hash] = again
    end = await room.end(broken(again))
    assert (await room.ended(end.error_run)).status == "failed"
    assert after(room, end.error_run) == ""
    assert count(room) == 2


@pytest.mark.parametrize("way", ["succeeds", "handled", "pinned key"])
async def test_what_does_not_fail_for_good_or_is_a_test_case_is_followed_by_none(room, telling_plan, way):
    plan = broken(telling_plan)
    key = "test:case:1" if way == "pinned key" else None
    pins = {"boom": Pin({"value": 1})} if way == "succeeds" else None
    if way == "handled":
        boom = replace(plan.steps[1], on_failure=plan.steps[1].on_failure.model_copy(update={"then": "fallback"}))
        plan = replace(plan, steps=(plan.steps[0], boom))
    end = await room.end(plan, key=key, pins=pins)
    expected = {"succeeds": "succeeded", "handled": "partly_succeeded", "pinned key": "failed"}[way]
    assert (end.status, end.error_run) == (expected, "")
    assert count(room) == 1


async def test_a_run_that_a_person_stops_is_followed_by_none(room, telling_plan):
    plan = followed(draw(step("held", Hold(gate="stopped by hand"))), telling_plan)
    run, _ = room.begin(plan)
    await room.until(lambda: ran(run) and room.row(run))
    await room.writer.write(lambda tx: cancel(tx, run, now=5.0))
    room.engine.stop(run, "cancelled")
    assert (room.row(run).status, count(room)) == ("cancelled", 1)


async def test_a_run_that_its_process_dies_over_again_and_again_is_followed(rooms):
    first = rooms(sweeps=False)
    plan = followed(draw(step("held", Hold(gate="poison"))), telling())
    assert plan.on_error is not None
    first.plans[plan.on_error.plan.hash] = plan.on_error.plan
    run, _ = first.begin(plan)
    await first.until(lambda: ran(run) and first.row(run))
    first.die()
    for attempt in range(1, MOST_BARREN + 1):
        other = rooms(sweeps=False)
        now = float(attempt)
        taken = await other.writer.write(
            lambda tx, attempt=attempt, now=now: claim(tx, run, attempt=attempt, process=f"gone {attempt}", now=now)
        )
        assert taken
        assert not taken.poison
        other.die()
    last = rooms()
    row = await last.ended(run)
    assert orjson.loads(row.error)["code"] == "crashed_repeatedly"
    assert (await last.ended(after(last, run))).status == "succeeded"
    assert count(last) == 2


@pytest.mark.parametrize("place", ["before commit", "after commit"])
@pytest.mark.parametrize("commits", range(8))
async def test_dying_at_any_commit_of_a_failing_run_it_is_followed_once(rooms, place, commits):
    left = commits

    def dies_at(here: str) -> None:
        nonlocal left
        if here == place and begun:
            left -= 1
            if left < 0:
                raise OSError("the process is gone")

    begun: list[str] = []
    first = rooms(reach=dies_at)
    plan = draw(step("ask", Decide()), reading("boom", Fail, ["ask"], "ask"))
    plan = followed(plan, telling())
    assert plan.on_error is not None
    first.plans[plan.on_error.plan.hash] = plan.on_error.plan
    first.people("Ada")
    begun.append("from here on")
    run, _ = first.begin(plan)
    with contextlib.suppress(AssertionError, GreenlaneError):
        await first.until(lambda: left < 0 or (first.row(run) and first.row(run).status == "waiting"), 1)
        for each in first.waits(run):
            await first.answer(each.id)
        await first.until(lambda: left < 0 or (after(first, run) and first.row(after(first, run)).ended), 1)
    first.die()
    second = rooms()
    if second.row(run) is None:
        assert commits == 0, "its start was acknowledged to nobody"
        return
    await second.until(lambda: second.row(run).status == "waiting" or second.row(run).ended)
    if second.row(run).ended is None:
        [wait] = await second.waiting(run)
        assert await second.answer(wait.id) == run
    assert (await second.ended(run)).status == "failed"
    assert (await second.ended(after(second, run))).status == "succeeded"
    assert count(second) == 2


async def test_a_run_whose_plan_is_lost_is_followed(room, telling_plan):
    lost = replace(followed(Plan.empty(), telling_plan), hash="lost")
    run, _ = room.begin(lost, queued=True)
    row = await room.ended(run)
    assert orjson.loads(row.error)["code"] == "plan_lost"
    assert (await room.ended(after(room, run))).status == "succeeded"


async def test_it_waits_its_turn_over_a_restart(rooms):
    first = rooms(sweeps=False)
    plan = broken(telling())
    assert plan.on_error is not None
    first.plans[plan.on_error.plan.hash] = plan.on_error.plan
    end = await first.end(plan)
    assert (first.row(end.error_run).status, first.row(end.error_run).process) == ("queued", "")
    first.close()
    second = rooms()
    row = await second.ended(end.error_run)
    assert (row.status, row.attempt) == ("succeeded", 1)


def test_a_failure_inside_a_container_names_the_step_that_failed():
    steps = {
        "start": {"type": "flow.start", "settings": {"inputs": [{"name": "all", "kind": "list"}]}},
        "each": {"type": "flow.each", "settings": {"items": "{{ start.all }}", "result": "{{ say.text }}"}},
        "say": {"type": "data.join_text", "settings": {"texts": ["x"]}, "inside": "each"},
        "end": {"type": "flow.finish", "settings": {"outputs": [{"name": "out", "value": "{{ each.output }}"}]}},
    }
    made = document(steps, ("start", "each"), ("each", "end"))
    words = made.words.model_validate({"steps": {"say": {"title": "Say it"}}})
    plan = compile_document(made.model_copy(update={"words": words}), CATALOGUE).plan
    assert plan
    assert title_of(plan, {"step": "say", "path": "each[3]"}) == "Say it"
    assert title_of(plan, {"step": "say", "path": "gone[3]"}) == "say"
    assert title_of(plan, {"step": None}) == ""
