"""Edits: the closed set of changes to a document, as data, applied by one pure function with an inverse."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, TypeAdapter

from runtime.graph.document import (
    Box,
    Edge,
    Label,
    OnFailure,
    Part,
    Place,
    Prose,
    RunSettings,
    Size,
    Step,
    StepId,
    StepWords,
    Title,
    Value,
    Variable,
)


class Add(Part):
    """A step appears, with its words, its place and any edges (an undone removal brings all of them back). The step
    says which container it lies in; its place is seen from there, `size` is its own as a container."""

    edit: Literal["add"] = "add"
    id: StepId
    step: Step
    words: StepWords = StepWords()
    place: Place | None = None
    size: Size | None = None
    edges: tuple[Edge, ...] = ()


class Remove(Part):
    """A step and its edges go, and with a container all that lies inside."""

    edit: Literal["remove"] = "remove"
    id: StepId


class Move(Part):
    """Steps stand elsewhere; without a place the canvas finds one."""

    edit: Literal["move"] = "move"
    places: dict[StepId, Place | None]


class Enclose(Part):
    """Steps go into a container, or (no container) out of theirs; edges that would cross a border are cut. Their places
    are seen from where they lie then; edges between steps that go together stay."""

    edit: Literal["enclose"] = "enclose"
    inside: Literal[""] | StepId = ""
    places: dict[StepId, Place | None]


class Resize(Part):
    """Containers are drawn larger or smaller; without a size the canvas finds one."""

    edit: Literal["resize"] = "resize"
    sizes: dict[StepId, Size | None]


class Connect(Part):
    """An edge appears."""

    edit: Literal["connect"] = "connect"
    edge: Edge


class Disconnect(Part):
    """An edge goes."""

    edit: Literal["disconnect"] = "disconnect"
    edge: Edge


class Configure(Part):
    """One setting of a step gets a value; `unset` takes it away, so that the node's default holds."""

    edit: Literal["configure"] = "configure"
    id: StepId
    field: str
    value: Value = None
    unset: bool = False


class Handle(Part):
    """What becomes of a step when it fails."""

    edit: Literal["handle"] = "handle"
    id: StepId
    on_failure: OnFailure


class Rename(Part):
    """A step (or, without id, the workflow) gets a title."""

    edit: Literal["rename"] = "rename"
    id: StepId | None = None
    title: Title


class Describe(Part):
    """The note of a step, or the description of the workflow when there is no id."""

    edit: Literal["describe"] = "describe"
    id: StepId | None = None
    text: Prose


class Relabel(Part):
    """The words of one named part of a step (an input, a case); None takes them away."""

    edit: Literal["label"] = "label"
    id: StepId
    part: str
    label: Label | None = None


class Note(Part):
    """A free note on the canvas gets its text, and its box where one is given, or (no text) goes."""

    edit: Literal["note"] = "note"
    id: StepId
    text: Prose | None = None
    box: Box | None = None


class Lay(Part):
    """Notes lie elsewhere, at another size or in another colour; without a box the canvas finds one."""

    edit: Literal["lay"] = "lay"
    boxes: dict[StepId, Box | None]


class Declare(Part):
    """A variable of the run, or of a conversation, is declared, changed, or (None) taken away."""

    edit: Literal["declare"] = "declare"
    of: Literal["variables", "conversation"] = "variables"
    name: StepId
    variable: Variable | None = None


class Limit(Part):
    """The limits of a run."""

    edit: Literal["limit"] = "limit"
    run: RunSettings


Edit = Annotated[
    Add
    | Remove
    | Move
    | Enclose
    | Resize
    | Connect
    | Disconnect
    | Configure
    | Handle
    | Rename
    | Describe
    | Relabel
    | Note
    | Lay
    | Declare
    | Limit,
    Field(discriminator="edit"),
]
EDITS: TypeAdapter[list[Edit]] = TypeAdapter(list[Edit])
"""reads and writes a list of edits as JSON"""
