"""`python -m tests.bench.desk PORT`: another system that answers every request at once with the same JSON, at next to
no cost, so that what is measured is whoever asks it."""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from tests.support.ports import free_port

BODY = b'{"number": 7, "state": "open"}'
ANSWER = (
    b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: " + str(len(BODY)).encode() + b"\r\n\r\n"
) + BODY
END = b"\r\n\r\n"


class Desk(asyncio.Protocol):
    """Answers each head of a request; those it is asked with have no body."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport, self._got = transport, b""

    def data_received(self, data: bytes) -> None:
        *whole, self._got = (self._got + data).split(END)
        assert isinstance(self._transport, asyncio.WriteTransport)
        self._transport.write(ANSWER * len(whole))


@asynccontextmanager
async def desk() -> AsyncIterator[str]:
    """Runs it in a process of its own; gives its host and port."""
    host = f"127.0.0.1:{free_port()}"
    process = await asyncio.create_subprocess_exec(sys.executable, "-m", "tests.bench.desk", host.rpartition(":")[2])
    try:
        for _ in range(1_000):
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", int(host.rpartition(":")[2]))
            except ConnectionError:
                await asyncio.sleep(0.01)
            else:
                writer.close()
                break
        yield host
    finally:
        process.terminate()
        await process.wait()


async def serve(port: int) -> None:
    server = await asyncio.get_running_loop().create_server(Desk, "127.0.0.1", port)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1])))
