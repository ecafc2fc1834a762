import faulthandler
import subprocess
import sys
from dataclasses import replace
from types import SimpleNamespace

import orjson
import pytest

from tests.kill.workflow import inputs_of, outputs_of
from tests.soak.__main__ import worn
from tests.soak.footprint import Footprint
from tests.soak.verdict import wrong_end

START = Footprint(memory_mb=90, files=13, threads=7, tasks=1)


@pytest.mark.nightly
def test_twenty_thousand_runs_and_two_dozen_restarts_wear_nothing_out():
    faulthandler.cancel_dump_traceback_later()  # which ends a test after two minutes; this one has its own limit
    soak = subprocess.run(
        [sys.executable, "-m", "tests.soak", "--lives", "25", "--runs", "800"], stdout=subprocess.PIPE, text=True,
        timeout=900, check=False,
    )  # fmt: skip
    assert soak.returncode == 0, soak.stdout
    assert "runs 20000 findings 0" in soak.stdout


@pytest.mark.parametrize(
    ("now", "found"),
    [
        (START, []),
        (replace(START, memory_mb=100), []),
        (replace(START, memory_mb=101), ["memory has grown by 11.0 MB in 10000 runs"]),
        (replace(START, files=14), ["files, threads, tasks: (14, 7, 1), and (13, 7, 1) at the first rest"]),
        (replace(START, threads=8), ["files, threads, tasks: (13, 8, 1), and (13, 7, 1) at the first rest"]),
        (replace(START, tasks=2), ["files, threads, tasks: (13, 7, 2), and (13, 7, 1) at the first rest"]),
    ],
)
def test_what_is_held_longer_than_a_life_is_found(now, found):
    assert worn(START, now, runs=10_000) == found


def row(status: str, outputs: object = None, code: str = "") -> SimpleNamespace:
    return SimpleNamespace(
        status=status, inputs=orjson.dumps(inputs_of(3)), outputs=orjson.dumps(outputs),
        error=orjson.dumps({"code": code}),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("ended", "cancelled", "right"),
    [
        (row("succeeded", outputs_of(inputs_of(3))), False, True),
        (row("succeeded", outputs_of(inputs_of(3))), True, True),  # it was faster
        (row("succeeded", outputs_of(inputs_of(4))), False, False),
        (row("failed", code="model_down"), False, True),
        (row("failed", code="internal"), False, False),
        (row("failed", code="crashed_repeatedly"), False, False),
        (row("cancelled"), True, True),
        (row("cancelled"), False, False),
        (row("running"), False, False),
        (row("queued"), True, False),
    ],
)
def test_a_run_may_end_only_as_its_model_and_its_callers_explain(ended, cancelled, right):
    assert (wrong_end(ended, cancelled) == "") == right
