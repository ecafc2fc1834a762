"""The plan: what runs. Flat and made of numbers, so that the executor walks it without looking anything up."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from nodes.sdk import Effect, Node
from runtime.graph.binding import Read
from runtime.graph.document import RunSettings, Variable


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
    reads: tuple[int, ...]
    """steps whose outputs it reads"""
    reads_variables: tuple[str, ...]
    """run variables it refers to or works on"""

    @property
    def pure(self) -> bool:
        """Whether it only computes."""
        return not self.effects


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

    @classmethod
    def empty(cls) -> Plan:
        """A plan of nothing, for a run whose plan is lost."""
        return cls("", "", (), {}, 0, (), {}, RunSettings())
