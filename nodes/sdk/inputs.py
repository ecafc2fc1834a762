"""Inputs: what a run may be started with, and how each kind is read from what people and programs give."""

from __future__ import annotations

import json
from collections.abc import Callable
from enum import StrEnum
from typing import Any, cast

from pydantic import BaseModel, ConfigDict

from nodes.sdk.answer import fit_trouble
from nodes.sdk.fields import Control, field
from nodes.sdk.files import FILE_ID, FileHandle, derived
from nodes.sdk.flows import DataClass, Tag
from nodes.sdk.reading import as_date, as_number, as_text, as_yes_no, is_empty
from nodes.sdk.shape import FILE, Kind, Shape
from nodes.sdk.words import listed, shortened

LONGEST_TEXT = 1_000_000
"""characters of any one text input"""
MOST_FILES = 100
"""of one input"""


class InputError(ValueError):
    """What is wrong with an input, as the end of a sentence that begins with its name."""


class InputKind(StrEnum):
    """What an input holds, and which control its form shows."""

    TEXT = "text"
    PARAGRAPH = "paragraph"
    NUMBER = "number"
    CHOICE = "choice"
    YES_NO = "yes_no"
    DATE = "date"
    FILE = "file"
    FILES = "files"
    LIST = "list"
    JSON = "json"

    @property
    def label(self) -> str:
        """The words in the form."""
        return {"yes_no": "Yes or no", "files": "Several files", "json": "JSON"}.get(
            self.value, self.value.capitalize()
        )

    @property
    def value_kind(self) -> Kind:
        """The kind of value later steps get."""
        return _VALUE_KINDS.get(self, Kind.TEXT)

    @property
    def shape(self) -> Shape:
        """What is known of that value."""
        return Shape(kind=self.value_kind, items=FILE if self is InputKind.FILES else None)


_VALUE_KINDS = {
    InputKind.NUMBER: Kind.NUMBER,
    InputKind.YES_NO: Kind.YES_NO,
    InputKind.DATE: Kind.DATE,
    InputKind.FILE: Kind.FILE,
    InputKind.FILES: Kind.LIST,
    InputKind.LIST: Kind.LIST,
    InputKind.JSON: Kind.ANY,
}
_WITH_TEXT = (InputKind.TEXT, InputKind.PARAGRAPH)
_WITH_SIZE = (InputKind.NUMBER, InputKind.LIST, InputKind.FILES)
OF_FILES = (InputKind.FILE, InputKind.FILES)
_TYPED = tuple(each for each in InputKind if each not in OF_FILES)


class FileKind(StrEnum):
    """What a file is, by its content and its ending."""

    IMAGE = "image"
    DOCUMENT = "document"
    AUDIO = "audio"
    VIDEO = "video"


