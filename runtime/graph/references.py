"""References: `{{ step.field | filter }}` inside a text, parsed once into what is fixed and what is put in."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

from runtime.graph.filters import FILTERS, date_form_is_known
from runtime.graph.wording import did_you_mean

MOST_MISTAKES = 20
_OPENING = re.compile(r"(?<!\\)(?:(\\+)\{\{|\{\{(?!\{))")
"""two braces, the last ones of several, or two behind backslashes"""
_BRACES = re.compile(r"(?<!\\)(\\*)\{\{")
_PATH = re.compile(r"\s*([A-Za-z_]\w*)((?:\.[\w-]+)*)\s*")
_FILTER = re.compile(r"\|\s*([A-Za-z_]\w*)\s*")
_ARGUMENT = re.compile(r"""\s*("(?:[^"\\\n]|\\.)*"|'[^'\n]*'|-?\d+(?:\.\d+)?|true|false|null)\s*""")
_CLOSING = re.compile(r"\s*\}\}")


@dataclass(frozen=True, slots=True)
class Reference:
    """One place in a text where a value is put in: `root` is a step id, `variables` or `run`."""

    root: str
    keys: tuple[str, ...]
    filters: tuple[tuple[str, tuple[Any, ...]], ...] = ()
    written: str = ""
    """as it stands in the text"""

    @property
    def covered(self) -> bool:
        """Whether it is said what becomes of a missing value."""
        return any(name in ("default", "if_skipped", "required") for name, _ in self.filters)


@dataclass(frozen=True, slots=True)
class Mistake:
    """Something in braces that cannot be read, at a position of the text (counted from 0)."""

    sentence: str
    hint: str
    position: int


@dataclass(frozen=True, slots=True)
class Template:
    """A text, taken apart. Values put in are never looked at again."""

    parts: tuple[str | Reference, ...]
    mistakes: tuple[Mistake, ...] = ()

    @property
    def references(self) -> tuple[Reference, ...]:
        """Those among the parts."""
        return tuple(each for each in self.parts if isinstance(each, Reference))

    @property
    def single(self) -> Reference | None:
        """The reference, where it is all there is: then its value keeps its kind."""
        only = self.parts[0] if len(self.parts) == 1 else None
        return only if isinstance(only, Reference) else None

    @property
    def constant(self) -> str | None:
        """The text, where nothing is put in."""
        return None if self.references else "".join(each for each in self.parts if isinstance(each, str))


class _Unreadable(Exception):
    """Says what is wrong with one reference."""

    def __init__(self, sentence: str, hint: str = "") -> None:
        super().__init__(sentence)
        self.sentence, self.hint = sentence, hint


def parse_template(text: str) -> Template:
    r"""The parts of a text. `\{{` stands for two braces as they are; before braces `\\` is one backslash."""
    parts: list[str | Reference] = []
    mistakes: list[Mistake] = []
    fixed, position = "", 0
    while len(mistakes) < MOST_MISTAKES and (opening := _OPENING.search(text, position)):
        slashes = opening[1] or ""
        fixed += text[position : opening.start()] + slashes[: len(slashes) // 2]
        position = opening.end()
        if len(slashes) % 2:
            fixed += "{{"
            continue
        try:
            reference, position = _reference(text, opening.end())
        except _Unreadable as error:
            mistakes.append(Mistake(error.sentence, error.hint, opening.end() - 2))
            fixed += "{{"
            continue
        if fixed:
            parts.append(fixed)
        parts.append(reference)
        fixed = ""
    if rest := fixed + text[position:]:
        parts.append(rest)
    return Template(tuple(parts), tuple(mistakes))


def escape(text: str) -> str:
    """The text that `parse_template` reads back as nothing but `text`."""
    return _BRACES.sub(lambda found: found[1] * 2 + r"\{{", text)


def _reference(text: str, begin: int) -> tuple[Reference, int]:
    """The reference whose braces opened just before `begin`, and where the text goes on."""
    path = _PATH.match(text, begin)
    if not path:
        raise _Unreadable(
            f"“{_shown(text, begin)}” is no reference.",
            "Write {{ step.field }}, or \\{{ for two braces as they are.",
        )
    position = path.end()
    filters: list[tuple[str, tuple[Any, ...]]] = []
    while found := _FILTER.match(text, position):
        arguments, position = _arguments(text, found.end())
        filters.append((_known(found[1], arguments), arguments))
    closing = _CLOSING.match(text, position)
    if not closing:
        raise _Unreadable(
            f"“{_shown(text, begin)}” cannot be read after “{text[begin:position].strip()}”.",
            "Write {{ step.field }} or {{ step.field | filter }}, and close it with }}.",
        )
    keys = tuple(path[2].split(".")[1:])
    written = text[begin - 2 : closing.end()]
    return Reference(path[1], keys, tuple(filters), written), closing.end()


def _known(name: str, arguments: tuple[Any, ...]) -> str:
    if name not in FILTERS:
        hint = did_you_mean(name, FILTERS) or f"There are: {', '.join(each.example for each in FILTERS.values())}."
        raise _Unreadable(f"There is no filter “{name}”.", hint)
    if FILTERS[name].refuses(arguments):
        raise _Unreadable(f"The filter “{name}” is not written so.", f"Write it as {FILTERS[name].example}.")
    if name == "date" and not date_form_is_known(arguments[0]):
        raise _Unreadable(f"The date form “{arguments[0]}” has an unknown sign after %.", "Use %d, %m, %Y, %H and %M.")
    return name


def _arguments(text: str, position: int) -> tuple[tuple[Any, ...], int]:
    if text[position : position + 1] != "(":
        return (), position
    found = _ARGUMENT.match(text, position + 1)
    end = found.end() if found else position + 1
    if not found or text[end : end + 1] != ")":
        raise _Unreadable("The brackets of a filter hold one text in quotes, or one number.", 'Write default("none").')
    word = found[1]
    try:
        value = word[1:-1] if word.startswith("'") else json.loads(word)
    except ValueError:
        raise _Unreadable(
            f"The text {word[:40]} cannot be read.", 'Write \\" for a quotation mark inside it.'
        ) from None
    return (value,), _spaces(text, end + 1)


def _spaces(text: str, position: int) -> int:
    while text[position : position + 1].isspace():
        position += 1
    return position


def _shown(text: str, begin: int) -> str:
    """The braces as they stand in the text, shortened."""
    end = text.find("}}", begin, begin + 80)
    inside = text[begin : end + 2] if end >= 0 else text[begin : begin + 20].split("\n")[0] + "…"
    return "{{" + inside
