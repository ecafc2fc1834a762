"""What a step may reach while it runs: nothing but this."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, Protocol

from nodes.sdk.files import FileHandle
from nodes.sdk.outside import Http


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture a model is to look at."""

    media: str
    """`image/png` and the like"""
    content: bytes
    sha256: str
    """of the content, in hex: what the run log keeps of it"""


@dataclass(frozen=True, slots=True)
class Said:
    """One message of a conversation with a model."""

    role: Literal["system", "user", "assistant"]
    text: str
    pictures: tuple[Picture, ...] = ()


@dataclass(frozen=True, slots=True)
class Usage:
    """What a model call used. Tokens are counted by the provider; `cost` is in the currency of the price list
    and None where the price is unknown (unknown is not free)."""

    tokens_in: int = 0
    tokens_out: int = 0
    cost: float | None = None
    model: str = ""
    """the provider's model that answered, after any fallback"""
    latency_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Answer:
    """What a model said. `data` is set when a schema was asked for, and then fits it."""

    text: str
    data: Any = None
    finish: str = "stop"
    usage: Usage = Usage()


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer a person may give: its id in the record, and the words on its button."""

    id: str
    label: str
    chosen: str = ""
    """how it reads once it was given, where that is not the label: “Approved” for the button “Approve”"""


@dataclass(frozen=True, slots=True)
class Question:
    """What a step asks people. The first answer counts; whoever started the run is not asked."""

    title: str
    text: str
    choices: tuple[Choice, ...]
    holders: tuple[str, ...] = ()
    """names of groups, names or e-mail addresses of people"""
    deadline_s: float | None = None
    """seconds from now after which nobody has to answer any more; None: it waits as long as it takes"""


@dataclass(frozen=True, slots=True)
class Reply:
    """The answer. `choice` is the id of one of the choices, or `timeout` when the deadline came first."""

    choice: str
    comment: str = ""
    by: str = ""
    """name of who answered; empty at a timeout"""
    at: datetime | None = None


TIMEOUT = "timeout"
"""the choice of a question nobody answered in time"""


class Chance(Protocol):
    """Random numbers, as the standard library names them."""

    def random(self) -> float:
        """From 0 up to, but not including, 1."""
        ...

    def randint(self, a: int, b: int) -> int:
        """A whole number from `a` to `b`, both included."""
        ...


class Models(Protocol):
    """The models a step may ask, by alias."""

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
        """Ask the model behind `alias`; with `stream` its words are shown live while they arrive.

        Raises `StepFailed` with a sentence for the person when no model of the alias answers.
        """
        ...


@dataclass(frozen=True, slots=True)
class Passage:
    """A piece of a document that fits a question. Its place is citable: document, page, characters of the page."""

    id: str
    base: str
    """name of the knowledge base"""
    document: str
    """id of the document"""
    title: str
    """name of the document"""
    page: int
    """from 1; 0 where the document is not divided into pages"""
    start: int
    end: int
    heading: str
    text: str
    score: float
    """cosine of question and passage, and up to 0.2 for the words they share; 1 and more is as near as can be"""


class Knowledge(Protocol):
    """The knowledge bases whoever the run belongs to may read."""

    async def search(
        self, bases: Sequence[str], query: str, *, limit: int = 5, min_score: float = 0.0
    ) -> list[Passage]:
        """Passages of these bases (by name) that fit, best first.

        Raises `StepFailed` when none of the bases may be read.
        """
        ...

    async def likeness(self, text: str, others: Sequence[str]) -> list[float]:
        """How like in meaning a text is to each of some others, 1 at most; worked out on this server, no base is read.

        Raises `StepFailed` where the model for that is not installed.
        """
        ...


Language = Literal["python", "javascript", "jinja"]
"""in what a person may write code for a step; jinja is for templates"""


@dataclass(frozen=True, slots=True)
class Ran:
    """What a piece of somebody's code came to."""

    value: Any
    printed: str = ""


