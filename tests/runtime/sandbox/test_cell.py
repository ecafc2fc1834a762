"""The limits of a child are set by the child itself, before anything of a stranger's is read."""

import json
import subprocess
import sys

from runtime.sandbox.cage import ROOT
from runtime.sandbox.cell import OUT_OF_MEMORY

REPORT = """
import json, resource
from runtime.sandbox.cell import limit
limit(3 << 30, 1.2)
print(json.dumps({name: resource.getrlimit(getattr(resource, name)) for name in (
    "RLIMIT_AS", "RLIMIT_CPU", "RLIMIT_FSIZE", "RLIMIT_CORE", "RLIMIT_NOFILE")}))
"""


def test_no_limit_can_be_raised_and_the_seconds_are_rounded_up():
    told = subprocess.run([sys.executable, "-c", REPORT], cwd=ROOT, check=True, capture_output=True, text=True).stdout
    assert json.loads(told) == {
        "RLIMIT_AS": [3 << 30] * 2, "RLIMIT_CPU": [2, 3], "RLIMIT_FSIZE": [0, 0], "RLIMIT_CORE": [0, 0],
        "RLIMIT_NOFILE": [64, 64],
    }  # fmt: skip


def test_a_lack_of_memory_has_an_exit_code_of_its_own():
    asked = [sys.executable, "-m", "runtime.sandbox.cell", "tests.support.hungry", str(300_000_000), "20", ""]
    done = subprocess.run(asked, cwd=ROOT, check=False, input=b"memory", capture_output=True)
    assert (done.returncode, done.stdout) == (OUT_OF_MEMORY, b"")
