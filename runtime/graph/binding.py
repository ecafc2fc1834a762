"""Binding: settings with references become a function that puts the values in, built once, run in the hot loop."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, cast
from urllib.parse import quote

from nodes.sdk import Dynamic, StepFailed
from nodes.sdk.files import DERIVED, derived
from nodes.sdk.reading import as_text
from nodes.sdk.sizes import LONGEST_TEXT, ROOM, SMALL, check_text
from runtime.graph.filters import FILTERS
from runtime.graph.marks import TYPED, Marks
from runtime.graph.references import Mistake, Reference, Template, parse_template

Path = tuple[str | int, ...]
Read = Callable[[str, tuple[str, ...]], Any]
"""the value of a root (a step id, `variables`, `run`) at some keys; null where there is none"""
Make = Callable[[Read], Any]


@dataclass(frozen=True, slots=True)
class Use:
    """A reference where it stands."""

    path: Path
    reference: Reference
    single: bool
    """whether it is the whole value, which then keeps its kind"""
    dynamic: Dynamic
    annotation: Any


@dataclass(slots=True)
class Binding:
    """What settings come to: `constant` where `make` is None, else what `make` builds from the values it reads."""

    constant: Any = None
    make: Make | None = None
    uses: list[Use] = field(default_factory=list[Use])
    mistakes: list[tuple[Path, Mistake]] = field(default_factory=list[tuple[Path, Mistake]])
    misplaced: list[tuple[Path, Reference]] = field(default_factory=list[tuple[Path, Reference]])
    """references in places that take only what is typed"""
    texts: list[str] = field(default_factory=list[str])
    """what is written in places that take text, as it stands there"""


def bind(settings: dict[str, Any], marks: Marks) -> Binding:
    """Settings of a node, compiled. Everything wrong is collected, nothing raises."""
    found = Binding()
    result = _bound(settings, marks, (), found)
    if callable(result):
        found.make = result
    else:
        found.constant = result
    return found


def dig(value: Any, keys: tuple[str, ...]) -> Any:
    """The value found by walking `keys` into another; null where there is nothing."""
    for key in keys:
        if isinstance(value, dict):
            known = cast("dict[str, Any]", value)
            value = derived(known, key) if key in DERIVED and key not in known else known.get(key)
        elif isinstance(value, list) and key.isdecimal():
            entries = cast("list[Any]", value)
            value = entries[int(key)] if len(key) < 10 and int(key) < len(entries) else None
        else:
            return None
    return value


def _bound(value: Any, marks: Marks, path: Path, found: Binding) -> Any:
    """The value itself, or what makes it. Settings are JSON, so nothing in them is callable."""
    match value:
        case str() if marks.dynamic:
            return _text(value, marks, path, found)
        case _ if marks.verbatim:
            return value
        case str():
            found.misplaced += [(path, each) for each in _mentioned(value)]
            return value
        case list():
            entries = enumerate(cast("list[Any]", value))
            inside = Marks(marks.dynamic) if marks.dynamic else marks.items or TYPED
            return _list([_bound(each, inside, (*path, index), found) for index, each in entries])
        case dict():
            entries = cast("dict[str, Any]", value).items()
            fields = dict(marks.fields)
            around = Marks(marks.dynamic) if marks.dynamic else marks.items or TYPED
            return _dict({name: _bound(each, fields.get(name, around), (*path, name), found) for name, each in entries})
        case _:
            return value


def _mentioned(text: str) -> tuple[Reference, ...]:
    return parse_template(text).references if "{{" in text else ()


def _text(text: str, marks: Marks, path: Path, found: Binding) -> Any:
    if marks.dynamic is Dynamic.TEXT:
        found.texts.append(text)
    if "{{" not in text:
        return text
    template, dynamic = parse_template(text), marks.dynamic or Dynamic.TEXT
    found.mistakes += [(path, each) for each in template.mistakes]
    single = template.single
    found.uses += [Use(path, each, each is single, dynamic, marks.annotation) for each in template.references]
    if template.constant is not None:
        return template.constant
    if single and dynamic is Dynamic.VALUE:
        return value_of(single)
    return _rendered(template, _as_piece if marks.pieces else as_text)


def value_of(reference: Reference) -> Make:
    """Reads the value of one reference."""
    root, keys = reference.root, reference.keys
    instead = next((arguments[0] for name, arguments in reference.filters if name == "if_skipped"), None)
    required = any(name == "required" for name, _ in reference.filters)
    steps = [(FILTERS[name].apply, arguments) for name, arguments in reference.filters]

    def plain(read: Read) -> Any:
        return read(root, keys)

    def filtered(read: Read) -> Any:
        value = read(root, keys)
        if value is None and (required or instead is not None) and not _is_there(read, root, keys):
            if required:
                raise _not_there(reference)
            value = instead
        for function, arguments in steps:
            value = function(value, *arguments)
        return value

    return filtered if steps else plain


def _is_there(read: Read, root: str, keys: tuple[str, ...]) -> bool:
    """Whether a value that is nothing was handed on as nothing: its step ran, and there is such a name."""
    around = read(root, keys[:-1])
    return isinstance(around, dict) and (not keys or keys[-1] in cast("dict[str, Any]", around))


def _not_there(reference: Reference) -> StepFailed:
    name = ".".join((reference.root, *reference.keys))
    return StepFailed(
        f"The value “{name}” is not there: its step did not run, or hands on no such value.",
        code="value_not_there",
        hint="Look at the way that leads here, or choose a value that is always there.",
    )


def _as_piece(value: Any) -> str:
    """A value as one piece of a web address (RFC 3986, 2.1)."""
    return quote(as_text(value), safe="", errors="replace")


def _rendered(template: Template, written: Callable[[Any], str]) -> Make:
    """Writes all parts one after the other."""
    parts = [each if isinstance(each, str) else value_of(each) for each in template.parts]
    makes = [each for each in parts if not isinstance(each, str)]
    if len(makes) == 1:
        make, at = makes[0], parts.index(makes[0])
        before, behind = (
            (cast("str", parts[at - 1]) if at else ""),
            (cast("str", parts[-1]) if at + 1 < len(parts) else ""),
        )

        def one(read: Read) -> str:
            text = written(make(read))
            if len(text) > SMALL and (before or behind):
                ROOM.take(len(text))
            return before + text + behind

        return one

    def several(read: Read) -> str:
        pieces: list[str] = []
        size = 0
        for each in parts:
            piece = each if isinstance(each, str) else written(each(read))
            size += len(piece)
            if size > LONGEST_TEXT:
                check_text(size)
            pieces.append(piece)
        if size > SMALL:
            ROOM.take(size)
        return "".join(pieces)

    return several


def _list(entries: list[Any]) -> Any:
    moving = [(index, each) for index, each in enumerate(entries) if callable(each)]
    if not moving:
        return entries

    def make(read: Read) -> list[Any]:
        made = entries.copy()
        for index, each in moving:
            made[index] = each(read)
        return made

    return make


def _dict(entries: dict[str, Any]) -> Any:
    moving = [(name, each) for name, each in entries.items() if callable(each)]
    if not moving:
        return entries

    def make(read: Read) -> dict[str, Any]:
        made = entries.copy()
        for name, each in moving:
            made[name] = each(read)
        return made

    return make
