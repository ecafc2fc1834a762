"""The product as `greenlane serve` starts it, without the built pages: sockets, sign-in and API, in this process."""

from __future__ import annotations

import logging
import os
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import uvicorn
from argon2 import PasswordHasher


@contextmanager
def serving(folder: Path) -> Iterator[tuple[Any, str]]:
    """The running product and its origin. The rate limit is lifted: it has tests of its own, and counts nothing; so
    have passwords, which are hashed cheaply here."""
    listening = socket.create_server(("127.0.0.1", 0))
    port = listening.getsockname()[1]
    os.environ.update(
        GREENLANE_DATA=str(folder), GREENLANE_PORT=str(port), GREENLANE_DEMO_MODEL="false",
        __REFLEX_SKIP_COMPILE="true", REFLEX_ENV_MODE="prod", REFLEX_TELEMETRY_ENABLED="false",
    )  # fmt: skip
    from builder.builder import app
    from builder.session import sockets
    from builder.wiring import runtime
    from runtime.operations import passwords

    logging.disable()  # what is attacked fails often, and each failure would be a page of text
    passwords._hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)  # hundreds are tried
    sockets.EVENTS_AT_ONCE = sockets.EVENTS_PER_SECOND = 1_000_000
    server = uvicorn.Server(uvicorn.Config(app(), log_level="critical", ws="websockets-sansio", lifespan="on"))
    thread = threading.Thread(target=server.run, args=([listening],), daemon=True)
    thread.start()
    until = time.monotonic() + 30
    while not server.started:
        assert time.monotonic() < until, "the server did not start in 30 s"
        time.sleep(0.05)
    try:
        yield runtime(), f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join(10)
        runtime().close()
