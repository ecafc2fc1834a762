"""Looking for runs that need hands: those whose turn it is, those left by a process that is gone, those whose time has
come. Looks are cheap and many; a look that finds nothing writes nothing."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial

from runtime.engine.dispatch import Bell
from runtime.engine.execution import Execution
from runtime.engine.ports import Tools
from runtime.engine.process import Process
from runtime.errors import GreenlaneError
from runtime.governance.policies import APP_SHARE, PERSON_SHARE
from runtime.store.database import probe
from runtime.store.due import Look, Turn, any_waits, next_turns, processes_at_work, runs_held, take_turns
from runtime.store.policies import read_policies
from runtime.store.runs import Claim, claim, lost_runs
from runtime.store.transaction import Tx
from runtime.store.waits import answers_of, due_waits, time_out

log = logging.getLogger(__name__)

SWEEP_S = 1.0
"""how often a process looks for runs that need hands"""
PEEK_S = 0.1
"""how often a process with neighbours peeks whether any run waits"""
CHORES_S = 5.0
"""how often whoever has the sweeper's lease does what one process does for all"""
MOST_AT_ONCE = 32
"""runs claimed in one transaction"""
MOST_LEFT = 200
"""runs of one dead process that a look takes over"""

STAYS = 3
"""looks after which a neighbour is no passer-by"""

Chore = Callable[[], Awaitable[object]]


@dataclass(frozen=True, slots=True)
class Hands:
    """What a process takes on."""

    slots: int = 100
    """runs of the queue it executes at once; 0: it executes none"""
    sweep_s: float = SWEEP_S


