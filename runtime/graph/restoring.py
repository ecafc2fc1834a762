"""Restoring: the edits that make one document out of another, so that going back is an edit like any other."""

from __future__ import annotations

from collections.abc import Iterator

from runtime.graph.diffing import same_value, same_variable
from runtime.graph.document import Document, Step, StepWords
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
    yield from (Remove(id=step) for step in old if step not in kept)
    for edge in before.meaning.edges:
        if edge not in after.meaning.edges and kept.issuperset((edge.step, edge.to)):
            yield Disconnect(edge=edge)
    for step, each in new.items():
        now = after.words.steps.get(step, StepWords())
        if step in kept:
            yield from _settings(step, old[step], each)
            yield from _words(step, before.words.steps.get(step, StepWords()), now)
        else:
            yield Add(id=step, step=each, words=now, place=after.layout.steps.get(step))
    for edge in after.meaning.edges:
        if edge not in before.meaning.edges or not kept.issuperset((edge.step, edge.to)):
            yield Connect(edge=edge)
    places = {step: after.layout.steps.get(step) for step in sorted(kept)}
    if moved := {step: place for step, place in places.items() if before.layout.steps.get(step) != place}:
        yield Move(places=moved)


def _settings(step: str, was: Step, now: Step) -> Iterator[Edit]:
    """Each setting that differs."""
    for field in sorted(was.settings.keys() | now.settings.keys()):
        if field not in now.settings:
            yield Configure(id=step, field=field, unset=True)
        elif field not in was.settings or not same_value(was.settings[field], now.settings[field]):
            yield Configure(id=step, field=field, value=now.settings[field])


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
    for name in before.meaning.variables.keys() | after.meaning.variables.keys():
        now = after.meaning.variables.get(name)
        if not same_variable(before.meaning.variables.get(name), now):
            yield Declare(name=name, variable=now)
    if before.meaning.run != after.meaning.run:
        yield Limit(run=after.meaning.run)
    for note in before.words.notes.keys() | after.words.notes.keys():
        text, box = after.words.notes.get(note), after.layout.notes.get(note)
        if text is None or before.words.notes.get(note) != text:
            yield Note(id=note, text=text)
        if text is not None and before.layout.notes.get(note) != box:
            yield Lay(boxes={note: box})
