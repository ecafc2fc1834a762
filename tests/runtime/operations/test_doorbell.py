"""What is said of the doorbell before anybody needs it."""

import sqlite3
import sys
from pathlib import Path

import pytest

from runtime.engine.dispatch import DbosBell, address_of, waiting_places
from runtime.operations.doorbell import how_the_bell_is
from runtime.settings import Settings
from tests.support.processes import until

pytestmark = pytest.mark.slow


async def test_one_that_was_never_needed_is_tried_in_a_folder_of_its_own_and_one_that_is_there_is_asked(tmp_path: Path):
    settings = Settings(data=tmp_path)
    found = how_the_bell_is(settings)
    assert (found.works, found.words) == (
        True, "doorbell: works on this machine, made when a second process starts",
    )  # fmt: skip
    assert not any(tmp_path.glob("*"))  # noqa: ASYNC240 - nobody else waits
    address = address_of(tmp_path, "")
    bell = DbosBell(address, "process_1", 1, lambda _: pytest.fail("nobody listens"), lambda _: 0, lambda _: False)
    bell.ring("run_1")
    await until(lambda: (tmp_path / "dispatch.db").exists() and waiting_places(address))
    bell.close()
    assert how_the_bell_is(settings).words == "doorbell: its queue answers, 1 message in it"


def test_one_that_is_broken_says_what_may_be_done_and_that_nothing_is_lost_by_it(tmp_path: Path):
    (tmp_path / "dispatch.db").write_bytes(b"no database " * 100)
    found = how_the_bell_is(Settings(data=tmp_path))
    assert not found.works
    assert "not a database" in found.words
    assert f"delete {tmp_path / 'dispatch.db'}: nothing is lost" in found.advice


def test_a_sqlite_that_is_too_old_for_it_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(sys, "version_info", (3, 12, 0))
    monkeypatch.setattr(sqlite3, "sqlite_version_info", (3, 40, 1))
    found = how_the_bell_is(Settings(data=tmp_path))
    assert (found.works, "needs SQLite 3.42" in found.words, "Python 3.11" in found.advice) == (False, True, True)


@pytest.mark.nightly
def test_in_postgres_it_is_looked_for_and_not_made():
    from tests.support.postgres import new_database

    settings = Settings(database_url=new_database())
    assert how_the_bell_is(settings).words == "doorbell: made in Postgres when a second process starts"
    waiting_places(settings.database_url)
    assert how_the_bell_is(settings).words == "doorbell: its queue answers, no messages in it"
