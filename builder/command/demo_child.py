"""The scripted demo model as a child of the server: started with it, ended with it."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from types import TracebackType

from runtime.settings import Settings

LEAVING_S, COMING_S = 3.0, 10.0


class DemoModel:
    """Runs `greenlane demo-model` for a time, unless it is switched off. With `shared` one that is there will do."""

    def __init__(self, settings: Settings, *, shared: bool = False) -> None:
        self._settings, self._shared = settings, shared
        self._child: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> None:
        port = self._settings.demo_port
        # the child of a server that was killed a moment ago needs a moment to notice
        patience = 0.0 if self._shared else LEAVING_S
        if not self._settings.demo_model or not _within(patience, lambda: not is_taken(port)):
            return
        command = [sys.executable, "-m", "builder.command", "demo-model", "--port", str(port)]
        # it reads from our end of a pipe and ends when we do, however we do
        self._child = subprocess.Popen(  # noqa: S603 - our own program and port
            [*command, "--until-closed"], stdin=subprocess.PIPE, env=dict(os.environ), start_new_session=True
        )
        _within(COMING_S, lambda: is_taken(port))  # a run that is taken up again may need it at once

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        if self._child is not None:
            self._child.terminate()
            with suppress(subprocess.TimeoutExpired):
                self._child.wait(3)


def _within(seconds: float, holds: Callable[[], bool]) -> bool:
    """Whether something comes to hold in this time."""
    until = time.monotonic() + seconds
    while not (held := holds()) and time.monotonic() < until:
        time.sleep(0.05)
    return held


def is_taken(port: int) -> bool:
    """Whether somebody listens on a port of this machine."""

    async def knock() -> bool:
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            return False
        writer.close()
        return True

    return asyncio.run(knock())
