"""How a run is tried out stands beside it; pins are kept as they are."""

from runtime.engine.ports import Pin
from runtime.engine.trials import Trial, packed_pins, read_trial, unpacked_pins
from runtime.store.trials import insert_trial

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
