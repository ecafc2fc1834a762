"""`flow.start`: what a run is started with."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Any, cast

from pydantic import BaseModel, ConfigDict

from nodes.sdk import (
    FILE,
    FILE_ID,
    Context,
    Control,
    DataClass,
    Draw,
    Example,
    FileHandle,
    Kind,
    Node,
    Result,
    Shape,
    Tag,
    Trouble,
    field,
)  # fmt: skip
from nodes.sdk.reading import as_date, as_number, as_text, as_yes_no, is_empty
from nodes.sdk.words import is_key, listed, shortened

MESSAGE = "message"
LONGEST_TEXT = 1_000_000
"""characters of any one text input"""
MOST_FILES = 100
"""of one input"""


class InputError(ValueError):
    """What is wrong with an input, as the end of a sentence that begins with its name."""


class Opening(StrEnum):
    """How a run begins."""

    FORM = "form"
    CHAT = "chat"
    WEBHOOK = "webhook"
    SCHEDULE = "schedule"

    @property
    def label(self) -> str:
        """The words in the form."""
        return {
            "form": "A form",
            "chat": "A chat message",
            "webhook": "A call from another system",
            "schedule": "A schedule",
        }[self]


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
_OF_FILES = (InputKind.FILE, InputKind.FILES)
_TYPED = tuple(each for each in InputKind if each not in _OF_FILES)


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
    blank: bool = field(
        "Blank text counts", "Empty text and spaces count as entered, and are handed on as they are.", default=False,
        when=("kind", _WITH_TEXT), advanced=True,
    )  # fmt: skip


class Start(Node, label="Start", icon="play"):
    """Begin here: what a run needs to know before it starts.

    Each input becomes a field of the form, an argument of the API and a value later steps refer to as
    `{{ start.name }}`. A chat also brings `message`, what the person wrote.
    """

    kind: Opening = field("Begins with", default=Opening.FORM)
    inputs: list[Input] = field(
        "Inputs", "What is asked before the run starts.", default=[], row="input", max_length=100
    )

    examples = (
        Example(
            "A form with a ticket and its language",
            settings={
                "inputs": [
                    {"name": "ticket", "kind": "paragraph"},
                    {"name": "language", "kind": "choice", "options": ["English", "German"], "default": "English"},
                ]
            },
            inputs={"ticket": "My invoice is wrong.", "language": "German"},
            output={"ticket": "My invoice is wrong.", "language": "German"},
        ),
        Example("A chat", settings={"kind": "chat"}, inputs={"message": "Hello"}, output={"message": "Hello"}),
    )

    def asked(self) -> list[Input]:
        """All inputs, with the message a chat brings by itself."""
        message = [Input(name=MESSAGE, kind=InputKind.PARAGRAPH, blank=True)] if self.kind is Opening.CHAT else []
        return [*message, *self.inputs]

    def outputs(self) -> dict[str, Shape]:
        """One value for each input, by its name."""
        return {each.name: each.kind.shape for each in self.asked()}

    def draws(self) -> list[Draw]:
        """What is entered, input by input."""
        return [Draw("input", each.name, each.data_class, frozenset(each.tags), each.name) for each in self.asked()]

    def check_inputs(self, raw: Mapping[str, Any]) -> tuple[dict[str, Any], list[Trouble]]:
        """Convert what a form, the API or the command line gives, and name every problem by its input.

        Text is read as the kind asks for ("3" as a number, "yes", "2026-11-03", lines as a list). A missing input
        becomes its default, or nothing. The values are complete only when there are no problems.
        """
        asked = {each.name: each for each in self.asked()}
        values: dict[str, Any] = {}
        problems = [_stranger(name, list(asked)) for name in raw if name not in asked]
        for name, each in asked.items():
            given = raw.get(name)
            try:
                values[name] = _checked(each, each.default if is_empty(given) and not _counts(each, given) else given)
            except InputError as error:
                problems.append(Trouble(name, "bad_input", f"“{name}” {error}."))
        return values, problems

    def troubles(self) -> list[Trouble]:
        """Names that are taken or no names, choices without options, limits and defaults that contradict."""
        found: list[Trouble] = []
        taken = {MESSAGE} if self.kind is Opening.CHAT else set[str]()
        for number, each in enumerate(self.inputs):
            found += [
                Trouble(f"inputs.{number}.{name}", code, text) for name, code, text in self._troubles_of(each, taken)
            ]
            taken.add(each.name)
        return found

    def _troubles_of(self, each: Input, taken: set[str]) -> list[tuple[str, str, str]]:
        found: list[tuple[str, str, str]] = []
        if not is_key(each.name):
            found.append(
                (
                    "name",
                    "bad_name",
                    f"“{each.name}” is no name: use letters, digits and underscores, like “due_date”.",
                )
            )
        elif each.name in taken:
            found.append(
                ("name", "name_taken", f"There is already an input “{each.name}”. Give this one another name.")
            )
        if each.kind is InputKind.CHOICE and not each.options:
            found.append(("options", "no_options", f"“{each.name}” is a choice without options. Add at least one."))
        if each.min is not None and each.max is not None and each.min > each.max:
            found.append(
                (
                    "min",
                    "empty_range",
                    f"“{each.name}” must be at least {each.min:g} and at most {each.max:g}: nothing fits.",
                )
            )
        if not is_empty(each.default) and each.kind in _OF_FILES:
            found.append(("default", "bad_default", f"“{each.name}” is a file: it has no default."))
        elif not is_empty(each.default):
            try:
                _checked(each, each.default)
            except InputError as error:
                found.append(("default", "bad_default", f"The default of “{each.name}” {error}."))
        elif self.kind is Opening.SCHEDULE and each.required:
            found.append(
                (
                    "default",
                    "nobody_asked",
                    f"A schedule asks nobody: give “{each.name}” a default or make it optional.",
                )
            )
        return found

    def explain(self) -> str:
        """What begins a run and what is asked."""
        names = [f"“{each.name}”" + ("" if each.required else " (optional)") for each in self.inputs]
        begins = {
            "form": "a form",
            "chat": "a chat message",
            "webhook": "a call from another system",
            "schedule": "a schedule",
        }[self.kind]
        return f"A run begins with {begins}" + (f" and gets {listed(names)}." if names else ".")

    async def run(self, ctx: Context) -> Result:
        """Hand on the inputs, which were checked when the run was started."""
        return {each.name: ctx.inputs.get(each.name) for each in self.asked()}


def _checked(each: Input, given: Any) -> Any:
    """The value of an input; `InputError` says what is wrong."""
    if is_empty(given) and not _counts(each, given):
        if each.required:
            raise InputError("is missing")
        return None
    value = _READERS[each.kind](given, each)
    _check_limits(each, value)
    return value


def _counts(each: Input, given: Any) -> bool:
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


def _stranger(name: str, known: list[str]) -> Trouble:
    inputs = f"The inputs are {listed(known)}." if known else "This workflow has no inputs."
    return Trouble(name, "unknown_input", f"There is no input “{shortened(name)}”. {inputs}")