class Sandbox(Protocol):
    """Where work is done whose cost or reach somebody's text can choose: a process of its own, in a cage, with limits.

    A step that uses it needs `effects=(Effect.COMPUTE,)`, because it has to wait for the answer.
    """

    async def run(
        self, language: Language, source: str, inputs: Mapping[str, Any], *, entry: str = "", seconds: float = 2.0
    ) -> Ran:
        """Run somebody's code with `inputs` (JSON) as its global names.

        With `entry` that function is called afterwards, with the inputs as keyword arguments (JavaScript: as one
        object), and what it returns is the value; without, the value of the last expression. For jinja the source is
        the template, and the value its text; with the entry “plain” what is missing does not fail.

        Raises `StepFailed` with code `code_error` (the author's own mistake, with its line), `code_time`,
        `code_memory`, `code_output`, or `sandbox_missing` where no cage can be built.
        """
        ...

    async def apart(self, function: str, given: Any) -> Any:
        """Call one of our own pure functions (`nodes.data.lists:arrange`) on a JSON value and give back what it
        returns: for work on more than 1 MB, or of more than 5 ms.

        Raises `StepFailed` as `run` does, and with the function's own words where it raises `StepFailed` itself.
        """
        ...


class Files(Protocol):
    """The files of a run: those it was started with, and those its own steps have made. Any other handle is refused,
    whoever wrote it into a value.

    A step that uses it needs an effect (`effects=(Effect.READ,)`), because it has to wait for the answer.
    """

    async def read(self, file: FileHandle) -> bytes:
        """All of a file. Raises `StepFailed` for one that is not this run's, or was removed."""
        ...

    async def keep(self, name: str, content: bytes, type: str = "") -> FileHandle:  # noqa: A002 - as the handle says
        """Keep bytes as a file of this run; hand the handle on as a value. `type` counts only where the content does
        not show what it is. Kept again by a repeated try it is the same file.

        Raises `StepFailed` for one that is larger than files may be.
        """
        ...

    async def text(self, file: FileHandle) -> list[str]:
        """What is written in a PDF, Word, HTML, Markdown, CSV or text file, page by page (one page where it has none),
        read in the cage. Raises `StepFailed` for what cannot be read."""
        ...

    async def rows(self, file: FileHandle) -> list[dict[str, Any]]:
        """The table in a CSV file or the first sheet of an Excel file: one object a row, by the names of its first
        row, read in the cage. Raises `StepFailed` for what holds no table."""
        ...


@dataclass(frozen=True, slots=True)
class Exchange:
    """An earlier message of a conversation, with its answer."""

    number: int
    """of the message in its conversation, from 1"""
    message: str
    answer: str


@dataclass(frozen=True, slots=True)
class Summary:
    """What a step keeps of a conversation's older messages."""

    upto: int
    """number of the last message in it"""
    text: str


class Conversation(Protocol):
    """The conversation a run is a message of, as it was when the run began. A run that belongs to none has said nothing
    before.

    A step that uses it needs an effect, because it has to wait for the answer.
    """

    async def exchanges(self, most: int, *, after: int = 0) -> list[Exchange]:
        """The newest messages that were answered, and come after that number, oldest first."""
        ...

    async def summary(self) -> Summary | None:
        """The newest summary this step has kept in an earlier run."""
        ...

    def keep(self, summary: Summary) -> None:
        """Keep a summary for later runs."""
        ...


class Context(Protocol):
    """The narrow door of a running step. Time, chance and ids come from here, so that a run can be replayed."""

    @property
    def run(self) -> str:
        """The id of the run."""
        ...

    @property
    def step(self) -> str:
        """The id of this step."""
        ...

    @property
    def inputs(self) -> Mapping[str, Any]:
        """What the run was started with, checked against the start step's inputs."""
        ...

    @property
    def models(self) -> Models: ...

    @property
    def http(self) -> Http: ...

    @property
    def knowledge(self) -> Knowledge: ...

    @property
    def sandbox(self) -> Sandbox: ...

    @property
    def files(self) -> Files: ...

    @property
    def conversation(self) -> Conversation: ...

    @property
    def random(self) -> Chance:
        """Chance that repeats itself: seeded by run, step and path."""
        ...

    def now(self) -> datetime:
        """The time, with its zone."""
        ...

    def read(self, variable: str) -> Any:
        """The value of a run variable now."""
        ...

    def set(self, variable: str, value: Any) -> None:
        """Give a run variable a value, from this moment on."""
        ...

    async def wait(self, question: Question) -> Reply:
        """Ask people and wait for the answer, for days if need be: the run is laid aside meanwhile and survives a
        restart. A step asks once; it needs `effects=(Effect.WAIT,)`.

        Raises `StepFailed` when there is nobody who could answer.
        """
        ...

    async def until(self, moment: datetime) -> datetime:
        """Wait for a point in time, for months if need be: the run is laid aside meanwhile and survives a restart. The
        moment of the first try is settled, and given back. A step does so once; it needs `effects=(Effect.WAIT,)`.
        """
        ...

    def say(self, text: str) -> None:
        """Show text live, before the step is done. What counts is the output at the end."""
        ...
