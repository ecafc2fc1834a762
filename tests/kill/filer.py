"""Processes that bring files, give them to runs, remove runs' data and clean up, until they are killed. The clean-up
takes every file no run has for an old one, so that it is always about to take what is just being given."""

import asyncio
import os
import random
import sys
import time
from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path
from typing import Any, NoReturn, cast

import orjson

from runtime.assembly import assemble
from runtime.engine.cleaning import clean_files, find_strays
from runtime.engine.ports import Reach
from runtime.errors import GreenlaneError
from runtime.files.bodies import Bodies
from runtime.operations import erasing, files, runs
from runtime.operations.actors import Actor
from runtime.operations.runtime import Runtime
from runtime.settings import Settings
from runtime.store.files import UNUSED_S
from tests.kill.forking import hurry, obey
from tests.kill.knife import Knife
from tests.kill.reviewer import note

CONTENTS, FRESH_S = 5, 0.5
"""few, so that different files have the same bytes all the time; others after a while, or soon each would be kept for
good by some run, and none would ever go"""


async def stream(content: bytes) -> AsyncIterator[bytes]:
    yield content


async def turn(runtime: Runtime, owner: Actor, file: int, chance: random.Random) -> None:
    """Bring one or two files, give them to a run, sometimes remove its data."""
    content = f"content {chance.randrange(CONTENTS)} of {time.time() // FRESH_S} ".encode() * 300
    brought = [
        await files.bring_file(runtime, owner, name=f"{each}.txt", body=stream(content))
        for each in range(chance.randint(1, 2))
    ]
    given = {"doc": brought[0].id, "more": [each.id for each in brought[1:]]}
    end = await runs.run_to_end(runtime, owner, workflow="keeping", inputs=given)
    note(file, op="given", run=end.run, files=[[each.id, each.sha256] for each in brought])
    if chance.random() < 0.4:
        note(file, op="erasing", run=end.run)
        await erasing.erase_run(runtime, owner, run=end.run)
        note(file, op="erased", run=end.run, files=[each.id for each in brought])


async def work(runtime: Runtime, folder: Path, seed: int) -> None:
    """Three at once and a clean-up beside them, until the end."""
    known = orjson.loads((folder / "people.json").read_bytes())
    owner = Actor(known["id"], known["name"], frozenset(known["roles"]), proved=runtime.clock.now())
    file = os.open(folder / "acknowledged.ndjson", os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)

    async def keep_on(chance: random.Random) -> None:
        while True:
            try:
                await turn(runtime, owner, file, chance)
            except GreenlaneError as error:
                note(file, op="refused", sentence=error.sentence)

    async def clean() -> None:
        while True:
            later = runtime.clock.now() + 2 * UNUSED_S
            await clean_files(runtime.files.bodies, runtime.reader, runtime.writer, later)
            await find_strays(runtime.files.bodies, runtime.reader, runtime.writer, later)
            await asyncio.sleep(0.02)

    turns = (keep_on(random.Random(f"{seed} {number}")) for number in range(3))  # noqa: S311 - repeatable
    await asyncio.gather(clean(), *turns)


class Dropping:
    """Bodies that the knife may fall between: their row is let go, they are not yet, or already, gone."""

    def __init__(self, bodies: Bodies, reach: Reach) -> None:
        self._bodies, self._reach = bodies, reach

    def __getattr__(self, name: str) -> Any:
        return getattr(self._bodies, name)

    def drop(self, digest: str) -> None:
        self._reach("before drop")
        self._bodies.drop(digest)
        self._reach("after drop")


def serve(settings: Settings, place: str, arrival: int) -> NoReturn:
    """In the child: until killed."""
    knife = Knife(place, arrival)
    runtime = assemble(settings, reach=knife)
    runtime.files.bodies = cast("Bodies", Dropping(runtime.files.bodies, knife))
    asyncio.run(work(runtime, settings.data, arrival))
    os._exit(0)


if __name__ == "__main__":
    hurry()
    data, url = sys.argv[1:]
    obey(partial(serve, Settings(data=Path(data), database_url=url, demo_model=False)))
