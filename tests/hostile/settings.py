"""Settings of a step type in which every place that takes a text takes a hostile one."""

from collections.abc import Iterator
from typing import Any, get_args

from pydantic import BaseModel

from nodes.sdk import Node


def settings_of(model: type[BaseModel], given: str, depth: int = 0) -> dict[str, Any]:
    """Settings in which every place that takes a text takes this one."""
    found: dict[str, Any] = {}
    for name, each in model.model_fields.items():
        made = made_for(each.annotation, given, depth)
        if made is not None:
            found[each.alias or name] = made
    return found


def made_for(annotation: Any, given: str, depth: int) -> Any:
    """A value of this kind that is made of the text; `None` where no text has a place."""
    annotation = get_args(annotation)[0] if hasattr(annotation, "__metadata__") else annotation
    if annotation in (str, Any):
        return given
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return settings_of(annotation, given, depth + 1) if depth < 3 else None
    inside = get_args(annotation)
    origin = getattr(annotation, "__origin__", None)
    if origin in (list, tuple) and inside:
        entry = made_for(inside[0], given, depth)
        return None if entry is None else [entry]
    if origin is dict:
        return {given: given}
    if any(each is str for each in inside):
        return given
    return next((made for each in inside if (made := made_for(each, given, depth)) is not None), None)


def narrowed(node: type[Node], settings: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """All at once, and each by itself: one that is refused hides no other."""
    needed = {name: "a" for name, each in node.model_fields.items() if each.is_required()}
    yield settings
    for name, value in settings.items():
        yield needed | {name: value}
