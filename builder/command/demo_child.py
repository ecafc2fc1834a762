"""The scripted demo model as a child of the server: started with it, ended with it."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from contextlib import suppress
from types import TracebackType

from runtime.settings import Settings


class DemoModel:
    """Runs `greenlane demo-model` while the server runs, unless it is switched off or already there."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._child: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> None:
        if self._settings.demo_model and not is_taken(self._settings.demo_port):
            command = [sys.executable, "-m", "builder.command", "demo-model", "--port", str(self._settings.demo_port)]
            # it reads from our end of a pipe and ends when we do, however we do
            self._child = subprocess.Popen(  # noqa: S603 - our own program and port
                [*command, "--until-closed"], stdin=subprocess.PIPE, env=dict(os.environ), start_new_session=True
            )

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        if self._child is not None:
            self._child.terminate()
            with suppress(subprocess.TimeoutExpired):
                self._child.wait(3)


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