class Sweeper:
    """Lives on the engine's loop. `live` are the engine's executions; `take_up` goes on with a claimed run, `stop`
    ends this process's attempt at one."""

    def __init__(
        self,
        tools: Tools,
        process: Process,
        hands: Hands,
        bell: Bell,
        live: Mapping[str, Execution],
        chores: Sequence[Chore],
        *,
        take_up: Callable[[Claim], Awaitable[None]],
        stop: Callable[[str, str], None],
    ) -> None:
        self._tools, self._process, self._hands, self._bell = tools, process, hands, bell
        self._live, self._chores = live, chores
        self._take_up, self._stop = take_up, stop
        self._loop = asyncio.get_running_loop()
        self.claimed: set[str] = set()
        """runs taken from the queue or taken over that go on here"""
        self.closing = False
        self._sweeping: asyncio.Task[None] | None = None
        self._again = False
        self._hungry = False
        """whether the last look left runs waiting: whoever ends makes room for the next"""
        self._after = ""
        self._strays: set[str] = set()
        self._chores_at = 0.0
        self._peeking = False
        self._accompanied = 0
        """looks in a row at which there was a neighbour"""

    def tick(self) -> None:
        """Look now and from now on, whatever becomes of this look."""
        if not self.closing:
            self._loop.call_later(self._hands.sweep_s, self.tick)
        with suppress(GreenlaneError):  # the storage is away: the look says it
            self._look_round()
        self.look()

    def look(self) -> None:
        """Sweep, one at a time: a sweep asked for during another follows it."""
        if self.closing:
            return
        if self._sweeping is not None:
            self._again = True
            return
        self._again = False
        self._sweeping = self._loop.create_task(self._sweep())
        self._sweeping.add_done_callback(self._looked)

    def nudge(self, run: str) -> None:
        """This run may be due: look, or have a neighbour look that has room."""
        if self._room > 0:
            self.look()
        elif self._hands.slots == 0 or self._accompanied:
            self._bell.ring(run)

    async def looked(self) -> None:
        """Look, and wait until what was found is taken up."""
        self.look()
        while self._sweeping is not None:
            await asyncio.wait({self._sweeping})
            await asyncio.sleep(0)  # the next may follow it

    def ended(self, run: str) -> None:
        """A run ended here: there is room for another."""
        if run in self.claimed:
            self.claimed.discard(run)
            if self._hungry:
                self.look()

    async def close(self) -> None:
        """Claim no more, and let what is being claimed arrive."""
        self.closing = True
        if self._sweeping is not None:
            await asyncio.wait({self._sweeping}, timeout=5)

    def _looked(self, _task: asyncio.Task[None]) -> None:
        self._sweeping = None
        if self._again:
            self.look()

    def _look_round(self) -> None:
        """With a neighbour that stays, this process listens to the bell; without, it needs none."""
        self._accompanied = self._accompanied + 1 if self._process.neighbours() else 0
        if self._accompanied >= STAYS and self._hands.slots:
            self._bell.listen()
        if self._accompanied and self._hands.slots and not self._peeking:
            self._peeking = True
            self._peek()

    def _peek(self) -> None:
        """Look when any run waits: a read of one row, where it is asked."""
        self._peeking = bool(self._accompanied) and not self.closing
        if not self._peeking:
            return
        self._loop.call_later(PEEK_S, self._peek)
        now = self._tools.clock.now()
        with suppress(GreenlaneError):  # the next look says it
            if self._sweeping is None and self._room > 0 and self._tools.reader.now(lambda tx: any_waits(tx, now)):
                self.look()

    @property
    def _room(self) -> int:
        return min(self._hands.slots - len(self.claimed), MOST_AT_ONCE)

    async def _sweep(self) -> None:
        try:
            if not self._tools.writer.healthy:
                await self._tools.writer.write(probe)
            await self._let_go()
            await self._time_out()
            await self._take_over()
            await self._take_turns()
            await self._do_chores()
        except GreenlaneError as error:
            log.warning("looking for runs failed, again in a moment: %s", error.sentence)
        except Exception:
            log.exception("looking for runs failed, again in a moment")

    async def _let_go(self) -> None:
        """Stop what was cancelled or taken over elsewhere; take answers given in another process."""
        held = {each.run: each.attempt for each in self._live.values() if each.takes_its_time}
        asking = [each.run for each in self._live.values() if each.state.waits]
        if not held and not asking:
            return

        def find(tx: Tx) -> tuple[list[str], list[str]]:
            return lost_runs(tx, held), [run for run in asking if answers_of(tx, run)]

        lost, told = await self._tools.reader.ask(find)
        for run in lost:
            self._stop(run, "cancelled or taken over elsewhere")
        for run in told:
            if (execution := self._live.get(run)) is not None:
                execution.waits.look()

    async def _time_out(self) -> None:
        now = self._tools.clock.now()
        if due := await self._tools.reader.ask(lambda tx: due_waits(tx, now)):
            await self._tools.writer.write(lambda tx: time_out(tx, due, now))
            self._again = True  # the runs that go on by that

    async def _take_over(self) -> None:
        """Claim runs that were left: by a process that is gone, or by this one when its storage failed under them."""
        reader = self._tools.reader
        at_work = await reader.ask(processes_at_work)
        left: list[Turn] = []
        for other in at_work:
            if self._process.is_gone(other):
                left += await reader.ask(partial(runs_held, process=other, most=MOST_LEFT))
        mine: set[str] = set()
        if self._process.id in at_work:
            held = await reader.ask(partial(runs_held, process=self._process.id, most=10_000))
            # its start may be on its way: a stray is one that is seen twice
            mine = {each.run for each in held if each.run not in self._live}
            left += [each for each in held if each.run in mine & self._strays]
        self._strays = mine
        if self._hands.slots:
            await asyncio.gather(*(self._claim(each) for each in left if each.run not in self._live))

    async def _claim(self, turn: Turn) -> None:
        if self.closing:
            return
        self._tools.reach("before takeover")
        now, process = self._tools.clock.now(), self._process.id
        taken = await self._tools.writer.write(
            lambda tx: claim(tx, turn.run, attempt=turn.attempt, process=process, now=now)
        )
        self._tools.reach("after takeover")
        if taken is not None:
            self._bell.forget(turn.run, turn.attempt)
            await self._go_on(taken)

    async def _take_turns(self) -> None:
        """Claim waiting runs whose turn it is, as many as there is room for."""
        if (room := self._room) <= 0:
            self._hungry = self._hands.slots > 0
            return
        now, process, after = self._tools.clock.now(), self._process.id, self._after

        def find(tx: Tx) -> Look:
            of_person, of_apps = read_policies(tx, PERSON_SHARE, APP_SHARE)
            return next_turns(tx, now, room=room, person_most=of_person.at_once, app_most=of_apps.at_once, after=after)

        def take(tx: Tx) -> list[Claim]:
            of_person, of_apps = read_policies(tx, PERSON_SHARE, APP_SHARE)
            return take_turns(
                tx, process, now, room=room, person_most=of_person.at_once, app_most=of_apps.at_once, after=after
            )

        found = await self._tools.reader.ask(find)
        self._after, self._hungry = found.after, found.waiting
        if not found.turns or self.closing:
            return
        self._tools.reach("before claim")
        claims = await self._tools.writer.write(take)
        self._tools.reach("after claim")
        await asyncio.gather(*(self._go_on(each) for each in claims))
        self._again = True  # there may be more

    async def _go_on(self, taken: Claim) -> None:
        self._stop(taken.run, "taken up anew")  # an attempt that has just laid the run aside may not know it yet
        self.claimed.add(taken.run)
        try:
            await self._take_up(taken)
        except Exception:
            self.claimed.discard(taken.run)
            log.exception("%s could not be taken up, again in a moment", taken.run)

    async def _do_chores(self) -> None:
        """What one process does for all, every few seconds."""
        if self._chores_at > self._loop.time() or not self._chores or not self._process.leads():
            return
        self._chores_at = self._loop.time() + min(CHORES_S, self._hands.sweep_s)
        for chore in self._chores:
            await chore()
