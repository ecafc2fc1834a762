"""The rounds: a server, clients, a kill, and again; at the end a server that may live until all is done."""

import asyncio
import itertools
import random
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from subprocess import PIPE, Popen
from tempfile import TemporaryDirectory
from time import monotonic

import aiohttp

from runtime.settings import Settings
from runtime.store.database import Reader, open_engine
from tests.kill.approver import NOTES
from tests.kill.clients import Clients, all_ended
from tests.kill.furnishing import furnish, prepare
from tests.kill.knife import RINGS, RUNG, TURNS, latest
from tests.kill.verdict import Verdict, judge, unkept
from tests.support.ports import free_port

CLIENTS = 6
WORKERS = 2
"""besides the server"""
CALL_BYTES = 130
"""about what the host notes of one call"""
PATIENCE_S = 20.0
"""how long a process may take to come to the place where its knife falls"""
ENOUGH = 3
"""turns of a place in which the knife has to have fallen there once"""
IN_DANGER = """
    SELECT id FROM run WHERE status = 'running' AND barren >= 1
      AND barren_seq = (SELECT coalesce(max(seq), 0) FROM record WHERE record.run = run.id AND kind <> 'intent')"""
"""runs that two processes in a row have died over without getting on"""
ROOT = Path(__file__).parents[2]


@contextmanager
def child(*command: str) -> Iterator[Popen[str]]:
    """A Python process of ours with pipes, ended with the block."""
    process = Popen([sys.executable, "-m", *command], cwd=ROOT, stdin=PIPE, stdout=PIPE, text=True)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def order(server: Popen[str], *words: object) -> str:
    """Send a command and give its answer."""
    assert server.stdin is not None
    assert server.stdout is not None
    server.stdin.write("\t".join(map(str, words)) + "\n")
    server.stdin.flush()
    return server.stdout.readline().strip()


async def healthy(server: Popen[str], url: str) -> bool:
    """Wait until the server answers; False when it died before it could."""
    async with aiohttp.ClientSession() as session:
        while order(server, "alive") == "yes":
            try:
                async with session.get(f"{url}/health") as reply:
                    return reply.status == 200
            except (aiohttp.ClientError, ConnectionError):
                await asyncio.sleep(0.02)
    return False


def size(path: Path) -> int:
    return path.stat().st_size


@dataclass
class Falls:
    """Where knives were, and where they fell."""

    turns: Counter[tuple[str, str]] = field(default_factory=Counter)
    fell: Counter[tuple[str, str]] = field(default_factory=Counter)
    outside: int = 0
    """killed at a random moment"""

    def lines(self) -> list[str]:
        """How often each place was hit, of how many turns."""
        said = [f"{who} {place} {self.fell[who, place]}/{count}" for (who, place), count in sorted(self.turns.items())]
        return [f"killed: {self.fell.total()} by the knife, {self.outside} at a random moment", ", ".join(said)]

    def never(self) -> list[str]:
        """Places that had turns enough and were never hit: nothing was shown of them."""
        return [
            f"the knife of the {who} never fell {place} in {count} turns"
            for (who, place), count in self.turns.items()
            if count >= ENOUGH and not self.fell[who, place]
        ]


