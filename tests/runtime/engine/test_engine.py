"""What the engine promises while it executes, when it is stopped, and when it dies."""

import asyncio
import time
from pathlib import Path

import pytest

from runtime.engine.state import fold, fresh
from runtime.errors import StorageUnavailable
from runtime.store.runs import cancel, claim
from tests.support.database import on_sqlite
from tests.support.engine_room import Ask, Count, Fork, Gate, Give, Hold, chain, draw, ran, reading, step


async def test_a_chain_runs_to_its_end_and_its_log_is_gapless(room):
    end = await room.end(chain(20))
    assert (end.status, end.outputs) == ("succeeded", {"value": "x"})
    records = room.checked_log(end.run)
    assert [each.step for each in records] == [f"s{at}" for at in range(20)]
    row = room.row(end.run)
    assert (row.last_seq, row.last_hash) == (20, records[-1].hash)


async def test_a_pure_run_costs_at_most_two_commits(room):
    await room.end(chain(5))
    before = room.writer.commits
    for _ in range(10):
        await room.end(chain(30))
    assert room.writer.commits - before <= 20


async def test_runs_at_once_share_commits(room):
    plan, before = chain(30), room.writer.commits
    await asyncio.gather(*(room.end(plan) for _ in range(64)))
    assert room.writer.commits - before < 64


async def test_only_the_chosen_way_runs_and_a_join_sees_the_other_as_null(room):
    plan = draw(
        step("fork", Fork(way="left")),
        step("a", Give(value=1), "fork.left"),
        step("b", Give(value=2), "fork.right"),
        reading("join", Give, ["a", "b"], "a", "b"),
    )
    end = await room.end(plan)
    assert end.outputs == {"value": [1, None]}
    assert ran(end.run) == ["fork", "a", "join"]


async def test_leaving_by_a_way_that_is_not_there_fails_the_step(room):
    end = await room.end(draw(step("fork", Fork(way="nowhere")), step("a", Give(), "fork.left")))
    assert end.status == "failed"
    assert end.error["code"] == "bad_exit"


async def test_parallel_steps_wait_together(room):
    names = [f"h{at}" for at in range(20)]
    gates = [f"together-{each}" for each in names]
    holds = [step(name, Hold(gate=gate, value=name), "s") for name, gate in zip(names, gates, strict=True)]
    run, told = room.begin(draw(step("s", Give()), *holds, reading("join", Give, names, *names)))
    await room.until(lambda: len(ran(run)) == 21)
    for each in gates:
        Gate.of(each).open()
    assert (await asyncio.wrap_future(told)).outputs == {"value": names}


@on_sqlite
async def test_steps_that_end_together_share_a_batch(room):
    names = [f"b{at}" for at in range(50)]
    holds = [step(name, Hold(gate="one gate"), "s") for name in names]
    run, told = room.begin(draw(step("s", Give()), *holds, reading("join", Give, names, *names)))
    await room.until(lambda: len(ran(run)) == 51 and room.log(run))
    said: list[str] = []
    room.writer.offer(lambda tx: tx.connection.dbapi_connection.set_trace_callback(said.append)).result(5)
    Gate.of("one gate").open()
    await asyncio.wrap_future(told)
    batches = [each for each in said if each.startswith("SELECT attempt")]
    assert len(batches) <= 10, "each batch looks at the fence once"


async def test_a_failed_step_ends_the_run_and_stops_what_waits(room):
    class Boom(Give, label="Boom"):
        """Fails."""

        async def run(self, ctx):
            raise ZeroDivisionError(ctx.step)

    held = step("held", Hold(gate="never-opened"), "s")
    end = await room.end(draw(step("s", Give()), held, step("boom", Boom(), "s")))
    assert (end.status, end.error["code"], end.error["step"]) == ("failed", "internal", "boom")
    assert room.checked_log(end.run)[-1].kind == "failed"


async def test_a_step_that_says_it_only_computes_may_not_wait(room):
    class Liar(Give, label="Liar"):
        """Waits in secret."""

        async def run(self, ctx):
            await asyncio.sleep(0)
            return {"value": ctx.step}

    assert (await room.end(draw(step("liar", Liar())))).status == "failed"


@pytest.mark.parametrize("value", [float("nan"), float("inf"), {1, 2}, b"bytes", "\ud800", {1: 2}, 2**80])
async def test_what_json_cannot_hold_fails_the_step(room, value):
    class Odd(Give, label="Odd"):
        """Gives what it should not."""

        async def run(self, ctx):
            return {"value": [value]}

    end = await room.end(draw(step("odd", Odd())))
    assert (end.status, end.error["code"]) == ("failed", "not_json")


