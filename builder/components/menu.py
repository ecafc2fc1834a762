"""A menu of actions behind one button."""

from typing import Any

import reflex as rx

from builder.components.icon import icon
from builder.shipped import shipped


class Menu(rx.Component):
    """See menu.jsx."""

    library = shipped(__file__, "menu.jsx")
    tag = "Menu"
    label: rx.Var[str]


def menu(label: str | rx.Var[str], *items: rx.Component) -> rx.Component:
    """`label` says whose actions these are, as in "Actions for Ticket triage"."""
    return Menu.create(*items, label=label)


def menu_item(text: str, icon_name: str, on_click: Any, *, danger: bool = False) -> rx.Component:
    classes = "gl-menu__item gl-menu__item--danger" if danger else "gl-menu__item"
    return rx.el.button(icon(icon_name), text, type="button", role="menuitem", class_name=classes, on_click=on_click)


def menu_line() -> rx.Component:
    return rx.el.hr(class_name="gl-menu__line")
