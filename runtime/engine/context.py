"""What the engine gives a running step: the context of `nodes.sdk`, tied to one run, step and path."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from hashlib import sha256
from random import Random
from typing import TYPE_CHECKING, Any

import orjson

from nodes.sdk import Answer, Passage, Question, Received, Reply, Request, Said
from nodes.sdk.sizes import too_large
from runtime.engine.conversing import StepTalk
from runtime.engine.files import StepFiles
from runtime.engine.sandbox import RunSandbox
from runtime.engine.values import LARGEST_KEPT, encode

if TYPE_CHECKING:
    from runtime.engine.execution import Execution
    from runtime.engine.frames import Frame
    from runtime.engine.state import Where
    from runtime.graph.plan import PlanStep


class StepContext:
    """Implements `nodes.sdk.Context`."""

    __slots__ = ("_calls", "_execution", "_frame", "_step", "sets", "usage")

    def __init__(self, execution: Execution, step: PlanStep, frame: Frame) -> None:
        self._execution, self._step, self._frame = execution, step, frame
        self._calls = 0
        self.sets: list[tuple[str, bytes]] = []
        self.usage: dict[str, Any] | None = None

    @property
    def run(self) -> str:
        return self._execution.run

    @property
    def step(self) -> str:
        return self._step.id

    @property
    def inputs(self) -> Mapping[str, Any]:
        frame: Frame | None = self._frame
        while frame is not None and frame.inputs is None:
            frame = frame.above
        return self._execution.inputs if frame is None or frame.inputs is None else frame.inputs

    @property
    def models(self) -> StepContext:
        return self

    @property
    def http(self) -> StepContext:
        return self

    @property
    def knowledge(self) -> StepContext:
        return self

    @property
    def sandbox(self) -> RunSandbox:
        execution = self._execution
        return RunSandbox(execution.tools.sandbox, f"{execution.person} {execution.plan.hash}")

    @property
    def files(self) -> StepFiles:
        path = self._frame.path
        return StepFiles(self._execution, f"{path}/{self._step.id}" if path else self._step.id)

    @property
    def conversation(self) -> StepTalk:
        execution = self._execution
        told = self._frame.workflow is execution.state.top  # a workflow that is called hears only what it is given
        return StepTalk(execution, self._step.id, execution.state.talk if told else None)

    @property
    def random(self) -> Random:
        seed = sha256(f"{self._execution.run}\n{self._step.id}\n{self._frame.path}".encode()).digest()
        return Random(seed)  # noqa: S311 - repeatable by contract

    @property
    def _where(self) -> Where:
        return self._step.id, self._frame.path

    def now(self) -> datetime:
        return datetime.fromtimestamp(self._execution.now(), UTC)

    def read(self, variable: str) -> Any:
        for name, packed in reversed(self.sets):
            if name == variable:
                return orjson.loads(packed)
        return self._frame.variable(variable)

    def set(self, variable: str, value: Any) -> None:
        packed = encode(value)
        if len(packed) > LARGEST_KEPT:
            raise too_large(f"The variable “{variable}”")
        self.sets.append((variable, packed))

    async def search(
        self, bases: Sequence[str], query: str, *, limit: int = 5, min_score: float = 0.0
    ) -> list[Passage]:
        """Look for passages with the rights of whoever the run belongs to."""
        execution = self._execution
        return await execution.tools.knowledge.search(
            execution.run, execution.person, bases, query, limit=limit, min_score=min_score
        )

    async def likeness(self, text: str, others: Sequence[str]) -> list[float]:
        """How like in meaning a text is to each of some others."""
        return await self._execution.tools.knowledge.likeness(text, others)

    async def index_document(self, document: str) -> int:
        """Index a document; only the system's own plan has a step for it (`indexing`)."""
        return await self._execution.tools.knowledge.index(self._execution.run, document)

    def say(self, text: str) -> None:
        if text:
            self._execution.telling.say((self._step.id, self._frame.path), text)

    def _say_anew(self) -> None:
        self._execution.telling.say_anew((self._step.id, self._frame.path))

    async def wait(self, question: Question) -> Reply:
        recorded = self._execution.effects.recorded
        if recorded is not None and (said := recorded.said(self._where)) is not None:
            return said
        return await self._execution.waits.ask(self._step, self._frame.path, question)

    async def until(self, moment: datetime) -> datetime:
        recorded = self._execution.effects.recorded
        if recorded is not None and recorded.waited(self._where):
            return moment
        settled = await self._execution.waits.until(self._step, self._frame.path, moment.timestamp())
        return datetime.fromtimestamp(settled, moment.tzinfo)

    async def send(self, request: Request) -> Received:
        """Call an outside host, as an effect of this step."""
        self._calls += 1
        return await self._execution.effects.send(self._where, self._calls, request)

    async def ask(
        self,
        alias: str,
        messages: Sequence[Said],
        *,
        schema: Mapping[str, Any] | None = None,
        temperature: float | None = None,
        max_tokens: int | None = None,
        stream: bool = False,
    ) -> Answer:
        """Ask a model, as an effect of this step; what it used is counted in the step's record."""
        self._calls += 1
        answer, asked = await self._execution.effects.ask(
            self._where, self._calls, alias, messages, schema=schema, temperature=temperature, max_tokens=max_tokens,
            on_text=self.say if stream else None, on_restart=self._say_anew,
        )  # fmt: skip
        if not asked:  # a recorded answer uses nothing
            return answer
        used = answer.usage
        total = self.usage or {"tokens_in": 0, "tokens_out": 0, "cost": None, "model": used.model, "latency_s": 0.0}
        total["tokens_in"] += used.tokens_in
        total["tokens_out"] += used.tokens_out
        total["latency_s"] += used.latency_s
        if used.cost is not None:
            total["cost"] = (total["cost"] or 0.0) + used.cost
        self.usage = total
        return answer
