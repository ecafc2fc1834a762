"""An outside host that does what no decent one would, over a real socket: bombs, drips, endless streams, redirects.

`with OutsideHost() as host:` then `host.say(Reply(…))`; without a reply queued it echoes what it was sent.
"""

import asyncio
import json
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field

from tests.support.loopback import LoopbackServer, Request


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


class OutsideHost(LoopbackServer):
    """Listens on loopback. `sent` counts the bytes of bodies it could hand to the network."""

    def __init__(self) -> None:
        super().__init__()
        self.got: list[Request] = []
        self.sent = 0
        self._replies: deque[Reply] = deque()

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

    async def answer(self, request: Request, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        self.got.append(request)
        reply = self._replies.popleft() if self._replies else _echo(request)
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
        writer.write(b"0\r\n\r\n" if reply.chunks is not None else b"" if request.method == "HEAD" else reply.body)
        await writer.drain()
        return True


def _echo(got: Request) -> Reply:
    told = {"method": got.method, "path": got.path, "headers": got.headers, "body": got.body.decode("latin-1")}
    return Reply(body=json.dumps(told).encode())
