"""How long the data of runs is kept: a rule for each app, and removal on request. What stays are digests, so the audit
log and the log of every run still verify.
"""

from __future__ import annotations

import logging

from runtime.engine.cleaning import clean_files, find_strays
from runtime.errors import BadInput, Conflict, GreenlaneError, NotAllowed, NotFound
from runtime.operations.actors import Actor
from runtime.operations.door import allowed, do
from runtime.operations.overseeing import overseen
from runtime.operations.runtime import Runtime
from runtime.operations.traces import visible_run
from runtime.store import erasing as rows
from runtime.store.audit import write_audit
from runtime.store.partial import forget_partials
from runtime.store.processes import forget_gone
from runtime.store.runs import ENDED
from runtime.store.transaction import Tx

log = logging.getLogger(__name__)

LONGEST_DAYS = 3650
AT_ONCE = 20
"""runs whose data is removed in one look"""
CLEAN_S = 300.0
"""how often files nobody needs are taken away"""
STRAYS_S = 6 * 3600.0
"""how often all of them are looked through for what an upload has left"""


async def erase_run(runtime: Runtime, actor: Actor | None, *, run: str) -> None:
    """Remove the data of a run that has ended: one's own, or any for the platform owner. There is no way back."""
    person, now = await allowed(runtime, actor, "run.erase", run), runtime.clock.now()

    def work(tx: Tx) -> None:
        row = visible_run(tx, person, run, also="owner")
        if not rows.erase_run(tx, run, by=person.name, now=now):
            if row.erased is not None:
                raise Conflict("The data of this run was removed before.")
            itself = row.status not in ENDED
            raise Conflict(
                "This run is still going on." if itself else "Another message of this conversation is being answered.",
                hint="Stop it first, or wait until it has ended.",
            )

    await do(runtime, actor, "run.erase", run, work)
    await clean_files(runtime.files.bodies, runtime.reader, runtime.writer, now)


async def may_erase(runtime: Runtime, actor: Actor | None, *, run: str) -> bool:
    """Whether this person may remove the data of a run now. Asking is nothing that could be refused."""
    person = await allowed(runtime, actor, "run.see", run)

    def find(tx: Tx) -> bool:
        try:
            row = visible_run(tx, person, run, also="owner")
        except NotFound:
            return False
        return row.erased is None and row.status in ENDED and person.app is None

    return runtime.reader.now(find)


async def keep_runs(runtime: Runtime, actor: Actor | None, *, app: str, days: int | None) -> None:
    """Say how many days after its end the data of each run of an app is removed; None keeps it. For IT and the app's
    owner. What is older goes with the next look."""
    person = await allowed(runtime, actor, "app.keep", app)
    if days is not None and not 1 <= days <= LONGEST_DAYS:
        raise BadInput(f"The days must be from 1 to {LONGEST_DAYS:,}.", hint="Leave it empty to keep the data.")

    def work(tx: Tx) -> tuple[str, int | None]:
        row, level, steers = overseen(tx, person, app)
        if not steers and level != "own":
            raise NotAllowed("How long data is kept is for IT and for the app’s owner.", hint="Ask one of them.")
        return row.id, rows.keep_runs(tx, row.id, days)

    await do(
        runtime, actor, "app.keep", app, work, found=lambda done: done[0],
        said=lambda done: f"{_words(done[1])} → {_words(days)}",
    )  # fmt: skip


def _words(days: int | None) -> str:
    return "kept" if days is None else f"{days} days"


async def erase_old(runtime: Runtime) -> int:
    """Remove the data of runs whose app keeps it no longer, some at a time; how many. Two processes that do it at once
    do it once."""
    now = runtime.clock.now()
    found = await runtime.reader.ask(lambda tx: rows.runs_to_erase(tx, now, AT_ONCE))
    done = 0
    for run, app, days in found:

        def work(tx: Tx, run: str = run, app: str = app, days: int = days) -> bool:
            if rows.kept_days(tx, app) != days or not rows.erase_run(tx, run, by="", now=now):
                return False
            write_audit(
                tx, at=now, person="", action="run.erase", thing=run, outcome="done",
                reason=f"its app keeps data for {days} days", detail="rule",
            )  # fmt: skip
            return True

        done += await runtime.writer.write(work)
    return done


class Tidying:
    """The chore: old data of runs at every look, files and leases of processes that are gone now and then."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime
        self._next = self._strays = 0.0

    async def __call__(self) -> None:
        """Look once."""
        runtime = self._runtime
        now = runtime.clock.now()
        try:
            erased = await erase_old(runtime)
            if erased or now >= self._next:
                self._next = now + CLEAN_S
                await runtime.writer.write(lambda tx: (forget_partials(tx, now), forget_gone(tx)))
                await clean_files(runtime.files.bodies, runtime.reader, runtime.writer, now)
            if now >= self._strays:
                self._strays = now + STRAYS_S
                await find_strays(runtime.files.bodies, runtime.reader, runtime.writer, now)
        except GreenlaneError as error:
            log.warning("old data and files were not tidied, again in a moment: %s", error.sentence)
