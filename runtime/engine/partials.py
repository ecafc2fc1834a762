"""Text of running steps between processes: one writes what it has so far while somebody looks, the other reads it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from runtime.engine.live import answer_event, text_event
from runtime.engine.ports import Tools
from runtime.errors import GreenlaneError
from runtime.store.partial import Partial, looked_at, write_partial
from runtime.store.transaction import Tx

if TYPE_CHECKING:
    from runtime.engine.execution import Execution

log = logging.getLogger(__name__)

EVERY_S = 0.25
"""how often what was said is written at most"""
LOOKS_S = 3.0
"""for how long somebody who looks is believed to look"""


class Partials:
    """Writes for others what the runs of this process say. Lives on the engine's loop."""

    def __init__(self, tools: Tools, live: Mapping[str, Execution]) -> None:
        self._tools, self._live = tools, live
        self._written: dict[str, Partial] = {}
        self._task: asyncio.Task[None] | None = None

    def wake(self) -> None:
        """A run begins here."""
        if self._task is None or self._task.done():
            self._task = asyncio.get_running_loop().create_task(self._go_on())

    def close(self) -> None:
        """Write no more."""
        if self._task is not None:
            self._task.cancel()

    async def _go_on(self) -> None:
        await asyncio.sleep(EVERY_S)
        while self._live:
            try:
                await self._write()
            except GreenlaneError as error:  # the log is what counts; readers miss some text that is not kept
                log.debug("text so far was not written: %s", error.sentence)
            await asyncio.sleep(EVERY_S)
        self._written.clear()

    async def _write(self) -> None:
        speaking = {run: each for run, each in self._live.items() if _words(each) or run in self._written}
        if not speaking:
            return
        now = self._tools.clock.now()
        looked = await self._tools.reader.ask(lambda tx: looked_at(tx, list(speaking), now))
        said = {run: Partial(each.attempt, each.state.seq, _words(each)) for run, each in speaking.items()
                if run in looked}  # fmt: skip
        new = {run: each for run, each in said.items() if self._written.get(run) != each}
        self._written = said
        if new:
            await self._tools.writer.write(lambda tx: _write_all(tx, new))


def _words(execution: Execution) -> list[dict[str, Any]]:
    """What steps have said that their records will say."""
    return execution.telling.words()


def _write_all(tx: Tx, new: Mapping[str, Partial]) -> None:
    for run, each in new.items():
        write_partial(tx, run, each)


class Overheard:
    """What one reader has heard of the text of a run that another process executes."""

    def __init__(self, run: str) -> None:
        self._run = run
        self._heard: dict[tuple[str, str], tuple[int, int, int]] = {}
        """attempt, try and length by step and path"""
        self._answer = ""

    def news(self, said: Partial | None, attempt: int, seq: int) -> list[dict[str, Any]]:
        """Events of text that is new to the reader. `attempt` and `seq` are those of the run and of its last record:
        what was written before them tells of steps that may have ended."""
        if said is None or said.attempt != attempt or said.seq < seq:
            return []
        events: list[dict[str, Any]] = []
        for each in said.words:
            place, try_, text = (each["step"], each["path"]), each["try"], each["text"]
            last = self._heard.get(place)
            offset = last[2] if last is not None and last[:2] == (attempt, try_) else 0
            if not place[0]:  # the answer, which may also become another one
                if text != self._answer:
                    events.append(answer_event(self._run, 0, text))
                    self._answer = text
            elif len(text) > offset:
                events.append(text_event(self._run, *place, attempt, try_, offset, text[offset:]))
            self._heard[place] = attempt, try_, len(text)
        return events
