"""Containers at work, each rule by its smallest document; random ones are in tests/differential."""

import asyncio
from dataclasses import replace

import orjson
import pytest

from runtime.engine.containers import AT_ONCE
from runtime.engine.state import fold, fresh
from runtime.graph.document import RunSettings
from tests.support.documents import change, each, finish, inside, loop, plan_of, positive, start


async def test_a_loop_ends_when_any_of_its_conditions_holds_where_it_says_so(room):
    never, now = ({"left": "{{ r.round }}", "operator": "equal", "right": right} for right in (-1, 2))
    plan = plan_of(
        {"s": start(), "r": loop(never, now, match="any", most=5), "b": inside("r", positive(1)),
         "end": finish(rounds="{{ r.round }}")},
        ["s > r", "r > end"],
    )  # fmt: skip
    assert (await room.end(plan)).outputs == {"rounds": 2}


async def test_a_loop_compares_exactly_where_it_says_so(room):
    same = {"left": "{{ r.word }}", "operator": "is", "right": "yes"}
    plan = plan_of(
        {"s": start(), "r": loop(same, start={"word": "YES"}, rules="exact", most=2), "b": inside("r", positive(1)),
         "end": finish(rounds="{{ r.round }}")},
        ["s > r", "r > end"],
    )  # fmt: skip
    assert (await room.end(plan)).outputs == {"rounds": 2}


@pytest.mark.slow
async def test_what_an_item_changed_before_it_left_the_loop_stays(room):
    plan = plan_of(
        {"s": start(), "r": loop(start={"found": None}), "e": inside("r", each(["a", "b"])),
         "one": inside("e", change("r.found", "set", "{{ e.item }}")), "two": inside("e", change("n", "add", 1)),
         "leave": inside("e", {"type": "flow.leave_loop"}),
         "end": finish(found="{{ r.found }}", n="{{ variables.n }}", rounds="{{ r.round }}")},
        ["s > r", "one > two", "two > leave", "r > end"], n=0,
    )  # fmt: skip
    assert (await room.end(plan)).outputs == {"found": "a", "n": 1, "rounds": 1}


@pytest.mark.parametrize("container", [each([1, "x", 2]), each([1, "x", 2], parallel=2), loop(most=1)])
async def test_cut_off_between_a_failed_item_and_the_end_of_its_container_the_run_still_fails(room, container):
    value = "{{ c.item }}" if container["type"] == "flow.each" else "x"
    plan = plan_of(
        {"s": start(), "c": container, "b": inside("c", positive(value)), "end": finish()}, ["s > c", "c > end"]
    )
    run, told = room.begin(plan)
    assert told.result(10).status == "failed"
    records = room.checked_log(run)
    cut = next(each.seq for each in records if (each.kind, each.exit) == ("item", "failed"))

    def forget(tx) -> None:
        tx.exec_driver_sql("DELETE FROM record WHERE run = ? AND seq > ?", (run, cut))
        tx.exec_driver_sql("UPDATE run SET status='running', process='dead', ended=NULL, outputs=NULL, error=NULL")

    await room.writer.write(forget)
    row = await room.ended(run)
    assert (row.status, orjson.loads(row.error or b"{}").get("step")) == ("failed", "c")
    ends = [(each.kind, each.step, each.path, each.exit) for each in room.checked_log(run)]
    assert ends[-1] == ("failed", "c", "", "error")
    assert len(set(ends)) == len(ends)


async def test_items_are_written_down_one_by_one_and_the_results_keep_their_order(room):
    plan = plan_of(
        {"s": start("items"), "e": each("{{ s.items }}", "{{ e.item }}-{{ e.index }}", parallel=3),
         "b": inside("e", positive(1)), "end": finish(out="{{ e.output }}", failed="{{ e.failed }}")},
        ["s > e", "e > end"],
    )  # fmt: skip
    run, told = room.begin(plan, {"items": ["a", "b", "c", "d"]})
    assert told.result(10).outputs == {"out": ["a-0", "b-1", "c-2", "d-3"], "failed": 0}
    items = [(each.path, each.exit) for each in room.checked_log(run) if each.kind == "item"]
    assert sorted(items) == [(f"e[{number}]", "done") for number in range(4)]


@pytest.mark.parametrize(
    ("policy", "status", "out"),
    [("stop", "failed", None), ("null", "partly_succeeded", [1, None, 3]), ("skip", "partly_succeeded", [1, 3])],
)
async def test_an_item_that_fails_does_to_the_others_what_the_policy_says(room, policy, status, out):
    plan = plan_of(
        {"s": start(), "e": each([1, "x", 3], "{{ e.item }}", on_error=policy),
         "b": inside("e", positive("{{ e.item }}")), "end": finish(out="{{ e.output }}")},
        ["s > e", "e > end"],
    )  # fmt: skip
    end = await room.end(plan)
    assert (end.status, end.outputs and end.outputs["out"]) == (status, out)
    if policy == "stop":
        assert end.error["message"].startswith("Item 2 failed: ")


@pytest.mark.parametrize("items", ["[1]", "7", '{"a": 1}'])
async def test_what_is_no_list_is_told(room, items):
    plan = plan_of(
        {"s": start(), "e": each(items), "b": inside("e", positive(1)), "end": finish()}, ["s > e", "e > end"]
    )
    end = await room.end(plan)
    assert (end.status, end.error["code"]) == ("failed", "not_a_list")


