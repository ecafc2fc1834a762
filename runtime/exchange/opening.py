"""Opening: bytes to plain data, as lenient as the programs that wrote them, and never more than can be looked at."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, NamedTuple, cast

import yaml

from runtime.exchange.report import Report
from runtime.graph.parsing import scalar

LARGEST = 10 * 1024 * 1024
MOST = 40_000
"""values, each counted wherever an alias repeats it; text counts as one more for each `PIECE` of it. Three times the
largest file we have seen"""
PIECE = 48
"""characters"""
DEEPEST = 45
"""lists and objects in one another: less than in a document, which puts some more around them"""
_OLD_WORDS = {"yes": True, "on": True, "no": False, "off": False}
"""what YAML 1.1 takes for more than text"""
_HALVES = dict.fromkeys(range(0xD800, 0xE000), 0xFFFD)
"""halves of characters, which no file may hold"""
_MERGE = "<<"
_STRING = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+"?', re.DOTALL)
"""a text in JSON; one that never ends is one to the end, so that every file is gone through once"""


class _Hopeless(Exception):
    """Reading on would make no sense; what was wrong is noted."""


class _Built(NamedTuple):
    """A value with how much it holds and how deep it is."""

    value: Any
    size: int
    height: int


def opened(content: bytes, report: Report) -> Any:
    """The data of a file; None, with the reason in the report, where there is none to be had."""
    if len(content) > LARGEST:
        size = f"{len(content) / 1024 / 1024:.1f} MB"
        report.note("file_too_large", f"The file has {size}; at most 10 MB are read.", error=True)
        return None
    try:
        words = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        report.note("not_text", "This is no text in UTF-8.", "Save the file as UTF-8.", error=True)
        return None
    try:
        if words.lstrip().startswith("{") and _STRING.sub("", words).count(",") < MOST:
            try:
                return _measured(_of_json(words, report), report)
            except (json.JSONDecodeError, RecursionError):
                pass
        return _Builder(report).build(_events(yaml.CSafeLoader(words)))
    except _Hopeless:
        return None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        where = f"Line {mark.line + 1}: " if mark else ""
        report.note("not_readable", f"{where}this cannot be read as YAML ({error.problem}).", error=True)
    except yaml.YAMLError as error:
        report.note("not_readable", f"This cannot be read as YAML ({' '.join(str(error).split())[:200]}).", error=True)
    return None


def _of_json(words: str, report: Report) -> Any:
    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        made = dict(pairs)
        if len(made) != len(pairs):
            report.note("duplicate_key", "A name stands twice in one place; the last one counts.")
        return made

    return json.loads(words, parse_constant=str, parse_int=_whole, object_pairs_hook=once)


def _whole(digits: str) -> Any:
    try:
        return scalar(digits)
    except ValueError:
        return digits


def weight(words: str) -> int:
    """What a text counts for."""
    return 1 + len(words) // PIECE


def _measured(value: Any, report: Report) -> Any:
    """Data of JSON, clean and within bounds."""
    left = MOST

    def clean(value: Any, depth: int) -> Any:
        nonlocal left
        left -= weight(value) if isinstance(value, str) else 1
        if left < 0 or depth > DEEPEST:
            _stop(report)
        match value:
            case str():
                return value if value.isascii() else value.translate(_HALVES)
            case float() if value in (float("inf"), float("-inf")):
                return str(value)
            case list():
                return [clean(each, depth + 1) for each in cast("list[Any]", value)]
            case dict():
                entries = cast("dict[str, Any]", value).items()
                return {clean(name, depth): clean(each, depth + 1) for name, each in entries}
            case _:
                return value

    return clean(value, 0)


def _stop(report: Report) -> None:
    sentence = (
        f"The file holds more than {MOST:,} values, more text than {MOST * PIECE / 1e6:.0f} MB, or more than {DEEPEST} "
        "lists and objects in one another."
    )
    report.note("too_much", sentence, "Is it the right file?", error=True)
    raise _Hopeless


def _events(loader: Any) -> Iterator[Any]:
    while loader.check_event():
        yield loader.get_event()


class _Open:
    """A list or an object that is still being read."""

    def __init__(self, event: Any) -> None:
        self.anchor: str | None = event.anchor
        self.value: dict[str, Any] | list[Any] = {} if isinstance(event, yaml.MappingStartEvent) else []
        self.key: str | None = None
        self.size, self.height = 1, 1


class _Builder:
    """Builds data from parser events, without recursion. Aliases are followed as far as the bounds allow."""

    def __init__(self, report: Report) -> None:
        self.report = report
        self.open: list[_Open] = []
        self.anchors: dict[str, _Built] = {}
        self.size = 0
        self.root: Any = None
        self.documents = 0

    def build(self, events: Iterator[Any]) -> Any:
        for event in events:
            if isinstance(event, yaml.DocumentStartEvent):
                self.documents += 1
            if self.documents > 1:
                break  # the rest is another document, which nobody reads
            match event:
                case yaml.AliasEvent():
                    self.alias(event)
                case yaml.ScalarEvent():
                    self.done(_Built(self.value(event), weight(event.value), 0), event.anchor)
                case yaml.MappingStartEvent() | yaml.SequenceStartEvent():
                    self.begin(event)
                case yaml.MappingEndEvent() | yaml.SequenceEndEvent():
                    ended = self.open.pop()
                    self.size -= ended.size
                    self.done(_Built(ended.value, ended.size, ended.height), ended.anchor)
                case _:
                    pass
        return self.root

    def alias(self, event: Any) -> None:
        if event.anchor not in self.anchors:
            self.refuse(f"Line {event.start_mark.line + 1}: *{event.anchor} stands for nothing yet.")
        self.put(self.anchors[event.anchor])

    def begin(self, event: Any) -> None:
        if len(self.open) >= DEEPEST:
            _stop(self.report)
        if self.open and isinstance(self.open[-1].value, dict) and self.open[-1].key is None:
            self.refuse(f"Line {event.start_mark.line + 1}: a list or object cannot be a name.")
        self.open.append(_Open(event))
        self.size += 1

    def done(self, built: _Built, anchor: str | None) -> None:
        if anchor:
            self.anchors[anchor] = built
        self.put(built)

    def refuse(self, sentence: str) -> None:
        self.report.note("not_readable", sentence, error=True)
        raise _Hopeless

    def value(self, event: Any) -> Any:
        if event.style or not event.implicit[0]:
            return event.value
        if event.value.lower() in _OLD_WORDS:
            return _OLD_WORDS[event.value.lower()]
        try:
            return scalar(event.value)
        except ValueError:
            line = event.start_mark.line + 1
            self.report.note("bad_number", f"Line {line}: the number {event.value[:40]} is kept as text.")
            return event.value

    def put(self, built: _Built) -> None:
        """Put a value where it belongs, or take it as the name of the next one."""
        self.size += built.size
        if self.size > MOST or len(self.open) + built.height > DEEPEST:
            _stop(self.report)
        if not self.open:
            self.root = built.value
            return
        around = self.open[-1]
        around.size += built.size
        around.height = max(around.height, built.height + 1)
        if isinstance(around.value, list):
            around.value.append(built.value)
        elif around.key is None:
            if built.height:
                self.refuse("A list or object cannot be a name.")
            around.key = built.value if isinstance(built.value, str) else json.dumps(built.value)
        else:
            self.entry(around.value, around.key, built.value)
            around.key = None

    def entry(self, entries: dict[str, Any], name: str, value: Any) -> None:
        if name == _MERGE and isinstance(value, dict):
            for key, each in cast("dict[str, Any]", value).items():
                entries.setdefault(key, each)
            return
        if name in entries:
            self.report.note("duplicate_key", f"The name “{name[:80]}” stands twice in one place; the last one counts.")
        entries[name] = value
