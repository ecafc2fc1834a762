"""Runs by the door: one start for one key, a cursor that misses nothing, an end that is told once."""

import asyncio

import pytest

from runtime.errors import BadInput, Conflict, NotFound
from runtime.operations import runs, sources, traces
from runtime.operations.trying import adopt_file, pins_of
from runtime.store.audit import list_audit
from tests.bench.workload import flow
from tests.kill.workflow import SOURCE, inputs_of, outputs_of
from tests.support.database import on_sqlite
from tests.support.model_server import Turn
from tests.support.reviewing import somebody


@pytest.fixture
async def workflow(runtime) -> str:
    _, name = await adopt_file(runtime, SOURCE)
    return name


async def test_a_run_gives_what_its_finish_says(runtime, owner, workflow):
    end = await runs.run_to_end(runtime, owner, workflow=workflow, inputs=inputs_of(7))
    assert (end.status, end.outputs) == ("succeeded", outputs_of(inputs_of(7)))


async def test_a_hundred_equal_starts_with_one_key_are_one_run(runtime, owner, workflow, model):
    start = [runs.run_to_end(runtime, owner, workflow=workflow, inputs=inputs_of(1), key="k") for _ in range(100)]
    ends = await asyncio.gather(*start)
    assert len({end.run for end in ends}) == 1
    assert {str(end.outputs) for end in ends} == {str(outputs_of(inputs_of(1)))}
    assert len(model.calls) == 2
    started = [row for row in runtime.reader.now(list_audit) if row.action == "run.start"]
    assert {row.thing for row in started} == {ends[0].run}, "the record names the run there is"


@on_sqlite
async def test_a_start_and_its_end_cost_two_commits_and_few_statements(runtime, owner):
    _, name = await adopt_file(runtime, flow(30))
    await runs.run_to_end(runtime, owner, workflow=name, inputs={"text": "a"})
    statements: list[str] = []
    runtime.writer.offer(lambda tx: tx.connection.dbapi_connection.set_trace_callback(statements.append)).result(5)
    before = runtime.writer.commits
    await runs.run_to_end(runtime, owner, workflow=name, inputs={"text": "a"})
    assert runtime.writer.commits - before <= 2
    kinds = [each.split()[0] for each in statements if not each.startswith("INSERT INTO record")]
    # 13 for the run itself; the door asks its standing again inside (1), both audit rows read the head of the chain (2)
    assert len(kinds) <= 16, statements


@pytest.mark.parametrize(
    "inputs", [{}, {"word": "x"}, {"word": "x", "number": "many"}, {"word": "x", "number": 1, "z": 1}]
)
async def test_inputs_that_do_not_fit_start_nothing(runtime, owner, workflow, inputs):
    with pytest.raises(BadInput) as refused:
        await runs.start_run(runtime, owner, workflow=workflow, inputs=inputs)
    assert refused.value.details["problems"]
    assert await traces.list_runs(runtime, owner) == []


@pytest.mark.parametrize("key", ["", "x" * 201, "\ud800", "a\nb"])
async def test_a_key_that_is_no_plain_text_is_refused(runtime, owner, workflow, key):
    with pytest.raises(BadInput):
        await runs.start_run(runtime, owner, workflow=workflow, inputs=inputs_of(1), key=key)


async def test_a_cursor_gives_exactly_the_events_after_it(runtime, owner, workflow):
    end = await runs.run_to_end(runtime, owner, workflow=workflow, inputs=inputs_of(3))
    whole = [each async for each in runs.follow_run(runtime, owner, run=end.run)]
    committed = [each["seq"] for each in whole if "seq" in each]
    assert committed == list(range(1, len(committed) + 1))
    for after in range(len(committed) + 1):
        rest = [each async for each in runs.follow_run(runtime, owner, run=end.run, after=after)]
        assert rest == whole[after:]


async def test_a_follower_from_the_first_moment_hears_what_the_log_says(runtime, owner, workflow):
    heard = []
    started = await runs.start_run(runtime, owner, workflow=workflow, inputs=inputs_of(9))
    async for event in runs.follow_run(runtime, owner, run=started.run):
        heard.append(event)
    kept = [each async for each in runs.follow_run(runtime, owner, run=started.run)]
    assert [each for each in heard if "seq" in each] == [each for each in kept if "seq" in each]
    assert heard[-1] == kept[-1]