async def test_a_list_that_changes_meanwhile_is_worked_on_as_it_was(room):
    plan = plan_of(
        {"s": start(), "e": each("{{ variables.todo }}", "{{ e.item }}"),
         "b": inside("e", change("todo", "append", "more")),
         "end": finish(out="{{ e.output }}", n="{{ variables.todo }}")},
        ["s > e", "e > end"], todo=["a", "b"],
    )  # fmt: skip
    run, told = room.begin(plan)
    assert told.result(10).outputs == {"out": ["a", "b"], "n": ["a", "b", "more", "more"]}
    half = next(each.seq for each in room.checked_log(run) if each.kind == "item")

    def forget(tx) -> None:
        tx.exec_driver_sql("DELETE FROM record WHERE run = ? AND seq > ?", (run, half + 1))
        tx.exec_driver_sql("UPDATE run SET status='running', process='dead', ended=NULL, outputs=NULL, error=NULL")

    await room.writer.write(forget)
    assert orjson.loads((await room.ended(run)).outputs) == {"out": ["a", "b"], "n": ["a", "b", "more", "more"]}


def empty(limit: int):
    """A for-each in a for-each, with nothing in it."""
    return replace(
        plan_of({"s": start("items"), "out": each("{{ s.items }}", "{{ in.output }}"),
                 "in": inside("out", each("{{ s.items }}", "{{ in.item }}")), "end": finish(all="{{ out.output }}")},
                ["s > out", "out > end"]),
        run=RunSettings(step_limit=limit),
    )  # fmt: skip


@pytest.mark.slow
async def test_items_without_steps_count_as_steps_do(room):
    """Else a hundred steps could write a hundred million records."""
    end = await room.end(empty(3_000), {"items": list(range(40))})
    assert (end.status, len(end.outputs["all"])) == ("succeeded", 40)
    assert end.outputs["all"][7] == list(range(40))
    run, told = room.begin(empty(3_000), {"items": list(range(200))})
    end = await asyncio.wrap_future(told)
    assert (end.status, end.error["code"]) == ("failed", "step_limit")
    assert sum(each.kind == "item" for each in room.checked_log(run)) < 3_000 + 2 * AT_ONCE


@pytest.mark.slow
async def test_others_have_their_turn_between_items_without_steps(room):
    run, told = room.begin(empty(90_000), {"items": list(range(110))})
    other, quick = room.begin(plan_of({"s": start(), "end": finish()}, ["s > end"]))
    assert (await asyncio.wrap_future(quick)).status == "succeeded"
    assert not told.done(), "the short run did not wait for the long one"
    assert (await asyncio.wrap_future(told)).status == "succeeded"
    assert room.row(run).ended >= room.row(other).ended


@pytest.mark.parametrize("cut", [150, 333, 600])
async def test_cut_off_among_items_without_steps_they_count_on(room, cut):
    plan = empty(800)
    run, told = room.begin(plan, {"items": list(range(25))})
    end = await asyncio.wrap_future(told)
    assert end.status == "succeeded"
    whole = fold(fresh(plan, run, ""), room.log(run)).steps

    def forget(tx) -> None:
        tx.exec_driver_sql("DELETE FROM record WHERE run = ? AND seq > ?", (run, cut))
        tx.exec_driver_sql("UPDATE run SET status='running', process='dead', ended=NULL, outputs=NULL, error=NULL")

    await room.writer.write(forget)
    again = await room.ended(run)
    assert (again.status, orjson.loads(again.outputs)) == ("succeeded", end.outputs)
    assert fold(fresh(plan, run, ""), room.log(run)).steps == whole == 25 * 25 + 25 + 3


def says(text: str):
    return {"type": "ai.ask_model", "settings": {"alias": "fast", "messages": [{"role": "user", "text": text}]}}


CALLS = {
    "s": start("items"),
    "all": each("{{ s.items }}", "{{ deep.round }}", parallel=2, on_error="null"),
    "say": inside("all", says("item {{ all.item }}"), retries=2, wait_s=0),
    "deep": inside("all", loop(most=2)),
    "again": inside("deep", says("round {{ all.item }} {{ deep.round }}")),
    "last": says("last {{ all.output }}"),
    "end": finish(said="{{ last.text }}"),
}


@pytest.mark.slow
async def test_cut_off_after_any_record_no_model_is_asked_again_for_what_was_kept(rooms, model):
    room = rooms(model_url=model.url)
    room.bind()
    run, told = room.begin(
        plan_of(CALLS, ["s > all", "say > deep", "all > last", "last > end"]), {"items": ["a", "b", "c"]}
    )
    end = await asyncio.wrap_future(told)
    assert end.status == "succeeded"
    for cut in range(1, len(room.checked_log(run)) + 1):

        def forget(tx, cut: int = cut) -> None:
            tx.exec_driver_sql("DELETE FROM record WHERE run = ? AND seq > ?", (run, cut))
            tx.exec_driver_sql("UPDATE run SET status='running', process='dead', barren=0, barren_seq=-1, ended=NULL")

        kept = [each for each in room.log(run)[:cut] if each.kind == "done" and each.step in ("say", "again", "last")]
        before = len(model.calls)
        await room.writer.write(forget)
        row = await room.ended(run)
        assert (row.status, orjson.loads(row.outputs)) == ("succeeded", end.outputs)
        assert len(model.calls) - before == 3 + 6 + 1 - len(kept), f"cut off after record {cut}"
