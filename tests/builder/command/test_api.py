"""`greenlane api` as a process: a second one takes over at once, and being told to stop gives runs back."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from runtime.settings import Settings
from runtime.store.database import Reader, open_engine
from runtime.store.runs import run_row
from tests.kill.furnishing import prepare
from tests.kill.workflow import NAME, inputs_of, outputs_of
from tests.support.model_server import ModelServer, Turn
from tests.support.ports import free_port

ROOT = Path(__file__).parents[3]
PORTS = (free_port(), free_port())


@pytest.fixture
def model() -> Iterator[ModelServer]:
    with ModelServer() as server:
        yield server


@pytest.fixture
def started(tmp_path: Path) -> Iterator:
    """Starts `greenlane api` on a port over one folder."""
    children: list[subprocess.Popen[bytes]] = []

    def start(port: int) -> subprocess.Popen[bytes]:
        environment = {"GREENLANE_DATA": str(tmp_path), "GREENLANE_DEMO_MODEL": "false"}
        command = [sys.executable, "-m", "builder.command", "api", "--port", str(port)]
        child = subprocess.Popen(command, cwd=ROOT, env=os.environ | environment, stdout=subprocess.DEVNULL)
        children.append(child)
        end = time.monotonic() + 30
        while True:
            try:
                assert httpx.get(f"http://127.0.0.1:{port}/health").status_code == 200
            except httpx.ConnectError:
                assert child.poll() is None, "it ended"
                assert time.monotonic() < end, "it did not start"
                time.sleep(0.05)
            else:
                return child

    yield start
    for child in children:
        if child.poll() is None:
            child.kill()
        child.wait()


@pytest.fixture
def secret(tmp_path: Path, model: ModelServer) -> str:
    return asyncio.run(prepare(Settings(data=tmp_path, demo_model=False), model.url))


def hang(model: ModelServer, secret: str) -> str:
    """Start a run on the first server whose model call does not come back; its id."""
    model.say(Turn("never read", stall_after=0, pieces=1))
    url = f"http://127.0.0.1:{PORTS[0]}/api/v1/workflows/{NAME}/runs"
    body = {"inputs": inputs_of(1), "mode": "queue"}
    reply = httpx.post(url, json=body, headers={"Authorization": f"Bearer {secret}"})
    model.wait_until(lambda server: server.calls)
    return reply.json()["run_id"]


def ended(secret: str, run: str, seconds: float) -> dict:
    """The run as the second server tells it, once it has ended."""
    end = time.monotonic() + seconds
    while True:
        url = f"http://127.0.0.1:{PORTS[1]}/api/v1/runs/{run}"
        found = httpx.get(url, headers={"Authorization": f"Bearer {secret}"}).json()
        if found["status"] not in ("queued", "running"):
            return found
        assert time.monotonic() < end, f"nobody took it over: {found['status']}"
        time.sleep(0.05)


@pytest.mark.slow
def test_a_second_process_takes_over_what_a_killed_one_left(started, secret, model):
    first, _ = started(PORTS[0]), started(PORTS[1])
    run = hang(model, secret)
    first.kill()
    assert ended(secret, run, 5)["outputs"] == outputs_of(inputs_of(1))
    assert len({call.key for call in model.calls}) == 2, "the repeated call has the key of the first"


@pytest.mark.slow
def test_told_to_stop_it_gives_its_runs_back_due_at_once(started, secret, model, tmp_path):
    first = started(PORTS[0])
    run = hang(model, secret)
    first.send_signal(signal.SIGTERM)
    assert first.wait(40) == 0
    row = Reader(open_engine(tmp_path / "greenlane.db")).now(lambda tx: run_row(tx, run))
    assert row
    assert (row.status, row.process) == ("queued", "")
    started(PORTS[1])
    assert ended(secret, run, 5)["status"] == "succeeded"
