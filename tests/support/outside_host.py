"""An outside host that does what no decent one would, over a real socket: bombs, drips, endless streams, redirects.

`with OutsideHost() as host:` then `host.say(Reply(…))`; without a reply queued it echoes what it was sent.
"""

import asyncio
import json
import threading
import time
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Reply:
    """What the host does with one request."""

    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    chunks: Iterable[bytes] | None = None
    """a body without an end that is told before, sent as fast as it is taken"""
    pause_s: float = 0.0
    """before each chunk"""
    drop: bool = False
    """break off in the middle of the body"""
    raw: bytes | None = None
    """exactly this, head included"""
    silent: bool = False
    """take the request and say nothing"""


@dataclass(frozen=True)
class Got:
    """One request the host got."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes


class OutsideHost:
    """Listens on loopback. `sent` counts the bytes of bodies it could hand to the network."""

    def __init__(self) -> None:
        self.got: list[Got] = []
        self.connections = 0
        self.sent = 0
        self.port = 0
        self._replies: deque[Reply] = deque()
        self._loop = asyncio.new_event_loop()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def name(self) -> str:
        """As a connection writes it."""
        return f"127.0.0.1:{self.port}"

    def say(self, *replies: Reply) -> None:
        self._replies.extend(replies)

    def clear(self) -> None:
        self.got.clear()
        self._replies.clear()
        self.connections = self.sent = 0

    def wait_until(self, holds, seconds: float = 5.0) -> None:
        end = time.monotonic() + seconds
        while not holds(self):
            assert time.monotonic() < end, f"the host waited in vain; it got {self.got}"
            time.sleep(0.005)

    def __enter__(self) -> "OutsideHost":
        self._thread.start()
        assert self._ready.wait(10), "the outside host did not start"
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        server = self._loop.run_until_complete(self._listen())
        self._loop.run_forever()
        server.close()
        while tasks := asyncio.all_tasks(self._loop):
            for task in tasks:
                task.cancel()
            self._loop.run_until_complete(asyncio.wait(tasks))
        self._loop.close()

    async def _listen(self) -> asyncio.Server:
        server = await asyncio.start_server(self._connected, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        self._ready.set()
        return server

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        try:
            while await self._served(reader, writer):
                pass
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass
        finally:
            writer.close()

    async def _served(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        method, path, _ = head[0].split(" ", 2)
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in head[1:] if line)}
        body = await reader.readexactly(int(headers.get("content-length", 0)))
        self.got.append(got := Got(method, path, headers, body))
        reply = self._replies.popleft() if self._replies else _echo(got)
        if reply.silent:
            await reader.read(1)
            return False
        if reply.raw is not None:
            writer.write(reply.raw)
            await writer.drain()
            return False
        given = {"Content-Type": "application/json"} | reply.headers
        given["Transfer-Encoding" if reply.chunks is not None else "Content-Length"] = (
            "chunked" if reply.chunks is not None else str(len(reply.body))
        )
        lines = "".join(f"{name}: {value}\r\n" for name, value in given.items())
        writer.write(f"HTTP/1.1 {reply.status} Scripted\r\n{lines}\r\n".encode("latin-1"))
        if reply.drop:
            writer.write(reply.body[: len(reply.body) // 2])
            await writer.drain()
            return False
        for chunk in reply.chunks or ():
            if reply.pause_s:
                await asyncio.sleep(reply.pause_s)
            writer.write(f"{len(chunk):x}\r\n".encode() + chunk + b"\r\n")
            await writer.drain()
            self.sent += len(chunk)
        writer.write(b"0\r\n\r\n" if reply.chunks is not None else b"" if method == "HEAD" else reply.body)
        await writer.drain()
        return True


def _echo(got: Got) -> Reply:
    told = {"method": got.method, "path": got.path, "headers": got.headers, "body": got.body.decode("latin-1")}
    return Reply(body=json.dumps(told).encode())
