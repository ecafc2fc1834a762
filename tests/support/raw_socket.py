"""A client of Reflex's event socket that speaks the wire protocol itself and so sends whatever it likes."""

import asyncio
import json
from typing import Any

import aiohttp

STATE = "reflex___state____state"


class Refused(Exception):
    """The server did not let the socket in."""


class RawSocket:
    """Engine.IO 4 and Socket.IO 5 by hand: 0 open, 2 ping, 40 connect, 42 event, 44 refused."""

    def __init__(self, http: aiohttp.ClientSession, socket: aiohttp.ClientWebSocketResponse) -> None:
        self._http, self._socket = http, socket
        self.received: list[Any] = []
        """The events that came, each as [name, data]."""
        self.frames: list[str] = []

    @classmethod
    async def open(
        cls,
        origin: str,
        *,
        cookie: str | None = None,
        token: str = "tab-1",  # noqa: S107 - names a browser tab
        headers: dict[str, str] | None = None,
        query: str = "",
        auth: dict[str, Any] | None = None,
    ) -> "RawSocket":
        http = aiohttp.ClientSession()
        sent = {"Origin": origin} | ({"Cookie": f"__Host-greenlane={cookie}"} if cookie else {}) | (headers or {})
        asked = f"{origin}/_event/?EIO=4&transport=websocket&token={token}{query}"
        try:
            socket = await http.ws_connect(asked, headers={name: text for name, text in sent.items() if text})
            client = cls(http, socket)
            await socket.send_str("40/_event," + json.dumps(auth or {}))
            async with asyncio.timeout(5):
                while not any(frame.startswith(("40/", "44/")) for frame in client.frames):
                    await client._one()
        except (aiohttp.ClientError, ConnectionError, TimeoutError) as error:
            await http.close()
            raise Refused(str(error)) from error
        if any(frame.startswith("44/") for frame in client.frames):
            await client.close()
            raise Refused(client.frames[-1])
        return client

    async def send(self, name: str, payload: Any = None, router_data: Any = None) -> None:
        event = {"name": name, "payload": payload or {}, "router_data": router_data or {"pathname": "/"}}
        await self.send_raw(["event", event])

    async def send_raw(self, message: Any) -> None:
        await self._socket.send_str("42/_event," + json.dumps(message))

    async def settle(self) -> None:
        """Wait until the server has worked off what was sent before: it answers a ping in order, then gets a moment."""
        await self.send_raw(["ping"])
        async with asyncio.timeout(5):
            while ["ping", "pong"] not in self.received:
                await self._one()
        self.received.remove(["ping", "pong"])
        await self.listen(0.3)

    async def listen(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                while True:
                    await self._one()
        except (TimeoutError, ConnectionError):
            return

    async def until_closed(self, seconds: float) -> None:
        """Hear what comes until the server ends it, at most so long."""
        try:
            async with asyncio.timeout(seconds):
                while not self.is_closed:
                    await self._one()
        except (TimeoutError, ConnectionError):
            return

    @property
    def is_closed(self) -> bool:
        return self._socket.closed or any(frame.startswith("41/") for frame in self.frames)

    def seen(self, text: str) -> bool:
        """Whether this text came in any frame."""
        return any(text in frame for frame in self.frames)

    async def close(self) -> None:
        await self._socket.close()
        await self._http.close()

    async def _one(self) -> None:
        message = await self._socket.receive()
        if message.type != aiohttp.WSMsgType.TEXT:
            raise ConnectionError("the server closed the socket")
        self.frames.append(message.data)
        if message.data == "2":
            await self._socket.send_str("3")
        elif message.data.startswith("42/_event,"):
            self.received.append(json.loads(message.data.removeprefix("42/_event,")))
