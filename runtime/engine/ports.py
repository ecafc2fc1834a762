"""What the engine needs from above, given to it by `assembly`; and the pins that stand in for steps."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeVar

from nodes.sdk import Answer, FileHandle, Language, Passage, Ran, Received, Request, Said
from runtime.clock import Clock
from runtime.store.database import Reader
from runtime.store.writer import Writer


@dataclass(frozen=True, slots=True)
class Quote:
    """The most a call may use: what is reserved before it leaves."""

    model: str
    tokens: int
    cost: float
    """0 where the price is unknown"""
    month_limit: float | None
    """most the alias may cost in a calendar month"""


class ModelPort(Protocol):
    """Models by alias."""

    def quote(self, alias: str, messages: Sequence[Said], max_tokens: int | None) -> Quote:
        """What a call would use at most. Raises `StepFailed` for an alias nobody has bound."""
        ...

    async def ask(
        self,
        alias: str,
        messages: Sequence[Said],
        *,
        schema: Mapping[str, Any] | None,
        temperature: float | None,
        max_tokens: int | None,
        key: str,
        on_text: Callable[[str], None] | None,
        on_restart: Callable[[], None] | None,
    ) -> Answer:
        """Make the call; `key` is its idempotency key. `on_restart` says that the text begins anew (another try).
        Raises `StepFailed`."""
        ...

    async def close(self) -> None:
        """End all connections; called on the engine's loop when it ends."""
        ...


class Packed(Protocol):
    """A request that may leave."""

    @property
    def told(self) -> dict[str, Any]:
        """How it stands in the log, without its credential."""
        ...


P = TypeVar("P", bound=Packed)


class HttpPort(Protocol[P]):
    """Outside hosts by connection."""

    def pack(self, request: Request) -> P:
        """Make a request ready to leave. Raises `StepFailed` when no connection leads there."""
        ...

    async def send(self, parcel: P, key: str) -> Received:
        """Send it; `key` is its idempotency key. Raises `StepFailed`."""
        ...

    async def close(self) -> None:
        """End all connections; called on the engine's loop when it ends."""
        ...


class KnowledgePort(Protocol):
    """Knowledge bases."""

    async def search(
        self, run: str, person: str, bases: Sequence[str], query: str, *, limit: int, min_score: float
    ) -> list[Passage]:
        """Passages of those of these bases that the run's owner may read. Raises `StepFailed`."""
        ...

    async def likeness(self, text: str, others: Sequence[str]) -> list[float]:
        """See `nodes.sdk.Knowledge`."""
        ...

    async def index(self, run: str, document: str) -> int:
        """Index a document and give the number of its passages; what an earlier attempt has done stays done. Raises
        `StepFailed`."""
        ...


class SandboxPort(Protocol):
    """Somebody's code in a cage. `owner` is whoever a worker may be used for again: never two apps share one."""

    async def run(
        self, owner: str, language: Language, source: str, inputs: Mapping[str, Any], *, entry: str, seconds: float
    ) -> Ran:
        """See `nodes.sdk.Sandbox`; to cancel the call ends its worker."""
        ...

    async def apart(self, owner: str, function: str, given: Any) -> Any:
        """See `nodes.sdk.Sandbox`."""
        ...

    def close(self) -> None:
        """End all workers, without waiting for what they do."""
        ...


class FilesPort(Protocol):
    """Files of runs. Whether a file is a run's is asked at each call."""

    async def read(self, run: str, file: FileHandle) -> bytes:
        """See `nodes.sdk.Files`."""
        ...

    async def keep(self, run: str, owner: str, mark: str, name: str, content: bytes, type: str) -> FileHandle:  # noqa: A002
        """See `nodes.sdk.Files`. `owner` is the person or the app the run belongs to; the same `mark` in the same run
        is the same file."""
        ...

    async def text(self, run: str, file: FileHandle) -> list[str]:
        """See `nodes.sdk.Files`."""
        ...

    async def rows(self, run: str, file: FileHandle) -> list[dict[str, Any]]:
        """See `nodes.sdk.Files`."""
        ...


@dataclass(frozen=True, slots=True)
class Pin:
    """What a step gives without being run."""

    outputs: Mapping[str, Any] = field(default_factory=dict[str, Any])
    error: str = ""
    delay_s: float = 0.0
    chunks: Sequence[str] = ()
    exit: str = "done"


Reach = Callable[[str], None]
"""called at every fault point by its name; the kill test puts its knife there"""


def unharmed(_place: str) -> None:
    """The knife of ordinary days."""


@dataclass(frozen=True, slots=True)
class Tools:
    """What all executions of a process share."""

    writer: Writer
    clock: Clock
    models: ModelPort
    http: HttpPort[Any]
    knowledge: KnowledgePort
    sandbox: SandboxPort
    files: FilesPort
    reader: Reader
    reach: Reach = unharmed
