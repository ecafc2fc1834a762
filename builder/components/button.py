"""Buttons: what they do is a verb; what kind they are is one of four."""

from typing import Any, Literal

import reflex as rx

from builder.components.icon import icon
from builder.components.link import link

Kind = Literal["plain", "primary", "quiet", "danger"]


def button_class(kind: Kind = "plain", *, small: bool = False, only_icon: bool = False) -> str:
    """The classes of a button, for elements that look like one."""
    variants = [kind] * (kind != "plain") + ["small"] * small + ["icon"] * only_icon
    return " ".join(["gl-button", *(f"gl-button--{variant}" for variant in variants)])


def button(
    text: str | rx.Var[str],
    *,
    kind: Kind = "plain",
    icon_name: str = "",
    small: bool = False,
    busy: bool | rx.Var[bool] = False,
    **props: Any,
) -> rx.Component:
    """A button with words. `busy` keeps its size, shows a spinner and takes no clicks."""
    parts = [icon(icon_name)] if icon_name else []
    props.setdefault("type", "button")
    return rx.el.button(*parts, text, class_name=button_class(kind, small=small), aria_busy=busy, **props)


def icon_button(
    icon_name: str, label: str | rx.Var[str], *, kind: Kind = "quiet", small: bool = False, **props: Any
) -> rx.Component:
    """A button without words: `label` is what a screen reader says and what the tooltip shows."""
    classes = button_class(kind, small=small, only_icon=True)
    return rx.el.button(icon(icon_name), type="button", class_name=classes, aria_label=label, title=label, **props)


def link_button(
    text: str | rx.Var[str], to: str | rx.Var[str], *, kind: Kind = "plain", icon_name: str = "", small: bool = False
) -> rx.Component:
    """Goes somewhere, looks like a button."""
    parts = [icon(icon_name)] if icon_name else []
    return link(*parts, text, to=to, class_name=button_class(kind, small=small))


def submit(text: str, *, kind: Kind = "primary", **props: Any) -> rx.Component:
    """The button that sends the form it stands in."""
    return button(text, kind=kind, type="submit", **props)
