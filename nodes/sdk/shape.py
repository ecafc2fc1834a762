"""The shape of a value: what a step promises to hand on, in words an analyst knows."""

from __future__ import annotations

from enum import StrEnum
from typing import Any, Union, get_args, get_origin

from pydantic import BaseModel, ConfigDict, Field

from nodes.sdk.files import FileHandle


class Kind(StrEnum):
    """The closed set of value kinds; the word is what the picker shows."""

    TEXT = "text"
    NUMBER = "number"
    YES_NO = "yes/no"
    DATE = "date"
    LIST = "list"
    OBJECT = "object"
    FILE = "file"
    ANY = "any"


class Shape(BaseModel):
    """A kind with what is known of its inside: `items` of a list, `fields` of an object."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Kind
    items: Shape | None = None
    fields: dict[str, Shape] = Field(default_factory=dict[str, "Shape"])
    description: str = ""

    def at(self, keys: tuple[str, ...]) -> Shape | None:
        """The shape found by walking `keys` into this one; None where it is known that nothing is there."""
        shape = self
        for key in keys:
            match shape.kind:
                case Kind.ANY:
                    return ANY
                case Kind.LIST if key.isdigit():
                    shape = shape.items or ANY
                case Kind.OBJECT if not shape.fields:
                    return ANY
                case Kind.OBJECT if key in shape.fields:
                    shape = shape.fields[key]
                case Kind.FILE if key in _OF_A_FILE:
                    shape = _OF_A_FILE[key]
                case _:
                    return None
        return shape

    def accepts(self, other: Shape) -> bool:
        """Whether a value of shape `other` may stand where this shape is expected."""
        if Kind.ANY in (self.kind, other.kind):
            return True
        if self.kind is not other.kind:
            return False
        if self.kind is Kind.LIST and self.items and other.items:
            return self.items.accepts(other.items)
        return True


ANY = Shape(kind=Kind.ANY)
TEXT = Shape(kind=Kind.TEXT)
NUMBER = Shape(kind=Kind.NUMBER)
YES_NO = Shape(kind=Kind.YES_NO)
FILE = Shape(kind=Kind.FILE)
LIST = Shape(kind=Kind.LIST)
OBJECT = Shape(kind=Kind.OBJECT)

_OF_A_FILE = {"id": TEXT, "name": TEXT, "type": TEXT, "size": NUMBER, "sha256": TEXT, "extension": TEXT, "kind": TEXT}
"""what may be referred to of a file (`files.FileHandle`, `files.DERIVED`)"""

_PLAIN: dict[Any, Shape] = {
    str: TEXT, int: NUMBER, float: NUMBER, bool: YES_NO, dict: OBJECT, list: LIST, FileHandle: FILE, Any: ANY,
}  # fmt: skip


def shape_of(annotation: Any, description: str = "") -> Shape:
    """The shape of a Python annotation as used in `Output` classes; an unknown annotation is `any`."""
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is list:
        found = Shape(kind=Kind.LIST, items=shape_of(arguments[0]))
    elif origin is dict:
        found = OBJECT
    elif origin is Union or str(origin) == "<class 'types.UnionType'>":
        present = [each for each in arguments if each is not type(None)]
        found = shape_of(present[0]) if len(present) == 1 else ANY
    elif isinstance(annotation, type) and issubclass(annotation, BaseModel):
        inside = {name: shape_of(each.annotation) for name, each in annotation.model_fields.items()}
        found = Shape(kind=Kind.OBJECT, fields=inside)
    else:
        found = _PLAIN.get(annotation, ANY)
    return found.model_copy(update={"description": description}) if description else found


def shape_of_schema(schema: Any) -> Shape:
    """The shape a JSON Schema describes (its `type`, `properties`, `items`); anything unclear is `any`."""
    if not isinstance(schema, dict):
        return ANY
    known: dict[str, Any] = {str(key): value for key, value in schema.items()}  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]
    description = str(known.get("description", ""))
    match known.get("type"):
        case "object":
            properties: dict[str, Any] = known.get("properties", {})
            inside = {name: shape_of_schema(each) for name, each in properties.items()}
            return Shape(kind=Kind.OBJECT, fields=inside, description=description)
        case "array":
            return Shape(kind=Kind.LIST, items=shape_of_schema(known.get("items")), description=description)
        case "string":
            return Shape(kind=Kind.TEXT, description=description)
        case "integer" | "number":
            return Shape(kind=Kind.NUMBER, description=description)
        case "boolean":
            return Shape(kind=Kind.YES_NO, description=description)
        case _:
            return Shape(kind=Kind.ANY, description=description)
