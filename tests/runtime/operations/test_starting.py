"""Where every run begins: what does not fit starts nothing, one key starts one run, and whoever admits judges last."""

import threading
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

import pytest

from runtime.errors import BadInput, NotAllowed
from runtime.graph.compiling import Compiled
from runtime.operations import starting, traces
from runtime.operations.starting import Ready, begin, end_of, ready_of, runnable
from runtime.operations.trying import adopt_file
from tests.bench.workload import flow
from tests.runtime.operations.flows import summary
from tests.support.reviewing import drawn

FITTING = {"text": "a"}


@pytest.fixture
async def ready(runtime) -> Ready:
    source = flow(2)
    _, name = await adopt_file(runtime, source)
    workflow = runtime.reader.now(lambda tx: tx.exec_driver_sql("SELECT id FROM workflow").scalar_one())
    return await ready_of(runtime, drawn(source), workflow=workflow, name=name)


def start(runtime, actor, ready: Ready, inputs: Mapping[str, Any] = FITTING, **options: Any):
    return begin(runtime, actor, action="run.start", thing=ready.name, ready=ready, inputs=inputs, **options)


async def test_an_accepted_run_has_a_committed_end(runtime, owner, ready):
    started, told = await start(runtime, owner, ready)
    end = await end_of(runtime, owner, started, told)
    assert (end.run, end.status) == (started.run, "succeeded")
    assert ready.kept == {ready.hash, ready.words}


async def test_a_key_that_was_used_leads_to_its_run_however_it_stands(runtime, owner, ready):
    first, told = await start(runtime, owner, ready, key="k")
    again, nothing = await start(runtime, owner, ready, key="k")
    assert (again.run, again.again, nothing) == (first.run, True, None)
    assert (await end_of(runtime, owner, again, nothing)).run == (await end_of(runtime, owner, first, told)).run


async def test_a_queued_run_is_picked_up_by_whoever_executes(runtime, owner, ready):
    started, told = await start(runtime, owner, ready, queued=True)
    assert told is None
    assert (await end_of(runtime, owner, started, told)).status == "succeeded"


async def test_who_admits_judges_in_the_same_transaction_and_a_refusal_leaves_no_run(runtime, owner, ready):
    def refuse(tx) -> None:
        raise NotAllowed("Not today.")

    with pytest.raises(NotAllowed, match="Not today"):
        await start(runtime, owner, ready, admit=refuse)
    assert await traces.list_runs(runtime, owner) == []
    assert ready.kept == set()


@pytest.mark.parametrize("inputs", [{}, {"text": "a", "more": 1}, {"text": "\ud800"}])
async def test_what_is_no_fitting_data_is_refused_and_says_so(runtime, owner, ready, inputs):
    with pytest.raises(BadInput, match=r"do not fit|no data"):
        await start(runtime, owner, ready, inputs=inputs)
    assert await traces.list_runs(runtime, owner) == []


def test_what_does_not_compile_is_refused_with_every_problem(runtime):
    document = summary()
    cut = document.model_copy(update={"meaning": document.meaning.model_copy(update={"edges": ()})})
    compiled: Compiled = runtime.plans.compile(cut)
    with pytest.raises(BadInput) as refusal:
        runnable(compiled)
    told = refusal.value.details["problems"]
    assert len(told) > 1
    assert refusal.value.sentence.startswith(f"The workflow has {len(told)} problems to mend")
    assert refusal.value.hint == told[0]["sentence"]


async def test_large_inputs_are_looked_through_beside_the_loop(runtime, owner, ready, monkeypatch):
    beside: list[bool] = []
    check = starting.checked_inputs

    def checked(*given: Any) -> Any:
        beside.append(threading.current_thread() is not threading.main_thread())
        return check(*given)

    monkeypatch.setattr(starting, "checked_inputs", checked)
    for text in ("a", "a" * (starting.HEAVY + 1)):
        with suppress(BadInput):
            await start(runtime, owner, ready, {"text": text})
    assert beside == [False, True]
