"""Restoring: the edits that make one document out of another, so that going back is an edit like any other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Literal

from runtime.graph.diffing import same_value, same_variable
from runtime.graph.document import Document, Step, StepWords, Variable
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
)


def edits_to(before: Document, after: Document) -> list[Edit]:
    """Edits which, applied to `before` in this order, give the meaning, words and layout of `after`. The icon, which
    no edit changes, stays."""
    return [*_steps(before, after), *_around(before, after)]


def _steps(before: Document, after: Document) -> Iterator[Edit]:
    old, new = before.meaning.steps, after.meaning.steps
    kept = {
        step
        for step in old.keys() & new.keys()
        if (old[step].type, old[step].version) == (new[step].type, new[step].version)
    }
    moved = {step for step in kept if old[step].inside != new[step].inside or old[step].inside not in ("", *kept)}
    if moved:  # before what they lie in goes; what joined them comes back below
        yield Enclose(places={step: before.layout.steps.get(step) for step in sorted(moved)})
    yield from (Remove(id=step) for step in old if step not in kept)
    for edge in before.meaning.edges:
        if edge not in after.meaning.edges and kept.issuperset((edge.step, edge.to)):
            yield Disconnect(edge=edge)
    for step in _outer_first(new):
        each, now = new[step], after.words.steps.get(step, StepWords())
        if step in kept:
            yield from _settings(step, old[step], each)
            yield from _words(step, before.words.steps.get(step, StepWords()), now)
        else:
            place, size = after.layout.steps.get(step), after.layout.sizes.get(step)
            yield Add(id=step, step=each, words=now, place=place, size=size)
    yield from _entered([step for step in _outer_first(new) if step in moved], before, after)
    stay = kept - moved
    for edge in after.meaning.edges:
        if edge not in before.meaning.edges or not stay.issuperset((edge.step, edge.to)):
            yield Connect(edge=edge)
    yield from _laid(kept, before, after)


def _entered(moved: Sequence[str], before: Document, after: Document) -> Iterator[Edit]:
    """Steps go where they lie, outer ones first."""
    wanted = {step: after.meaning.steps[step].inside for step in moved}
    for inside in dict.fromkeys(each for each in wanted.values() if each):
        places = {step: before.layout.steps.get(step) for step in moved if wanted[step] == inside}
        yield Enclose(inside=inside, places=places)


def _laid(kept: Iterable[str], before: Document, after: Document) -> Iterator[Edit]:
    """Places and sizes."""
    was, now = before.layout, after.layout
    if moved := {step: now.steps.get(step) for step in sorted(kept) if was.steps.get(step) != now.steps.get(step)}:
        yield Move(places=moved)
    if sized := {step: now.sizes.get(step) for step in sorted(kept) if was.sizes.get(step) != now.sizes.get(step)}:
        yield Resize(sizes=sized)


def _outer_first(steps: Mapping[str, Step]) -> list[str]:
    """Every step after the container it lies in."""
    found = dict.fromkeys(step for step, each in steps.items() if each.inside not in steps)
    for outer in (waiting := list(found)):
        inner = [step for step, each in steps.items() if each.inside == outer and step not in found]
        found |= dict.fromkeys(inner)
        waiting += inner
    return [*found, *(step for step in steps if step not in found)]


def _settings(step: str, was: Step, now: Step) -> Iterator[Edit]:
    """Each setting that differs."""
    for field in sorted(was.settings.keys() | now.settings.keys()):
        if field not in now.settings:
            yield Configure(id=step, field=field, unset=True)
        elif field not in was.settings or not same_value(was.settings[field], now.settings[field]):
            yield Configure(id=step, field=field, value=now.settings[field])
    if was.on_failure != now.on_failure:
        yield Handle(id=step, on_failure=now.on_failure)


def _words(step: str, was: StepWords, now: StepWords) -> Iterator[Edit]:
    if was.title != now.title:
        yield Rename(id=step, title=now.title)
    if was.note != now.note:
        yield Describe(id=step, text=now.note)
    for part in was.labels.keys() | now.labels.keys():
        if was.labels.get(part) != now.labels.get(part):
            yield Relabel(id=step, part=part, label=now.labels.get(part))


def _around(before: Document, after: Document) -> Iterator[Edit]:
    """Everything that belongs to no step."""
    if before.words.title != after.words.title:
        yield Rename(title=after.words.title)
    if before.words.description != after.words.description:
        yield Describe(text=after.words.description)
    yield from _declared("variables", before.meaning.variables, after.meaning.variables)
    yield from _declared("conversation", before.meaning.conversation, after.meaning.conversation)
    if before.meaning.run != after.meaning.run:
        yield Limit(run=after.meaning.run)
    for note in before.words.notes.keys() | after.words.notes.keys():
        text, box = after.words.notes.get(note), after.layout.notes.get(note)
        if text is None or before.words.notes.get(note) != text:
            yield Note(id=note, text=text)
        if text is not None and before.layout.notes.get(note) != box:
            yield Lay(boxes={note: box})


def _declared(
    of: Literal["variables", "conversation"], was: Mapping[str, Variable], now: Mapping[str, Variable]
) -> Iterator[Edit]:
    for name in was.keys() | now.keys():
        if not same_variable(was.get(name), now.get(name)):
            yield Declare(of=of, name=name, variable=now.get(name))
