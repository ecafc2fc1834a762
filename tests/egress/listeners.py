"""Somebody at every address of the world: takes whatever arrives, notes where it was meant for, answers as told."""

import asyncio
import socket
import subprocess
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from tests.support.hostile_addresses import PUBLIC

PORTS = (80, 443, 8080)
COMMANDS = (
    "ip link set lo up",
    "ip route add local 0.0.0.0/0 dev lo",  # every address is one of this machine
    "ip -6 addr add fe80::1/64 dev lo",
    "ip -6 route add local ::/0 dev lo",
)
NOTHING = b"HTTP/1.1 500 No\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


@dataclass(frozen=True)
class Arrival:
    """A connection somebody made."""

    address: str
    port: int
    said: bytes = field(default=b"", compare=False)
    """the beginning of what came over it"""


class Listeners:
    """Serves between `__enter__` and `__exit__`. `answer` gives what is said to a request that arrived somewhere."""

    def __init__(self) -> None:
        self.arrived: list[Arrival] = []
        self.answer: Callable[[Arrival], bytes] = lambda _: NOTHING
        self.busy = 0
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)

    @property
    def astray(self) -> list[Arrival]:
        """Connections to anything but the one address that stands for the internet."""
        return [each for each in self.arrived if each.address != PUBLIC]

    def heard(self, canary: bytes) -> list[Arrival]:
        """Where a text arrived."""
        return [each for each in self.arrived if canary in each.said]

    def settle(self) -> None:
        """Wait until all that is under way has arrived and was answered."""
        time.sleep(0.05)
        while self.busy:
            time.sleep(0.01)

    def __enter__(self) -> "Listeners":
        for each in COMMANDS:
            subprocess.run(each.split(), check=True)
        self._thread.start()
        asyncio.run_coroutine_threadsafe(self._listen(), self._loop).result(10)
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)

    async def _listen(self) -> None:
        for port in PORTS:
            for family, anywhere in ((socket.AF_INET, "0.0.0.0"), (socket.AF_INET6, "::")):
                await asyncio.start_server(self._met, anywhere, port, family=family, backlog=1000)

    async def _met(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        address, port = writer.get_extra_info("sockname")[:2]
        self.arrived.append(Arrival(address, port))
        at = len(self.arrived) - 1
        self.busy += 1
        try:
            said = b""
            while b"\r\n\r\n" not in said and (more := await asyncio.wait_for(reader.read(65536), 2)):
                said += more
            self.arrived[at] = Arrival(address, port, said)
            writer.write(self.answer(self.arrived[at]))
            await writer.drain()
        except (ConnectionError, TimeoutError):
            pass
        finally:
            self.busy -= 1
            writer.close()
