"""An engine over a real database, without compiler and catalogue: plans are drawn by hand from small steps."""

import asyncio
import time
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import Future
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar

import orjson

from nodes.sdk import Choice, Effect, Leave, Node, Question, Said
from runtime.clock import Clock
from runtime.egress import Lookup, system_lookup
from runtime.engine.ending import Ended
from runtime.engine.engine import Engine, Start
from runtime.engine.files import KeptFiles
from runtime.engine.journal import verify
from runtime.engine.keys import Keys
from runtime.engine.knowledge import BaseKnowledge
from runtime.engine.models import AliasModels
from runtime.engine.outside import ConnectedHosts
from runtime.engine.ports import Pin, Reach, Tools, unharmed
from runtime.engine.process import LockedProcess
from runtime.engine.sandbox import CagedCode
from runtime.engine.sweeping import Hands
from runtime.files.bodies import BodyFolder
from runtime.gateway import Gateway
from runtime.graph.document import RunSettings, Variable
from runtime.graph.plan import Plan, PlanStep
from runtime.store.database import Reader
from runtime.store.ids import new_id
from runtime.store.log import Record, read_records
from runtime.store.models import AliasRow, bind_alias
from runtime.store.people import insert_person
from runtime.store.runs import NewRun, insert_run, run_row
from runtime.store.sole import Sole
from runtime.store.waits import answer_wait
from runtime.store.writer import Writer
from tests.support.database import empty_database

RAN: list[tuple[str, str]] = []
"""(run, step) of every step that really ran, in order; tests look at their own run"""


def ran(run: str) -> list[str]:
    """The steps of a run that really ran, in order, with repetitions."""
    return [step for each, step in RAN if each == run]


class Give(Node, label="Give"):
    """Hands on what it is given."""

    value: Any = None

    async def run(self, ctx) -> Any:
        RAN.append((ctx.run, ctx.step))
        return {"value": self.value}


class Fork(Node, label="Fork"):
    """Leaves by the exit it is told."""

    way: Any = ""

    async def run(self, ctx) -> Any:
        RAN.append((ctx.run, ctx.step))
        return Leave(str(self.way), {"way": self.way})


class Count(Node, label="Count"):
    """Adds to a run variable."""

    variable: str = "total"
    by: Any = 1

    async def run(self, ctx) -> Any:
        RAN.append((ctx.run, ctx.step))
        ctx.set(self.variable, (ctx.read(self.variable) or 0) + self.by)
        return {"value": ctx.read(self.variable)}


class Ask(Node, label="Ask", effects=(Effect.SPEND,)):
    """Asks a model."""

    prompt: Any = ""
    stream: bool = False

    async def run(self, ctx) -> Any:
        RAN.append((ctx.run, ctx.step))
        answer = await ctx.models.ask("fast", [Said("user", str(self.prompt))], max_tokens=100, stream=self.stream)
        return {"value": answer.text}


class Send(Ask, label="Send", effects=(Effect.SPEND, Effect.WRITE)):
    """Asks a model, and says that this may not happen twice without asking."""


class Hold(Node, label="Hold", effects=(Effect.WAIT,)):
    """Waits until its gate is opened."""

    gate: str
    value: Any = None

    async def run(self, ctx) -> Any:
        RAN.append((ctx.run, ctx.step))
        await Gate.of(self.gate).passed()
        return {"value": self.value}


class Decide(Node, label="Decide", effects=(Effect.WAIT,)):
    """Asks people, and leaves by what they say where it has such a way out."""

    title: str = "May it go on?"
    holders: tuple[str, ...] = ("Ada",)
    deadline_s: float | None = None

    async def run(self, ctx) -> Any:
        RAN.append((ctx.run, ctx.step))
        choices = (Choice("yes", "Yes"), Choice("no", "No"))
        reply = await ctx.wait(Question(self.title, "It costs 5.", choices, self.holders, self.deadline_s))
        return {"value": reply.choice, "by": reply.by, "comment": reply.comment}


class Gate:
    """A gate a step waits at; opened from the test's thread."""

    _known: ClassVar[dict[str, "Gate"]] = {}

    def __init__(self) -> None:
        self._open: Future[None] = Future()

    @classmethod
    def of(cls, name: str) -> "Gate":
        return cls._known.setdefault(name, cls())

    def open(self) -> None:
        self._open.set_result(None)

    async def passed(self) -> None:
        await asyncio.shield(asyncio.wrap_future(self._open))


