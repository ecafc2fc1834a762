"""Items and rounds as people read them: counted on their container, listed page by page, opened one by one."""

import pytest

from runtime.errors import NotFound
from runtime.graph.document import Document
from runtime.graph.writing import write
from runtime.operations import items, runs, traces, tryouts
from runtime.operations.happened import Items
from runtime.operations.items import Tried
from runtime.operations.trying import adopt_file
from tests.support.documents import change, each, finish, inside, loop, positive, start
from tests.support.reviewing import somebody

ENTRIES = [*range(1, 60), "poison", 61]


async def run_of(runtime, owner, steps, edges, entries):
    meaning = {"steps": steps, "edges": [dict(zip(("from", "to"), one.split(" > "), strict=True)) for one in edges]}
    document = Document.model_validate({"name": "small", "meaning": meaning})
    _, name = await adopt_file(runtime, write(document).encode())
    return await runs.run_to_end(runtime, owner, workflow=name, inputs={"entries": entries})


def skipping(parallel=1):
    return {
        "s": start("entries"),
        "all": each("{{ s.entries }}", "{{ all.item }}", on_error="skip", parallel=parallel),
        "test": inside("all", positive("{{ all.item }}")),
        "end": finish(out="{{ all.output }}"),
    }


@pytest.mark.parametrize("parallel", [1, 7])
async def test_the_items_of_a_container_are_counted_and_listed_in_their_order_page_by_page(runtime, owner, parallel):
    end = await run_of(runtime, owner, skipping(parallel), ["s > all", "all > end"], ENTRIES)
    assert end.status == "partly_succeeded"
    view = await traces.read_run(runtime, owner, run=end.run)
    shown = {each.step: each for each in view.steps}
    assert shown["all"].items == Items("item", 60, 1, 61)
    assert (shown["test"].inside, shown["end"].items) == ("all", None)
    first = await items.list_items(runtime, owner, run=end.run, step="all")
    assert ([one.number for one in first.items], first.more) == (list(range(50)), True)
    assert (first.items[9].path, first.items[9].status, first.items[9].says) == ("all[9]", "done", "10")
    rest = await items.list_items(runtime, owner, run=end.run, step="all", after=50)
    assert ([one.number for one in rest.items], rest.more) == (list(range(50, 61)), False)
    failed = await items.list_items(runtime, owner, run=end.run, step="all", failed=True)
    assert [(one.number, one.status) for one in failed.items] == [(59, "failed")]
    assert "poison" in failed.items[0].says


async def test_an_item_is_opened_with_its_steps_and_each_step_with_what_it_saw_there(runtime, owner):
    end = await run_of(runtime, owner, skipping(), ["s > all", "all > end"], [3, "poison", 5])
    good = await items.read_item(runtime, owner, run=end.run, path="all[0]")
    assert (good.status, good.result, [(one.step, one.status, one.exit) for one in good.steps]) == (
        "done", 3, [("test", "done", "yes")])  # fmt: skip
    bad = await items.read_item(runtime, owner, run=end.run, path="all[1]")
    assert (bad.status, bad.result, bad.steps[0].status) == ("failed", None, "failed")
    assert bad.error is not None
    assert bad.error["code"] == "not_comparable"
    for number, value in ((0, 3), (2, 5)):
        seen = await traces.inspect_step(runtime, owner, run=end.run, step="test", path=f"all[{number}]")
        assert seen["input"]["cases"][0]["conditions"][0]["left"] == value
    last = await traces.inspect_step(runtime, owner, run=end.run, step="test")
    assert last["step"].path == "all[2]"


async def test_what_lies_in_rounds_of_items_has_pages_of_its_own(runtime, owner):
    steps = {
        "s": start("entries"),
        "all": each("{{ s.entries }}", "{{ again.sum }}"),
        "again": inside("all", loop(start={"sum": 0}, most=3)),
        "add": inside("again", change("again.sum", "add", "{{ all.item }}")),
        "end": finish(out="{{ all.output }}"),
    }
    end = await run_of(runtime, owner, steps, ["s > all", "all > end"], [1, 2])
    assert end.outputs == {"out": [3, 6]}
    view = await traces.read_run(runtime, owner, run=end.run)
    assert [one.items for one in view.steps if one.step == "again"] == [Items("round", 6, 0)]
    page = await items.list_items(runtime, owner, run=end.run, step="again", around="all[1]")
    assert [one.path for one in page.items] == ["all[1]/again[0]", "all[1]/again[1]", "all[1]/again[2]"]
    one = await items.read_item(runtime, owner, run=end.run, path="all[1]/again[2]")
    assert [(each.step, each.output) for each in one.steps] == [("add", {"output": 6})]


async def test_a_failure_that_was_handled_says_why_and_what_went_on_and_how_often_it_was_tried(runtime, owner):
    steps = {
        "s": start("entries"),
        "test": positive("{{ s.entries }}") | {"on_failure": {"retries": 2, "wait_s": 0, "then": "exit"}},
        "end": finish(why="{{ test.error_message }}"),
    }
    end = await run_of(runtime, owner, steps, ["s > test", "test.error > end", "test.yes > end"], '"poison"')
    assert (end.status, "poison" in str(end.outputs)) == ("partly_succeeded", True)
    found = (await traces.inspect_step(runtime, owner, run=end.run, step="test"))["step"]
    assert (found.status, found.handled, found.exit, found.tries) == ("done", True, "error", 3)
    assert found.error["message"] == found.output["error_message"]


async def test_a_step_is_tried_with_the_items_that_failed_first_and_without_choice_with_the_last_that_did(
    runtime, owner
):
    end = await run_of(runtime, owner, skipping(), ["s > all", "all > end"], [3, "poison", 5, "bad", 7])
    tried = await items.list_tried(runtime, owner, run=end.run, step="test")
    assert tried == [
        Tried(end.run, f"all[{number}]", failed)
        for number, failed in ((3, True), (1, True), (4, False), (2, False), (0, False))
    ]
    assert await items.list_tried(runtime, owner, run=end.run, step="all") == []
    alone = await tryouts.run_step(runtime, owner, workflow="small", step="test", run=end.run, path="all[2]")
    async for _ in runs.follow_run(runtime, owner, run=alone.run):
        pass
    shown = {one.step: one.status for one in (await traces.read_run(runtime, owner, run=alone.run)).steps}
    assert shown == {"s": "done", "all": "skipped", "test": "done", "end": "skipped"}
    again = await items.list_tried(runtime, owner, run=alone.run, step="test")
    assert again == [Tried(alone.run, "all[2]", failed=False), *tried], "and those of the run that gave it"


async def test_items_are_for_whoever_may_look_inside(runtime, owner):
    end = await run_of(runtime, owner, skipping(), ["s > all", "all > end"], [1])
    ben = await somebody(runtime, "Ben", "analyst", "reviewer")
    for asked in (
        items.list_items(runtime, ben, run=end.run, step="all"),
        items.read_item(runtime, ben, run=end.run, path="all[0]"),
        items.list_tried(runtime, ben, run=end.run, step="test"),
        items.list_items(runtime, owner, run=end.run, step="nobody"),
        items.read_item(runtime, owner, run=end.run, path="nobody[0]"),
        traces.inspect_step(runtime, owner, run=end.run, step="nobody"),
    ):
        with pytest.raises(NotFound):
            await asked