class Input(BaseModel):
    """One thing a run is started with."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = field("Name", "What later steps call it.", control=Control.NAME, example="customer", max_length=63)
    kind: InputKind = field("Kind", default=InputKind.TEXT)
    required: bool = field("Required", default=True)
    options: list[str] = field(
        "Options", "What can be chosen.", default=[], row="option", when=("kind", InputKind.CHOICE), max_length=500
    )
    default: Any = field(
        "Default", "Used when nothing is entered.", default=None, control=Control.VALUE, when=("kind", _TYPED)
    )
    data_class: DataClass = field(
        "How confidential", "Of what is entered here. It decides where the value may go.", default=DataClass.INTERNAL
    )
    tags: list[Tag] = field(
        "It holds", "What matters beside the class.", default=[], row="tag", advanced=True, max_length=len(Tag)
    )
    min: float | None = field(
        "At least", "Smallest number, or fewest entries.", default=None, when=("kind", _WITH_SIZE), advanced=True
    )
    max: float | None = field(
        "At most", "Largest number, or most entries.", default=None, when=("kind", _WITH_SIZE), advanced=True
    )
    max_length: int | None = field(
        "Longest text", "In characters.", default=None, when=("kind", _WITH_TEXT), advanced=True, ge=1, le=LONGEST_TEXT
    )
    hidden: bool = field(
        "Left out of the form", "Another system may give it; otherwise it is the default.", default=False, advanced=True
    )
    file_kinds: list[FileKind] = field(
        "Files of the kind", "Empty: any.", default=[], row="kind", when=("kind", OF_FILES), advanced=True,
        max_length=len(FileKind),
    )  # fmt: skip
    extensions: list[str] = field(
        "Files that end in", "Beside those kinds.", default=[], row="ending", when=("kind", OF_FILES), advanced=True,
        max_length=50,
    )  # fmt: skip
    json_schema: dict[str, Any] | None = field(
        "Fits the schema", "A JSON Schema of what may be entered.", default=None, control=Control.JSON,
        when=("kind", InputKind.JSON), advanced=True,
    )  # fmt: skip
    blank: bool = field(
        "Blank text counts", "Empty text and spaces count as entered, and are handed on as they are.", default=False,
        when=("kind", _WITH_TEXT), advanced=True,
    )  # fmt: skip

    def misfit(self, file: FileHandle) -> str:
        """What is wrong with a file for this input; empty where it fits."""
        endings = {f".{each.lower().strip().lstrip('.')}" for each in self.extensions if each.strip()}
        if not (self.file_kinds or endings):
            return ""
        if derived(file, "kind") in self.file_kinds or derived(file, "extension") in endings:
            return ""
        return (
            f"takes {listed([*self.file_kinds, *sorted(endings)], 'or')}; “{shortened(file['name'])}” is none of them"
        )


def read_input(each: Input, given: Any) -> Any:
    """The value of an input; `InputError` says what is wrong."""
    if is_empty(given) and not counts(each, given):
        if each.required:
            raise InputError("is missing")
        return None
    value = _READERS[each.kind](given, each)
    _check_limits(each, value)
    return value


def counts(each: Input, given: Any) -> bool:
    """Whether something blank counts as entered."""
    return each.blank and each.kind in _WITH_TEXT and isinstance(given, str)


def _check_limits(each: Input, value: Any) -> None:
    match each.kind:
        case InputKind.TEXT | InputKind.PARAGRAPH:
            longest = each.max_length or LONGEST_TEXT
            if len(value) > longest:
                raise InputError(f"has {len(value):,} characters; at most {longest:,} are allowed")
        case InputKind.NUMBER | InputKind.LIST | InputKind.FILES:
            words = {InputKind.LIST: " entries", InputKind.FILES: " files"}
            size, what = (value, "") if each.kind is InputKind.NUMBER else (len(value), words[each.kind])
            if each.min is not None and size < each.min:
                raise InputError(f"must be at least {each.min:g}{what}; it is {size}")
            if each.max is not None and size > each.max:
                raise InputError(f"must be at most {each.max:g}{what}; it is {size}")
        case InputKind.JSON if each.json_schema is not None:
            if wrong := fit_trouble(value, each.json_schema):
                raise InputError(f"does not fit: {wrong}")
        case _:
            pass


def _text(given: Any, _: Input) -> str:
    if isinstance(given, list | dict):
        raise InputError("must be text")
    return as_text(given)


def _number(given: Any, _: Input) -> int | float:
    value = as_number(given)
    if value is None:
        raise InputError(f"must be a number like 3 or 3.5; “{shortened(given)}” is none")
    return value


def _choice(given: Any, each: Input) -> str:
    wanted = as_text(given).strip()
    exact = [option for option in each.options if option == wanted]
    close = [option for option in each.options if option.casefold() == wanted.casefold()]
    if not (exact or close):
        options = listed([f"“{option}”" for option in each.options], "or")
        raise InputError(f"must be one of {options}; “{shortened(given)}” is none of them")
    return (exact or close)[0]


def _yes_no(given: Any, _: Input) -> bool:
    value = as_yes_no(given)
    if value is None:
        raise InputError(f"must be yes or no; “{shortened(given)}” is neither")
    return value


def _date(given: Any, _: Input) -> str:
    value = as_date(given)
    if value is None:
        raise InputError(f"must be a date like 2026-11-03; “{shortened(given)}” is none")
    return value.isoformat()


def _file(given: Any, _: Input) -> FileHandle:
    """Which file is meant; what it is, and whether it may be used, is asked when the run is started."""
    named: Any = cast("dict[str, Any]", given).get("id") if isinstance(given, dict) else given
    if not (isinstance(named, str) and named.startswith(FILE_ID) and len(named) < 100):
        raise InputError("must be an uploaded file")
    return FileHandle(id=named, name="", type="", size=0, sha256="")


def _files(given: Any, each: Input) -> list[FileHandle]:
    if isinstance(given, str):
        given = _list(given, each)
    entries = cast("list[Any]", given) if isinstance(given, list) else [given]
    if len(entries) > MOST_FILES:
        raise InputError(f"has {len(entries)} files; at most {MOST_FILES} are taken")
    return [_file(one, each) for one in entries]


def _list(given: Any, _: Input) -> list[Any]:
    if isinstance(given, list):
        return cast("list[Any]", given)
    if not isinstance(given, str):
        raise InputError("must be a list")
    if given.lstrip().startswith("["):
        return cast("list[Any]", _parsed(given))
    return [line.strip() for line in given.splitlines() if line.strip()]


def _json(given: Any, _: Input) -> Any:
    return _parsed(given) if isinstance(given, str) else given


def _parsed(given: str) -> Any:
    def refuse(name: str) -> None:
        raise ValueError(name)

    try:
        return json.loads(given, parse_constant=refuse)
    except (ValueError, RecursionError):
        raise InputError(f"must be JSON; “{shortened(given)}” cannot be read") from None


_READERS: dict[InputKind, Callable[[Any, Input], Any]] = {
    InputKind.TEXT: _text,
    InputKind.PARAGRAPH: _text,
    InputKind.NUMBER: _number,
    InputKind.CHOICE: _choice,
    InputKind.YES_NO: _yes_no,
    InputKind.DATE: _date,
    InputKind.FILE: _file,
    InputKind.FILES: _files,
    InputKind.LIST: _list,
    InputKind.JSON: _json,
}
