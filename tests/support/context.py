"""A context for running one step in a test: models that answer from a list, time that stands still."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from random import Random
from typing import Any

from nodes.sdk import (
    Answer,
    Example,
    Exchange,
    FileHandle,
    Leave,
    Node,
    Passage,
    Question,
    Received,
    Reply,
    Request,
    Said,
    StepFailed,
    Summary,
)  # fmt: skip
from nodes.sdk.answer import read_answer
from runtime.engine.sandbox import CagedCode, RunSandbox
from runtime.knowledge.extracting import found_in

SANDBOX = CagedCode(reduced=lambda: True)
"""the real one: no worker is started before the first use"""


@dataclass(frozen=True)
class Asked:
    """One call a step made to its models."""

    alias: str
    messages: tuple[Said, ...]
    options: dict[str, Any]


@dataclass(frozen=True)
class FilesAtHand:
    """`nodes.sdk.Files` without an engine."""

    kept: dict[str, bytes]

    async def read(self, file: FileHandle) -> bytes:
        if file["id"] not in self.kept:
            raise StepFailed("This file does not belong to this run.", code="no_file")
        return self.kept[file["id"]]

    async def keep(self, name: str, content: bytes, type: str = "") -> FileHandle:  # noqa: A002
        digest = sha256(content).hexdigest()
        self.kept[f"file_{digest[:32]}"] = content
        return FileHandle(id=f"file_{digest[:32]}", name=name, type=type, size=len(content), sha256=digest)

    async def text(self, file: FileHandle) -> list[str]:
        return found_in("text", file["name"], await self.read(file))

    async def rows(self, file: FileHandle) -> list[dict[str, Any]]:
        return found_in("rows", file["name"], await self.read(file))


@dataclass(frozen=True)
class TalkAtHand:
    """`nodes.sdk.Conversation` without an engine."""

    told: list[Exchange]
    summaries: list[Summary]

    async def exchanges(self, most: int, *, after: int = 0) -> list[Exchange]:
        return [each for each in self.told if each.number > after][-most:]

    async def summary(self) -> Summary | None:
        return self.summaries[-1] if self.summaries else None

    def keep(self, summary: Summary) -> None:
        self.summaries.append(summary)


@dataclass
class StepContext:
    """`nodes.sdk.Context` without an engine. `answers` are given in turn; a dict is what a schema is filled with,
    or what people or outside hosts answer."""

    inputs: Mapping[str, Any] = field(default_factory=dict)
    variables: dict[str, Any] = field(default_factory=dict)
    answers: list[Any] = field(default_factory=list)
    asked: list[Asked] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    searched: list[tuple[tuple[str, ...], str]] = field(default_factory=list)
    waited: list[Question] = field(default_factory=list)
    slept: list[datetime] = field(default_factory=list)
    sent: list[Request] = field(default_factory=list)
    exchanges: list[Exchange] = field(default_factory=list)
    """what was said before in the conversation"""
    summaries: list[Summary] = field(default_factory=list)
    """of the conversation: the one known before, then those kept"""
    kept: dict[str, bytes] = field(default_factory=dict)
    """files of the run, by the id in their handle"""
    run: str = "run_1"
    step: str = "step_1"
    random: Random = field(default_factory=lambda: Random(7))  # noqa: S311 - repeatable on purpose

    @property
    def knowledge(self) -> "StepContext":
        return self

    @property
    def models(self) -> "StepContext":
        return self

    @property
    def http(self) -> "StepContext":
        return self

    @property
    def sandbox(self) -> RunSandbox:
        return RunSandbox(SANDBOX, "test")

    @property
    def conversation(self) -> "TalkAtHand":
        return TalkAtHand(self.exchanges, self.summaries)

    @property
    def files(self) -> "FilesAtHand":
        return FilesAtHand(self.kept)

    def now(self) -> datetime:
        return datetime(2026, 11, 3, 10, 31, tzinfo=UTC)

    def read(self, variable: str) -> Any:
        return self.variables.get(variable)

    def set(self, variable: str, value: Any) -> None:
        self.variables[variable] = value

    def say(self, text: str) -> None:
        self.said.append(text)

    async def search(self, bases: Sequence[str], query: str, *, limit=5, min_score=0.0) -> list[Passage]:
        self.searched.append((tuple(bases), query))
        found = [Passage(**each) for each in self.answers.pop(0)]
        return [each for each in found if each.score >= min_score][:limit]

    async def likeness(self, text: str, others: Sequence[str]) -> list[float]:
        return self.answers.pop(0)

    async def wait(self, question: Question) -> Reply:
        self.waited.append(question)
        return Reply(**{"at": self.now()} | self.answers.pop(0))

    async def until(self, moment: datetime) -> datetime:
        self.slept.append(moment)
        return moment

    async def send(self, request: Request) -> Received:
        self.sent.append(request)
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return Received(**answer)

    async def ask(self, alias: str, messages: Sequence[Said], *, schema=None, stream=False, **options) -> Answer:
        self.asked.append(Asked(alias, tuple(messages), {"schema": schema, "stream": stream, **options}))
        assert self.answers, "the step asked a model more often than the test gave answers"
        answer = self.answers.pop(0)
        text = answer if isinstance(answer, str) else json.dumps(answer)
        if stream:
            self.say(text)
        return Answer(text, data=read_answer(text, schema) if schema else None)


async def run_step(node: type[Node], settings: Mapping[str, Any], context: StepContext | None = None) -> Leave:
    """Run a step with these settings; a plain output leaves by `done`."""
    result = await node.model_validate(settings).run(context or StepContext())
    if isinstance(result, Leave):
        return result
    return Leave("done", result if isinstance(result, dict) else result.model_dump())


async def run_example(node: type[Node], example: Example) -> Leave:
    """Run an example of a node as its help shows it."""
    context = StepContext(
        dict(example.inputs), dict(example.variables), list(example.answers), kept=dict(example.files)
    )
    return await run_step(node, example.settings, context)
