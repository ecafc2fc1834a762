"""Values by name for code: what goes in, and what is declared to come out."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from enum import StrEnum
from typing import Any, cast

from pydantic import BaseModel, ConfigDict

from nodes.sdk.fields import Control, Value, field
from nodes.sdk.node import Trouble
from nodes.sdk.reading import as_text
from nodes.sdk.shape import ANY, LIST, NUMBER, OBJECT, TEXT, YES_NO, Shape
from nodes.sdk.words import is_key

_IDENTIFIER = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,62}")
_WORDS = """
False None True and as assert async await break case class const continue def default del delete do elif else except
export extends finally for from function global if import in instanceof is lambda let new nonlocal not null or pass
raise return super switch this throw true false try typeof undefined var void while with yield
"""
RESERVED = frozenset(_WORDS.split())
"""words that mean something in Python, JavaScript or a template, so that nothing can be called by them"""


class Given(BaseModel):
    """One value code may use, by its name."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = field("Name", "What the code calls it.", control=Control.IDENTIFIER, example="amount", max_length=63)
    value: Value = field("Value", default=None, example="/ for a value")


class Kind(StrEnum):
    """What kind of value is handed on."""

    TEXT = "text"
    NUMBER = "number"
    YES_NO = "yes_no"
    OBJECT = "object"
    TEXTS = "texts"
    NUMBERS = "numbers"
    YES_NOS = "yes_nos"
    OBJECTS = "objects"
    LIST = "list"
    ANY = "any"

    @property
    def label(self) -> str:
        """The word in the form."""
        return self.word.capitalize()

    @property
    def word(self) -> str:
        """The word in sentences."""
        return _KINDS[self][0]

    @property
    def shape(self) -> Shape:
        """What later steps may expect."""
        return _KINDS[self][1]


def _list_of(items: Shape) -> Shape:
    return LIST.model_copy(update={"items": items})


_KINDS: dict[Kind, tuple[str, Shape]] = {
    Kind.TEXT: ("text", TEXT),
    Kind.NUMBER: ("number", NUMBER),
    Kind.YES_NO: ("yes/no", YES_NO),
    Kind.OBJECT: ("object", OBJECT),
    Kind.TEXTS: ("list of texts", _list_of(TEXT)),
    Kind.NUMBERS: ("list of numbers", _list_of(NUMBER)),
    Kind.YES_NOS: ("list of yes/no", _list_of(YES_NO)),
    Kind.OBJECTS: ("list of objects", _list_of(OBJECT)),
    Kind.LIST: ("list of anything", LIST),
    Kind.ANY: ("anything", ANY),
}
_ITEMS = {Kind.TEXTS: Kind.TEXT, Kind.NUMBERS: Kind.NUMBER, Kind.YES_NOS: Kind.YES_NO, Kind.OBJECTS: Kind.OBJECT}


class Declared(BaseModel):
    """One value code hands on, with its kind."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = field("Name", "What later steps call it.", control=Control.IDENTIFIER, example="total", max_length=63)
    kind: Kind = field("Kind", default=Kind.TEXT)


_MODULES = """
asyncio base64 binascii bisect collections copy csv dataclasses datetime decimal functools hashlib hmac html itertools
json logging math operator os pathlib random re statistics string sys textwrap time traceback typing unicodedata
urllib.parse uuid
"""
PYTHON_MODULES = frozenset(_MODULES.split())
"""what code in Python may import"""


def is_identifier(name: str) -> bool:
    """Whether code can call something by this name."""
    return bool(_IDENTIFIER.fullmatch(name)) and name not in RESERVED


def name_troubles(
    names: Iterable[str], place: str, noun: str, taken: Mapping[str, str] | None = None, *, keys: bool = False
) -> list[Trouble]:
    """Names of the rows at `place` that no code could use, or that two rows have; `taken` says what names mean.

    As `keys` of an object they may also be words that mean something in code."""

    def wrong(name: str) -> str:
        if is_identifier(name) or (keys and name in RESERVED):
            return ""
        return "means something in code" if name in RESERVED else "cannot be a name in code"

    return _rows_to_rename(names, place, noun, taken, wrong, like="net_amount")


def key_troubles(
    names: Iterable[str], place: str, noun: str, taken: Mapping[str, str] | None = None, *, like: str = "due_date"
) -> list[Trouble]:
    """Names of the rows at `place` that no reference could hold, or that two rows have."""
    return _rows_to_rename(names, place, noun, taken, lambda name: "" if is_key(name) else "is no name", like)


def _rows_to_rename(
    names: Iterable[str],
    place: str,
    noun: str,
    taken: Mapping[str, str] | None,
    wrong: Callable[[str], str],
    like: str,
) -> list[Trouble]:
    found: list[Trouble] = []
    known = dict(taken or {})
    for number, name in enumerate(names):
        where = f"{place}.{number}.name"
        if not name:
            found.append(Trouble(where, "missing", f"Give the {noun} a name."))
        elif what := wrong(name):
            text = f"“{name}” {what}: use letters, digits and underscores, like “{like}”."
            found.append(Trouble(where, "bad_name", text))
        elif name in known:
            found.append(Trouble(where, "name_taken", f"“{name}” already names {known[name]}. Rename this one."))
        known[name] = f"another {noun}"
    return found


def values_of(given: Sequence[Given]) -> dict[str, Any]:
    """The values by their names."""
    return {each.name: each.value for each in given}


def misfit(value: Any, kind: Kind) -> str:
    """What is wrong with a value of which this kind was promised; empty where it fits. A list may have gaps: entries
    that are nothing."""
    match kind:
        case Kind.ANY:
            fits = True
        case Kind.TEXT:
            fits = isinstance(value, str)
        case Kind.NUMBER:
            fits = isinstance(value, int | float) and not isinstance(value, bool)
        case Kind.YES_NO:
            fits = isinstance(value, bool)
        case Kind.OBJECT:
            fits = isinstance(value, dict)
        case Kind.LIST:
            fits = isinstance(value, list)
        case _:
            return _misfit_in_list(value, kind)
    return "" if fits else f"is {spoken(value)}, and not {_a(kind)}"


def _misfit_in_list(value: Any, kind: Kind) -> str:
    if not isinstance(value, list):
        return f"is {spoken(value)}, and not {_a(kind)}"
    inner = _ITEMS[kind]
    for number, each in enumerate(cast("list[Any]", value)):
        if each is not None and misfit(each, inner):
            return f"is to be {_a(kind)}, but entry {number + 1} is {spoken(each)}"
    return ""


def _a(kind: Kind) -> str:
    return {Kind.OBJECT: "an object", Kind.YES_NO: "yes or no"}.get(kind, f"a {kind.word}")


def spoken(value: Any) -> str:
    """What a value is, as a person says it."""
    match value:
        case None:
            return "nothing"
        case bool():
            return "yes or no"
        case int() | float():
            return "a number"
        case str():
            return "a text"
        case list():
            return "a list"
        case dict():
            return "an object"
        case _:
            return as_text(value)[:60]
