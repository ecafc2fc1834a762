"""Naming: what a place in the settings is called on the screen."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import UnionType
from typing import Annotated, Any, Union, cast, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from nodes.sdk import Control

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
        models = list(models_in(info.annotation)) if info else []
    return f"“{label}”" + (f" ({', '.join(rows)})" if rows else "")


def keys_of(model: type[BaseModel], path: Path) -> list[str]:
    """The names that may stand at a place."""
    models = [model]
    for key in path:
        if isinstance(key, str):
            infos = [found for each in models if (found := _fields(each).get(key))]
            models = [inner for info in infos for inner in models_in(info.annotation)]
    return [name for each in models for name in _fields(each)]


def base_titles(model: type[BaseModel] | None, key: str | int, value: Any, titles: Mapping[str, str]) -> Any:
    """A setting, or an entry of it, with what people call knowledge bases in place of their names (`titles` by
    `base:handbook`); any other setting as it is."""
    info = _fields(model).get(str(key)) if model else None
    if info is None or shown(info).get("control") != Control.BASES:
        return value
    if isinstance(value, list):
        return [base_titles(model, key, each, titles) for each in cast("list[Any]", value)]
    return titles.get(f"base:{value}", value) if isinstance(value, str) else value


def shown(info: FieldInfo) -> dict[str, Any]:
    """What the form knows of a field beyond its type."""
    extra = info.json_schema_extra
    return cast("dict[str, Any]", extra) if isinstance(extra, dict) else {}


def _fields(model: type[BaseModel]) -> dict[str, FieldInfo]:
    return {each.alias or name: each for name, each in model.model_fields.items()}


def models_in(annotation: Any) -> Iterator[type[BaseModel]]:
    """The models inside a type."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    elif get_origin(annotation) in (list, dict, tuple, Union, UnionType, Annotated):
        for each in get_args(annotation):
            yield from models_in(each)
