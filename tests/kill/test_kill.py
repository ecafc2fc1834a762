import re
from dataclasses import replace
from pathlib import Path

import orjson
import pytest

from runtime.store.log import Record
from tests.kill import verdict
from tests.kill.knife import PLACES
from tests.kill.rounds import play
from tests.kill.verdict import Verdict


def test_the_knife_knows_every_fault_point_of_the_source():
    source = "\n".join(path.read_text() for path in Path("runtime").rglob("*.py"))
    assert set(re.findall(r'reach\("([^"]+)"\)', source)) == set(PLACES)


@pytest.mark.slow
async def test_twenty_kills_lose_nothing_and_repeat_nothing():
    found = await play(20, 0, seed=7)
    assert found.findings == []
    assert (found.lost, found.repeated) == (0, 0)
    assert found.accepted > 20
    assert found.answered > 0


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
