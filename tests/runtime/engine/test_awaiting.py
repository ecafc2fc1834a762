"""Callers that wait for runs which other processes execute."""

import asyncio
from concurrent.futures import Future

import pytest

from runtime.engine.awaiting import AFAR_S, Awaited
from runtime.errors import StorageUnavailable


class Rows:
    """A reader that knows which runs go on, and counts how often it was asked."""

    def __init__(self) -> None:
        self.going = {f"run_{number}" for number in range(50)}
        self.asked: list[int] = []
        self.fails = False

    async def ask(self, question):
        if self.fails:
            raise StorageUnavailable("The disk is full.")
        self.asked.append(len(question.keywords["runs"]))
        return set(question.keywords["runs"]) & self.going


@pytest.fixture
def rows() -> Rows:
    return Rows()


@pytest.fixture
async def awaited(rows):
    waiting = Awaited(rows)
    yield waiting
    waiting.close()


def wait_for(awaited: Awaited, *runs: str) -> dict[str, Future[None]]:
    told = {run: Future[None]() for run in runs}
    for run, future in told.items():
        awaited.add(run, future)
    return told


async def test_the_rows_of_all_are_asked_for_at_once_and_only_who_waits_for_an_ended_run_is_told(awaited, rows):
    told = wait_for(awaited, *sorted(rows.going))
    rows.going -= {"run_7", "run_8"}
    await asyncio.sleep(AFAR_S * 2.5)
    assert {run for run, future in told.items() if future.done()} == {"run_7", "run_8"}
    assert rows.asked[0] == 50
    assert set(rows.asked[1:]) == {48}


async def test_nobody_is_asked_when_nobody_waits(awaited, rows):
    told = wait_for(awaited, "run_1", "run_2")
    rows.going.clear()
    await asyncio.sleep(AFAR_S * 2)
    asked = len(rows.asked)
    await asyncio.sleep(AFAR_S * 3)
    assert len(rows.asked) == asked
    assert all(future.done() for future in told.values())


async def test_who_has_gone_away_is_asked_for_no_more(awaited, rows):
    told = wait_for(awaited, "run_1", "run_2")
    told["run_1"].cancel()
    await asyncio.sleep(AFAR_S * 3)
    assert rows.asked[-1] == 1


async def test_who_waits_for_a_run_that_ended_here_is_told_at_once(awaited, rows):
    told = wait_for(awaited, "run_1")
    awaited.settled("run_1")
    assert told["run_1"].done()
    assert rows.asked == []


async def test_a_storage_that_does_not_answer_is_told_and_the_next_caller_is_served(awaited, rows):
    rows.fails = True
    told = wait_for(awaited, "run_1")
    with pytest.raises(StorageUnavailable, match="disk"):
        await asyncio.wrap_future(told["run_1"])
    rows.fails = False
    rows.going.clear()
    await asyncio.wait_for(asyncio.wrap_future(wait_for(awaited, "run_2")["run_2"]), 5)


async def test_who_still_waits_when_the_process_ends_is_told_so(rows):
    waiting = Awaited(rows)
    told = wait_for(waiting, "run_1")
    waiting.close()
    assert isinstance(told["run_1"].exception(0), StorageUnavailable)
