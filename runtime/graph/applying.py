"""Applying an edit: one pure function with an inverse, for the canvas, undo, the API and tests alike."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from contextlib import suppress
from typing import Any, TypeVar

from runtime.errors import GreenlaneError
from runtime.graph.document import (
    ROOTS,
    Box,
    Document,
    Edge,
    Label,
    Layout,
    Meaning,
    Place,
    Size,
    Step,
    StepWords,
    Variable,
    Words,
    in_order,
)  # fmt: skip
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

_Each = TypeVar("_Each")
Applied = tuple[Document, tuple[Edit, ...]]


class EditRefused(GreenlaneError):
    """The edit cannot be applied to this document: what it changes is not there, or what it adds already is."""

    code, status = "edit_refused", 409


def apply(document: Document, edit: Edit) -> Applied:  # noqa: C901 - one line for each edit of the closed set
    """The document with the edit applied, and the edits that take it back.

    Adding an edge that is there and taking away what is gone change nothing and have no inverse: two people may do
    the same. Raises EditRefused where the edit names what does not exist, or adds a step whose id is taken.
    """
    match edit:
        case Add():
            return _add(document, edit)
        case Remove():
            return _remove(document, edit)
        case Move():
            return _move(document, edit)
        case Enclose():
            return _enclose(document, edit)
        case Resize():
            return _resize(document, edit)
        case Connect():
            return _connect(document, edit.edge)
        case Disconnect():
            return _disconnect(document, edit.edge)
        case Configure():
            return _configure(document, edit)
        case Handle():
            return _handle(document, edit)
        case Rename():
            return _rename(document, edit)
        case Describe():
            return _describe(document, edit)
        case Relabel():
            return _relabel(document, edit)
        case Note():
            return _note(document, edit)
        case Lay():
            return _lay(document, edit)
        case Declare():
            return _declare(document, edit)
        case Limit():
            return _meaning(document, run=edit.run), (Limit(run=document.meaning.run),)


def apply_all(document: Document, edits: Sequence[Edit]) -> Applied:
    """The document with all edits applied in turn, or none: the first impossible one raises EditRefused.
    The inverse takes back the last one first."""
    inverse: tuple[Edit, ...] = ()
    for edit in edits:
        document, back = apply(document, edit)
        inverse = (*back, *inverse)
    return document, inverse


def spelled_out(document: Document, edits: Sequence[Edit]) -> list[Edit]:
    """The same edits with a removal for everything that goes with a container, so that each says all it takes away. One
    that is impossible stays as it is."""
    told: list[Edit] = []
    for edit in edits:
        with_it = lying_in(document, edit.id) if isinstance(edit, Remove) else []
        for each in [*(Remove(id=inner) for inner in reversed(with_it)), edit]:
            told.append(each)
            with suppress(EditRefused):
                document, _inverse = apply(document, each)
    return told


def lying_in(document: Document, container: str) -> list[str]:
    """Every step inside a container, however deep, each after the one it lies in."""
    found = [container]
    for outer in found:
        found += [step for step, each in document.meaning.steps.items() if each.inside == outer and step not in found]
    return found[1:]


def _add(document: Document, edit: Add) -> Applied:
    steps = document.meaning.steps
    if edit.id in steps:
        raise EditRefused(f"There is already a step “{edit.id}”.", hint="Give the new step another id.")
    if edit.id in ROOTS:
        raise EditRefused(f"No step may be called “{edit.id}”: the word stands for something else in references.")
    if edit.step.inside:
        _step(document, edit.step.inside)
    edges = document.meaning.edges
    for edge in edit.edges:
        if (edge.step == edit.id) == (edge.to == edit.id):
            raise EditRefused(f"The connection {edge} does not join “{edit.id}” to another step.")
        _step(document, edge.to if edge.step == edit.id else edge.step)
        edges = edges if edge in edges else in_order((*edges, edge))
    document = _meaning(document, steps=steps | {edit.id: edit.step}, edges=edges)
    document = _layout(_words_of(document, edit.id, edit.words), {edit.id: edit.place})
    return _sized(document, {edit.id: edit.size}), (Remove(id=edit.id),)


def _remove(document: Document, edit: Remove) -> Applied:
    if edit.id not in document.meaning.steps:
        return document, ()
    gone = [edit.id, *lying_in(document, edit.id)]
    there = document.meaning.steps.keys() - set(gone)
    back: list[Edit] = []
    for step in gone:
        there = there | {step}
        back.append(_back(document, step, there))
    steps = {step: each for step, each in document.meaning.steps.items() if step not in gone}
    edges = tuple(each for each in document.meaning.edges if each.step not in gone and each.to not in gone)
    document = _meaning(document, steps=steps, edges=edges)
    for step in gone:
        document = _words_of(document, step, StepWords())
    return _sized(_layout(document, dict.fromkeys(gone)), dict.fromkeys(gone)), tuple(back)


def _back(document: Document, step: str, there: Set[str]) -> Add:
    """What brings a removed step back among those that are there."""
    found = document.meaning.steps[step]
    return Add(
        id=step,
        step=found if found.inside in there else found.model_copy(update={"inside": ""}),
        words=document.words.steps.get(step, StepWords()),
        place=document.layout.steps.get(step),
        size=document.layout.sizes.get(step),
        edges=tuple(
            each for each in document.meaning.edges if step in (each.step, each.to) and {each.step, each.to} <= there
        ),
    )


def _move(document: Document, edit: Move) -> Applied:
    for each in edit.places:
        _step(document, each)
    before = {each: document.layout.steps.get(each) for each in edit.places}
    return _layout(document, edit.places), (Move(places=before),)


def _enclose(document: Document, edit: Enclose) -> Applied:
    old, moved = document.meaning.steps, edit.places.keys()
    if edit.inside:
        _step(document, edit.inside)
    for each in moved:
        _step(document, each)
        if edit.inside in (each, *lying_in(document, each)):
            raise EditRefused(f"“{each}” cannot lie inside itself.", hint="Put it beside the container.")
    new = old | {each: old[each].model_copy(update={"inside": edit.inside}) for each in moved}
    touched = [each for each in document.meaning.edges if moved & {each.step, each.to}]
    cut = [each for each in touched if _crosses(new, each)]
    loose = [each for each in touched if _crosses(new, each) or _crosses(old, each)]
    outer = dict.fromkeys(old[each].inside for each in moved)
    places = document.layout.steps
    back = [
        *(Enclose(inside=each, places={step: places.get(step) for step in moved if old[step].inside == each})
          for each in outer),
        *(Connect(edge=each) for each in loose),
    ]  # fmt: skip
    edges = tuple(each for each in document.meaning.edges if each not in cut)
    return _layout(_meaning(document, steps=new, edges=edges), edit.places), tuple(back)


def _crosses(steps: Mapping[str, Step], edge: Edge) -> bool:
    """Whether an edge joins steps of different containers."""
    here, there = (steps[each].inside if each in steps else "" for each in (edge.step, edge.to))
    return here != there


def _resize(document: Document, edit: Resize) -> Applied:
    for each in edit.sizes:
        _step(document, each)
    before = {each: document.layout.sizes.get(each) for each in edit.sizes}
    return _sized(document, edit.sizes), (Resize(sizes=before),)


def _connect(document: Document, edge: Edge) -> Applied:
    if edge.step == edge.to:
        raise EditRefused("A step cannot lead to itself.")
    _step(document, edge.step)
    _step(document, edge.to)
    if edge in document.meaning.edges:
        return document, ()
    edges = in_order((*document.meaning.edges, edge))
    return _meaning(document, edges=edges), (Disconnect(edge=edge),)


def _disconnect(document: Document, edge: Edge) -> Applied:
    edges = tuple(each for each in document.meaning.edges if each != edge)
    if len(edges) == len(document.meaning.edges):
        return document, ()
    return _meaning(document, edges=edges), (Connect(edge=edge),)


def _configure(document: Document, edit: Configure) -> Applied:
    step = _step(document, edit.id)
    settings = step.settings
    was_set = edit.field in settings
    back = Configure(id=edit.id, field=edit.field, value=settings.get(edit.field), unset=not was_set)
    after = _without(settings, edit.field) if edit.unset else settings | {edit.field: edit.value}
    steps = document.meaning.steps | {edit.id: step.model_copy(update={"settings": after})}
    return _meaning(document, steps=steps), (back,)


def _handle(document: Document, edit: Handle) -> Applied:
    step = _step(document, edit.id)
    steps = document.meaning.steps | {edit.id: step.model_copy(update={"on_failure": edit.on_failure})}
    return _meaning(document, steps=steps), (Handle(id=edit.id, on_failure=step.on_failure),)


def _rename(document: Document, edit: Rename) -> Applied:
    if edit.id is None:
        return _words(document, title=edit.title), (Rename(title=document.words.title),)
    words = _words_at(document, edit.id)
    after = words.model_copy(update={"title": edit.title})
    return _words_of(document, edit.id, after), (Rename(id=edit.id, title=words.title),)


def _describe(document: Document, edit: Describe) -> Applied:
    if edit.id is None:
        return _words(document, description=edit.text), (Describe(text=document.words.description),)
    words = _words_at(document, edit.id)
    after = words.model_copy(update={"note": edit.text})
    return _words_of(document, edit.id, after), (Describe(id=edit.id, text=words.note),)


def _relabel(document: Document, edit: Relabel) -> Applied:
    words = _words_at(document, edit.id)
    silent = edit.label is None or edit.label == Label()
    labels = _without(words.labels, edit.part) if silent else words.labels | {edit.part: edit.label}
    after = words.model_copy(update={"labels": labels})
    return _words_of(document, edit.id, after), (
        Relabel(id=edit.id, part=edit.part, label=words.labels.get(edit.part)),
    )


def _note(document: Document, edit: Note) -> Applied:
    notes, boxes = document.words.notes, document.layout.notes
    if edit.text is None:
        if edit.id not in notes:
            return document, ()
        back = Note(id=edit.id, text=notes[edit.id], box=boxes.get(edit.id))
        return _laid(_words(document, notes=_without(notes, edit.id)), {edit.id: None}), (back,)
    after = _words(document, notes=notes | {edit.id: edit.text})
    if edit.id not in notes:
        return _laid(after, {edit.id: edit.box}), (Note(id=edit.id),)
    back = Note(id=edit.id, text=notes[edit.id])
    if edit.box is None:
        return after, (back,)
    return _laid(after, {edit.id: edit.box}), (back, Lay(boxes={edit.id: boxes.get(edit.id)}))


def _lay(document: Document, edit: Lay) -> Applied:
    """What somebody took away meanwhile stays gone: nobody's work is lost when a note does not move."""
    boxes = {note: box for note, box in edit.boxes.items() if note in document.words.notes}
    if not boxes:
        return document, ()
    return _laid(document, boxes), (Lay(boxes={note: document.layout.notes.get(note) for note in boxes}),)


