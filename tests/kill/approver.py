"""Somebody who approves whatever waits, in a process that is killed like the others; every answer that was accepted is
noted in a file, because it is a promise."""

import asyncio
import os
import sys
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import NoReturn

from runtime.assembly import assemble
from runtime.engine.waits import AGAIN
from runtime.errors import Conflict, GreenlaneError
from runtime.operations import inbox
from runtime.operations.actors import Actor
from runtime.operations.people import local_owner
from runtime.operations.runtime import Runtime
from runtime.settings import Settings
from runtime.store.people import insert_person
from tests.kill.forking import hurry, obey
from tests.kill.knife import Knife

APPROVER = Actor("killer", "Killer", frozenset({"member"}))
NOTES = "approved.txt"


async def add_approver(runtime: Runtime) -> None:
    """The person and the group the workflow asks."""

    def add(tx) -> None:
        insert_person(tx, person=APPROVER.id, name=APPROVER.name, roles=APPROVER.roles, now=1.0)
        group = ("group_killers", "Killers", "", 1.0)
        tx.exec_driver_sql("INSERT INTO people_group (id, name, description, created) VALUES (?, ?, ?, ?)", group)
        tx.exec_driver_sql("INSERT INTO group_member (group_id, person) VALUES (?, ?)", (group[0], APPROVER.id))

    await runtime.writer.write(add)


async def work(runtime: Runtime, notes: Path) -> None:
    """Approve, and have what may have happened done again, until killed."""
    owner = await local_owner(runtime)
    file = os.open(notes, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    while True:
        for who, choice in ((APPROVER, "approved"), (owner, AGAIN.id)):
            with suppress(GreenlaneError):
                for entry in await inbox.list_inbox(runtime, who):
                    with suppress(Conflict):
                        await inbox.answer_entry(runtime, who, entry=entry.id, choice=choice)
                        os.write(file, f"{entry.id}\n".encode())  # by the system, so it needs no flush
        await asyncio.sleep(0.05)


def approve(settings: Settings, place: str, arrival: int) -> NoReturn:
    """In the child: answer until killed."""
    runtime = assemble(settings, reach=Knife(place, arrival), sweeps=False)
    asyncio.run(work(runtime, settings.data / NOTES))
    os._exit(0)


if __name__ == "__main__":
    hurry()
    data, port, url = sys.argv[1:]
    obey(partial(approve, Settings(data=Path(data), port=int(port), database_url=url, demo_model=False)))
