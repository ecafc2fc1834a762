"""Parsing: bytes of a file to plain data, as YAML 1.2 (core schema) or JSON, refusing whatever reads two ways."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from math import isfinite
from typing import Any

import yaml

from runtime.graph.plain import DEEPEST, LARGEST, plain
from runtime.graph.problems import Problem

LARGEST_FILE = 2 * 1024 * 1024
MOST_PROBLEMS = 50
Path = tuple[str | int, ...]

_NULL = frozenset({"", "~", "null", "Null", "NULL"})
_YES_NO = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
_WHOLE = re.compile(r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+")
_BROKEN = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_ENDLESS = re.compile(r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)")
_BASES = {"0o": 8, "0x": 16}
_LONGEST_WHOLE = 32


@dataclass
class Parsed:
    """What a file holds, the line of each place in it, and what was refused."""

    data: Any = None
    lines: dict[Path, int] = field(default_factory=dict[Path, int])
    problems: list[Problem] = field(default_factory=list[Problem])

    def refuse(self, code: str, sentence: str, hint: str = "", line: int | None = None) -> None:
        """Note a problem."""
        where = f"Line {line}: " if line else ""
        self.problems.append(Problem(code, where + (sentence if line else sentence[:1].upper() + sentence[1:]), hint))


class Hopeless(Exception):
    """Reading on would make no sense."""


def parse(content: bytes) -> Parsed:
    """The data of a file. Nothing in it raises: every refusal is a problem that names its line."""
    parsed = Parsed()
    if len(content) > LARGEST_FILE:
        size = f"{len(content) / 1024 / 1024:.1f} MB"
        parsed.refuse("file_too_large", f"the file has {size}; a workflow has at most 2 MB.", "Is it the right file?")
        return parsed
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        parsed.refuse("not_text", "this is no text in UTF-8.", "Save the file as UTF-8.", line)
        return parsed
    if not (text.lstrip().startswith("{") and _parse_json(text, parsed)):
        _parse_yaml(text, parsed)
    return parsed


def scalar(text: str) -> Any:
    """What a word without quotes means in the core schema of YAML 1.2: `no` is text, `0o17` is 15.

    Raises ValueError for a number that JSON could not carry.
    """
    if text in _NULL:
        return None
    if text in _YES_NO:
        return _YES_NO[text]
    if _WHOLE.fullmatch(text):
        whole = int(text[2:], _BASES[text[:2]]) if text[:2] in _BASES else _whole(text)
        if abs(whole) > LARGEST:
            raise ValueError(f"the number {_short(text)} is too large to be kept exactly")
        return whole
    if _BROKEN.fullmatch(text):
        number = float(text)
        if not isfinite(number):
            raise ValueError(f"the number {_short(text)} is too large")
        return number
    if _ENDLESS.fullmatch(text):
        raise ValueError(f"{text} is no finite number")
    return text


def _whole(text: str) -> int:
    return int(text) if len(text) <= _LONGEST_WHOLE else LARGEST + 1


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST_WHOLE else text[:_LONGEST_WHOLE] + "…"


def _parse_json(text: str, parsed: Parsed) -> bool:
    """Whether `text` is JSON; otherwise it may still be YAML that begins with a brace."""

    def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) < len(pairs) and not parsed.problems:
            twice = next(name for name, count in Counter(name for name, _ in pairs).items() if count > 1)
            parsed.refuse("duplicate_key", f"the name “{twice}” stands twice in one place.", "Keep one of them.")
        return found

    def number(text: str) -> Any:
        try:
            return scalar(text.replace("Infinity", ".inf").replace("NaN", ".nan"))
        except ValueError as error:
            parsed.refuse("bad_number", f"{error}.", "Write it as text, in quotes.")
            return None

    try:
        parsed.data = json.loads(
            text, object_pairs_hook=unique, parse_int=number, parse_float=number, parse_constant=number
        )
        plain(parsed.data)
    except json.JSONDecodeError:
        parsed.problems.clear()
        return False
    except RecursionError:
        parsed.refuse("too_deep", _TOO_DEEP)
    except ValueError as error:
        deep = "inside" in str(error)
        parsed.refuse("too_deep" if deep else "bad_text", f"{error}.")
    return True


_TOO_DEEP = f"more than {DEEPEST} lists or objects stand inside one another."


def _parse_yaml(text: str, parsed: Parsed) -> None:
    try:
        _Builder(parsed).build(_events(yaml.CSafeLoader(text)))
    except Hopeless:
        pass
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        said = " ".join(each for each in (error.context, error.problem) if each)
        hint = "Check the indentation, the colons and the quotes around this line."
        parsed.refuse("not_yaml", f"this cannot be read as YAML ({said}).", hint, mark.line + 1 if mark else None)
    except yaml.YAMLError as error:
        said = " ".join(str(error).split())
        parsed.refuse("not_yaml", f"the file cannot be read as YAML ({said}).", "Remove invisible control characters.")


def _events(loader: Any) -> Iterator[Any]:
    while loader.check_event():
        yield loader.get_event()


class _Builder:
    """Builds data from parser events, without recursion."""

    def __init__(self, parsed: Parsed) -> None:
        self.parsed = parsed
        self.open: list[tuple[dict[str, Any] | list[Any], Path]] = []
        self.key: list[str | None] = []
        self.documents = 0

    def build(self, events: Iterator[Any]) -> None:
        for event in events:
            line = event.start_mark.line + 1
            match event:
                case yaml.DocumentStartEvent():
                    self.documents += 1
                    if self.documents > 1:
                        self.stop(
                            "several_documents", "a second document begins here (---).", "Keep one of them.", line
                        )
                case yaml.AliasEvent():
                    hint = "Write the value out in both places."
                    self.refuse("alias_refused", f"*{event.anchor} repeats another place; this is refused.", hint, line)
                    self.put(None, line)
                case yaml.ScalarEvent():
                    self.check(event, line)
                    self.put(self.value(event, line), line)
                case yaml.MappingStartEvent():
                    self.check(event, line)
                    self.begin({}, line)
                case yaml.SequenceStartEvent():
                    self.check(event, line)
                    self.begin([], line)
                case yaml.MappingEndEvent() | yaml.SequenceEndEvent():
                    self.open.pop()
                    self.key.pop()
                case _:
                    pass

    def check(self, event: Any, line: int) -> None:
        if event.anchor:
            hint = "Remove it; write values out where they are needed."
            self.refuse("alias_refused", f"the anchor &{event.anchor} is refused.", hint, line)
        if event.tag:
            self.refuse("tag_refused", f"the tag {event.tag} is refused.", "Remove it; put text in quotes.", line)

    def value(self, event: Any, line: int) -> Any:
        if event.style or not event.implicit[0]:
            return event.value
        try:
            return scalar(event.value)
        except ValueError as error:
            self.refuse("bad_number", f"{error}.", "Write it as text, in quotes.", line)
            return None

    def begin(self, container: dict[str, Any] | list[Any], line: int) -> None:
        if len(self.open) >= DEEPEST:
            self.stop("too_deep", _TOO_DEEP, "", line)
        if self.naming():
            self.stop("key_not_text", "a list or object cannot be a name.", "Write a word before the colon.", line)
        path = self.put(container, line)
        self.open.append((container, path))
        self.key.append(None)

    def naming(self) -> bool:
        return bool(self.open) and isinstance(self.open[-1][0], dict) and self.key[-1] is None

    def put(self, value: Any, line: int) -> Path:
        """Put a value where it belongs, or take it as the name of the next one."""
        if not self.open:
            self.parsed.data = value
            self.parsed.lines[()] = line
            return ()
        container, path = self.open[-1]
        if isinstance(container, list):
            here = (*path, len(container))
            container.append(value)
        elif self.key[-1] is None:
            self.key[-1] = self.name(value, container, line)
            return path
        else:
            here = (*path, self.key[-1])
            container.setdefault(self.key[-1], value)
            self.key[-1] = None
        self.parsed.lines.setdefault(here, line)
        return here

    def name(self, value: Any, container: dict[str, Any], line: int) -> str:
        if not isinstance(value, str):
            shown = json.dumps(value)
            hint = f'Write it in quotes: "{shown}".' if value is not None else "Write a word before the colon."
            self.refuse("key_not_text", f"the name {shown} is not text.", hint, line)
            return f"{shown} in line {line}"
        if value in container:
            hint = "Keep one of them, or give the second another name."
            self.refuse("duplicate_key", f"the name “{value}” stands twice in one place.", hint, line)
        return value

    def refuse(self, code: str, sentence: str, hint: str, line: int) -> None:
        self.parsed.refuse(code, sentence, hint, line)
        if len(self.parsed.problems) >= MOST_PROBLEMS:
            raise Hopeless

    def stop(self, code: str, sentence: str, hint: str, line: int) -> None:
        self.parsed.refuse(code, sentence, hint, line)
        raise Hopeless


def line_at(lines: dict[Path, int], path: Path) -> int | None:
    """The line of a place, or of the nearest one around it."""
    return next((lines[path[:end]] for end in range(len(path), -1, -1) if path[:end] in lines), None)
