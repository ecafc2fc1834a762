"""What holds for every subcommand of `greenlane`."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from builder.command import NOBODY_READS

ROOT = Path(__file__).parents[3]


@pytest.mark.slow
@pytest.mark.parametrize(
    "words", [["explain", "examples/ticket-triage.yaml"], ["check", "examples/ticket-triage.inputs.json"]]
)
def test_a_reader_that_goes_away_ends_a_command_in_silence(words):
    reading, writing = os.pipe()
    os.close(reading)
    try:
        ended = subprocess.run(
            [sys.executable, "-m", "builder.command", *words], cwd=ROOT, stdout=writing, stderr=subprocess.PIPE,
            text=True, timeout=60, check=False,
        )  # fmt: skip
    finally:
        os.close(writing)
    assert (ended.returncode, ended.stderr) == (NOBODY_READS, "")
