"""Two runs side by side: what differs is marked, containers by item, and who may see neither."""

from typing import Any

import pytest

from runtime.errors import NotFound
from runtime.operations import comparing, tryouts
from runtime.operations.comparing import MOST_PLACES, compare_runs
from runtime.operations.runs import run_to_end
from tests.runtime.operations.test_tryouts import INPUTS, edited, ended, ran, workflow  # noqa: F401 - fixtures
from tests.support.reviewing import somebody


def by_place(found: comparing.Comparison) -> dict[tuple[str, str], Any]:
    return {(each.step, each.path): each for each in found.steps}


async def test_equal_runs_differ_nowhere(runtime, owner, workflow, ran):  # noqa: F811
    again = await run_to_end(runtime, owner, workflow=workflow, inputs=INPUTS)
    found = await compare_runs(runtime, owner, left=ran, right=again.run)
    assert [each.step for each in found.steps if each.differs] == []
    assert (found.inputs, found.outputs, found.left_off) == (False, False, 0)
    assert [(each.step, each.path) for each in found.steps][:6] == [
        ("start", ""), ("first", ""), ("all", ""), ("name", "all[0]"), ("loud", "all[0]"), ("name", "all[1]"),
    ]  # fmt: skip


async def test_what_differs_is_marked_where_it_differs(runtime, owner, workflow, ran):  # noqa: F811
    other = await run_to_end(runtime, owner, workflow=workflow, inputs=INPUTS | {"words": ["a", "c"], "number": -1})
    found = await compare_runs(runtime, owner, left=ran, right=other.run)
    steps = by_place(found)
    assert (found.inputs, found.outputs) == (True, True)
    assert steps["name", "all[0]"].differs == ()
    assert steps["name", "all[1]"].differs[:2] == ("input", "output")
    assert steps["up", ""].differs[0] == "status"
    assert (steps["up", ""].left.status, steps["up", ""].right.status) == ("done", "skipped")
    assert steps["name", "all[1]"].left.input["messages"][0]["text"] == "b"


async def test_an_item_one_run_did_not_have_stands_alone(runtime, owner, workflow, ran):  # noqa: F811
    other = await run_to_end(runtime, owner, workflow=workflow, inputs=INPUTS | {"words": ["a"]})
    steps = by_place(await compare_runs(runtime, owner, left=ran, right=other.run))
    assert (steps["name", "all[1]"].right, steps["name", "all[1]"].differs) == (None, ("status",))


async def test_a_replay_of_a_changed_draft_shows_where_it_parts(runtime, owner, workflow, ran):  # noqa: F811
    await edited(runtime, owner, workflow, "up", "messages", [{"role": "user", "text": "new"}])
    started = await tryouts.replay_run(runtime, owner, workflow=workflow, run=ran)
    await ended(runtime, owner, started)
    found = await compare_runs(runtime, owner, left=ran, right=started.run)
    assert [each.step for each in found.steps if each.differs] == ["up", "either", "finish"]
    assert "No answer is recorded" in by_place(found)["up", ""].right.error


async def test_a_given_step_says_so_and_is_no_difference(runtime, owner, workflow, ran):  # noqa: F811
    started = await tryouts.run_from(runtime, owner, workflow=workflow, step="up", run=ran)
    await ended(runtime, owner, started)
    first = by_place(await compare_runs(runtime, owner, left=ran, right=started.run))["first", ""]
    assert (first.right.origin, first.differs) == ("given", ())


async def test_of_very_many_items_the_first_are_compared(runtime, owner, workflow, monkeypatch):  # noqa: F811
    monkeypatch.setattr(comparing, "MOST_PLACES", 3)
    assert MOST_PLACES > 3
    end = await run_to_end(runtime, owner, workflow=workflow, inputs=INPUTS | {"words": ["x"] * 12})
    found = await compare_runs(runtime, owner, left=end.run, right=end.run)
    assert [each.path for each in found.steps if each.step == "name"] == ["all[0]", "all[1]", "all[2]"]
    assert found.left_off == 9


async def test_runs_of_others_are_not_there(runtime, owner, workflow, ran):  # noqa: F811
    ada = await somebody(runtime, "Ada", "analyst")
    with pytest.raises(NotFound):
        await compare_runs(runtime, ada, left=ran, right=ran)
