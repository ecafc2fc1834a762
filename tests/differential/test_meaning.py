"""What is drawn runs as the reference reads it, whole and cut off after any record."""

import time
from collections import Counter
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import pytest

from tests.differential.comparing import check_seeds, differences
from tests.differential.drawing import Drawn, document
from tests.differential.playing import cut_and_resume, cut_by_chance, meant_by, plan_of, play
from tests.differential.values import TooLarge
from tests.support.engine_room import Room

HUNDRED = range(100)
CUTS = 3


@pytest.fixture(scope="module")
def room() -> Iterator[Room]:
    with TemporaryDirectory() as folder:
        opened = Room(Path(folder))
        yield opened
        opened.close(0.1)


@pytest.fixture(params=range(5))
def tonight(request: pytest.FixtureRequest) -> range:
    """Two hundred of a thousand that were never drawn before."""
    first = int(time.time() // 86_400) * 1000 + request.param * 200
    print("seeds from", first)
    return range(first, first + 200)


def whole(room: Room, drawn: Drawn) -> list[str]:
    """What is wrong with a run from begin to end."""
    meant = meant_by(drawn)
    return differences(play(room, plan_of(drawn), drawn.inputs), meant)


def cut(room: Room, cuts: int, drawn: Drawn) -> list[str]:
    """What is wrong with a run that is cut off, again and again, each time after a record chosen by chance."""
    meant = meant_by(drawn)
    played, chance = play(room, plan_of(drawn), drawn.inputs), Random(sum(drawn.choices))  # noqa: S311
    wrong = differences(played, meant)
    for _ in range(cuts):
        at = cut_by_chance(played.records, chance)
        try:
            played = cut_and_resume(room, played, at)
        except AssertionError as error:
            return [*wrong, str(error)]
        wrong += [f"cut off after record {at}: {each}" for each in differences(played, meant)]
    return wrong


@pytest.mark.slow
def test_a_hundred_drawn_workflows_do_what_they_mean(room):
    assert check_seeds(HUNDRED, partial(whole, room)) > 95


@pytest.mark.slow
def test_a_hundred_cut_off_after_any_record_end_the_same_and_nothing_finished_runs_again(room):
    assert check_seeds(HUNDRED, partial(cut, room, CUTS), partial(cut, room, 4 * CUTS)) > 95


@pytest.mark.nightly
def test_a_thousand_new_ones_do_what_they_mean(room, tonight):
    assert check_seeds(tonight, partial(whole, room)) > 190


@pytest.mark.nightly
def test_a_thousand_new_ones_cut_off_after_any_record_end_the_same(room, tonight):
    assert check_seeds(tonight, partial(cut, room, CUTS), partial(cut, room, 4 * CUTS)) > 190


def test_what_is_drawn_holds_all_there_is():
    """In the hundred of the suite; else nothing is shown of it."""
    seen: Counter[str] = Counter()
    for seed in HUNDRED:
        drawn = document(seed)
        try:
            meant = meant_by(drawn)
        except TooLarge:
            continue
        seen[meant.status] += 1
        for line, told in {each.line: each.step for each in meant.happened}.items():
            seen[f"{told['type']} {line.kind} {line.exit}".strip()] += 1
            seen[f"depth {len(line.path.split('/')) if line.path else 0}"] += 1
            if told["type"] == "flow.each" and line.kind == "item":
                seen[f"item {line.exit} under {told['settings']['on_error']}"] += 1
                seen["several at once"] += told["settings"]["parallel"] > 1
    wanted = {
        "succeeded": 30, "partly_succeeded": 20, "failed": 8, "depth 0": 500, "depth 1": 200, "depth 2": 100,
        "depth 3": 30, "item failed under stop": 3, "item failed under null": 3, "item failed under skip": 3,
        "several at once": 50, "flow.leave_loop done done": 3, "flow.set_value done done": 50,
        "flow.set_value failed error": 3, "flow.answer done done": 10,
        "flow.branch done yes": 50, "flow.branch done else": 50, "test.slow retry": 5, "test.work retry": 5,
        "test.slow failed done": 5, "test.slow failed error": 5, "flow.each failed done": 1,
        "flow.each failed error": 1, "flow.repeat failed done": 1, "flow.repeat failed error": 1,
        "flow.call item done": 10, "flow.call item failed": 1,
        "flow.repeat item left": 10, "flow.repeat item done": 50, "flow.repeat item failed": 3,
    }  # fmt: skip
    assert {name: seen[name] for name, least in wanted.items() if seen[name] < least} == {}


def test_what_is_wrong_is_found_and_made_small():
    def check(drawn: Drawn) -> list[str]:
        steps = drawn.document["meaning"]["steps"].values()
        return ["a loop in a loop"] if any(
            each["type"] == "flow.repeat" and drawn.document["meaning"]["steps"].get(each.get("inside"), {}).get("type")
            == "flow.repeat" for each in steps) else []  # fmt: skip

    with pytest.raises(AssertionError) as found:
        check_seeds(HUNDRED, check)
    told = str(found.value).partition("as small as it gets:")[2]
    assert told.count("flow.repeat") == 2
    assert told.count('{"type"') <= 6
