"""`greenlane run --input doc=@path`: a file of this machine as an input."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path

import pytest

from builder.command.run import arguments, run
from runtime.errors import NotFound
from tests.runtime.operations.test_files import FLOW

pytestmark = pytest.mark.slow

parser = ArgumentParser()
arguments(parser)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("GREENLANE_DATA", str(tmp_path / "data"))
    (tmp_path / "flow.yaml").write_bytes(FLOW)
    (tmp_path / "a.txt").write_text("Hello")
    (tmp_path / "b.csv").write_text("x\n1\n")
    return tmp_path


def started(folder: Path, *inputs: str) -> int:
    words = [word for each in inputs for word in ("--input", each)]
    return run(parser.parse_args([str(folder / "flow.yaml"), *words]))


def test_a_file_is_given_by_its_path_and_several_by_several(folder, capsys):
    assert started(folder, f"doc=@{folder}/a.txt", f"more=@{folder}/a.txt", f"more=@{folder}/b.csv") == 0
    said = capsys.readouterr().out
    assert "text: Hello" in said
    assert "called: a.txt" in said


def test_a_file_that_is_not_there_is_told_in_words(folder):
    with pytest.raises(NotFound, match="cannot be read"):
        started(folder, f"doc=@{folder}/nothing.txt")
