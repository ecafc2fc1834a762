"""Clients that start runs and insist: a start is tried again with its key until the server has accepted it."""

import asyncio
import itertools
from dataclasses import dataclass, field
from typing import Any

import aiohttp

from tests.kill.everything import ALL, inputs_of


@dataclass
class Clients:
    """Shared by all workers. `accepted` maps the key of a start to its run and inputs."""

    url: str
    secret: str
    accepted: dict[str, tuple[str, dict[str, Any]]] = field(default_factory=dict)
    answers: dict[str, dict[str, Any]] = field(default_factory=dict)
    """outputs that were told to a waiting caller, by run"""
    contradictions: list[str] = field(default_factory=list)
    stopping: bool = False
    _numbers: Any = field(default_factory=itertools.count)

    async def work(self) -> None:
        """Start runs one after the other until told to stop."""
        async with aiohttp.ClientSession(headers={"Authorization": f"Bearer {self.secret}"}) as session:
            while not self.stopping:
                number = next(self._numbers)
                await self._start(session, f"key-{number}", inputs_of(number), "wait" if number % 2 else "queue")

    async def _start(self, session: aiohttp.ClientSession, key: str, inputs: dict[str, Any], mode: str) -> None:
        body = {"inputs": inputs, "mode": mode, "key": key}
        while True:
            try:
                async with session.post(f"{self.url}/api/v1/workflows/{ALL}/runs", json=body) as reply:
                    answer = await reply.json()
                    if reply.status in (200, 202):
                        self._note(key, inputs, answer)
                        return
                    if reply.status != 503:
                        self.contradictions.append(f"{key} got {reply.status}: {answer}")
                        return
            except (aiohttp.ClientError, ConnectionError, TimeoutError):
                if self.stopping and key not in self.accepted:
                    return  # never accepted, so nothing was promised
            await asyncio.sleep(0.02)

    def _note(self, key: str, inputs: dict[str, Any], answer: dict[str, Any]) -> None:
        run = answer["run_id"]
        if self.accepted.setdefault(key, (run, inputs))[0] != run:
            self.contradictions.append(f"{key} is two runs")
        if answer["status"] not in ("queued", "running", "waiting"):
            self.answers[run] = answer


async def all_ended(url: str, secret: str, runs: list[str], seconds: float) -> set[str]:
    """Wait until these runs have ended; those that have."""
    ended: set[str] = set()
    end = asyncio.get_running_loop().time() + seconds
    async with aiohttp.ClientSession(headers={"Authorization": f"Bearer {secret}"}) as session:
        while len(ended) < len(runs) and asyncio.get_running_loop().time() < end:
            for run in runs:
                if run not in ended:
                    async with session.get(f"{url}/api/v1/runs/{run}?after=1000000") as reply:
                        if (await reply.json()).get("status") not in ("queued", "running", "waiting"):
                            ended.add(run)
            await asyncio.sleep(0.1)
    return ended