async def test_a_value_over_32_kb_is_a_blob_and_comes_back_whole(room):
    large = "ä" * 100_000
    end = await room.end(draw(step("s", Give(value=large))))
    assert end.outputs == {"value": large}
    [record] = room.checked_log(end.run)
    assert record.blob == f"{record.run}:{record.output_digest}"
    with room.database.connect() as tx:
        assert tx.exec_driver_sql("SELECT value FROM record WHERE run = ?", (end.run,)).scalar() is None


async def test_what_later_steps_get_is_out_of_the_hands_of_the_step_that_made_it(room):
    kept = []

    class Keeps(Give, label="Keeps"):
        """Changes its output after it handed it on."""

        async def run(self, ctx):
            if kept:
                kept[0].append("changed later")
                return {"value": None}
            kept.append([1])
            return {"value": kept[0]}

    plan = draw(step("a", Keeps()), step("b", Keeps(), "a"), reading("c", Give, ["a"], "b"))
    assert (await room.end(plan)).outputs == {"value": [1]}


async def test_a_run_left_by_a_dead_process_is_taken_up_where_its_log_ends(rooms, model):
    first = rooms(model_url=model.url)
    run, _ = first.begin(
        draw(step("a", Give(value=1)), step("held", Hold(gate="dies"), "a"), reading("c", Give, ["a"], "held"))
    )
    await first.until(lambda: len(first.log(run)) == 1)
    first.die()
    Gate.of("dies").open()
    second = rooms(model_url=model.url)
    row = await second.ended(run)
    assert (row.status, row.attempt) == ("succeeded", 2)
    assert ran(run) == ["a", "held", "held", "c"], "what was finished did not run again"
    second.checked_log(run)


@pytest.mark.slow
async def test_a_living_process_keeps_its_runs(rooms):
    first, second = rooms(), rooms()
    run, told = first.begin(draw(step("held", Hold(gate="lives"))))
    await second.until(lambda: ran(run))
    await asyncio.sleep(0.3)  # several sweeps of the other
    Gate.of("lives").open()
    await asyncio.wrap_future(told)
    assert first.row(run).attempt == 1


async def test_of_two_live_attempts_the_older_is_fenced_and_the_log_is_one_history(rooms, model):
    first, second = rooms(model_url=model.url, sweeps=False), rooms(model_url=model.url, sweeps=False)
    first.bind()
    plan = draw(
        step("a", Give(value=1)),
        step("held", Hold(gate="fenced"), "a"),
        *(reading(f"s{at}", Give, ["a"], f"s{at - 1}" if at else "held") for at in range(30)),
        step("ask", Ask(prompt="hello"), "s29"),
    )
    run, told = first.begin(plan)
    await first.until(lambda: len(first.log(run)) == 1)
    taken = await second.writer.write(lambda tx: claim(tx, run, attempt=1, process=second.process.id, now=1.0))
    resumed = asyncio.run_coroutine_threadsafe(second.engine._resume(taken), second.engine._loop)
    await asyncio.wrap_future(resumed)
    Gate.of("fenced").open()  # both go on now, one of them in vain
    assert (await asyncio.wrap_future(told)).status is None
    row = await second.ended(run)
    records = second.checked_log(run)
    assert row.status == "succeeded"
    assert {each.attempt for each in records[1:]} == {2}
    assert len(model.calls) == 1, "the older attempt asked nobody"


async def test_cancelling_aborts_a_hanging_call_and_no_new_effect_begins(room, model):
    from tests.support.model_server import Turn

    model.say(Turn("slow", delay_s=60))
    run, told = room.begin(draw(step("ask", Ask(prompt="x")), step("next", Ask(prompt="y"), "ask")))
    model.wait_until(lambda server: len(server.calls) == 1)
    await room.writer.write(lambda tx: cancel(tx, run, now=5.0))
    room.engine.stop(run, "cancelled")
    assert (await asyncio.wait_for(asyncio.wrap_future(told), 2)).status is None
    model.wait_until(lambda server: server.calls[0].ended == "left", 2)
    row = room.row(run)
    assert row.status == "cancelled"
    assert (row.last_seq, row.last_hash) == (1, room.checked_log(run)[-1].hash)
    assert len(model.calls) == 1


async def test_cancelled_by_another_process_the_owner_lets_go_within_two_seconds(rooms):
    first, second = rooms(), rooms()
    run, told = first.begin(draw(step("held", Hold(gate="cancelled elsewhere"))))
    await first.until(lambda: ran(run) and first.row(run))
    await second.writer.write(lambda tx: cancel(tx, run, now=5.0))
    assert (await asyncio.wait_for(asyncio.wrap_future(told), 2)).status is None


async def test_a_process_that_leaves_gives_its_runs_back_due_at_once(rooms):
    first = rooms()
    run, _ = first.begin(draw(step("held", Hold(gate="released"))))
    await first.until(lambda: ran(run) and first.row(run))
    first.close(0.05)
    second = rooms(sweeps=False)
    row = second.row(run)
    assert (row.status, row.process) == ("queued", "")
    assert row.due_at is not None


