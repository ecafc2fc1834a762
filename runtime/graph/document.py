"""The document: what a person draws. Meaning decides what runs, words explain it, layout places it."""

from __future__ import annotations

from typing import Annotated, Any, Literal, NamedTuple, Self, cast

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

from runtime.graph.plain import plain

FORMAT = 1
START, FINISH, FIRST_AVAILABLE = "flow.start", "flow.finish", "flow.first_available"
ANSWER, LEAVE_LOOP, CALL = "flow.answer", "flow.leave_loop", "flow.call"
"""the step types the graph itself knows: where a run begins, where it ends, what picks the first value there is, what
answers in a chat, what ends a loop, what runs another workflow"""
VARIABLES, CONVERSATION, RUN = "variables", "conversation", "run"
ROOTS = (VARIABLES, CONVERSATION, RUN)
"""roots of references that are no steps, so no step may have them as its id"""

StepId = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,62}$")]
"""letters, digits and underscore; stands in references, so it never changes once given"""
Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$", max_length=64)]
Title = Annotated[str, StringConstraints(max_length=200)]
Prose = Annotated[str, StringConstraints(max_length=10_000)]
Value = Annotated[Any, AfterValidator(plain)]
"""what JSON can say, within the limits of `plain`"""


class Part(BaseModel):
    """Every part of a document is immutable; a field nobody knows is refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class OnFailure(Part):
    """What becomes of a step that fails: how often it is tried again, and what then."""

    retries: int = Field(default=0, ge=0, le=10)
    wait_s: float = Field(default=1.0, ge=0, le=300, allow_inf_nan=False)
    """before the first retry"""
    factor: float = Field(default=1.0, ge=1, le=10, allow_inf_nan=False)
    """each later wait is this many times the one before, 300 seconds at most"""
    timeout_s: float | None = Field(default=None, gt=0, le=3600, allow_inf_nan=False)
    """seconds one try may take"""
    then: Literal["stop", "fallback", "exit"] = "stop"
    """the run (the item, the round) fails; the step hands on `fallback`; it leaves by its exit `error`"""
    fallback: Annotated[dict[str, Any], AfterValidator(plain)] = Field(default_factory=dict[str, Any])


class Step(Part):
    """A node type placed on the canvas. `settings` are the node's fields, with `{{ step.field }}` inside."""

    type: str
    version: int = Field(default=1, ge=1, lt=2**31)
    settings: Annotated[dict[str, Any], AfterValidator(plain)] = Field(default_factory=dict[str, Any])
    inside: Literal[""] | StepId = ""
    """the container (a for-each, a loop) it lies in; empty: in none"""
    on_failure: OnFailure = OnFailure()


def _short(source: Any) -> Any:
    return source.removesuffix(".done") if isinstance(source, str) else source


class Edge(Part):
    """From a step's exit (`branch.urgent`; `ask` alone means its exit `done`) to a step."""

    source: Annotated[
        str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,62}(\.[A-Za-z0-9_-]{1,63})?$"), BeforeValidator(_short)
    ] = Field(alias="from")
    to: StepId

    @classmethod
    def between(cls, source: str, to: str) -> Self:
        """The edge from `source` (`step` or `step.exit`) to the step `to`."""
        return cls.model_validate({"from": source, "to": to})

    @property
    def step(self) -> str:
        """The step the edge comes from."""
        return self.source.partition(".")[0]

    @property
    def exit(self) -> str:
        """The exit it comes from."""
        return self.source.partition(".")[2] or "done"

    def __str__(self) -> str:
        return f"{self.source} → {self.to}"


def in_order(edges: tuple[Edge, ...]) -> tuple[Edge, ...]:
    """Edges by name: their order means nothing, so that two documents that say the same are equal."""
    return tuple(sorted(edges, key=lambda each: (each.source, each.to)))


class Variable(Part):
    """A variable of a run or of a conversation: what kind of value it holds and what it starts with."""

    kind: str = "any"
    start: Value = None


