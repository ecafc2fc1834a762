"""`greenlane audit verify`: what it says of a log that is whole, changed, or cut off."""

import asyncio
import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from runtime.operations import workflows
from runtime.operations.people import local_owner
from tests.support.model_server import ModelServer
from tests.support.product import product


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A data folder with some rows in its log."""

    async def use(running) -> None:
        for title in ("One", "Two", "Three"):
            await workflows.create_workflow(running, await local_owner(running), title=title)

    with ModelServer() as model, product(tmp_path, model) as running:
        asyncio.run(use(running))
    return tmp_path


def verify(folder: Path, *more: str) -> tuple[int, str, str]:
    """Exit code, what is said, and the head."""
    done = subprocess.run(
        [sys.executable, "-m", "builder.command", "audit", "verify", *more],
        env=os.environ | {"GREENLANE_DATA": str(folder)}, capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    return done.returncode, done.stdout + done.stderr, done.stdout.partition("head ")[2].partition(" ")[0]


def change(folder: Path, statement: str) -> None:
    [file] = folder.glob("*.db")
    with sqlite3.connect(file) as connection:
        connection.execute(statement)
    connection.close()


@pytest.mark.slow
def test_a_whole_log_passes_and_prints_the_link_to_keep(folder):
    code, said, head = verify(folder)
    assert (code, len(head)) == (0, 64)
    assert "rows fit" in said
    code, said, _ = verify(folder, "--head", head)
    assert code == 0
    assert "nothing up to it was changed or taken away" in said


@pytest.mark.slow
def test_a_changed_row_is_named_and_fails(folder):
    change(folder, "UPDATE audit SET thing = 'other' WHERE id = 2")
    code, said, _ = verify(folder)
    assert code == 1
    assert "Row 2 does not fit" in said


@pytest.mark.slow
def test_a_cut_off_end_fails_with_the_link_that_was_kept(folder):
    _, _, head = verify(folder)
    change(folder, "DELETE FROM audit WHERE id = (SELECT max(id) FROM audit)")
    assert verify(folder)[0] == 0
    code, said, _ = verify(folder, "--head", head)
    assert code == 1
    assert "is not in the log" in said
