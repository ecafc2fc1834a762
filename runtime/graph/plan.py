"""The plan: what runs. Flat and made of numbers, so that the executor walks it without looking anything up."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from nodes.sdk import Effect, Node
from runtime.graph.binding import Make, Read
from runtime.graph.document import OnFailure, RunSettings, Variable
from runtime.graph.references import Reference

STOPS = OnFailure()
"""what becomes of a failed step where nothing else is said"""


@dataclass(frozen=True, slots=True)
class Scope:
    """Steps that are walked together: those of a workflow, or those inside a container."""

    steps: tuple[PlanStep, ...]
    index: dict[str, int]
    entries: tuple[int, ...]
    """where it begins"""
    finishes: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Answering:
    """A step that answers, as far as that can be told before it runs."""

    index: int
    parts: tuple[str | tuple[Reference, Make], ...]
    """what it says: fixed text, and what reads each value in it"""
    forks: tuple[int, ...]
    """steps that decide whether it runs"""
    after: frozenset[int]
    """answers that come only after it"""


@dataclass(frozen=True, slots=True)
class Body:
    """What lies inside a container, and what the container asks in there."""

    scope: Scope
    ready: Node | None
    """the container with the settings that are read inside it, where they hold no reference"""
    bind: Callable[[Read], Node] | None
    """else what builds it"""
    called: Plan | None = None
    """the workflow that is called, where it is one"""

    def asked(self, read: Read) -> Node:
        """The container as it is seen from inside, at the end of an item or of a round."""
        node = self.ready if self.bind is None else self.bind(read)
        assert node is not None, "a body has either a node or a binding"
        return node


@dataclass(frozen=True, slots=True)
class PlanStep:
    """One step, ready to run. Exactly one of `ready` and `bind` is set."""

    index: int
    id: str
    type: str
    title: str
    node: type[Node]
    version: int
    """of the node type, after any upgrade of the settings"""
    ready: Node | None
    """the node, built once, when its settings hold no reference"""
    bind: Callable[[Read], Node] | None
    """builds the node with the values it refers to; raises `StepFailed` when they do not fit"""
    exits: dict[str, tuple[int, ...]]
    """steps behind each exit; an exit that leads nowhere has none"""
    incoming: int
    """edges that must be done or skipped before it runs"""
    effects: frozenset[Effect]
    reads: tuple[str, ...]
    """steps whose outputs it reads"""
    reads_variables: tuple[str, ...]
    """variables it refers to or works on: `x` of the run, `conversation.x`, `loop.x`"""
    on_failure: OnFailure = STOPS
    body: Body | None = None
    """what lies inside it, where it is a container"""

    @property
    def pure(self) -> bool:
        """Whether it only computes."""
        return not self.effects


@dataclass(frozen=True, slots=True)
class OnError:
    """The workflow that runs when a run has failed, without one of its own: an error run never starts another."""

    name: str
    content: str
    """the content hash it was chosen by"""
    plan: Plan
    meaning: bytes
    """what runs, as it is kept under the hash of the plan"""


@dataclass(frozen=True, slots=True)
class Plan:
    """A workflow, compiled. Steps stand in an order in which each comes after what it waits for."""

    hash: str
    """content hash of the document it was made from"""
    catalogue_digest: str
    steps: tuple[PlanStep, ...]
    index: dict[str, int]
    start: int
    finishes: tuple[int, ...]
    variables: dict[str, Variable]
    run: RunSettings
    conversation: dict[str, Variable] = field(default_factory=dict[str, Variable])
    answers: tuple[Answering, ...] = ()
    """those that lie in no container"""
    on_error: OnError | None = None
    """what runs when a run of it has failed"""
    top: Scope = field(init=False)
    """the steps that lie in no container"""

    def __post_init__(self) -> None:
        scope = Scope(self.steps, self.index, (self.start,) if self.steps else (), self.finishes)
        object.__setattr__(self, "top", scope)

    @classmethod
    def empty(cls) -> Plan:
        """A plan of nothing, for a run whose plan is lost."""
        return cls("", "", (), {}, 0, (), {}, RunSettings())
