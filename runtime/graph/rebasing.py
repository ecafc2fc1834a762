"""Rebasing: whether an edit still fits after the edits its author had not seen."""

from __future__ import annotations

from collections.abc import Sequence
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
    Lay,
    Limit,
    Move,
    Note,
    Relabel,
    Remove,
    Rename,
)  # fmt: skip

WORK = ("setting", "title", "note", "label")
"""what a person loses when somebody else removes the step they work on"""


class Touch(NamedTuple):
    """One place of a document an edit changes; `step` is empty where it belongs to no step."""

    what: str
    """step, place, setting, title, note, label, edge, text and box (of a free note), variable or limits"""
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
        case Configure() | Relabel():
            return frozenset({edit.id})
        case Rename() | Describe():
            return frozenset({edit.id} if edit.id else ())
        case Move():
            return frozenset(edit.places)
        case Connect():
            return frozenset({edit.edge.step, edit.edge.to})
        case Add():
            return frozenset(end for edge in edit.edges for end in (edge.step, edge.to) if end != edit.id)
        case _:
            return frozenset()


def rebase(later: Sequence[Edit], mine: Sequence[Edit]) -> list[Conflict]:
    """Where `mine`, made without knowing `later`, contradicts it; empty means: apply `mine` on top.

    Two edits contradict each other when they give one setting, word, edge or variable different values, when both add
    a step under one id, when one works on a step the other removed, and when `mine` removes a step that was changed
    meanwhile. Moving never contradicts anything, unless the step is gone; nor does laying a note elsewhere.
    """
    theirs: dict[Touch, Any] = {}
    gone: set[str] = set()
    for edit in later:
        theirs.update(_outcome(edit))
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
        outcome = _outcome(edit)
        if isinstance(edit, Remove) and edit.id not in own | gone:
            worked = {touch for touch in theirs if touch.step == edit.id and touch.what in WORK}
            outcome |= dict.fromkeys(worked, None)
        for touch, value in outcome.items():
            both_new = isinstance(edit, Add) and touch.what == "step" and theirs.get(touch) is not None
            differs = touch.what not in ("place", "box") and theirs.get(touch, value) != value
            if (differs or both_new) and touch.step not in gone:
                found[touch] = Conflict(touch.what, touch.step or None, touch.field or None, value, theirs[touch])
    return list(found.values())


def _outcome(edit: Edit) -> dict[Touch, Any]:  # noqa: C901 - one line for each edit of the closed set
    """What stands where after the edit, as JSON."""
    match edit:
        case Add():
            connected = {Touch("edge", each.step, str(each)): True for each in edit.edges}
            return {Touch("step", edit.id): edit.step.model_dump(mode="json")} | connected
        case Remove():
            return {Touch("step", edit.id): None}
        case Move():
            return {Touch("place", step): place for step, place in edit.places.items()}
        case Connect():
            return {Touch("edge", edit.edge.step, str(edit.edge)): True}
        case Disconnect():
            return {Touch("edge", edit.edge.step, str(edit.edge)): False}
        case Configure():
            return {Touch("setting", edit.id, edit.field): None if edit.unset else edit.value}
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
            return {Touch("variable", "", edit.name): variable}
        case Limit():
            return {Touch("limits"): edit.run.model_dump()}
