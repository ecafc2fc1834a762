"""The node type: one pydantic class whose fields are inputs, form and validated values."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, ClassVar, Literal, Self

from pydantic import BaseModel, ConfigDict

from nodes.sdk.context import Context
from nodes.sdk.flows import Draw, Lowering, Reach
from nodes.sdk.shape import Shape, shape_of


class Effect(StrEnum):
    """What a step does beyond computing; governance judges a workflow by these."""

    SPEND = "spend"
    """costs money or tokens"""
    NETWORK = "network"
    """sends something out of the process"""
    READ = "read"
    """reads what Greenlane keeps: knowledge bases, files of the run"""
    WRITE = "write"
    """changes something elsewhere"""
    COMPUTE = "compute"
    """runs code or patterns that a person wrote, in the sandbox"""
    WAIT = "wait"
    """may wait for a time or a person"""


@dataclass(frozen=True, slots=True)
class Exit:
    """A way out of a step: its id in edges (`step.exit`) and the label beside the dot on the canvas."""

    id: str
    label: str
    ends: bool = False
    """whether a run may well end here: nothing is missing where nothing follows"""


DONE = Exit("done", "")

Interrupted = Literal["repeat", "ask", "fail"]
Container = Literal["", "each", "repeat", "call"]
"""whether steps lie inside a step, and how they are run: once for each item, round after round, once"""


class Output(BaseModel):
    """What later steps may refer to as `{{ step.field }}`. Subclass it inside the node as `class Output(Output)`."""

    model_config = ConfigDict(frozen=True, extra="forbid")


@dataclass(frozen=True, slots=True)
class Leave:
    """A result that leaves by a chosen exit; a plain output leaves by `done`."""

    exit: str
    output: dict[str, Any] = field(default_factory=dict[str, Any])


Result = Output | dict[str, Any] | Leave


class StepFailed(Exception):
    """A step could not do its work. `message` is a sentence for the person who runs the workflow; `code` is stable."""

    def __init__(self, message: str, *, code: str = "step_failed", hint: str = "", retry: bool = False) -> None:
        """`retry` says that the same step may succeed a moment later (busy, timeout)."""
        super().__init__(message)
        self.message, self.code, self.hint, self.retry = message, code, hint, retry


@dataclass(frozen=True, slots=True)
class Example:
    """One shown use of a node: run by its test, printed in its help.

    `inputs` are the run's inputs (for start), `variables` the run variables before, `answers` what the models say in
    turn (text, or a dict for a schema), `files` the files of the run by the id in their handle, `output` what comes out
    and `exit` the way it leaves. With `fails` it hands on nothing, and this is the code of its failure.
    """

    title: str
    settings: dict[str, Any]
    output: dict[str, Any]
    exit: str = "done"
    inputs: dict[str, Any] = field(default_factory=dict[str, Any])
    variables: dict[str, Any] = field(default_factory=dict[str, Any])
    answers: tuple[Any, ...] = ()
    files: dict[str, bytes] = field(default_factory=dict[str, bytes])
    fails: str = ""


@dataclass(frozen=True, slots=True)
class Trouble:
    """A problem of the settings that types alone cannot see, on one field (`cases.0.conditions`); empty: of all."""

    field: str
    code: str
    sentence: str
    warning: bool = False
    """whether the workflow may run all the same"""


class Node(BaseModel):
    """A step type. The docstring of a subclass is its palette tooltip (first line) and its help.

    class JoinText(Node, label="Join text", icon="combine"): …
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    label: ClassVar[str] = ""
    icon: ClassVar[str] = "box"
    version: ClassVar[int] = 1
    effects: ClassVar[frozenset[Effect]] = frozenset()
    interrupted: ClassVar[Interrupted] = "repeat"
    """what a resumed run does with this step when its effect began and no result is known"""
    container: ClassVar[Container] = ""
    examples: ClassVar[tuple[Example, ...]] = ()
    type_id: ClassVar[str] = ""
    """set by the catalogue from the file's path: `data.join_text`"""

    def __init_subclass__(
        cls,
        *,
        label: str = "",
        icon: str = "box",
        version: int = 1,
        effects: tuple[Effect, ...] = (),
        interrupted: Interrupted | None = None,
        container: Container = "",
        **kwargs: Any,
    ) -> None:
        super().__init_subclass__(**kwargs)
        cls.label, cls.icon, cls.version, cls.effects = label, icon, version, frozenset(effects)
        cls.interrupted = interrupted or ("ask" if Effect.WRITE in effects else "repeat")
        cls.container = container

    def exits(self) -> tuple[Exit, ...]:
        """The ways out, in the order they are drawn; most nodes have one."""
        return (DONE,)

    def outputs(self) -> dict[str, Shape]:
        """What later steps may refer to. Override where the settings decide it."""
        declared = getattr(type(self), "Output", None)
        if declared is None:
            return {}
        return {name: shape_of(each.annotation, each.description or "") for name, each in declared.model_fields.items()}

    def inner(self) -> dict[str, Shape]:
        """What steps inside this one may refer to of it, where it is a container."""
        return {}

    def troubles(self) -> list[Trouble]:
        """Problems of these settings that pydantic cannot see; all at once."""
        return []

    def does(self) -> frozenset[Effect]:
        """What it does with these settings, where that is less than its type may do."""
        return type(self).effects

    def draws(self) -> list[Draw]:
        """The sources it brings data from, beyond the values it refers to."""
        return []

    def reaches(self) -> list[Reach]:
        """Where it hands the values it refers to; references in the fields stand as they are written."""
        return []

    def lowers(self) -> list[Lowering]:
        """What it takes away from the values that pass through it."""
        return []

    @classmethod
    def upgrade(cls, version: int, settings: dict[str, Any]) -> dict[str, Any]:
        """Translate settings written for an older `version` of this node; it never changes what they mean."""
        if version != cls.version:
            raise ValueError(f"{cls.type_id} has no translation from version {version} to {cls.version}")
        return settings

    def explain(self) -> str:
        """One plain sentence of what this step does with these settings, for the walk-through; references stay
        written as `{{ step.field }}`, the reader's words are put in their place later."""
        return (type(self).__doc__ or self.label).strip().splitlines()[0]

    def presumed(self) -> Result:
        """What a step with an effect hands on when it was interrupted and its owner says that it happened: by default
        nothing, so that references to it read null."""
        return {}

    async def run(self, ctx: Context) -> Result:
        """Do the work. References in the fields are already values here."""
        raise NotImplementedError(f"{type(self).__name__} has no run(); write one")

    @classmethod
    def blank(cls) -> Self:
        """A node with only its defaults, unchecked: for exits and outputs of a step that was just dropped."""
        return cls.model_construct()