ERROR_INPUTS: dict[str, str] = {
    "workflow": "What failed, as people call it",
    "run": "The id of the run that failed",
    "step": "The step that failed, as people call it; empty where it was none of them, such as a limit",
    "message": "What the failure says",
    "code": "A word for it, which stays the same",
    "started_at": "When the run began that failed, in UTC, such as 2026-11-22T08:30:00+00:00",
    "person": "Who started it",
}
"""what an error workflow is started with, all of it text: of these, what its Start step declares"""


class ErrorWorkflow(Part):
    """The workflow that runs when a run has failed: its name for people, and its content hash, which fixes the
    version. It is started with those of these inputs that its Start step declares, all of them text: workflow, run,
    step, message, code, started_at, person."""

    name: Annotated[str, StringConstraints(max_length=64)]
    content: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]


class RunSettings(Part):
    """Limits of one run, how confidential its result may be, and what runs when it fails. None of a limit means: the
    platform's own."""

    time_limit_s: float | None = Field(default=None, gt=0, allow_inf_nan=False)
    step_limit: int | None = Field(default=None, gt=0, lt=2**53)
    token_limit: int | None = Field(default=None, gt=0, lt=2**53)
    cost_limit: float | None = Field(default=None, gt=0, allow_inf_nan=False)
    audience_class: Literal["public", "internal", "confidential", "restricted"] = "internal"
    """the most confidential value that may come out: who gets the result is cleared for this"""
    error_workflow: ErrorWorkflow | None = None
    """what runs when a run has failed; None: nothing"""


class Meaning(Part):
    """What runs. The content hash covers this and nothing else."""

    steps: dict[StepId, Step] = Field(default_factory=dict[str, Step])
    edges: Annotated[tuple[Edge, ...], AfterValidator(in_order)] = ()
    variables: dict[StepId, Variable] = Field(default_factory=dict[str, Variable])
    conversation: dict[StepId, Variable] = Field(default_factory=dict[str, Variable])
    """variables that last as long as a conversation"""
    run: RunSettings = RunSettings()


class Label(Part):
    """The words of one named part of a step: an input of the form, a case of a branch."""

    label: Title = ""
    help: Prose = ""


def _said(words: Any) -> Any:
    """Only the entries that say something: an empty one and none at all are the same."""
    return {key: each for key, each in cast("dict[str, Part]", words).items() if each != type(each)()}


class StepWords(Part):
    """What people read on one step."""

    title: Title = ""
    note: Prose = ""
    labels: Annotated[dict[str, Label], AfterValidator(_said)] = Field(default_factory=dict[str, Label])


class Words(Part):
    """All that is only read: changing it never changes what runs."""

    title: Title = ""
    description: Prose = ""
    icon: Annotated[str, StringConstraints(max_length=64)] = ""
    steps: Annotated[dict[StepId, StepWords], AfterValidator(_said)] = Field(default_factory=dict[str, StepWords])
    notes: dict[StepId, Prose] = Field(default_factory=dict[str, str])
    """free notes on the canvas, by id"""


Pixels = Annotated[float, Field(allow_inf_nan=False)]


class Place(NamedTuple):
    """A position on the canvas, in pixels, y downwards."""

    x: Pixels
    y: Pixels


class Box(Part):
    """Place, size and colour of a note."""

    x: Pixels
    y: Pixels
    w: Pixels = 240
    h: Pixels = 120
    color: Literal["amber", "blue", "teal", "violet", "red", "grey"] = "amber"


class Size(NamedTuple):
    """How large a container is drawn, in pixels."""

    w: Pixels
    h: Pixels


class Layout(Part):
    """Where things stand on the canvas."""

    steps: dict[StepId, Place] = Field(default_factory=dict[str, Place])
    """a step inside a container: from that one's top left corner"""
    sizes: dict[StepId, Size] = Field(default_factory=dict[str, Size])
    """of containers"""
    notes: dict[StepId, Box] = Field(default_factory=dict[str, Box])


class Document(Part):
    """A whole workflow as a file holds it. `greenlane` is the number of the format."""

    greenlane: int = FORMAT
    name: Name
    words: Words = Words()
    meaning: Meaning = Meaning()
    layout: Layout = Layout()

    def title(self, step: str) -> str:
        """What people call a step: its title, else its id. No step at all is the error workflow."""
        if not step:
            return "The error workflow"
        words = self.words.steps.get(step)
        return (words and words.title) or step