async def play(rounds: int, port: int, seed: int, say=print, database_url: str = "", workers: int = WORKERS) -> Verdict:
    """All rounds, and the verdict; on SQLite unless the address of an empty Postgres is given."""
    port = port or free_port()
    with TemporaryDirectory(prefix="greenlane-kill-") as name:
        folder, calls = Path(name), Path(name) / "calls.ndjson"
        calls.touch()
        settings = Settings(data=folder, port=port, demo_model=False, database_url=database_url)
        with ExitStack() as running:
            host = running.enter_context(child("tests.kill.everything", str(calls)))
            assert host.stdout is not None
            host_url = host.stdout.readline().strip()
            secret = await prepare(settings, host_url)
            await furnish(settings, host_url)
            url, given = f"http://127.0.0.1:{port}", (str(folder), str(port), database_url)
            cast = Cast(
                running.enter_context(child("tests.kill.server", *given)),
                [running.enter_context(child("tests.kill.worker", *given)) for _ in range(workers)],
                running.enter_context(child("tests.kill.approver", *given)),
                Reader(open_engine(settings.store)), calls,
            )  # fmt: skip
            for each in (cast.server, *cast.hands, cast.approver):
                order(each, "start", "-", 0)
            clients = Clients(url, secret)
            asking = [asyncio.create_task(clients.work()) for _ in range(CLIENTS)]
            falls = await _rounds(cast, rounds, random.Random(seed))  # noqa: S311 - repeatable on purpose
            for line in falls.lines():
                say(line)
            assert await healthy(cast.server, url), "the last server did not start"
            clients.stopping = True
            await asyncio.wait_for(asyncio.gather(*asking), 90)
            await all_ended(url, secret, [run for run, _ in clients.accepted.values()], 90)
            for each in (cast.approver, cast.server, *cast.hands):
                order(each, "end")
        verdict = judge(settings, calls, clients.accepted)
        approved = set((folder / NOTES).read_text().splitlines())
        verdict.answered, verdict.by_knife = len(approved), falls.fell.total()
        verdict.findings += unkept(settings, approved) + clients.contradictions + falls.never()
        return verdict


@dataclass
class Cast:
    """The processes that are killed."""

    server: Popen[str]
    hands: list[Popen[str]]
    approver: Popen[str]
    reader: Reader
    calls: Path

    async def calm(self) -> None:
        """Wait until no run would, rightly, be ended by the rule against poison if another process died now."""
        for _ in range(1200):
            if not self.reader.now(lambda tx: tx.exec_driver_sql(IN_DANGER).first()):
                return
            await asyncio.sleep(0.05)

    async def progress(self) -> None:
        """Wait until some work got done."""
        enough = size(self.calls) + 10 * CALL_BYTES
        for _ in range(250):
            if size(self.calls) >= enough:
                return
            await asyncio.sleep(0.02)

    async def fallen(self, victim: Popen[str], place: str) -> None:
        """Wait until the knife came. Where it waits for what a dead process has left, others die meanwhile; where it
        waits for a ring, the server rings."""
        end, others = monotonic() + PATIENCE_S, itertools.cycle([each for each in self.hands if each is not victim])
        if place in RUNG:
            self.restart(self.server, RINGS)
        while monotonic() < end and order(victim, "alive") == "yes":
            if place.endswith("takeover"):
                await self.calm()
                other = next(others, self.server)
                order(other, "kill")
                await self._while_alive(victim, 3.0)
                order(other, "start", "-", 0)
            await self._while_alive(victim, 2.0)
        if place in RUNG:
            self.restart(self.server)

    def restart(self, process: Popen[str], place: str = "-", arrival: int = 0) -> str:
        """Kill it, if it lives, and start it again; how it fell."""
        by = order(process, "kill")
        order(process, "start", place, arrival)
        return by

    async def _while_alive(self, victim: Popen[str], seconds: float) -> None:
        for _ in range(int(seconds / 0.02)):
            if order(victim, "alive") != "yes":
                return
            await asyncio.sleep(0.02)


async def _rounds(cast: Cast, rounds: int, chance: random.Random) -> Falls:
    """Kill so often. Whoever is not killed lives on until its turn comes, so that there is somebody to take over. Every
    third is killed at a random moment; after each some work gets done."""
    falls, hands = Falls(), itertools.cycle(cast.hands)
    turns = itertools.cycle(chance.sample(TURNS, len(TURNS)))
    everybody = itertools.cycle((cast.server, *cast.hands, cast.approver))
    for number in range(rounds):
        if by_knife := number % 3 != 2:
            who, place = next(turns)
            victim = {"server": cast.server, "approver": cast.approver}.get(who) or next(hands)
            cast.restart(victim, place, chance.randint(1, latest(who, place)))
            await cast.fallen(victim, place)
            falls.turns[who, place] += 1
        else:
            who, place, victim = "", "", next(everybody)
            await asyncio.sleep(chance.uniform(0, 0.4))
        if cast.restart(victim) == "knife" and by_knife:
            falls.fell[who, place] += 1
        else:
            falls.outside += 1
        await cast.progress()
        await cast.calm()
    return falls
