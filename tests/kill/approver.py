"""Somebody who approves whatever waits, from a process of their own that shares the data folder with the server."""

import asyncio
from contextlib import suppress

from runtime.assembly import assemble
from runtime.engine.waits import AGAIN
from runtime.errors import Conflict, GreenlaneError
from runtime.operations import inbox
from runtime.operations.actors import Actor
from runtime.operations.people import local_owner
from runtime.operations.runtime import Runtime
from runtime.settings import Settings
from runtime.store.people import insert_person

APPROVER = Actor("killer", "Killer", frozenset({"member"}))


async def add_approver(runtime: Runtime) -> None:
    """The person and the group the workflow asks."""

    def add(tx) -> None:
        insert_person(tx, person=APPROVER.id, name=APPROVER.name, roles=APPROVER.roles, now=1.0)
        group = ("group_killers", "Killers", "", 1.0)
        tx.exec_driver_sql("INSERT INTO people_group (id, name, description, created) VALUES (?, ?, ?, ?)", group)
        tx.exec_driver_sql("INSERT INTO group_member (group_id, person) VALUES (?, ?)", (group[0], APPROVER.id))

    await runtime.writer.write(add)


class Approver:
    """Approves until told to stop, and has what may have happened done again; counts what was accepted."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self.approved: set[str] = set()
        self.stopping = False

    async def work(self) -> None:
        """Look and approve. An answer that was accepted is a promise: `approved` holds it."""
        runtime = assemble(self._settings, sweeps=False)
        owner = await local_owner(runtime)
        try:
            while not self.stopping:
                for who, choice in ((APPROVER, "approved"), (owner, AGAIN.id)):
                    with suppress(GreenlaneError):
                        for entry in await inbox.list_inbox(runtime, who):
                            with suppress(Conflict):
                                await inbox.answer_entry(runtime, who, entry=entry.id, choice=choice)
                                self.approved.add(entry.id)
                await asyncio.sleep(0.05)
        finally:
            runtime.close()
