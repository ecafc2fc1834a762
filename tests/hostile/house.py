"""The canaries: a file, a variable of the environment, and a server on this machine. None may be touched."""

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from nodes.sdk import StepFailed

SECRET = "canary-4f1c-do-not-tell"
NAME = "GREENLANE_TEST_CANARY"
CLEAN = frozenset({"code_error", "code_time", "code_memory", "code_output"})
"""how hostile code may end, apart from a harmless value"""


@dataclass
class House:
    """What is watched."""

    file: Path
    port: int
    called: list[str] = field(default_factory=list)

    def armed(self, payload: str) -> str:
        """A payload that knows where the canaries are."""
        return payload.replace("@FILE@", str(self.file)).replace("@PORT@", str(self.port)).replace("@NAME@", NAME)

    def harm(self, told: object) -> list[str]:
        """What was touched."""
        found = [f"was called by {each}" for each in self.called]
        if SECRET in repr(told):
            found.append("a secret came back")
        if self.file.read_text() != SECRET:
            found.append("the file was changed")
        return found


class Counting(socketserver.ThreadingTCPServer):
    """Notes who calls."""

    daemon_threads = True
    house: House


class Noting(socketserver.BaseRequestHandler):
    def handle(self) -> None:
        assert isinstance(self.server, Counting)
        self.server.house.called.append(str(self.client_address))


@contextmanager
def house(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[House]:
    """A file that everybody on this machine may read, a variable, a server."""
    file = folder / "secret.txt"
    file.write_text(SECRET)
    file.chmod(0o666)
    for each in [folder, *folder.parents][:3]:
        each.chmod(each.stat().st_mode | 0o055)
    monkeypatch.setenv(NAME, SECRET)
    with Counting(("127.0.0.1", 0), Noting) as server:
        server.house = House(file, server.server_address[1])
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        yield server.house
        server.shutdown()


def told(error: StepFailed) -> str:
    """All a person would read."""
    return f"{error.code}: {error.message} {error.hint}"
