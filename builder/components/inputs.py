"""The form a run is started with, made from what its start step asks for: `inputs(asked)` inside a form.

What is typed stays in the browser until it is sent; the server reads the texts as each kind asks for.
"""

from collections.abc import Mapping, Sequence
from typing import Any, TypedDict

import orjson
import reflex as rx
from reflex.vars import ObjectVar

from builder.components.files import Bring, Handle
from builder.components.icon import icon
from builder.texts import CLASS_USE
from builder.wiring import runtime
from runtime.operations.forms import FormField, is_file

FILES = ("file", "files")
"""kinds of inputs that are brought, not typed"""
LONGEST = 1_000_000
"""characters of any one text input; the same bound as the start step's"""


class Asked(TypedDict):
    """One input of the form."""

    id: str
    name: str
    kind: str
    label: str
    help: str
    optional: bool
    required: bool
    options: list[str]
    value: str
    """what stands in it at first"""
    files: list[Handle]
    """what it holds at first, of an input of files"""
    file_kinds: list[str]
    extensions: list[str]
    most: int
    """bytes of one file"""
    on: bool
    """whether a switch is on at first"""
    min: str
    max: str
    longest: int
    error: str


def asked_of(fields: Sequence[FormField], values: Mapping[str, Any] | None = None) -> list[Asked]:
    """The inputs, with `values` (of an earlier run) or their defaults in them."""
    return [_asked(each, (values or {}).get(each.name, each.default)) for each in fields]


def _asked(field: FormField, value: Any) -> Asked:
    return Asked(
        id=f"input-{field.name}",
        name=field.name,
        kind=field.kind,
        label=field.label,
        help=field.help,
        optional=not field.required,
        required=field.required and field.default is None,
        options=field.options,
        value="" if field.kind in FILES else _written(value),
        files=handles_in(value) if field.kind in FILES else [],
        file_kinds=field.file_kinds,
        extensions=field.extensions,
        most=largest() if field.kind in FILES else 0,
        on=value is True,
        min="" if field.min is None else f"{field.min:g}",
        max="" if field.max is None else f"{field.max:g}",
        longest=field.max_length or LONGEST,
        error="",
    )


def largest() -> int:
    """How many bytes a file may have."""
    return runtime().files.most_bytes


def handles_in(value: Any) -> list[Handle]:
    """The files in a value that is a file or a list of files; none where it is something else."""
    entries = value if isinstance(value, list) else [value]
    return [Handle(**each) for each in entries] if entries and all(map(is_file, entries)) else []


def _written(value: Any) -> str:
    """A value as one types it."""
    match value:
        case None | bool():
            return ""
        case str():
            return value
        case [*entries] if all(isinstance(each, str) and "\n" not in each for each in entries):
            return "\n".join(entries)
        case int() | float():
            return f"{value:.15g}"
        case _:
            return orjson.dumps(value, option=orjson.OPT_INDENT_2).decode()


def values_of(fields: Sequence[FormField], form: Mapping[str, str | bool]) -> dict[str, Any]:
    """What the form says, by input. What was left empty is left out, so that its default holds; a switch is always
    said."""
    found: dict[str, Any] = {}
    for each in fields:
        given = form.get(each.name, "")
        if each.kind == "yes_no":
            found[each.name] = bool(given)
        elif isinstance(given, str) and given.strip():
            found[each.name] = given
    return found


def with_errors(asked: Sequence[Asked], problems: Sequence[Mapping[str, Any]]) -> list[Asked]:
    """The inputs, each with what is wrong with it; names in the sentences become the words of the form."""
    said = {each["input"]: str(each["message"]) for each in problems if "input" in each}
    return [
        Asked(**{**one, "error": said.get(one["name"], "").replace(f"“{one['name']}”", f"“{one['label']}”")})
        for one in asked
    ]


def use_of(fields: Sequence[FormField]) -> list[str]:
    """What may be entered, in plain words: one sentence for each data class, the strictest first."""
    by_class: dict[str, list[str]] = {}
    for each in fields:
        by_class.setdefault(each.data_class, []).append(each.label)
    several = len(by_class) > 1
    return [
        f"{', '.join(labels)}: {words}" if several else words
        for name, words in CLASS_USE.items()
        if (labels := by_class.get(name))
    ]