@dataclass(frozen=True)
class Drawn:
    """A step as a test draws it: `node` with fixed settings, or `make`, which builds it from what it reads."""

    id: str
    node: Node | type[Node]
    after: tuple[str, ...] = ()
    """`step` or `step.exit`"""
    make: Callable[[Callable[[str, tuple[str, ...]], Any]], Node] | None = None
    reads: tuple[str, ...] = ()
    reads_variables: tuple[str, ...] = ()


def step(id: str, node: Node, *after: str) -> Drawn:  # noqa: A002
    """A step whose settings are fixed."""
    return Drawn(id, node, after)


def reading(id: str, node: type[Node], sources: Iterable[str], *after: str, **settings: Any) -> Drawn:  # noqa: A002
    """A step whose `value`, `way`, `prompt` or `by` is the list of what those steps gave, skipped ones as null."""
    sources = tuple(sources)
    name = next(each for each in ("value", "way", "prompt", "by") if each in node.model_fields)

    def make(read: Callable[[str, tuple[str, ...]], Any]) -> Node:
        found = [read(each, ("value",)) for each in sources]
        return node(**{name: found if len(found) != 1 else found[0], **settings})

    return Drawn(id, node, after, make, sources)


def draw(*drawn: Drawn, variables: Mapping[str, Any] | None = None, limits: RunSettings | None = None) -> Plan:
    """A plan; the steps stand in an order in which each comes after what it waits for. All ends are finishes."""
    index = {each.id: number for number, each in enumerate(drawn)}
    exits: list[dict[str, tuple[int, ...]]] = [{} for _ in drawn]
    for each in drawn:
        for edge in each.after:
            source, _, way = edge.partition(".")
            ways = exits[index[source]]
            ways[way or "done"] = (*ways.get(way or "done", ()), index[each.id])
    steps = tuple(
        PlanStep(
            index=index[each.id], id=each.id, type="test", title=each.id,
            node=each.node if isinstance(each.node, type) else type(each.node), version=1,
            ready=each.node if isinstance(each.node, Node) else None, bind=each.make, exits=exits[index[each.id]],
            incoming=len(each.after),
            effects=(each.node if isinstance(each.node, type) else type(each.node)).effects,
            reads=each.reads, reads_variables=each.reads_variables,
        )
        for each in drawn
    )  # fmt: skip
    return Plan(
        hash=new_id("plan"), catalogue_digest="c", steps=steps, index=index, start=0,
        finishes=tuple(number for number, each in enumerate(exits) if not any(each.values())),
        variables={name: Variable(start=value) for name, value in (variables or {}).items()},
        run=limits or RunSettings(),
    )  # fmt: skip


def chain(count: int) -> Plan:
    """`s0` to `s<count-1>`, each handing on what the one before gave."""
    return draw(
        step("s0", Give(value="x")),
        *(reading(f"s{at}", Give, [f"s{at - 1}"], f"s{at - 1}") for at in range(1, count)),
    )


