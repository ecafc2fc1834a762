from types import SimpleNamespace
from typing import Any, cast

import pytest

from nodes.sdk import StepFailed
from runtime.engine.context import StepContext
from runtime.engine.frames import Frame
from runtime.graph.plan import Scope


def context(run: str = "run_1", step: str = "a", **variables: Any) -> StepContext:
    execution = SimpleNamespace(run=run, inputs={"name": "Ada"}, now=lambda: 1_800_000_000.0)
    frame = Frame(Scope((), {}, ()), "", {"variables": variables}, [])
    return StepContext(cast("Any", execution), cast("Any", SimpleNamespace(id=step)), frame)


def test_chance_repeats_itself_for_one_step_of_one_run_and_differs_for_others():
    assert context().random.random() == context().random.random()
    assert context().random.random() != context(step="b").random.random()
    assert context().random.random() != context(run="run_2").random.random()


def test_time_is_the_clock_of_the_run_with_its_zone():
    assert context().now().isoformat() == "2027-01-15T08:00:00+00:00"


def test_a_step_reads_what_it_has_set_before_anybody_else_does():
    ctx = context(total=1)
    assert ctx.read("total") == 1
    ctx.set("total", 2)
    ctx.set("total", 3)
    assert ctx.read("total") == 3
    assert [name for name, _ in ctx.sets] == ["total", "total"]


def test_a_variable_takes_only_what_json_can_hold():
    with pytest.raises(StepFailed, match="not finite"):
        context().set("total", float("nan"))


async def test_a_worker_is_shared_by_runs_of_one_person_and_one_plan_and_by_no_others():
    owners: list[str] = []

    class Port:
        async def run(self, owner: str, *_: Any, **__: Any) -> None:
            owners.append(owner)

    for person, plan in (("ann", "h1"), ("ann", "h2"), ("bob", "h1"), ("app_1", "h1"), ("app_2", "h1"), ("ann", "h1")):
        tools = SimpleNamespace(sandbox=Port())
        execution = SimpleNamespace(person=person, plan=SimpleNamespace(hash=plan), tools=tools)
        ctx = StepContext(cast("Any", execution), cast("Any", SimpleNamespace(id="a")), cast("Any", None))
        await ctx.sandbox.run("python", "1", {})
    assert len(set(owners)) == 5
    assert owners[0] == owners[-1]


def test_a_step_sees_the_inputs_of_the_run():
    assert context().inputs["name"] == "Ada"
