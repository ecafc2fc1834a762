"""How a run is tried out stands beside it; pins are kept as they are."""

from runtime.engine.ports import Pin
from runtime.engine.trials import Trial, packed_pins, read_trial, unpacked_pins
from runtime.store.trials import insert_trial
from tests.support.engine_room import Ask, Gate, Give, Hold, draw, ran, reading, step

PINS = {"ask": Pin({"text": "x"}, exit="done", chunks=("a", "b"))}


def test_pins_come_back_as_they_were_kept():
    found = unpacked_pins(packed_pins(PINS))["ask"]
    assert (found.outputs, found.exit, list(found.chunks)) == ({"text": "x"}, "done", ["a", "b"])


async def test_a_trial_is_read_by_whoever_takes_the_run_over(rooms):
    room = rooms()
    trial = Trial("replay", "run_before", "ask", "each[1]", "make", PINS)
    await room.writer.write(lambda tx: insert_trial(tx, trial.row("run_now")))
    with room.database.connect() as tx:
        found, none = read_trial(tx, "run_now"), read_trial(tx, "run_other")
    assert none is None
    assert found is not None
    assert (found.kind, found.source, found.step, found.path, found.calls) == (
        "replay", "run_before", "ask", "each[1]", "make",
    )  # fmt: skip
    assert found.recorded is not None
    assert Trial("step").recorded is None


async def test_a_step_that_runs_alone_is_still_alone_after_a_takeover(rooms):
    plan = draw(
        step("before", Give(value=1)),
        step("held", Hold(gate="alone", value=2), "before"),
        reading("behind", Give, ["held"], "held"),
    )
    first = rooms(sweeps=False)
    run, _ = first.begin(plan, queued=True)
    await first.writer.write(lambda tx: insert_trial(tx, Trial("step", step="held").row(run)))
    second = rooms()
    await second.until(lambda: ran(run) == ["held"])
    second.die()
    third = rooms()
    await third.until(lambda: ran(run) == ["held", "held"])
    Gate.of("alone").open()
    row = await third.ended(run)
    assert (row.status, row.outputs) == ("succeeded", b'{"value":2}')
    assert [(each.kind, each.step) for each in third.checked_log(run)] == [("done", "held")]


async def test_a_replay_is_still_one_after_a_takeover_and_asks_nobody(rooms, model):
    plan = draw(step("held", Hold(gate="replayed")), step("ask", Ask(prompt="hello"), "held"))
    first = rooms(model_url=model.url)
    first.bind()
    old, _ = first.begin(plan)
    Gate.of("replayed").open()
    await first.ended(old)
    again = draw(step("slow", Hold(gate="again")), step("ask", Ask(prompt="hello"), "slow"))
    first.close()
    still = rooms(model_url=model.url, sweeps=False)
    run, _ = still.begin(again, queued=True)
    await still.writer.write(lambda tx: insert_trial(tx, Trial("replay", old).row(run)))
    second = rooms(model_url=model.url)
    await second.until(lambda: ran(run) == ["slow"])
    second.die()
    third = rooms(model_url=model.url)
    await third.until(lambda: ran(run) == ["slow", "slow"])
    Gate.of("again").open()
    row = await third.ended(run)
    assert (row.status, row.outputs) == ("succeeded", b'{"value":"You said: hello"}')
    assert len(model.calls) == 1, "only the run before asked"


async def test_pins_hold_after_a_takeover_and_say_so(rooms):
    plan = draw(step("ask", Ask(prompt="x")), reading("end", Give, ["ask"], "ask"))
    first = rooms(sweeps=False)
    run, _ = first.begin(plan, queued=True)
    await first.writer.write(lambda tx: insert_trial(tx, Trial("pinned", pins={"ask": Pin({"value": 3})}).row(run)))
    second = rooms()
    row = await second.ended(run)
    assert row.outputs == b'{"value":3}'
    assert second.checked_log(run)[0].detail == b'{"pinned":true}'
