"""Naming: what a place in the settings is called on the screen."""

from __future__ import annotations

from collections.abc import Iterator
from types import UnionType
from typing import Annotated, Any, Union, cast, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

Path = tuple[str | int, ...]


def called(model: type[BaseModel], path: Path) -> str:
    """The label of the place with the rows it is in: `“Value” (case 1, condition 2)`."""
    models, label, row = [model], "", ""
    rows: list[str] = []
    for key in path:
        if isinstance(key, int):
            rows.append(f"{row or 'entry'} {key + 1}")
            continue
        info = next((found for each in models if (found := _fields(each).get(key))), None)
        label = (info and info.title) or key
        row = shown(info).get("row") or "entry" if info else "entry"
        models = list(_models(info.annotation)) if info else []
    return f"“{label}”" + (f" ({', '.join(rows)})" if rows else "")


def keys_of(model: type[BaseModel], path: Path) -> list[str]:
    """The names that may stand at a place."""
    models = [model]
    for key in path:
        if isinstance(key, str):
            infos = [found for each in models if (found := _fields(each).get(key))]
            models = [inner for info in infos for inner in _models(info.annotation)]
    return [name for each in models for name in _fields(each)]


def shown(info: FieldInfo) -> dict[str, Any]:
    """What the form knows of a field beyond its type."""
    extra = info.json_schema_extra
    return cast("dict[str, Any]", extra) if isinstance(extra, dict) else {}


def _fields(model: type[BaseModel]) -> dict[str, FieldInfo]:
    return {each.alias or name: each for name, each in model.model_fields.items()}


def _models(annotation: Any) -> Iterator[type[BaseModel]]:
    """The models inside a type."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    elif get_origin(annotation) in (list, dict, tuple, Union, UnionType, Annotated):
        for each in get_args(annotation):
            yield from _models(each)
