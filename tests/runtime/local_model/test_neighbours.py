import json
import os
import subprocess
import sys
from dataclasses import asdict

import pytest

from runtime.local_model.neighbours import Note, Shared, read_note
from runtime.sandbox.kept import Program, Standing

RESTING = Standing("resting", None, 0, "")


def shared(folder):
    return Shared(folder, "tiny", lambda _: Program([sys.executable, "-c", ""]), str)


def written(folder, keeper):
    note = Note(4711, "k", keeper, RESTING)
    (folder / "tiny.json").write_text(json.dumps(asdict(note)))
    return note


def test_a_note_is_read_as_it_was_written(tmp_path):
    assert read_note(tmp_path, "tiny") is None
    assert read_note(tmp_path, "tiny") != written(tmp_path, os.getpid())
    assert read_note(tmp_path, "tiny") == Note(4711, "k", os.getpid(), RESTING)


def test_the_note_of_a_process_that_is_gone_counts_for_nothing(tmp_path):
    with subprocess.Popen([sys.executable, "-c", ""]) as gone:
        pass
    written(tmp_path, gone.pid)
    assert read_note(tmp_path, "tiny") is None


@pytest.mark.parametrize("broken", ["", "[]", "{}", '{"port": 1, "standing": {}}'])
def test_a_note_that_cannot_be_read_counts_for_nothing(tmp_path, broken):
    (tmp_path / "tiny.json").write_text(broken)
    assert read_note(tmp_path, "tiny") is None


def test_the_first_takes_it_and_the_second_is_led_to_the_first(tmp_path):
    first, second = shared(tmp_path), shared(tmp_path)
    try:
        assert second.reach() == first.reach() == second.reach()
        assert oct(tmp_path.joinpath("tiny.json").stat().st_mode)[-3:] == "600"
    finally:
        first.close()
        second.close()


def test_when_the_first_has_closed_the_second_takes_it_over_with_a_key_of_its_own(tmp_path):
    first, second = shared(tmp_path), shared(tmp_path)
    before = first.reach()
    assert second.reach() == before
    first.close()
    try:
        after = second.reach()
        assert after.key != before.key
        assert len(after.key) > 30
    finally:
        second.close()
    assert not (tmp_path / "tiny.json").exists()