def inputs(asked: rx.Var[Sequence[Asked]]) -> rx.Component:
    """All of them, one below the other."""
    return rx.el.div(rx.foreach(asked, _drawn), class_name="gl-fields")


def _drawn(one: ObjectVar[Asked]) -> rx.Component:
    return rx.cond(one["kind"] == "yes_no", _switch(one), _field(one))


def _switch(one: ObjectVar[Asked]) -> rx.Component:
    return rx.el.div(
        rx.el.label(
            rx.el.input(type="checkbox", role="switch", name=one["name"].to(str), default_checked=one["on"].to(bool)),
            rx.el.span(
                rx.el.span(one["label"], class_name="gl-strong"),
                rx.cond(one["help"] != "", rx.el.span(one["help"], class_name="gl-help")),
                class_name="gl-stack gl-tighter",
            ),
            class_name="gl-toggle",
        ),
        _below(one, with_help=False),
        class_name="gl-field",
    )


def _field(one: ObjectVar[Asked]) -> rx.Component:
    return rx.el.div(
        rx.el.label(
            one["label"],
            rx.cond(one["optional"], rx.el.span("optional", class_name="gl-label__optional")),
            html_for=one["id"].to(str),
            class_name="gl-label",
        ),
        rx.match(
            one["kind"],
            ("paragraph", _area(one)),
            ("list", _area(one, placeholder="One entry a line")),
            ("json", _area(one, mono=True, placeholder="{ }")),
            ("choice", _select(one)),
            ("number", _line(one, type="number", step="any", min=one["min"].to(str), max=one["max"].to(str))),
            ("date", _line(one, type="date")),
            ("file", _files(one, many=False)),
            ("files", _files(one, many=True)),
            _line(one, max_length=one["longest"].to(int)),
        ),
        _below(one),
        class_name="gl-field",
    )


def _common(one: ObjectVar[Asked]) -> dict[str, Any]:
    return {
        "name": one["name"].to(str),
        "id": one["id"].to(str),
        "required": one["required"].to(bool),
        "aria_invalid": one["error"] != "",
        "aria_describedby": f"{one['id']}-help {one['id']}-error",
    }


def _line(one: ObjectVar[Asked], **props: Any) -> rx.Component:
    return rx.el.input(
        default_value=one["value"].to(str), auto_complete="off", class_name="gl-input", **_common(one), **props
    )


def _area(one: ObjectVar[Asked], *, mono: bool = False, **props: Any) -> rx.Component:
    classes = "gl-input gl-input--mono" if mono else "gl-input"
    return rx.el.textarea(
        default_value=one["value"].to(str), max_length=one["longest"].to(int), class_name=classes, **_common(one),
        **props,
    )  # fmt: skip


def _select(one: ObjectVar[Asked]) -> rx.Component:
    return rx.el.select(
        rx.el.option(rx.cond(one["optional"], "–", "Choose …"), value=""),
        rx.foreach(one["options"].to(list[str]), lambda each: rx.el.option(each, value=each)),
        default_value=one["value"].to(str),
        class_name="gl-select",
        **_common(one),
    )


def _files(one: ObjectVar[Asked], *, many: bool) -> rx.Component:
    return Bring.create(
        id=one["id"].to(str),
        name=one["name"].to(str),
        many=many,
        kinds=one["file_kinds"].to(list[str]),
        endings=one["extensions"].to(list[str]),
        most=one["most"].to(int),
        given=one["files"].to(list[Handle]),
        describedby=f"{one['id']}-help {one['id']}-error",
        invalid=one["error"] != "",
    )


def _below(one: ObjectVar[Asked], *, with_help: bool = True) -> rx.Component:
    helped = (
        rx.cond(one["help"] != "", rx.el.p(one["help"], id=f"{one['id']}-help", class_name="gl-help"))
        if with_help
        else rx.fragment()
    )
    return rx.cond(
        one["error"] != "",
        rx.el.p(icon("circle-alert"), one["error"], id=f"{one['id']}-error", class_name="gl-error"),
        helped,
    )
