"""Frames: what is known in one walk through steps.

A run is walked in frames: one for the steps of the workflow, one for each item of a for-each, each round of a loop and
each workflow that is called, while they are at work. A frame's path tells where it is: `each[3]`, `loop[0]/each[3]`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, cast

from nodes.sdk import Node
from runtime.engine.values import digest
from runtime.graph.binding import dig
from runtime.graph.document import VARIABLES
from runtime.graph.plan import PlanStep, Scope

NOTHING = ""
"""digest of a step that was skipped or has not run"""
ROUND = "round"
"""the name under which a loop tells how many rounds are done"""


@dataclass(frozen=True, slots=True)
class Item:
    """How an item or a round ended."""

    exit: str
    """`done`, `failed`, `cancelled`; `left` by the last round of a loop that its conditions or a step ended"""
    value: Any
    """the result, or what failed"""
    written: Mapping[tuple[str, str], Any]
    """what it gave variables that lie outside of it, by root and name"""


@dataclass(slots=True)
class Opened:
    """A container at work in a frame."""

    step: PlanStep
    node: Node
    entries: list[Any]
    """what a for-each works on"""
    digest: str
    """of what it read"""
    ended: dict[int, Item] = field(default_factory=dict[int, Item])


@dataclass(slots=True)
class Frame:
    """What is known in one walk through steps. They stand at their index in the scope."""

    scope: Scope
    path: str
    roots: dict[str, Any]
    """what references start from here: step ids; at the top `variables`, `conversation`, `run`"""
    exits: list[str | None]
    digests: dict[str, str] = field(default_factory=dict[str, str])
    """of outputs by step, of variables by name"""
    above: Frame | None = None
    """the frame the container stands in"""
    number: int = 0
    """of the item or round"""
    copies: bool = False
    """whether variables that lie outside are only copied in here"""
    sealed: bool = False
    """whether nothing above is seen: a workflow that is called"""
    opened: dict[str, Opened] = field(default_factory=dict[str, Opened])
    written: dict[tuple[str, str], Any] = field(default_factory=dict[tuple[str, str], Any])
    failure: dict[str, Any] | None = None
    """what made all of it fail"""
    inputs: Mapping[str, Any] | None = None
    """what a called workflow begins with"""
    said: list[str] = field(default_factory=list[str])
    """what answers have said, in the order in which they became ready; at the top and in a called workflow"""

    @property
    def workflow(self) -> Frame:
        """The frame of the workflow this one belongs to."""
        frame = self
        while frame.above is not None and not frame.sealed:
            frame = frame.above
        return frame

    def handed_back(self) -> dict[str, Any]:
        """What the finishes that were reached hand back, and what was answered."""
        merged: dict[str, Any] = {}
        for at in self.scope.finishes:
            if self.exits[at] is not None:
                merged |= self.roots[self.scope.steps[at].id]
        if self.said:
            merged["answer"] = "".join(self.said)
        return merged

    def read(self, root: str, keys: tuple[str, ...]) -> Any:
        """The value at a reference; null where there is none."""
        if root in self.roots:
            return dig(self.roots[root], keys)
        return None if self.sealed or self.above is None else self.above.read(root, keys)

    def variable(self, name: str) -> Any:
        """The value of a variable: `x` of the run, `conversation.x`, `loop.x`."""
        root, inner = named(name)
        return self.read(root, (inner,))

    def digest_of(self, name: str) -> str:
        """The digest of a step's output, or of a variable."""
        if name in self.digests:
            return self.digests[name]
        return NOTHING if self.sealed or self.above is None else self.above.digest_of(name)

    def input_digest(self, step: PlanStep) -> str:
        """A digest of what a step reads, made from the digests that travel with the values."""
        names = step.reads + step.reads_variables if step.reads_variables else step.reads
        if not names:
            return ""
        known = self.digests
        return digest("\n".join([known[each] if each in known else self.digest_of(each) for each in names]).encode())

    def take_done(self, step: PlanStep, exit_id: str, output: Any, output_digest: str) -> None:
        """A step finished, for ever."""
        self.roots[step.id] = output
        self.exits[step.index] = exit_id
        self.digests[step.id] = output_digest
        self.opened.pop(step.id, None)

    def take_set(self, root: str, name: str, value: Any, value_digest: str) -> None:
        """A variable has a value from here on. What lies outside of an item gets it only in the item's own copy."""
        own = root in self.scope.index
        frame = self
        while root not in frame.roots:
            if frame.copies and not own:
                frame.roots[root] = dict(cast("dict[str, Any]", frame.read(root, ()) or {}))
                break
            if frame.above is None or frame.sealed or own:
                frame.roots[root] = {}
                break
            frame, own = frame.above, root in frame.above.scope.index
        if frame.copies and root not in frame.scope.index:
            frame.written[root, name] = value
        frame.roots[root][name] = value
        called = name if root == VARIABLES else f"{root}.{name}"
        frame.digests[called] = value_digest
        if root in frame.scope.index:
            frame.digests[root] = digest(f"{frame.digests.get(root)} {name} {value_digest}".encode())


def named(variable: str) -> tuple[str, str]:
    """Root and name of a variable as steps name it: `x`, `conversation.x`, `loop.x`."""
    root, dot, name = variable.partition(".")
    return (root, name) if dot else (VARIABLES, root)


def path_of(around: str, step: PlanStep, number: int) -> str:
    """The path of an item, a round or a called workflow."""
    own = step.id if step.node.container == "call" else f"{step.id}[{number}]"
    return f"{around}/{own}" if around else own


def container_of(path: str) -> str:
    """The container a path ends with."""
    return path.rpartition("/")[2].partition("[")[0]
