"""A worker, started as the host starts it where there is no cage: it shuts itself in, answers, ends with its host."""

import json
import subprocess

import pytest

from runtime.sandbox import frames
from runtime.sandbox.cage import interpreter
from runtime.sandbox.worker.__main__ import FIT, READY, WORN
from runtime.sandbox.workers import MONTY


@pytest.fixture
def worker():
    told = {"kind": "javascript", "memory": 64_000_000, "most": 1000, "caged": False, "binary": str(MONTY)}
    command = [*interpreter("runtime.sandbox.worker.__main__"), json.dumps(told)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0, env={}, cwd="/"
    ) as process:
        yield process
        process.kill()


def ask(process: subprocess.Popen[bytes], source: str) -> bytes:
    asked = {"source": source, "inputs": {}, "entry": "", "seconds": 5}
    assert process.stdin is not None
    assert process.stdout is not None
    frames.send(process.stdin.fileno(), json.dumps(asked).encode())
    answer = frames.receive(process.stdout.fileno())
    assert answer is not None
    return answer


def test_it_says_when_it_is_ready_then_answers_one_after_the_other(worker):
    assert frames.receive(worker.stdout.fileno()) == READY
    assert ask(worker, "1 + 1") == FIT + b'{"value":2,"printed":""}'
    assert ask(worker, "nope()").startswith(FIT + b'{"mistake": {"code": "code_error"')
    assert ask(worker, "'x'.repeat(2000)").startswith(WORN + b'{"mistake": {"code": "code_output"')


def test_it_ends_when_its_host_hangs_up(worker):
    assert frames.receive(worker.stdout.fileno()) == READY
    worker.stdin.close()
    assert worker.wait(10) == 0
