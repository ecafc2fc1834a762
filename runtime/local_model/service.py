"""What runs in the child: llama.cpp's own server behind a socket we were handed. It is started as a file
and knows nothing of ours: `python service.py FD`, what to load as one line of JSON on stdin.

The engine listens on a socket file that only this child sees; a relay joins it to the socket we were handed. So the
child needs no network at all, the port is known before it starts, and calls wait at the door while the model loads.
"""

from __future__ import annotations

import asyncio
import ctypes
import json
import os
import resource
import socket
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from threading import Thread
from typing import Any

PIECE = 1 << 16
LOOK_S = 0.2
STREAM_END = b"\r\n0\r\n\r\n"
"""the last piece of an answer in pieces (RFC 9112, 7.1)"""
UNREADABLE = 3
"""the exit code of a model that cannot be loaded"""
SAYING_S = 0.2
ARENAS = -8
"""M_ARENA_MAX of malloc.h"""


class Relay:
    """Joins each caller to the engine, byte by byte. Whoever hangs up is hung up on, so that its place is free.

    The engine hangs up after each stream without having said so: then the caller's next question goes over a new
    connection, and the caller notices nothing.
    """

    def __init__(self, engine: str) -> None:
        self._engine = engine
        self._open = 0
        self._last = time.monotonic()

    def rested(self, seconds: float) -> bool:
        """Whether nobody has called for so long."""
        return not self._open and time.monotonic() - self._last > seconds

    async def meet(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One caller, until it hangs up."""
        self._open += 1
        answering: asyncio.Task[None] | None = None
        inner: asyncio.StreamWriter | None = None
        try:
            while piece := await reader.read(PIECE):
                self._last = time.monotonic()
                if inner is None or answering is None or answering.done():
                    inner_reader, inner = await asyncio.open_unix_connection(self._engine)
                    answering = asyncio.create_task(self._answer(inner_reader, inner, writer))
                inner.write(piece)
                await inner.drain()
        except ConnectionError:
            pass
        finally:
            if answering is not None:
                answering.cancel()
            if inner is not None:
                inner.close()
            writer.close()
            self._open -= 1
            self._last = time.monotonic()

    async def _answer(
        self, reader: asyncio.StreamReader, inner: asyncio.StreamWriter, writer: asyncio.StreamWriter
    ) -> None:
        """What the engine says, until it hangs up or is about to."""
        end = b""
        with suppress(ConnectionError):
            while not end.endswith(STREAM_END) and (piece := await reader.read(PIECE)):
                self._last = time.monotonic()
                end = (end + piece)[-len(STREAM_END) :]
                writer.write(piece)
                await writer.drain()
        inner.close()


def load(given: dict[str, Any], folder: str) -> tuple[Any, str]:
    """The running engine and the socket file it listens on."""
    sys.path.insert(0, given["engine"])
    import xllamacpp  # pyright: ignore[reportMissingImports] - lies in the data folder, see `local-model install`

    engine: Any = xllamacpp
    wanted = engine.CommonParams()
    wanted.model.path = given["model"]
    wanted.model_alias = {given["name"]}
    wanted.hostnames = [f"{folder}/engine.sock"]
    wanted.api_keys = [given["key"]]
    wanted.n_ctx, wanted.n_parallel, wanted.kv_unified = given["context"], given["slots"], True
    wanted.cpuparams.n_threads = wanted.cpuparams_batch.n_threads = given["threads"]
    wanted.n_threads_http = given["slots"] + 4
    wanted.offline, wanted.ui, wanted.endpoint_slots, wanted.warmup = True, False, False, False
    wanted.fit_params, wanted.cache_ram_mib, wanted.verbosity = False, 0, 1
    try:
        return engine.Server(wanted), f"{folder}/engine.sock"
    except RuntimeError:
        time.sleep(SAYING_S)  # why is written to stderr by a thread of its own
        os._exit(UNREADABLE)


async def serve(door: socket.socket, engine: str, rest_s: float) -> None:
    """Relay until nobody called for `rest_s` seconds."""
    relay = Relay(engine)
    async with await asyncio.start_server(relay.meet, sock=door):
        while not relay.rested(rest_s):  # noqa: ASYNC110 - time passes, nothing sets an event
            await asyncio.sleep(LOOK_S)


def end_with_our_parent() -> None:
    """Our parent holds the other end of stdin: when it is gone, however it went, so are we."""
    sys.stdin.read()
    os._exit(0)


def main() -> None:
    """Load and serve; the engine's own threads are ended with the process."""
    given: dict[str, Any] = json.loads(sys.stdin.readline())
    Thread(target=end_with_our_parent, daemon=True).start()
    os.nice(5)  # it computes for seconds; the product answers clicks meanwhile
    if sys.platform == "linux":
        ctypes.CDLL(None).mallopt(ARENAS, 2)  # or each thread reserves 64 MB of what it may have
        resource.setrlimit(resource.RLIMIT_AS, (given["memory"], given["memory"]))  # macOS knows no such limit
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with tempfile.TemporaryDirectory() as folder:
        server, engine = load(given, folder)
        door = socket.socket(fileno=int(sys.argv[1]))
        asyncio.run(serve(door, engine, given["rest"]))
        Path(engine).unlink(missing_ok=True)
        Path(folder).rmdir()
        del server
        sys.stderr.flush()
        os._exit(0)


if __name__ == "__main__":
    main()