@dataclass
class Room:
    """One process over a data folder: writer, engine, models. Several rooms may share a folder and `plans`."""

    folder: Path
    model_url: str = "http://127.0.0.1:9/v1"
    clock: Clock = field(default_factory=Clock)
    reach: Reach = unharmed
    plans: dict[str, Plan] = field(default_factory=dict)
    sweep_s: float = 0.05
    sweeps: bool = True
    secrets: dict[str, str] = field(default_factory=dict)
    """what stands in the server's environment"""
    lookup: Lookup = system_lookup
    """who says where a host is"""

    def __post_init__(self) -> None:
        self.database = empty_database(self.folder / "greenlane.db")
        self.reader, self.writer = Reader(self.database), Writer(self.database, self.reach)
        self.writer.start()
        self.process = LockedProcess(self.folder / "processes")
        keys = Keys(self.reader, self.secrets.get)
        models = AliasModels(Gateway(), self.reader, keys, self.clock.now)
        self.hosts = ConnectedHosts(self.reader, keys, self.clock.now, self.lookup)
        self.knowledge = BaseKnowledge(self.folder / "chroma", self.reader, self.writer, Sole(self.database))
        self.sandbox = CagedCode(reduced=lambda: True)
        self.files = KeptFiles(BodyFolder(self.folder / "blobs"), self.reader, self.writer, self.clock.now, 50_000_000)
        tools = Tools(
            self.writer, self.clock, models, self.hosts, self.knowledge, self.sandbox, self.files, self.reader,
            self.reach,
        )  # fmt: skip
        self.engine = Engine(
            tools, self.reader, self.process, lambda digest, _: self.plans.get(digest), Hands(sweep_s=self.sweep_s)
        )
        self.engine.start(self.sweeps)

    def bind(self, name: str = "fast", **fields: Any) -> None:
        """Bind an alias to the room's model server."""
        row: dict[str, Any] = {
            "name": name, "description": "", "model": "openai/scripted", "base_url": self.model_url, "key_env": "",
            "fast": True, "fallback": None, "price_in": None, "price_out": None, "max_tokens": 100, "timeout_s": 30,
            "month_limit": None, "hosting": "here", "clearance": "confidential", "demo": False, "updated": 0.0,
        }  # fmt: skip
        self.writer.offer(lambda tx: bind_alias(tx, AliasRow(**row | fields))).result(10)

    def begin(
        self, plan: Plan, inputs: Mapping[str, Any] | None = None, *, queued: bool = False, key: str | None = None,
        pins: Mapping[str, Pin] | None = None,
    ) -> tuple[str, Future[Ended]]:  # fmt: skip
        """Start a run as the door does; a queued one is left to any process."""
        self.plans[plan.hash] = plan
        run, now = new_id("run"), self.clock.now()
        new = NewRun(
            id=run, workflow="w", name="w", title="W", person="p", via="key", key=key, hash=plan.hash, words="",
            catalogue="c", inputs=orjson.dumps(inputs or {}), created=now, process="" if queued else self.process.id,
        )  # fmt: skip
        self.writer.offer(lambda tx: insert_run(tx, new))
        if queued:
            return run, Future()
        return run, self.engine.execute(Start(run, plan, inputs or {}, "p", now, pins))

    async def end(self, plan: Plan, inputs: Mapping[str, Any] | None = None, **options: Any) -> Ended:
        """Start a run and wait for its end."""
        _, told = self.begin(plan, inputs, **options)
        return await asyncio.wait_for(asyncio.wrap_future(told), 10)

    def people(self, *names: str) -> None:
        """People with these names, whose ids are the names in small letters."""

        def add(tx: Any) -> None:
            for name in names:
                insert_person(tx, person=name.lower(), name=name, roles={"member"}, now=1.0)

        self.writer.offer(add).result(10)

    def waits(self, run: str) -> list[Any]:
        """The rows of what a run asked, oldest first."""
        asked = "SELECT * FROM wait WHERE run = ? ORDER BY seq"
        return self.reader.now(lambda tx: list(tx.exec_driver_sql(asked, (run,))))

    async def waiting(self, run: str, count: int = 1) -> list[Any]:
        """What a run asks, once it is laid aside with so many open questions."""

        def laid_aside() -> bool:
            row = self.row(run)
            return row is not None and row.status == "waiting"

        await self.until(laid_aside)
        found = [each for each in self.waits(run) if each.status == "open"]
        assert len(found) == count
        return found

    async def answer(self, wait: str, choice: str = "yes", by: str = "ada", comment: str = "") -> str | None:
        """Answer as the door does; the run that goes on, None when somebody was faster."""
        now = self.clock.now()
        run = await self.writer.write(lambda tx: answer_wait(tx, wait, choice=choice, comment=comment, by=by, now=now))
        if run is not None:
            self.engine.answered(run)
        return run

    def row(self, run: str) -> Any:
        return self.reader.now(lambda tx: run_row(tx, run))

    def log(self, run: str) -> list[Record]:
        return self.reader.now(lambda tx: read_records(tx, run))

    async def until(self, holds: Callable[[], object], seconds: float = 10) -> None:
        """Wait for something other threads do."""
        end = time.monotonic() + seconds
        while not holds():
            assert time.monotonic() < end, "waited in vain"
            await asyncio.sleep(0.005)

    async def ended(self, run: str) -> Any:
        """The row of a run once it has ended."""
        await self.until(lambda: (row := self.row(run)) is not None and row.ended is not None)
        return self.row(run)

    def checked_log(self, run: str) -> list[Record]:
        """The log of a run, after checking that it is one gapless history."""
        records = self.log(run)
        assert verify(records) == ""
        return records

    def die(self) -> None:
        """End as a killed process does: nothing is finished, nothing given back, the lease is gone."""
        self.engine._loop.call_soon_threadsafe(self.engine._loop.stop)
        self.engine._thread.join(5)
        self.writer.close()
        self.knowledge.close()
        self.process.leave()

    def close(self, grace_s: float = 2.0) -> None:
        """Leave in order."""
        self.engine.close(grace_s)
        self.sandbox.close()
        self.writer.close()
        self.knowledge.close()
        self.process.leave()
