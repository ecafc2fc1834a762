"""Rebasing: whether an edit still fits after the edits its author had not seen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Any, NamedTuple

from runtime.graph.edits import (
    Add,
    Configure,
    Connect,
    Declare,
    Describe,
    Disconnect,
    Edit,
    Enclose,
    Handle,
    Lay,
    Limit,
    Move,
    Note,
    Relabel,
    Remove,
    Rename,
    Resize,
)  # fmt: skip

WORK = ("setting", "failure", "title", "note", "label")
"""what a person loses when somebody else removes the step they work on"""


class Touch(NamedTuple):
    """One place of a document an edit changes; `step` is empty where it belongs to no step."""

    what: str
    """step, place, inside (which container), size, setting, failure, title, note, label, edge, text and box (of a free
    note), variable, conversation (a variable of one) or limits"""
    step: str = ""
    field: str = ""


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two people gave one place different values. `theirs` stands in the document, `yours` was not applied."""

    what: str
    step: str | None
    field: str | None
    yours: Any
    theirs: Any


def touches(edit: Edit) -> frozenset[Touch]:
    """Every place the edit changes."""
    return frozenset(_outcome(edit))


def needs(edit: Edit) -> frozenset[str]:
    """The steps that must exist for the edit to make sense."""
    match edit:
        case Configure() | Handle() | Relabel():
            return frozenset({edit.id})
        case Rename() | Describe():
            return frozenset({edit.id} if edit.id else ())
        case Move():
            return frozenset(edit.places)
        case Enclose():
            return frozenset({*edit.places, *([edit.inside] if edit.inside else ())})
        case Resize():
            return frozenset(edit.sizes)
        case Connect():
            return frozenset(_joined(edit))
        case Add():
            return frozenset({*_joined(edit), *([edit.step.inside] if edit.step.inside else ())})
        case _:
            return frozenset()


def rebase(later: Sequence[Edit], mine: Sequence[Edit]) -> list[Conflict]:
    """Where `mine`, made without knowing `later`, contradicts it; empty means: apply `mine` on top.

    Two edits contradict each other when they give one setting, word, edge or variable different values, when both add
    a step under one id, when one works on a step the other removed, when `mine` removes a step that was changed
    meanwhile, or a container that got a step, and when one connects a step that the other put into a container or took
    out of one. Moving never contradicts anything, unless the step is gone; nor does laying a note elsewhere. What goes
    with a container has to be `spelled_out` before.
    """
    theirs: dict[Touch, Any] = {}
    gone: set[str] = set()
    for edit in later:
        theirs.update(_outcome(edit))
        theirs.update(dict.fromkeys((Touch("joined", step) for step in _joined(edit)), True))
        if isinstance(edit, Add):
            gone.discard(edit.id)
        elif isinstance(edit, Remove):
            gone.add(edit.id)
    found: dict[Touch, Conflict] = {}
    own: set[str] = set()
    for edit in mine:
        if isinstance(edit, Add):
            own.add(edit.id)
        for step in sorted((needs(edit) & gone) - own):
            yours = edit.model_dump(mode="json", by_alias=True)
            found[Touch("step", step)] = Conflict("step", step, None, yours, None)
        for touch, value in (_outcome(edit) | _spoils(edit, theirs, own | gone)).items():
            both_new = isinstance(edit, Add) and touch.what == "step" and theirs.get(touch) is not None
            differs = touch.what not in _FREE and theirs.get(touch, value) != value
            if (differs or both_new) and touch.step not in gone:
                found[touch] = Conflict(touch.what, touch.step or None, touch.field or None, value, theirs[touch])
    return list(found.values())


_FREE = ("place", "size", "box")
"""what may be anywhere: nobody's work is lost where the last one decides"""


def _spoils(edit: Edit, theirs: Mapping[Touch, Any], fresh: Set[str]) -> dict[Touch, Any]:
    """What of theirs the edit would spoil without giving it another value; `fresh` are steps they cannot know."""
    match edit:
        case Remove() if edit.id not in fresh:
            worked = {touch for touch in theirs if touch.step == edit.id and touch.what in WORK}
            entered = {touch for touch, value in theirs.items() if touch.what == "inside" and value == edit.id}
            return dict.fromkeys(worked | entered, None)
        case Enclose():
            return {touch: False for step in edit.places if (touch := Touch("joined", step)) in theirs}
        case _:
            return {touch: None for step in _joined(edit) if (touch := Touch("inside", step)) in theirs}


def _joined(edit: Edit) -> set[str]:
    """Steps that were there before and which the edit connects."""
    edges = edit.edges if isinstance(edit, Add) else (edit.edge,) if isinstance(edit, Connect) else ()
    own = edit.id if isinstance(edit, Add) else ""
    return {end for edge in edges for end in (edge.step, edge.to) if end != own}


def _outcome(edit: Edit) -> dict[Touch, Any]:  # noqa: C901 - one line for each edit of the closed set
    """What stands where after the edit, as JSON."""
    match edit:
        case Add():
            connected = {Touch("edge", each.step, str(each)): True for each in edit.edges}
            inside = {Touch("inside", edit.id): edit.step.inside} if edit.step.inside else {}
            return {Touch("step", edit.id): edit.step.model_dump(mode="json")} | connected | inside
        case Remove():
            return {Touch("step", edit.id): None}
        case Move():
            return {Touch("place", step): place for step, place in edit.places.items()}
        case Enclose():
            return {Touch("inside", step): edit.inside for step in edit.places}
        case Resize():
            return {Touch("size", step): size for step, size in edit.sizes.items()}
        case Connect():
            return {Touch("edge", edit.edge.step, str(edit.edge)): True}
        case Disconnect():
            return {Touch("edge", edit.edge.step, str(edit.edge)): False}
        case Configure():
            return {Touch("setting", edit.id, edit.field): None if edit.unset else edit.value}
        case Handle():
            return {Touch("failure", edit.id): edit.on_failure.model_dump(mode="json")}
        case Rename():
            return {Touch("title", edit.id or ""): edit.title}
        case Describe():
            return {Touch("note", edit.id or ""): edit.text}
        case Relabel():
            label = edit.label.model_dump() if edit.label else None
            return {Touch("label", edit.id, edit.part): label}
        case Note():
            return {Touch("text", "", edit.id): edit.text}
        case Lay():
            return {Touch("box", "", note): box and box.model_dump() for note, box in edit.boxes.items()}
        case Declare():
            variable = edit.variable.model_dump(mode="json") if edit.variable else None
            return {Touch("variable" if edit.of == "variables" else edit.of, "", edit.name): variable}
        case Limit():
            return {Touch("limits"): edit.run.model_dump()}