async def test_a_process_that_leaves_lets_a_run_finish(rooms):
    first = rooms()
    run, _ = first.begin(draw(step("held", Hold(gate="finishes"))))
    await first.until(lambda: ran(run))
    asyncio.get_running_loop().call_later(0.1, Gate.of("finishes").open)
    await asyncio.to_thread(first.close, 5.0)
    assert rooms(sweeps=False).row(run).status == "succeeded"


@pytest.mark.slow
async def test_many_queued_runs_are_each_claimed_once(rooms):
    first, second = rooms(), rooms()
    plan = chain(5)
    runs = [first.begin(plan, queued=True)[0] for _ in range(60)]
    first.engine.nudge("")
    second.engine.nudge("")
    for _ in range(20):
        first.engine.nudge("")
    rows = [await first.ended(run) for run in runs]
    assert {(row.status, row.attempt) for row in rows} == {("succeeded", 1)}


async def test_a_storage_that_is_away_for_one_look_ends_no_looking(rooms, monkeypatch):
    room, looks = rooms(), list[int]()

    def neighbours() -> bool:
        looks.append(1)
        if len(looks) < 3:
            raise StorageUnavailable("It restarts.")
        return False

    monkeypatch.setattr(room.process, "neighbours", neighbours)
    await room.until(lambda: len(looks) > 3)
    run, _ = room.begin(chain(2), queued=True)
    assert (await room.ended(run)).status == "succeeded"


@pytest.mark.slow
async def test_a_run_that_is_being_taken_up_is_not_claimed_again_meanwhile(rooms):
    class Slow(dict):
        """Plans that take their time to compile."""

        def get(self, key, default=None):
            time.sleep(0.2)
            return super().get(key, default)

    room = rooms()
    room.plans = Slow()
    run, _ = room.begin(chain(3), queued=True)
    for _ in range(30):
        room.engine.nudge("")
        await asyncio.sleep(0.01)
    row = await room.ended(run)
    assert (row.status, row.attempt) == ("succeeded", 1)


@pytest.mark.slow
async def test_three_takeovers_without_a_new_record_end_a_run_as_poison(rooms):
    room = rooms()
    run, _ = room.begin(draw(step("a", Give()), step("held", Hold(gate="poison"), "a")))
    await room.until(lambda: len(room.log(run)) == 1)
    deaths = 0
    while room.row(run).ended is None:
        attempt = room.row(run).attempt
        room.die()
        deaths += 1
        assert deaths < 8, "it goes on for ever"
        room = rooms()
        await room.until(lambda here=room, was=attempt: here.row(run).attempt > was)
        await asyncio.sleep(0.05)
    row = room.row(run)
    assert (row.status, deaths) == ("failed", 4)
    assert "crashed_repeatedly" in row.error


async def test_a_caller_that_goes_away_does_not_hurt_the_run(room):
    run, told = room.begin(draw(step("held", Hold(gate="caller gone"))))
    await room.until(lambda: ran(run))
    told.cancel()
    Gate.of("caller gone").open()
    assert (await room.ended(run)).status == "succeeded"
    await room.until(room.engine._idle.is_set)
    assert (await room.end(chain(2))).status == "succeeded"


async def test_folding_the_log_gives_the_state_the_run_ended_with(room):
    plan = draw(
        step("a", Count(by=2)), step("b", Count(by=3), "a"), step("fork", Fork(way="right"), "b"),
        step("c", Give(value=[1, {"k": None}]), "fork.right"), step("ask", Ask(prompt="hi"), "c"),
        variables={"total": 10},
    )  # fmt: skip
    end = await room.end(plan)
    state = fold(fresh(plan, end.run, ""), room.checked_log(end.run))
    assert state.top.roots["variables"] == {"total": 15}
    assert state.top.exits == ["done", "done", "right", "done", "done"]
    assert (state.steps, state.tokens_in, state.tokens_out) == (5, 7, 5)
    assert state.top.roots["ask"] == end.outputs
    assert not state.intents
    row = room.row(end.run)
    assert (row.tokens_in, row.tokens_out, row.last_hash) == (7, 5, state.hash)


def open_files() -> set[Path]:
    return set(Path("/proc/self/fd").iterdir())


async def test_a_closed_engine_gives_back_its_files_and_takes_nothing_more(room):
    await room.end(chain(3))
    before = open_files()
    room.engine.close(0)
    assert len(before - open_files()) >= 3, "of its event loop"
    _, told = room.begin(chain(3))
    assert (await asyncio.wait_for(asyncio.wrap_future(told), 1)).status is None
    assert await room.engine.watch("run_x") is None
    room.engine.stop("run_x", "nobody")
    room.engine.nudge("")
    room.writer.close()
    room.process.leave()
