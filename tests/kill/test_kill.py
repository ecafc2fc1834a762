import re
from dataclasses import replace
from pathlib import Path

import orjson
import pytest

from nodes.catalogue import load
from runtime.graph.reading import read
from runtime.store.log import Record
from tests.kill import verdict
from tests.kill.everything import everything
from tests.kill.knife import PLACES, TURNS
from tests.kill.rounds import ENOUGH, Falls, play
from tests.kill.verdict import Verdict


def test_the_knife_knows_every_fault_point_of_the_source():
    source = "\n".join(path.read_text() for path in Path("runtime").rglob("*.py"))
    assert set(re.findall(r'reach\("([^"]+)"\)', source)) == set(PLACES)
    assert {place for _, place in TURNS} == set(PLACES)


def test_every_type_of_step_that_has_an_effect_is_killed():
    declared = {"ai.agent", "people.ask"}  # they do nothing yet
    effectful = {name for name, node in load().types.items() if node.effects} - declared
    document, problems = read(everything("http://host/v1"))
    assert document is not None, problems
    assert effectful - {step.type for step in document.meaning.steps.values()} == set()


def test_a_place_that_is_never_hit_though_it_had_its_turns_is_a_finding():
    falls = Falls()
    for _ in range(ENOUGH):
        falls.turns["server", "before park"] += 1
        falls.turns["worker", "before park"] += 1
    falls.fell["worker", "before park"] += 1
    assert falls.never() == [f"the knife of the server never fell before park in {ENOUGH} turns"]
    assert "server before park 0/3, worker before park 1/3" in falls.lines()


@pytest.mark.slow
async def test_twenty_kills_lose_nothing_and_repeat_nothing():
    found = await play(20, 0, seed=7)
    assert found.findings == []
    assert (found.lost, found.repeated) == (0, 0)
    assert found.accepted > 20
    assert found.answered > 0
    assert found.by_knife >= 8, "of 14 knives"


def record(seq: int, kind: str, ended: float = 10.0) -> Record:
    detail = orjson.dumps({"key": "k"}) if kind == "intent" else None
    return Record("run", seq, 1, kind, 1, "ask", "", 1, 1.0, ended, 0, "done", b"{}", None, detail, "", "", "")


@pytest.mark.parametrize(
    ("kinds", "calls", "repeated", "interrupted"),
    [
        (["intent", "done"], [5.0], 0, 0),
        (["intent", "intent", "done"], [5.0, 6.0], 0, 1),
        (["intent", "done"], [5.0, 6.0], 1, 0),  # called twice, meant once
        (["intent", "done"], [11.0], 1, 0),  # called after it was done
        (["intent", "done", "intent"], [5.0], 1, 0),  # began again after it was done
    ],
)
def test_the_verdict_tells_repeated_from_interrupted(kinds, calls, repeated, interrupted):
    found = Verdict()
    verdict._count_calls(found, [record(at, kind) for at, kind in enumerate(kinds, 1)], {"k": calls})
    assert (found.repeated, found.interrupted) == (repeated, interrupted)
    assert replace(found, accepted=0, ended=0).good == (repeated == 0)
