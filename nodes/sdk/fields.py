"""Fields of a node: one declaration is the input, the form control and the validated value."""

from __future__ import annotations

from copy import copy
from enum import StrEnum
from typing import Annotated, Any, cast

from pydantic import Field


class Dynamic(StrEnum):
    """How a field takes values from earlier steps; a field without this mark takes only what is typed into it."""

    TEXT = "text"
    """Text with `{{ step.field }}` inside; what arrives is always text."""
    VALUE = "value"
    """Anything; a single `{{ step.field }}` keeps its type (a list stays a list)."""


class Verbatim:
    """Marks text in a language of its own: braces in it are that language's, and no reference to a step."""


class AsPieces:
    """Marks a web address: each value in it is written as one piece of a path or a query, so that none adds a step to
    the path, another name to the query, or leads to another place of the host."""


class Inside:
    """Marks a field of a container that is read inside it: its references may name the steps that lie there."""


Text = Annotated[str, Dynamic.TEXT]
Address = Annotated[str, Dynamic.TEXT, AsPieces()]
"""a web address with values of earlier steps in it"""
Value = Annotated[Any, Dynamic.VALUE]
Source = Annotated[str, Verbatim()]
"""code or a template, handed to the sandbox as it is written; what it works on comes by named inputs"""


class Control(StrEnum):
    """What the form draws where the Python type alone does not say it."""

    LINE = "line"
    PARAGRAPH = "paragraph"
    NUMBER = "number"
    TOGGLE = "toggle"
    CHOICE = "choice"
    VALUE = "value"
    ADDRESS = "address"
    """the address of another system, begun with one of those that are connected"""
    ALIAS = "alias"
    """a model alias, picked from those this person may use"""
    BASES = "bases"
    """knowledge bases by name, picked from those this person may read"""
    WORKFLOW = "workflow"
    """a workflow in one version, picked from those this person may see"""
    VARIABLE = "variable"
    """a run variable the workflow declares"""
    PEOPLE = "people"
    """groups and people by name, picked from those there are"""
    NAME = "name"
    """a short identifier: letters, digits, underscore"""
    IDENTIFIER = "identifier"
    """a name as code writes it: letters, digits, underscore, capitals too"""
    CODE = "code"
    """lines of code or of a template"""
    SCHEMA = "schema"
    """a JSON Schema, edited as a list of named answers"""
    JSON = "json"
    GROUP = "group"
    """one set of fields"""
    ROWS = "rows"
    """a list of sets of fields, or of single values"""


def field(
    label: str,
    help: str = "",  # noqa: A002 - the word on the screen
    *,
    default: Any = ...,
    control: Control | None = None,
    example: str = "",
    advanced: bool = False,
    when: tuple[str, Any] | None = None,
    row: str = "",
    **limits: Any,
) -> Any:
    """A setting with its label and help as the form shows them.

    `control` overrides what the type suggests; `example` is the grey hint inside an empty control; `advanced` fields
    are folded away; `when=("mode", "list")` shows the field only while that sibling has that value (a tuple as value:
    one of them); `row` names one entry of a list ("case", "message"); `limits` go to pydantic (`ge`, `max_length` …).
    """
    extra: dict[str, Any] = {"control": control, "example": example, "advanced": advanced, "when": when, "row": row}
    shown: Any = {name: value for name, value in extra.items() if value}
    if isinstance(default, list | dict):
        given: Any = cast("Any", default)  # a fresh one for every node
        return Field(
            default_factory=lambda: copy(given), title=label, description=help, json_schema_extra=shown, **limits
        )
    return Field(default, title=label, description=help, json_schema_extra=shown, **limits)


def output(description: str, *, default: Any = ...) -> Any:
    """One value a step hands on, with the words the variable picker shows."""
    return Field(default, description=description)
