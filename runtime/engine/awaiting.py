"""Callers that wait for runs which other processes execute: the rows of all of them are asked for at once."""

from __future__ import annotations

import asyncio
from concurrent.futures import Future
from functools import partial

from runtime.errors import StorageUnavailable
from runtime.store.database import Reader
from runtime.store.runs import still_going

STOPPING = "The run goes on in another process or when the server is back; its page shows the end."
AFAR_S = 0.03
"""how often the rows are read while anybody waits"""


class Awaited:
    """Lives on the engine's loop."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._waiting: dict[str, list[Future[None]]] = {}
        self._looking: asyncio.Task[None] | None = None

    def add(self, run: str, told: Future[None]) -> None:
        """`told` ends when the run has ended or waits for somebody; it fails when the storage does."""
        self._waiting.setdefault(run, []).append(told)
        if self._looking is None or self._looking.done():
            self._looking = asyncio.get_running_loop().create_task(self._look())

    def settled(self, *runs: str, error: StorageUnavailable | None = None) -> None:
        """Tell whoever waits for these runs."""
        for run in runs:
            for told in self._waiting.pop(run, ()):
                if not told.set_running_or_notify_cancel():
                    continue
                if error is None:
                    told.set_result(None)
                else:
                    told.set_exception(error)

    def close(self) -> None:
        """Nobody is told any more what becomes of a run."""
        if self._looking is not None:
            self._looking.cancel()
        self.settled(*self._waiting, error=StorageUnavailable("The server is stopping.", hint=STOPPING))

    async def _look(self) -> None:
        while self._waiting:
            runs = list(self._waiting)
            try:
                going = await self._reader.ask(partial(still_going, runs=runs))
            except StorageUnavailable as error:
                self.settled(*runs, error=error)
            else:
                self.settled(*(run for run in runs if run not in going))
            left = [run for run, callers in self._waiting.items() if all(told.cancelled() for told in callers)]
            for run in left:
                del self._waiting[run]
            await asyncio.sleep(AFAR_S)
