"""Marks: which places in a node's settings take references, found once for each node class."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel

from nodes.sdk import Dynamic
from nodes.sdk.fields import AsPieces, Verbatim


@dataclass(frozen=True, slots=True)
class Marks:
    """What one place in the settings takes: a reference itself, or things with marks inside, or only what is typed."""

    dynamic: Dynamic | None = None
    annotation: Any = Any
    items: Marks | None = None
    """of each entry of a list, or each value of a set of names"""
    fields: tuple[tuple[str, Marks], ...] = ()
    """of a model, those that take something, by the names they have in a document"""
    verbatim: bool = False
    """text in a language of its own: whatever stands in braces there is that language's"""
    pieces: bool = False
    """a web address: each value that is put in is one piece of it"""

    @property
    def silent(self) -> bool:
        """Whether nothing in here takes references."""
        return self.dynamic is None and self.items is None and not self.fields and not self.verbatim


TYPED = Marks()
"""takes only what is typed"""


@cache
def marks_of(model: type[BaseModel]) -> Marks:
    """The marks of all fields of a node, or of a model inside one."""
    return _of_model(model, frozenset())


def _of_model(model: type[BaseModel], around: frozenset[type]) -> Marks:
    if model in around:  # a model inside itself takes no references further down
        return TYPED
    around |= {model}
    # by the name a document uses: that is the alias where a field has one
    named = {each.alias or name: each for name, each in model.model_fields.items()}
    found = {name: _of(each.annotation, each.metadata, around) for name, each in named.items()}
    return Marks(annotation=model, fields=tuple((name, each) for name, each in found.items() if not each.silent))


def _of(annotation: Any, metadata: list[Any], around: frozenset[type]) -> Marks:
    dynamic = next((each for each in metadata if isinstance(each, Dynamic)), None)
    if dynamic:
        return Marks(dynamic, annotation, pieces=any(isinstance(each, AsPieces) for each in metadata))
    if any(isinstance(each, Verbatim) for each in metadata):
        return Marks(annotation=annotation, verbatim=True)
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return _of(arguments[0], list(annotation.__metadata__), around)
    if origin in (list, tuple, dict) and arguments:
        inside = _of(arguments[-1] if origin is dict else arguments[0], [], around)
        return TYPED if inside.silent else Marks(annotation=annotation, items=inside)
    if origin in (Union, UnionType):
        return _merged([_of(each, [], around) for each in arguments])
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return _of_model(annotation, around)
    return TYPED


def _merged(choices: list[Marks]) -> Marks:
    """The marks of a choice of types: whatever takes references in one of them takes them here."""
    speaking = [each for each in choices if not each.silent]
    if len(speaking) < 2:
        return speaking[0] if speaking else TYPED
    fields = {name: each for choice in speaking for name, each in choice.fields}
    dynamic = next((each.dynamic for each in speaking if each.dynamic), None)
    items = next((each.items for each in speaking if each.items), None)
    return Marks(dynamic, Any, items, tuple(fields.items()))
