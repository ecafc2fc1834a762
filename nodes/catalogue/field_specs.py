"""A node's fields as the form draws them: plain data made from the pydantic class."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from types import UnionType
from typing import Annotated, Any, Literal, TypedDict, Union, cast, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from nodes.sdk import Control, Dynamic
from nodes.sdk.fields import Inside


class Option(TypedDict):
    """One choice; `kinds` are the kinds of value it is offered for, empty for all."""

    value: str
    label: str
    kinds: list[str]


class FieldSpec(TypedDict):
    """One control of a form. `fields` are those of a group or of one row; `item` is one row of single values; `inside`
    says that it may name the steps inside its container."""

    name: str
    label: str
    help: str
    control: str
    required: bool
    default: Any
    dynamic: str | None
    options: list[Option]
    advanced: bool
    when: list[Any] | None
    example: str
    min: float | None
    max: float | None
    max_length: int | None
    row: str
    inside: bool
    fields: list[FieldSpec]
    item: FieldSpec | None


def field_specs(model: type[BaseModel]) -> list[FieldSpec]:
    """The controls of a node or of one of its rows, in the order of the class."""
    return [_spec(info.alias or name, info) for name, info in model.model_fields.items()]


def _spec(name: str, info: FieldInfo) -> FieldSpec:
    extra: dict[str, Any] = cast("dict[str, Any]", info.json_schema_extra or {})
    spec = _of_type(info.annotation, info.metadata)
    spec["name"], spec["label"], spec["help"] = name, info.title or "", info.description or ""
    spec["control"] = str(extra.get("control") or spec["control"])
    spec["required"] = info.is_required()
    spec["default"] = None if info.is_required() else _plain(info.get_default(call_default_factory=True))
    spec["advanced"], spec["when"] = bool(extra.get("advanced")), _plain(extra.get("when"))
    spec["example"], spec["row"] = extra.get("example", ""), extra.get("row", "")
    return spec


def _of_type(annotation: Any, marks: Iterable[Any]) -> FieldSpec:
    """What the Python type alone says."""
    annotation, inner = _unwrapped(annotation)
    marks = [*marks, *inner]
    spec = _blank()
    spec["dynamic"] = next((str(mark) for mark in marks if isinstance(mark, Dynamic)), None)
    spec["min"] = _limit(marks, "ge", "gt")
    spec["max"] = _limit(marks, "le", "lt")
    spec["inside"] = any(isinstance(mark, Inside) for mark in marks)
    spec["max_length"] = _limit(marks, "max_length")
    spec["control"] = str(_control(annotation, spec["dynamic"]))
    spec["options"] = _options(annotation)
    if get_origin(annotation) is list:
        (entry,) = get_args(annotation)
        if _is_model(entry):
            spec["fields"] = field_specs(entry)
        else:
            spec["item"] = _of_type(entry, ())
    elif _is_model(annotation):
        spec["fields"] = field_specs(annotation)
    return spec


def _limit(marks: Iterable[Any], *names: str) -> Any:
    found = (getattr(mark, name, None) for mark in marks for name in names)
    return next((limit for limit in found if limit is not None), None)


def _blank() -> FieldSpec:
    return FieldSpec(
        name="", label="", help="", control=Control.LINE, required=False, default=None, dynamic=None, options=[],
        advanced=False, when=None, example="", min=None, max=None, max_length=None, row="",
        inside=False, fields=[], item=None,
    )  # fmt: skip


def _unwrapped(annotation: Any) -> tuple[Any, list[Any]]:
    """The type itself and its marks, without `Annotated` and without `| None`."""
    marks: list[Any] = []
    while True:
        origin = get_origin(annotation)
        if origin is Annotated:
            annotation, *found = get_args(annotation)
            marks += found
        elif origin in (Union, UnionType):
            present = [each for each in get_args(annotation) if each is not type(None)]
            if len(present) != 1:
                return annotation, marks
            annotation = present[0]
        else:
            return annotation, marks


def _is_model(annotation: Any) -> bool:
    return isinstance(annotation, type) and issubclass(annotation, BaseModel)


def _control(annotation: Any, dynamic: str | None) -> Control:
    match dynamic:
        case Dynamic.TEXT:
            return Control.PARAGRAPH
        case Dynamic.VALUE:
            return Control.VALUE
        case _:
            pass
    if get_origin(annotation) is Literal or _is_choice(annotation):
        return Control.CHOICE
    if get_origin(annotation) is list:
        return Control.ROWS
    if _is_model(annotation):
        return Control.GROUP
    return {str: Control.LINE, bool: Control.TOGGLE, int: Control.NUMBER, float: Control.NUMBER}.get(
        annotation, Control.JSON
    )


def _is_choice(annotation: Any) -> bool:
    return isinstance(annotation, type) and issubclass(annotation, StrEnum)


def _options(annotation: Any) -> list[Option]:
    if get_origin(annotation) is Literal:
        return [Option(value=each, label=_spoken(each), kinds=[]) for each in get_args(annotation)]
    if not _is_choice(annotation):
        return []
    members = cast("type[StrEnum]", annotation)
    return [
        Option(
            value=each.value,
            label=getattr(each, "label", _spoken(each.value)),
            kinds=[str(kind) for kind in getattr(each, "kinds", ())],
        )
        for each in members
    ]


def _spoken(word: str) -> str:
    return word.replace("_", " ").capitalize()


def _plain(value: Any) -> Any:
    """As JSON has it: enums are their values, tuples lists, models objects."""
    match value:
        case StrEnum():
            return value.value
        case BaseModel():
            return value.model_dump(mode="json", by_alias=True)
        case list() | tuple():
            return [_plain(each) for each in cast("list[Any]", value)]
        case _:
            return value