def _declare(document: Document, edit: Declare) -> Applied:
    declared: dict[str, Variable] = getattr(document.meaning, edit.of)
    back = Declare(of=edit.of, name=edit.name, variable=declared.get(edit.name))
    after = _without(declared, edit.name) if edit.variable is None else declared | {edit.name: edit.variable}
    return _meaning(document, **{edit.of: after}), (back,)


def _step(document: Document, step: str) -> Step:
    found = document.meaning.steps.get(step)
    if found is None:
        raise EditRefused(f"There is no step “{step}”.", hint="Somebody may have removed it meanwhile.")
    return found


def _words_at(document: Document, step: str) -> StepWords:
    _step(document, step)
    return document.words.steps.get(step, StepWords())


def _without(entries: dict[str, _Each], key: str) -> dict[str, _Each]:
    return {name: each for name, each in entries.items() if name != key}


def _meaning(document: Document, **changes: Any) -> Document:
    meaning: Meaning = document.meaning.model_copy(update=changes)
    return document.model_copy(update={"meaning": meaning})


def _words(document: Document, **changes: Any) -> Document:
    words: Words = document.words.model_copy(update=changes)
    return document.model_copy(update={"words": words})


def _words_of(document: Document, step: str, after: StepWords) -> Document:
    steps = document.words.steps
    return _words(document, steps=_without(steps, step) if after == StepWords() else steps | {step: after})


def _laid(document: Document, boxes: dict[str, Box | None]) -> Document:
    after: dict[str, Box | None] = document.layout.notes | boxes
    layout: Layout = document.layout.model_copy(update={"notes": {note: box for note, box in after.items() if box}})
    return document.model_copy(update={"layout": layout})


def _layout(document: Document, places: dict[str, Place | None]) -> Document:
    after: dict[str, Place | None] = document.layout.steps | places
    steps = {step: place for step, place in after.items() if place is not None}
    layout: Layout = document.layout.model_copy(update={"steps": steps})
    return document.model_copy(update={"layout": layout})


def _sized(document: Document, sizes: Mapping[str, Size | None]) -> Document:
    after: dict[str, Size | None] = {**document.layout.sizes, **sizes}
    layout: Layout = document.layout.model_copy(update={"sizes": {step: size for step, size in after.items() if size}})
    return document.model_copy(update={"layout": layout})
