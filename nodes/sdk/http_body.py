"""What a call to another system sends along: the choices in the form, and how each becomes bytes."""

from __future__ import annotations

import json
from collections.abc import Sequence
from enum import StrEnum
from typing import Any, cast

from pydantic import BaseModel, ConfigDict
from yarl import URL

from nodes.sdk.context import Files
from nodes.sdk.fields import Text, Value, field
from nodes.sdk.files import FileHandle, is_file
from nodes.sdk.node import StepFailed
from nodes.sdk.outside import Part
from nodes.sdk.reading import as_text

LARGEST_SENT = 50_000_000
"""bytes of all files of one call"""


class Body(StrEnum):
    """What is sent along."""

    NONE = "none"
    FIELDS = "fields"
    JSON = "json"
    FORM = "form"
    MULTIPART = "multipart"
    TEXT = "text"
    FILE = "file"

    @property
    def label(self) -> str:
        """The words in the form."""
        return _LABELS[self]


_LABELS = {
    Body.NONE: "Nothing", Body.FIELDS: "Named values, as JSON", Body.JSON: "One value, as JSON",
    Body.FORM: "Named values, as a form", Body.MULTIPART: "Named values and files, as a form", Body.TEXT: "Text",
    Body.FILE: "A file as it is",
}  # fmt: skip
NAMED = (Body.FIELDS, Body.FORM, Body.MULTIPART)
"""those made of named values"""


class Parameter(BaseModel):
    """One name with its text, in the query or in the headers."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = field("Name", default="", max_length=200)
    value: Text = field("Value", default="")


class Named(BaseModel):
    """One named value of the body."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = field("Name", default="", max_length=200)
    value: Value = field("Value", default=None)


def as_json(value: Any) -> str:
    """The JSON of a value."""
    return json.dumps(value, ensure_ascii=False)


def as_form(fields: Sequence[Named]) -> str:
    """Named values as forms of web pages send them; a list is its name several times, nothing is left out."""
    pairs = [(each.name, as_text(value)) for each in fields for value in _listed(each.value)]
    return URL.build(path="/", query=pairs).raw_query_string


async def as_parts(fields: Sequence[Named], files: Files) -> list[Part]:
    """Named values and files as the parts of a form. Raises `StepFailed`."""
    _small([value for each in fields for value in _listed(each.value) if is_file(value)])
    found: list[Part] = []
    for each in fields:
        for value in _listed(each.value):
            if is_file(value):
                found.append(Part(each.name, await files.read(value), value["name"], value["type"]))
            else:
                found.append(Part(each.name, as_text(value).encode()))
    return found


async def as_bytes(file: Any, files: Files) -> tuple[bytes, str]:
    """The bytes of a file, and its type. Raises `StepFailed` for what is no file."""
    (only,) = found if len(found := _listed(file)) == 1 else (file,)
    if not is_file(only):
        raise StepFailed(
            "What is to be sent is no file.",
            code="no_file",
            hint="Choose a file input, or a file an earlier step has made; text is sent as text.",
        )
    _small([only])
    return await files.read(only), only["type"]


def _listed(value: Any) -> list[Any]:
    """The values behind one name: those of a list, else the value itself; nothing is none."""
    if value is None:
        return []
    return cast("list[Any]", value) if isinstance(value, list) else [value]


def _small(files: Sequence[FileHandle]) -> None:
    if sum(each["size"] for each in files) > LARGEST_SENT:
        raise StepFailed(
            f"The files of this call have more than {LARGEST_SENT // 1_000_000} MB.",
            code="too_much_to_send",
            hint="Send fewer of them at once, or smaller ones.",
        )
