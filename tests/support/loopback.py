"""A small HTTP server on loopback, in a thread of its own: the part that scripted servers have in common."""

import asyncio
import threading
import time
from dataclasses import dataclass
from typing import Self


@dataclass(frozen=True)
class Request:
    """What came in. Names of headers are in small letters."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes


class LoopbackServer:
    """Serves between `__enter__` and `__exit__`; who derives from it says what each request gets."""

    def __init__(self, port: int = 0) -> None:
        self.port = port
        """0 until a free one is found"""
        self.connections = 0
        self._loop = asyncio.new_event_loop()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    async def answer(self, request: Request, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        """Answer one request; whether the connection lives on."""
        raise NotImplementedError

    def wait_until(self, holds, seconds: float = 5.0) -> None:
        """Wait for something the server notices later than the caller, such as a closed connection."""
        end = time.monotonic() + seconds
        while not holds(self):
            assert time.monotonic() < end, f"waited in vain: {vars(self)}"
            time.sleep(0.005)

    def __enter__(self) -> Self:
        self._thread.start()
        assert self._ready.wait(10), "the scripted server did not start"
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        server = self._loop.run_until_complete(self.listen())
        self._loop.run_forever()
        server.close()
        while tasks := asyncio.all_tasks(self._loop):
            for task in tasks:
                task.cancel()
            self._loop.run_until_complete(asyncio.wait(tasks))
        self._loop.close()

    async def listen(self) -> asyncio.Server:
        """Begin to serve on the running loop."""
        server = await asyncio.start_server(self._connected, "127.0.0.1", self.port)
        self.port = server.sockets[0].getsockname()[1]
        self._ready.set()
        return server

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        try:
            while await self.answer(await _read(reader), reader, writer):
                pass
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass
        finally:
            writer.close()


async def _read(reader: asyncio.StreamReader) -> Request:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    method, path, _ = head[0].split(" ", 2)
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in head[1:] if line)}
    return Request(method, path, headers, await reader.readexactly(int(headers.get("content-length", 0))))
