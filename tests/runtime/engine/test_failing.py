"""A step that fails is tried again, replaced, or led elsewhere; what happened stands in the log."""

import asyncio
from dataclasses import replace

import orjson
import pytest

from runtime.graph.document import OnFailure
from tests.support.documents import finish, inside, plan_of, positive, start
from tests.support.engine_room import Send, draw, step
from tests.support.model_server import Turn

FAILS = positive("x")
"""a comparison of a text by size"""


def flow(**on_failure):
    step = FAILS | {"on_failure": on_failure}
    exits = ["work.yes > end", "work.else > end"] + (["work.error > end"] if on_failure.get("then") == "exit" else [])
    ends = (
        {}
        if on_failure.get("then", "stop") == "stop"
        else {
            "message": "{{ work.error_message }}",
            "code": "{{ work.error_code }}",
            "case": "{{ work.selected_case_id }}",
        }
    )
    return plan_of({"s": start(), "work": step, "end": finish(**ends)}, ["s > work", *exits])  # fmt: skip


def failures(room, run):
    return [(each.kind, each.try_, each.exit) for each in room.checked_log(run) if each.step == "work"]


async def test_a_step_without_a_word_on_failures_ends_the_run(room):
    run, told = room.begin(flow())
    end = await asyncio.wrap_future(told)
    assert (end.status, end.error["code"], end.error["step"]) == ("failed", "not_comparable", "work")
    assert failures(room, run) == [("failed", 1, "error")]


async def test_each_try_is_in_the_log_and_the_last_one_counts(room):
    run, told = room.begin(flow(retries=2, wait_s=0))
    assert (await asyncio.wrap_future(told)).status == "failed"
    assert failures(room, run) == [("retry", 1, ""), ("retry", 2, ""), ("failed", 3, "error")]


async def test_a_fallback_is_handed_on_with_what_went_wrong(room):
    run, told = room.begin(flow(then="exit"))
    end = await asyncio.wrap_future(told)
    assert end.status == "partly_succeeded"
    assert end.outputs["code"] == "not_comparable"
    assert "needs a number" in end.outputs["message"]
    assert failures(room, run) == [("failed", 1, "error")]
    (noted,) = [each for each in room.log(run) if each.step == "work"]
    assert orjson.loads(noted.detail)["handled"] is True


async def test_a_fallback_goes_on_by_the_ordinary_way(room):
    plan = plan_of(
        {"s": start("d"),
         "work": {"type": "data.join_text", "settings": {"texts": ['{{ s.d | date("%Y") }}']},
                  "on_failure": {"then": "fallback", "fallback": {"text": "no date"}}},
         "end": finish(text="{{ work.text }}", code="{{ work.error_code }}")},
        ["s > work", "work > end"],
    )  # fmt: skip
    end = await room.end(plan, {"d": "never"})
    assert (end.status, end.outputs) == ("partly_succeeded", {"text": "no date", "code": "not_a_date"})
    end = await room.end(plan, {"d": "2026-11-22"})
    assert (end.status, end.outputs) == ("succeeded", {"text": "2026", "code": None})


@pytest.mark.slow
async def test_a_step_that_takes_too_long_is_stopped_and_may_be_replaced(room):
    wait = {"type": "data.code", "settings": {"code": "def main():\n    while True: pass\n", "seconds": 30,
                                              "outputs": [{"name": "x"}]},
            "on_failure": {"timeout_s": 0.2, "then": "fallback", "fallback": {"x": "late"}}}  # fmt: skip
    plan = plan_of({"s": start(), "work": wait, "end": finish(x="{{ work.x }}", code="{{ work.error_code }}")},
                   ["s > work", "work > end"])  # fmt: skip
    end = await room.end(plan)
    assert (end.status, end.outputs) == ("partly_succeeded", {"x": "late", "code": "timeout"})


@pytest.mark.parametrize("cut", range(1, 6))
async def test_cut_off_after_any_record_the_tries_count_on(room, cut):
    run, told = room.begin(flow(retries=3, wait_s=0, then="exit"))
    assert (await asyncio.wrap_future(told)).status == "partly_succeeded"

    def forget(tx) -> None:
        tx.exec_driver_sql("DELETE FROM record WHERE run = ? AND seq > ?", (run, cut))
        tx.exec_driver_sql("UPDATE run SET status='running', process='dead', ended=NULL, outputs=NULL, error=NULL")

    await room.writer.write(forget)
    assert (await room.ended(run)).status == "partly_succeeded"
    assert failures(room, run) == [("retry", 1, ""), ("retry", 2, ""), ("retry", 3, ""), ("failed", 4, "error")]


async def test_a_failure_inside_a_container_is_handled_where_the_container_says(room):
    loop = {"type": "flow.repeat", "settings": {"most": 2}, "on_failure": {"then": "exit"}}
    plan = plan_of(
        {"s": start(), "r": loop, "work": inside("r", FAILS), "end": finish(why="{{ r.error_message }}")},
        ["s > r", "r.error > end"],
    )
    end = await room.end(plan)
    assert end.status == "partly_succeeded"
    assert end.outputs["why"].startswith("Round 1 failed: ")


async def test_a_try_that_failed_is_over_and_nobody_is_asked_about_it_when_the_run_is_taken_over(rooms, model):
    """What may have happened was answered: it failed. The next try begins as the first did."""
    room = rooms(model_url=model.url)
    room.bind()
    model.say(Turn(status=400, error={"error": {"message": "no"}}), "done")
    plan = draw(step("send", Send(prompt="x")))
    steps = tuple(replace(each, on_failure=OnFailure(retries=1, wait_s=0)) for each in plan.steps)
    run, told = room.begin(replace(plan, steps=steps))
    assert (await asyncio.wrap_future(told)).status == "succeeded"
    cut = next(each.seq for each in room.checked_log(run) if each.kind == "retry")

    def forget(tx) -> None:
        tx.exec_driver_sql("DELETE FROM record WHERE run = ? AND seq > ?", (run, cut))
        tx.exec_driver_sql("UPDATE run SET status='running', process='dead', ended=NULL, outputs=NULL, error=NULL")

    await room.writer.write(forget)
    assert (await room.ended(run)).status == "succeeded"
    assert not [each for each in room.log(run) if each.kind == "wait"]
