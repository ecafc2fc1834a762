"""Drawn documents in a process that is killed with SIGKILL: taken up by the next, they end as the reference says."""

import signal
import subprocess
import sys
from pathlib import Path
from random import Random

import pytest

from runtime.store.database import Reader
from tests.differential.comparing import differences
from tests.differential.drawing import Drawn, document
from tests.differential.killing import BEGAN, NEVER, STORE
from tests.differential.playing import meant_by, plan_of, read_all
from tests.differential.values import TooLarge
from tests.support.database import empty_database

AT_ONCE = 40
LIVES = 10
DEATHS = 2
"""in a row: a third without a record between them would rightly end a run as poison"""


def of_interest(seed: int) -> bool:
    """Whether the reference reads the document to its end."""
    drawn = document(seed)
    try:
        meant_by(drawn)
    except TooLarge:
        return False
    return True


def live(folder: Path, arrival: int, seeds: list[int]) -> int:
    """How a process ended whose knife falls at the nth commit."""
    command = [sys.executable, "-m", "tests.differential.killing", str(folder), str(arrival), *map(str, seeds)]
    return subprocess.run(command, check=False, timeout=110).returncode


def finished(reader: Reader) -> set[tuple[str, str, str]]:
    """Steps whose end is in a log."""
    asked = "SELECT run, step, path FROM record WHERE kind IN ('done', 'failed')"
    return {tuple(each) for each in reader.now(lambda tx: tx.exec_driver_sql(asked).all())}


def begun(folder: Path) -> list[tuple[str, str, str]]:
    """Steps that began, in order, in whatever process."""
    lines = (folder / BEGAN).read_text().splitlines() if (folder / BEGAN).exists() else []
    return [tuple(line.split("\t")[1:4]) for line in lines]  # pyright: ignore[reportReturnType]


def rounds(folder: Path, seeds: list[int], chance: Random) -> tuple[list[str], int]:
    """What is wrong after some deaths, and how many there were."""
    drawn: dict[str, Drawn] = {plan_of(each).hash: each for each in map(document, seeds)}
    reader = Reader(empty_database(folder / STORE))
    wrong: list[str] = []
    deaths = 0
    for arrival in [*(chance.randint(1, 4) for _ in range(DEATHS)), NEVER]:
        before, already = begun(folder), finished(reader) if deaths else set()
        code = live(folder, arrival, seeds)
        deaths += code == -signal.SIGKILL
        wrong += [f"finished, and began again: {each}" for each in begun(folder)[len(before) :] if each in already]
        assert code in (0, -signal.SIGKILL)
    for digest, played in read_all(reader):
        meant = meant_by(drawn[digest])
        wrong += [f"{drawn[digest].document['meaning']}: {each}" for each in differences(played, meant)]
    return wrong, deaths


@pytest.mark.nightly
@pytest.mark.parametrize("number", range(LIVES))
def test_killed_in_the_middle_drawn_documents_end_as_they_mean_and_nothing_finished_runs_again(tmp_path, number):
    seeds = [seed for seed in range(number * AT_ONCE, (number + 1) * AT_ONCE) if of_interest(seed)]
    wrong, deaths = rounds(tmp_path, seeds, Random(number))  # noqa: S311 - repeatable on purpose
    assert wrong == [], "\n".join(wrong)
    assert deaths
