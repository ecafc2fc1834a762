"""The product itself, as `greenlane serve` starts it, on a data folder of its own."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).parents[2]
COMMAND = (Path(sys.executable).parent / "greenlane", "serve")
PORT, DEMO_PORT = 3180, 3181
BUILD_S = 400
"""the first build fetches the libraries of the pages"""


class Server:
    """A running server that can be killed and started again."""

    def __init__(self, data: Path, command: Sequence[str | Path] = COMMAND, **environment: str) -> None:
        self.data = data
        self._command, self._environment = list(command), environment
        self.origin = f"http://localhost:{PORT}"
        self.link = ""
        self._process: subprocess.Popen[bytes] | None = None
        self._log = data / "server.log"

    def start(self) -> None:
        """Start it and read the sign-in link it prints."""
        self.data.mkdir(parents=True, exist_ok=True)
        environment = (
            os.environ
            | self._environment
            | {
                "GREENLANE_DATA": str(self.data),
                "GREENLANE_PORT": str(PORT),
                "GREENLANE_DEMO_PORT": str(DEMO_PORT),
            }
        )
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(self._command, cwd=ROOT, env=environment, stdout=log, stderr=log)
        until = time.monotonic() + BUILD_S
        while time.monotonic() < until:
            text = self._log.read_text()
            if (found := re.search(r"http\S+/sign-in\?code=\S+", text)) is not None and "Stop with" in text:
                self.link = found.group(0)
                return
            assert self._process.poll() is None, f"the server ended:\n{text}"
            time.sleep(0.1)
        raise AssertionError(f"the server did not start in {BUILD_S} s:\n{self._log.read_text()}")

    def kill(self) -> None:
        """End it as a power cut would."""
        assert self._process is not None, "start it first"
        self._process.send_signal(signal.SIGKILL)
        self._process.wait(10)

    def stop(self) -> None:
        """End it politely."""
        if self._process is not None and self._process.poll() is None:
            self._process.terminate()
            try:
                self._process.wait(40)
            except subprocess.TimeoutExpired:
                self.kill()
