"""The doorbell: a run id and nothing else, told to one process with room, and never a program."""

import base64
import os
import pickle
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from pathlib import Path

import pytest

from runtime.engine import dispatch
from runtime.engine.dispatch import DbosBell, Silent, address_of, waiting_places
from tests.support.processes import until

pytestmark = pytest.mark.slow


class Listener:
    """Answers a bell; `attempts` are the runs that still wait."""

    def __init__(self) -> None:
        self.attempts: dict[str, int] = {}
        self.told: dict[str, Future[None]] = {}
        self.gone: set[str] = set()
        """processes that have died"""

    def answer(self, run: str) -> "Future[None]":
        self.told[run] = Future()
        return self.told[run]


@pytest.fixture
def listener() -> Listener:
    return Listener()


@pytest.fixture
def address(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setattr(dispatch, "LATE_S", 0.0)
    return address_of(tmp_path, "")


@pytest.fixture
def bell(address: str, listener: Listener) -> Iterator[DbosBell]:
    made = DbosBell(address, "process_1", 2, listener.answer, listener.attempts.get, listener.gone.__contains__)
    yield made
    made.close()


def asks(address: str, question: str, *values: object) -> list[tuple]:
    with sqlite3.connect(address.removeprefix("sqlite:///"), timeout=10) as file:
        return file.execute(question, values).fetchall()


def places(address: str) -> Callable[[], list[str]]:
    return lambda: [message for message, _ in waiting_places(address)]


async def test_who_listens_is_told_the_run_and_the_message_holds_its_place_until_its_part_is_done(
    bell, listener, address
):
    listener.attempts["run_1"] = 3
    bell.listen()
    bell.ring("run_1")
    bell.ring("run_1")
    await until(lambda: "run_1" in listener.told)
    assert waiting_places(address) == [("run_1.3", "PENDING")]
    assert asks(address, "SELECT inputs FROM workflow_input") == [('{"args":["run_1"],"kwargs":{}}',)]
    assert asks(address, "SELECT executor_id, application_version FROM workflow_status") == [("process_1", "1")]
    assert asks(address, "PRAGMA journal_mode") == [("wal",)]
    listener.told["run_1"].set_result(None)
    await until(lambda: waiting_places(address) == [])


async def test_no_more_are_told_at_once_than_there_is_room_for(bell, listener, address):
    for number in range(3):
        listener.attempts[f"run_{number}"] = 0
        bell.ring(f"run_{number}")
    await until(lambda: len(waiting_places(address)) == 3)
    bell.listen()
    await until(lambda: len(listener.told) == 2)
    first = next(iter(listener.told))
    listener.told[first].set_result(None)
    await until(lambda: len(listener.told) == 3)
    for each in listener.told.values():
        if not each.done():
            each.set_result(None)


async def test_for_a_run_that_somebody_took_nobody_rings_and_dbos_is_not_even_loaded(bell, listener, tmp_path):
    bell.ring("run_taken")
    await until(lambda: not bell._todo)
    assert not (tmp_path / "dispatch.db").exists()


async def test_the_message_of_a_dead_process_keeps_no_place_once_its_run_is_taken_over(bell, listener, address):
    listener.attempts["run_1"] = 0
    bell.ring("run_1")
    await until(lambda: places(address)() == ["run_1.0"])
    bell.forget("run_1", 1)
    await until(lambda: places(address)() == [])


async def test_what_a_process_had_taken_that_died_since_is_cleared_away(bell, listener, address, monkeypatch):
    monkeypatch.setattr(dispatch, "TIDY_S", 0.1)
    for run in ("run_lives", "run_dead"):
        listener.attempts[run] = 0
        bell.ring(run)
    await until(lambda: len(waiting_places(address)) == 2)
    asks(address, "UPDATE workflow_status SET status = 'PENDING', executor_id = 'process_' || substr(workflow_uuid, 5)")
    listener.gone.add("process_dead.0")
    bell.listen()
    await until(lambda: waiting_places(address) == [("run_lives.0", "PENDING")])


async def test_a_bell_that_is_asked_too_much_still_begins_to_listen(bell, listener, monkeypatch):
    monkeypatch.setattr(dispatch, "MOST_WAITING", 3)
    bell.listen()
    for number in range(50):
        bell.ring(f"run_{number}")
    listener.attempts["run_late"] = 0
    await until(lambda: not bell._todo)
    bell.ring("run_late")
    await until(lambda: "run_late" in listener.told)
    listener.told["run_late"].set_result(None)


class Evil:
    """What runs a program where it is unpickled."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __reduce__(self):
        return os.mkdir, (str(self._path),)


async def test_a_pickled_message_runs_no_program(bell, listener, address, tmp_path):
    for run in ("run_evil", "run_good"):
        listener.attempts[run] = 0
        bell.ring(run)
    await until(lambda: len(waiting_places(address)) == 2)
    canary = tmp_path / "canary"
    packed = base64.b64encode(pickle.dumps({"args": (Evil(canary),), "kwargs": {}})).decode()
    which = "WHERE workflow_uuid = 'run_evil.0'"
    asks(address, f"UPDATE workflow_input SET inputs = ? {which}", packed)  # noqa: S608
    asks(address, f"UPDATE workflow_status SET serialization = 'py_pickle' {which}")  # noqa: S608
    bell.listen()
    await until(lambda: "run_good" in listener.told)
    listener.told["run_good"].set_result(None)
    status = "SELECT status FROM workflow_status WHERE workflow_uuid = 'run_evil.0'"
    await until(lambda: canary.exists() or asks(address, status) == [("ERROR",)])
    assert not canary.exists(), "a message from the database was run as a program"
    assert list(listener.told) == ["run_good"]


async def test_a_bell_that_is_broken_hurts_nobody(tmp_path, listener, caplog):
    broken = DbosBell(
        f"sqlite:///{tmp_path}/no/such/folder/x.db", "p", 1, listener.answer, lambda _run: 0, lambda _process: False
    )
    broken.ring("run_1")
    await until(lambda: "silent for a while" in caplog.text)
    broken.close()


def test_a_process_alone_has_no_bell_and_loads_nothing_of_it():
    silent = Silent()
    silent.listen()
    silent.ring("run_1")
    silent.forget("run_1", 1)
    silent.close()
    program = "import runtime.assembly, builder.api, sys; print('dbos' in sys.modules)"
    said = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True)
    assert said.stdout.strip() == "False"
