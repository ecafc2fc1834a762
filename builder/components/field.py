"""A field is a label, a control, and below it help or, when something is wrong, what; read out together."""

from collections.abc import Iterable
from typing import Any

import reflex as rx

from builder.components.icon import icon


def field(
    label: str,
    control: rx.Component,
    *,
    id: str,  # noqa: A002 - the name of the attribute
    help: str = "",  # noqa: A002 - what people call it
    error: str | rx.Var[str] = "",
    optional: bool = False,
) -> rx.Component:
    """`control` must carry the same id; its `aria-describedby` is `described(id)`."""
    return rx.el.div(
        rx.el.label(
            label,
            rx.el.span("optional", class_name="gl-label__optional") if optional else "",
            html_for=id,
            class_name="gl-label",
        ),
        control,
        rx.cond(
            error,
            rx.el.p(icon("circle-alert"), error, id=f"{id}-error", class_name="gl-error"),
            rx.el.p(help, id=f"{id}-help", class_name="gl-help") if help else rx.fragment(),
        ),
        class_name="gl-field",
    )


def described(id: str) -> str:  # noqa: A002
    """What a control's `aria-describedby` is, so that help and error are read out with it."""
    return f"{id}-help {id}-error"


def text_input(
    label: str,
    name: str,
    *,
    id: str = "",  # noqa: A002
    help: str = "",  # noqa: A002
    error: str | rx.Var[str] = "",
    optional: bool = False,
    mono: bool = False,
    **props: Any,
) -> rx.Component:
    """One line of text; `type="number"`, `"url"` and the like go through."""
    id = id or f"field-{name}"  # noqa: A001
    control = rx.el.input(
        name=name,
        id=_own(id),
        class_name="gl-input gl-input--mono" if mono else "gl-input",
        auto_complete="off",
        required=not optional,
        aria_invalid=_invalid(error),
        aria_describedby=described(id),
        **props,
    )
    return field(label, control, id=id, help=help, error=error, optional=optional)


def paragraph_input(
    label: str,
    name: str,
    *,
    help: str = "",  # noqa: A002
    error: str | rx.Var[str] = "",
    optional: bool = False,
    **props: Any,
) -> rx.Component:
    """Several lines; grows with what is written."""
    control = rx.el.textarea(
        name=name,
        id=_own(f"field-{name}"),
        class_name="gl-input",
        required=not optional,
        aria_invalid=_invalid(error),
        aria_describedby=described(f"field-{name}"),
        **props,
    )
    return field(label, control, id=f"field-{name}", help=help, error=error, optional=optional)


def select(
    label: str,
    name: str,
    options: Iterable[tuple[str, str]],
    *,
    help: str = "",  # noqa: A002
    error: str | rx.Var[str] = "",
    more: rx.Component | None = None,
    **props: Any,
) -> rx.Component:
    """One of a few; options are (value, label), `more` are option elements known only later."""
    control = bare_select(
        *(rx.el.option(text, value=value) for value, text in options),
        more or rx.fragment(),
        name=name,
        id=f"field-{name}",
        aria_invalid=_invalid(error),
        aria_describedby=described(f"field-{name}"),
        **props,
    )
    return field(label, control, id=f"field-{name}", help=help, error=error)


def bare_select(*options: rx.Component, **props: Any) -> rx.Component:
    """A select without a visible label: give it `aria_label`."""
    return rx.el.select(*options, class_name="gl-select", **_with_own_id(props))


def toggle(label: str, name: str, *, help: str = "", **props: Any) -> rx.Component:  # noqa: A002
    """On or off, at once or with its form."""
    words = [rx.el.span(label, class_name="gl-strong")]
    if help:
        words.append(rx.el.span(help, class_name="gl-help"))
    return rx.el.label(
        rx.el.input(type="checkbox", role="switch", name=name, **props),
        rx.el.span(*words, class_name="gl-stack gl-tighter"),
        class_name="gl-toggle",
    )


def search(label: str, **props: Any) -> rx.Component:
    """A search box; `label` is its placeholder and its name."""
    return rx.el.div(
        icon("search"),
        rx.el.input(type="search", placeholder=label, aria_label=label, class_name="gl-input", **_with_own_id(props)),
        class_name="gl-search",
    )


def _own(id: str | rx.Var[str]) -> rx.Var[str]:  # noqa: A002
    """An id Reflex keeps no reference to: it would send everything it has a reference to with every form that holds
    it, under a name of its own, as nothing where it is not on the page; and the gate refuses what no handler asks for.
    """
    return id if isinstance(id, rx.Var) else rx.Var.create(id)


def _with_own_id(props: dict[str, Any]) -> dict[str, Any]:
    return props | {"id": _own(props["id"])} if "id" in props else props


def _invalid(error: str | rx.Var[str]) -> bool | rx.Var[bool]:
    return bool(error) if isinstance(error, str) else error != ""
