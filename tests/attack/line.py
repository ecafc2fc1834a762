"""One open socket, asked and heard; and what a browser would show of the answer."""

from __future__ import annotations

import asyncio
import json
import re
from collections import deque
from collections.abc import Mapping
from secrets import token_hex
from typing import Any

from tests.attack.tally import plain
from tests.support.raw_socket import STATE, RawSocket

SENTINEL = f"{STATE}.builder___screens___workflows____workflows.search"
"""a handler that echoes what it is sent, so that all before it are known to be done"""
ARRIVE = f"{STATE}.reflex___state____on_load_internal_state.on_load_internal"
"""what a browser sends when it comes to a page"""
STEPS_OF_ARRIVING = 4
"""the page's door, what it loads, and what that begins, each queued behind what was there before"""
PATIENCE_S = 30.0
"""how long an answer may take before it is an error of the attack itself"""
LOGS = ("told", "sync")
"""vars that come with what was in them before"""
BY_ITSELF = {f"{STATE}.builder___components___bell____news"}
"""states that change by themselves, whatever was asked"""


class Line:
    """One open socket and what came in since the last question."""

    def __init__(self, socket: RawSocket) -> None:
        self.socket = socket
        self._place: dict[str, Any] = {"pathname": "/", "asPath": "/"}
        self._named: deque[str] = deque(maxlen=40)

    @classmethod
    async def open(cls, origin: str, cookie: str, token: str = "") -> Line:
        return cls(await RawSocket.open(origin, cookie=cookie, token=token or f"tab-{token_hex(6)}"))

    async def ask(self, name: str, arguments: dict[str, Any], *, steps: int = 1) -> str:
        """Send an event, wait until it and `steps - 1` that follow from it are done, and give everything that came."""
        seen, marks = len(self.socket.frames), [token_hex(8) for _ in range(steps)]
        await self.socket.send(name, arguments, self._place)
        for mark in marks:
            await self.socket.send(SENTINEL, {"text": mark}, self._place)
            async with asyncio.timeout(PATIENCE_S):
                while not any(mark in frame for frame in self.socket.frames[seen:]):
                    await self.socket._one()
        return "\n".join(frame for frame in self.socket.frames[seen:] if not any(mark in frame for mark in marks))

    async def arrive(self, route: str, named: Mapping[str, str]) -> str:
        """Open a page, with what stands in its address for each `[parameter]`."""
        address = re.sub(r"\[(\w+)\]", lambda each: named[each[1]], route)
        self._place = {"pathname": route, "asPath": address, "query": dict(named)}
        return await self.ask(ARRIVE, {}, steps=STEPS_OF_ARRIVING)

    def leave(self) -> None:
        """Back to where nothing is named in the address."""
        self._place = {"pathname": "/", "asPath": "/"}

    def told(self, said: str, word: str) -> str:
        """What a browser would show, with one name for whatever was asked for, now or a moment ago."""
        self._named.append(word)
        shown: list[str] = []
        for frame in said.splitlines():
            if not frame.startswith("42/_event,"):
                continue
            _, data = [*json.loads(frame.removeprefix("42/_event,")), None][:2]
            for state, values in ((data or {}).get("delta") or {}).items():
                for var, value in values.items() if state not in BY_ITSELF else ():
                    last = _newest(value) if var.startswith(LOGS) else value
                    shown.append(f"{state}.{var}={json.dumps(last, sort_keys=True, ensure_ascii=False)}")
        return "\n".join(sorted(set(plain("\n".join(shown), *self._named).splitlines())))

    async def listen(self, seconds: float) -> str:
        """What comes without a question."""
        seen = len(self.socket.frames)
        await self.socket.listen(seconds)
        return "\n".join(self.socket.frames[seen:])

    async def close(self) -> None:
        await self.socket.close()


def _newest(value: Any) -> Any:
    if isinstance(value, list):
        return value[-1] if value else value
    return {name: _newest(each) for name, each in value.items()} if isinstance(value, dict) else value
