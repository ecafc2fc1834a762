"""Builds and starts the small app of `tests/support/gate_app` as a production server on one port."""

import contextlib
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx

ROOT = Path(__file__).parents[2]
APP = Path(__file__).parent / "gate_app"
START_SECONDS = 300  # the first time npm fetches React and its build tools


def worker_number() -> int:
    """0 without pytest-xdist; each of its workers has a server, a folder and a port of its own."""
    return int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))


def prepared_folder(name: str = "gate_app") -> Path:
    """The app in a folder that is kept between runs: what npm has fetched stays."""
    folder = ROOT / ".data" / "tests" / f"{name}_{worker_number()}"
    shutil.copytree(APP, folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__", ".web"))
    return folder


def start(port: int, folder: Path, mode: str = "--single-port", **extra: str) -> subprocess.Popen[str]:
    shutil.rmtree(folder / ".states", ignore_errors=True)
    environment = os.environ | {
        "GATE_APP_PORT": str(port),
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "PYTHONPATH": str(ROOT),
        "REFLEX_USE_NPM": "1",
        "REFLEX_TELEMETRY_ENABLED": "false",
    }
    command = ["reflex", "run", "--env", "prod", mode]
    with (folder / "server.log").open("w") as log:
        return subprocess.Popen(
            command,
            cwd=folder,
            env=environment | extra,
            stdout=log,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )


def log(folder: Path) -> str:
    return (folder / "server.log").read_text()


@contextlib.contextmanager
def running(port: int) -> Iterator[str]:
    """The origin of a running server."""
    folder = prepared_folder()
    server = start(port, folder)
    origin = f"http://127.0.0.1:{port}"
    try:
        _wait(server, origin, folder)
        yield origin
    finally:
        stop(server)


def stop(server: subprocess.Popen[str]) -> None:
    # The group, because Reflex starts the web server as a child; the group is ours alone.
    with contextlib.suppress(ProcessLookupError):
        os.killpg(server.pid, 15)
    try:
        server.wait(10)
    except subprocess.TimeoutExpired:
        os.killpg(server.pid, 9)
        server.wait(10)


def _wait(server: subprocess.Popen[str], origin: str, folder: Path) -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until:
        assert server.poll() is None, f"the server ended:\n{log(folder)}"
        with contextlib.suppress(httpx.TransportError):
            if httpx.get(f"{origin}/ping").status_code == 200:
                return
        time.sleep(0.2)
    raise AssertionError(f"the server did not answer in {START_SECONDS} s:\n{log(folder)}")
