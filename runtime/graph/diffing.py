"""Diffing: what changed from one document to another, field by field, in sentences."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal, cast

import rfc8785

from nodes.sdk import Node
from nodes.sdk.reading import as_text
from runtime.graph.checking_steps import Catalogue
from runtime.graph.document import FINISH, START, Document, Edge, ErrorWorkflow, Step, StepWords, Variable
from runtime.graph.naming import base_titles, called
from runtime.graph.ordering import order_of

Part = Literal[
    "step", "container", "edge", "setting", "failure", "input", "output", "variable", "run", "words", "layout"
]  # fmt: skip
Path = tuple[str | int, ...]
LONGEST = 60
"""characters of a value inside a sentence; the whole of it stands beside"""
_KEYS = ("id", "name")
"""what an entry of a list is recognised by, so that one put in front does not change all that follow"""
RUN_WORDS = {
    "time_limit_s": "Seconds a run may take",
    "step_limit": "Steps a run may take",
    "token_limit": "Tokens a run may use",
    "cost_limit": "What a run may cost",
    "audience_class": "How confidential the result may be",
    "error_workflow": "What runs when a run fails",
}
"""what the settings of a run are called"""
FAILURE_WORDS = {
    "retries": "How often it is tried again when it fails",
    "wait_s": "Seconds before it is tried again",
    "factor": "How much longer each later wait is",
    "timeout_s": "Seconds one try may take",
    "then": "What happens when it fails",
    "fallback": "What it hands on when it fails",
}
"""what the settings of a failure are called"""
_THEN = {"stop": "it stops", "fallback": "it goes on with a fallback", "exit": "it leaves by its own exit"}


@dataclass(frozen=True, slots=True)
class Change:
    """One difference. `material` says whether the meaning differs: words and layout do not count."""

    kind: Literal["added", "removed", "changed"]
    part: Part
    step: str | None
    field: str
    """dotted path inside the settings or `on_failure`; the name of a variable (`conversation.x` of a conversation), a
    run setting, a label; the edge as written"""
    before: Any
    after: Any
    sentence: str
    material: bool
    place: str = ""
    """where it is, as a person calls it: `“Greet”: “Message” (message 1)`; empty where the sentence is all there is"""

    def as_dict(self) -> dict[str, Any]:
        """The change as programs get it."""
        return {name: getattr(self, name) for name in self.__slots__}


def diff(
    before: Document | None,
    after: Document,
    catalogue: Catalogue | None = None,
    titles: Mapping[str, str] | None = None,
) -> list[Change]:
    """Every difference, steps in the reading order of the newer document; without `before` everything is added. With a
    catalogue, settings are called what the form calls them; `titles` say what people call knowledge bases
    (`base:handbook`)."""
    old = before or Document(name=after.name)
    differ = _Differ(old, after, catalogue, titles or {})
    return [*differ.steps(), *differ.edges(), *differ.around(), *differ.words(), *differ.layout()]


class _Differ:
    """Compares two documents."""

    def __init__(self, old: Document, new: Document, catalogue: Catalogue | None, titles: Mapping[str, str]) -> None:
        self.old, self.new, self.catalogue, self.titles = old, new, catalogue, titles

    def titled(self, step: str) -> str:
        """What people call a step, in the newer document if it is there."""
        return (self.new if step in self.new.meaning.steps else self.old).title(step)

    def steps(self) -> Iterator[Change]:
        old, new = self.old.meaning.steps, self.new.meaning.steps
        for step in order_of(self.new.meaning):
            was, each = old.get(step), new[step]
            if was is None or was.type != each.type:
                if was is not None:
                    yield self._step("removed", step, was.type, None)
                yield self._step("added", step, None, each.type)
                yield from self._around(step, Step(type=each.type), each)
                yield from self._settings(step, each.type, {}, each.settings)
            else:
                if was.version != each.version:
                    sentence = f"“{self.titled(step)}” is now written for version {each.version} of its type."
                    yield Change("changed", "step", step, "version", was.version, each.version, sentence, True)
                yield from self._around(step, was, each)
                yield from self._settings(step, each.type, was.settings, each.settings)
        for step, was in old.items():
            if step not in new:
                yield self._step("removed", step, was.type, None)

    def _step(self, kind: Literal["added", "removed"], step: str, before: Any, after: Any) -> Change:
        type_id = before or after
        node = self.catalogue.get(type_id) if self.catalogue else None
        title = self.old.title(step) if kind == "removed" else self.new.title(step)
        sentence = f"The step “{title}” ({node.label if node else type_id}) is {'new' if kind == 'added' else 'gone'}."
        return Change(kind, "step", step, "", before, after, sentence, True)

    def _around(self, step: str, was: Step, now: Step) -> Iterator[Change]:
        """Where a step lies, and what becomes of it when it fails."""
        title = self.titled(step)
        if was.inside != now.inside:
            kind = "added" if not was.inside else "removed" if not now.inside else "changed"
            where = "now lies inside" if now.inside else "no longer lies inside"
            sentence = f"“{title}” {where} “{self.titled(now.inside or was.inside)}”."
            yield Change(kind, "container", step, "inside", was.inside or None, now.inside or None, sentence, True)
        old, new = was.on_failure.model_dump(mode="json"), now.on_failure.model_dump(mode="json")
        for name, label in FAILURE_WORDS.items():
            for path, was_here, is_here in _leaves((name,), old[name], new[name]):
                before, after = _plain(was_here), _plain(is_here)
                called = label if len(path) == 1 else f"{label}, “{path[1]}”,"
                sentence = f"“{title}”: {called} was {_failing(name, before)} and is now {_failing(name, after)}."
                field = ".".join(("on_failure", *map(str, path)))
                yield Change("changed", "failure", step, field, before, after, sentence, True, f"“{title}”: {label}")

    def _settings(self, step: str, type_id: str, was: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[Change]:
        node = self.catalogue.get(type_id) if self.catalogue else None
        for path, was_here, is_here in _leaves((), was, now):
            before, after = (base_titles(node, path[0], each, self.titles) for each in (was_here, is_here))
            part: Part = "setting"
            if path[0] == "inputs" and type_id == START:
                part = "input"
            elif path[0] == "outputs" and type_id == FINISH:
                part = "output"
            kind = "added" if before is _NONE else "removed" if after is _NONE else "changed"
            name = _called(node, path)
            title = self.titled(step)
            match kind:
                case "added":
                    sentence = f"“{title}”: {name} is set to {_quoted(after)}."
                case "removed":
                    sentence = f"“{title}”: {name} is no longer set; it was {_quoted(before)}."
                case _:
                    sentence = f"“{title}”: {name} was {_quoted(before)} and is now {_quoted(after)}."
            field = ".".join(str(each) for each in path)
            where = f"“{title}”: {name}"
            yield Change(kind, part, step, field, _plain(before), _plain(after), sentence, True, where)

    def edges(self) -> Iterator[Change]:
        old, new = set(self.old.meaning.edges), set(self.new.meaning.edges)
        for edge in self.new.meaning.edges:
            if edge not in old:
                sentence = (
                    f"“{self.titled(edge.step)}” now leads to “{self.titled(edge.to)}”{self._by(edge, self.new)}."
                )
                yield Change("added", "edge", edge.step, str(edge), None, str(edge), sentence, True)
        for edge in self.old.meaning.edges:
            if edge not in new:
                sentence = (
                    f"“{self.titled(edge.step)}” no longer leads to “{self.titled(edge.to)}”{self._by(edge, self.old)}."
                )
                yield Change("removed", "edge", edge.step, str(edge), str(edge), None, sentence, True)

    def _by(self, edge: Edge, document: Document) -> str:
        """The way out, by its label, where a step has more than one."""
        words = document.words.steps.get(edge.step)
        label = words.labels.get(edge.exit) if words else None
        return "" if edge.exit == "done" else f" by “{(label and label.label) or edge.exit}”"

    def around(self) -> Iterator[Change]:
        """Run variables and the settings of a run."""
        old, new = self.old.meaning, self.new.meaning
        yield from self._variables("", "run variable", old.variables, new.variables)
        yield from self._variables("conversation.", "conversation variable", old.conversation, new.conversation)
        for name, label in RUN_WORDS.items():
            was, now = getattr(old.run, name), getattr(new.run, name)
            if was != now and name == "error_workflow":
                yield _error_workflow(label, was, now)
            elif was != now:
                sentence = f"{label}: was {_limit(was)} and is now {_limit(now)}."
                yield Change("changed", "run", None, name, was, now, sentence, True)

    def _variables(
        self, prefix: str, called: str, old: Mapping[str, Variable], new: Mapping[str, Variable]
    ) -> Iterator[Change]:
        for name in sorted(old.keys() | new.keys()):
            was, now = old.get(name), new.get(name)
            if not same_variable(was, now):
                kind = "added" if was is None else "removed" if now is None else "changed"
                said = {"added": "is new", "removed": "is gone", "changed": "has changed"}[kind]
                yield Change(
                    kind, "variable", None, prefix + name, was and was.model_dump(), now and now.model_dump(),
                    f"The {called} “{name}” {said}.", True,
                )  # fmt: skip

    def words(self) -> Iterator[Change]:
        old, new = self.old.words, self.new.words
        for name in ("title", "description", "icon"):
            yield from self._said(None, name, f"The workflow's {name}", getattr(old, name), getattr(new, name))
        none = StepWords()
        for step in [*order_of(self.new.meaning), *(each for each in self.old.words.steps if each not in new.steps)]:
            if step not in self.new.meaning.steps or step not in self.old.meaning.steps:
                continue
            was, now = old.steps.get(step, none), new.steps.get(step, none)
            yield from self._said(step, "title", f"The title of “{step}”", was.title, now.title)
            yield from self._said(step, "note", f"The note of “{self.titled(step)}”", was.note, now.note)
            for part in sorted(was.labels.keys() | now.labels.keys()):
                mine, yours = was.labels.get(part), now.labels.get(part)
                for word in ("label", "help"):
                    before, after = (getattr(each, word) if each else "" for each in (mine, yours))
                    what = f"The {word} of “{part}” in “{self.titled(step)}”"
                    yield from self._said(step, f"{part}.{word}", what, before, after)
        for note in sorted(old.notes.keys() | new.notes.keys()):
            if note in old.notes and note in new.notes:
                yield from self._said(None, note, "A note on the canvas", old.notes[note], new.notes[note])
            else:
                kind = "added" if note in new.notes else "removed"
                said = f"A note on the canvas is {'new' if kind == 'added' else 'gone'}."
                yield Change(kind, "words", None, note, old.notes.get(note), new.notes.get(note), said, False)

    def _said(self, step: str | None, field: str, what: str, before: str, after: str) -> Iterator[Change]:
        if before != after:
            kind = "added" if not before else "removed" if not after else "changed"
            said = f"{what} {'is gone' if kind == 'removed' else f'is now {_quoted(after)}'}."
            yield Change(kind, "words", step, field, before or None, after or None, said, False, what)

    def layout(self) -> Iterator[Change]:
        old, new = self.old.layout, self.new.layout
        both = self.old.meaning.steps.keys() & self.new.meaning.steps.keys()
        moved = [step for step in both if old.steps.get(step) != new.steps.get(step)]
        boxes = [note for note in old.notes.keys() & new.notes.keys() if old.notes[note] != new.notes[note]]
        resized = [step for step in both if old.sizes.get(step) != new.sizes.get(step) and step not in moved]
        if count := len(moved) + len(resized) + len(boxes):
            sentence = f"{count} {'thing stands' if count == 1 else 'things stand'} elsewhere on the canvas."
            yield Change("changed", "layout", None, "", None, None, sentence, False)


_NONE = object()
"""no value at all, which is not the value null"""


def _leaves(path: Path, was: Any, now: Any) -> Iterator[tuple[Path, Any, Any]]:
    """The places where two values differ, as deep as they are comparable; positions are those of the newer one."""
    if isinstance(was, Mapping) and isinstance(now, Mapping):
        old, new = cast("Mapping[str, Any]", was), cast("Mapping[str, Any]", now)
        for key in [*new, *(each for each in old if each not in new)]:
            yield from _leaves((*path, key), old.get(key, _NONE), new.get(key, _NONE))
    elif isinstance(was, list) and isinstance(now, list):
        for index, (before, after) in _paired(cast("list[Any]", was), cast("list[Any]", now)):
            yield from _leaves((*path, index), before, after)
    elif not same_value(was, now):
        yield path, was, now


def same_value(was: Any, now: Any) -> bool:
    """Whether two values are one to the content hash: 1 and 1.0 are, 1 and true are not, wherever they stand."""
    return was is now or (
        was is not _NONE and now is not _NONE and was == now and rfc8785.dumps(was) == rfc8785.dumps(now)
    )


def same_variable(was: Variable | None, now: Variable | None) -> bool:
    """Whether two run variables are one to the content hash; None is none at all."""
    if was is None or now is None:
        return was is now
    return was.kind == now.kind and same_value(was.start, now.start)


def _paired(was: list[Any], now: list[Any]) -> Iterator[tuple[int, tuple[Any, Any]]]:
    """Entries of two lists side by side: by what names them where all are named, else by position."""
    for key in _KEYS:
        names = [[_key(each, key) for each in entries] for entries in (was, now)]
        if all(None not in each and len(set(each)) == len(each) for each in names) and (was or now):
            old = dict(zip(names[0], was, strict=True))
            both = [each for each in names[1] if each in old]
            if both != [each for each in names[0] if each in set(names[1])]:
                break  # the order changed, which is a change by itself
            for index, name in enumerate(names[1]):
                yield index, (old.get(name, _NONE), now[index])
            for index, name in enumerate(names[0]):
                if name not in names[1]:
                    yield index, (was[index], _NONE)
            return
    for index in range(max(len(was), len(now))):
        yield index, (was[index] if index < len(was) else _NONE, now[index] if index < len(now) else _NONE)


def _key(entry: Any, key: str) -> str | None:
    if not isinstance(entry, dict):
        return None
    name = cast("dict[str, Any]", entry).get(key)
    return name if isinstance(name, str) else None


def _called(node: type[Node] | None, path: Path) -> str:
    return called(node, path) if node else f"“{'.'.join(str(each) for each in path)}”"


def _plain(value: Any) -> Any:
    return None if value is _NONE else value


def _quoted(value: Any) -> str:
    text = " ".join(as_text(value).split())
    return f"“{text if len(text) <= LONGEST else text[:LONGEST].rstrip() + '…'}”" if text else "nothing"


def _failing(name: str, value: Any) -> str:
    if name == "then":
        return _THEN[value]
    return "not limited" if name == "timeout_s" and value is None else _quoted(value)


def _error_workflow(label: str, was: ErrorWorkflow | None, now: ErrorWorkflow | None) -> Change:
    said = [f"“{each.name}” (version {each.content[:8]})" if each else "nothing" for each in (was, now)]
    kind = "added" if was is None else "removed" if now is None else "changed"
    sentence = f"{label}: was {said[0]} and is now {said[1]}."
    before, after = (each and each.model_dump() for each in (was, now))
    return Change(kind, "run", None, "error_workflow", before, after, sentence, True)


def _limit(value: Any) -> str:
    return "the platform's own" if value is None else as_text(value)
