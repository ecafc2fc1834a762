"""The rounds: a server, clients, a kill, and again; at the end a server that may live until all is done."""

import asyncio
import itertools
import random
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from subprocess import PIPE, Popen
from tempfile import TemporaryDirectory
from urllib.parse import urlsplit

import aiohttp

from runtime.assembly import assemble
from runtime.operations.connecting import Connecting
from runtime.operations.connections import add_connection
from runtime.operations.keys import create_key
from runtime.operations.models import Binding, bind_alias
from runtime.operations.people import local_owner
from runtime.operations.trying import adopt_file
from runtime.settings import Settings
from tests.kill.approver import Approver, add_approver
from tests.kill.clients import Clients, all_ended
from tests.kill.knife import MOST, PLACES
from tests.kill.verdict import Verdict, judge, unkept
from tests.kill.workflow import SOURCE, everything
from tests.support.ports import free_port
from tests.support.processes import share

CLIENTS = 6
WORKERS = 2
"""besides the server"""
CALL_BYTES = 130
"""about what the model server notes of one call"""
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


async def prepare(settings: Settings, model_url: str) -> str:
    """A data folder with the workflow, the model and a key; the key's text."""
    runtime = assemble(settings, sweeps=False)
    try:
        owner = await local_owner(runtime)
        binding = Binding(
            name="fast", model="openai/scripted", base_url=model_url, fast=True, hosting="here", price_in=1, price_out=1
        )
        await bind_alias(runtime, owner, binding=binding)
        await share(runtime, per_minute=0)
        connecting = Connecting(
            name="Host", host=urlsplit(model_url).netloc, internal=True, plain=True, clearance="internal"
        )
        proved = replace(owner, via="browser", proved=runtime.clock.now())
        await add_connection(runtime, proved, connecting=connecting, everybody=True)
        for source in (SOURCE, everything(model_url)):
            await adopt_file(runtime, source)
        await add_approver(runtime)
        return (await create_key(runtime, owner, label="kill")).text
    finally:
        runtime.close()


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


async def progress(server: Popen[str], calls: Path) -> None:
    """Wait until the server has got some work done."""
    enough = size(calls) + 10 * CALL_BYTES
    for _ in range(250):
        if size(calls) >= enough or order(server, "alive") != "yes":
            return
        await asyncio.sleep(0.02)


def size(path: Path) -> int:
    return path.stat().st_size


async def play(rounds: int, port: int, seed: int, say=print, database_url: str = "", workers: int = WORKERS) -> Verdict:
    """All rounds, and the verdict; on SQLite unless the address of an empty Postgres is given."""
    port = port or free_port()
    chance = random.Random(seed)  # noqa: S311 - repeatable on purpose
    with (
        TemporaryDirectory(prefix="greenlane-kill-") as name,
        child("tests.support.model_server", "--log", f"{name}/calls.ndjson", "--delay-ms", "4") as model,
    ):
        folder, calls = Path(name), Path(name) / "calls.ndjson"
        calls.touch()
        assert model.stdout is not None
        model_url = model.stdout.readline().split()[-1]
        settings = Settings(data=folder, port=port, demo_model=False, database_url=database_url)
        secret = await prepare(settings, model_url)
        url = f"http://127.0.0.1:{port}"
        given = (str(folder), str(port), database_url)
        with ExitStack() as running:
            server = running.enter_context(child("tests.kill.server", *given))
            hands = [running.enter_context(child("tests.kill.worker", *given)) for _ in range(workers)]
            clients = Clients(url, secret)
            approver = Approver(settings)
            approving = asyncio.create_task(approver.work())
            asking = [asyncio.create_task(clients.work()) for _ in range(CLIENTS)]
            fell = await _rounds(server, hands, url, calls, rounds, chance)
            say("killed: " + ", ".join(f"{count} {place}" for place, count in sorted(fell.items())))
            order(server, "start", "-", 0)
            assert await healthy(server, url), "the last server did not start"
            clients.stopping = True
            await asyncio.wait_for(asyncio.gather(*asking), 90)
            await all_ended(url, secret, [run for run, _ in clients.accepted.values()], 90)
            approver.stopping = True
            await approving
            for each in (server, *hands):
                order(each, "end")
        verdict = judge(settings, calls, clients.accepted)
        verdict.answered = len(approver.approved)
        verdict.findings += unkept(settings, approver.approved)
        verdict.findings += clients.contradictions
        return verdict


async def _rounds(
    server: Popen[str], hands: list[Popen[str]], url: str, calls: Path, rounds: int, chance: random.Random
) -> Counter[str]:
    """Kill so often, the server every other time and a worker in between; how they fell. A worker lives on until its
    turn comes, so that there is somebody to take over. Each place has its turn; every third process gets some work done
    first, or the rule against poison would, rightly, end runs that met four deaths in a row."""
    fell: Counter[str] = Counter()
    places = itertools.cycle(PLACES)
    turns = itertools.cycle([each for hand in hands for each in (server, hand)] or [server])
    for each in hands:
        order(each, "start", "-", 0)
    for number, victim in zip(range(rounds), turns, strict=False):
        place = "-" if number % 3 == 2 else next(places)
        order(victim, "kill")
        order(victim, "start", place, chance.randint(1, MOST.get(place, 12)))
        if victim in hands or await healthy(server, url):
            if place == "-":
                await progress(victim, calls)
            await asyncio.sleep(chance.uniform(0.05, 0.4))
        by = order(victim, "kill")
        fell[place if by == "knife" else "at a random moment"] += 1
        order(victim, "start", "-", 0)
    order(server, "kill")
    return fell