async def test_cancelling_is_told_at_once_and_only_once(runtime, owner, workflow, model):
    model.say(Turn("slow", delay_s=60))
    started = await runs.start_run(runtime, owner, workflow=workflow, inputs=inputs_of(1))
    model.wait_until(lambda server: server.calls)
    waiting = asyncio.create_task(collect(runs.follow_run(runtime, owner, run=started.run)))
    await asyncio.sleep(0.05)
    assert (await runs.cancel_run(runtime, owner, run=started.run)).status == "cancelled"
    events = await asyncio.wait_for(waiting, 2)
    assert events[-1]["status"] == "cancelled"
    model.wait_until(lambda server: server.calls[0].ended == "left", 2)
    with pytest.raises(Conflict):
        await runs.cancel_run(runtime, owner, run=started.run)


async def collect(events) -> list:
    return [each async for each in events]


async def test_what_is_not_there_is_not_found(runtime, owner):
    for asked in (
        runs.start_run(runtime, owner, workflow="none", inputs={}),
        runs.cancel_run(runtime, owner, run="none"),
        traces.read_finished(runtime, owner, run="none"),
        traces.read_run(runtime, owner, run="none"),
        collect(runs.follow_run(runtime, owner, run="none")),
    ):
        with pytest.raises(NotFound):
            await asked


async def test_a_run_of_somebody_else_is_as_if_it_were_not_there(runtime, owner, workflow):
    ended = await runs.run_to_end(runtime, owner, workflow=workflow, inputs=inputs_of(1))
    ben = await somebody(runtime, "Ben", "analyst", "reviewer")
    told = set[str]()
    for run in (ended.run, "run_made_up"):
        for ask in (
            runs.cancel_run(runtime, ben, run=run),
            traces.read_finished(runtime, ben, run=run),
            traces.read_run(runtime, ben, run=run),
            traces.inspect_step(runtime, ben, run=run, step="low"),
            traces.read_events(runtime, ben, run=run, after=0),
            sources.sources_of(runtime, ben, run=run),
            collect(runs.follow_run(runtime, ben, run=run)),
        ):
            with pytest.raises(NotFound) as refusal:
                await ask
            told.add(f"{refusal.value.sentence} {refusal.value.hint}".replace(run, "RUN"))
    assert told == {"There is no run RUN. "}


async def test_pins_stand_in_for_steps(runtime, owner, workflow, model):
    pins = pins_of({"low": {"outputs": {"text": "pinned"}, "chunks": ["pin", "ned"]}})
    end = await runs.run_to_end(runtime, owner, workflow=workflow, inputs=inputs_of(1), pins=pins)
    assert end.outputs == {"answer": "You said: pinned!", "total": 11}
    assert len(model.calls) == 1
    failing = pins_of({"low": {"error": "broken", "delay_s": 0.01}})
    end = await runs.run_to_end(runtime, owner, workflow=workflow, inputs=inputs_of(1), pins=failing)
    assert (end.status, end.error and end.error["message"]) == ("failed", "broken")


async def test_a_run_is_read_whole_and_a_step_with_what_it_saw(runtime, owner, workflow):
    end = await runs.run_to_end(runtime, owner, workflow=workflow, inputs=inputs_of(9))
    view = await traces.read_run(runtime, owner, run=end.run)
    status = {each.step: each.status for each in view.steps}
    assert (status["high"], status["low"]) == ("done", "skipped")
    order = list(status)  # of the workflow, not of the seconds: a skipped step stands where it would have run
    places = [order.index(each) for each in ("start", "low", "found", "ask", "ten", "finish")]
    assert places == sorted(places)
    found = await traces.inspect_step(runtime, owner, run=end.run, step="again")
    assert found["input"]["messages"][0]["text"] == "You said: high w9!"
    assert view.card.tokens_in == 14
    finished, events = await traces.read_events(runtime, owner, run=end.run, after=3)
    assert finished.status == "succeeded"
    assert events[0]["seq"] == 4
    [card] = await traces.list_runs(runtime, owner, workflow=workflow)
    assert card.run == end.run


async def test_whoever_reads_of_a_run_reads_the_name_of_who_started_it(runtime, owner, workflow):
    end = await runs.run_to_end(runtime, owner, workflow=workflow, inputs=inputs_of(1))
    (card,) = await traces.list_runs(runtime, owner)
    view = await traces.read_run(runtime, owner, run=end.run)
    assert card.person == view.card.person == owner.name != owner.id
