"""Tables: a head of words, rows of whatever the screen puts in; on a phone each row becomes a small card."""

from collections.abc import Sequence
from typing import NamedTuple

import reflex as rx


class Column(NamedTuple):
    """What a column is called and how its cells behave."""

    name: str
    """Read out and shown; "" is a column of actions."""
    number: bool = False
    """A figure: aligned right, never broken."""
    short: bool = False
    """Never broken."""
    lead: bool = False
    """What the row is about: on a phone it stands alone, without its label."""


def table(caption: str, columns: Sequence[Column], *rows: rx.Component | rx.Var) -> rx.Component:
    """`caption` is read out, not shown."""
    heads = [
        rx.el.th(
            column.name or rx.el.span("Actions", class_name="gl-hidden"),
            scope="col",
            class_name="gl-number" if column.number else "",
        )
        for column in columns
    ]
    return rx.el.div(
        rx.el.table(rx.el.caption(caption, class_name="gl-hidden"), rx.el.thead(rx.el.tr(*heads)), rx.el.tbody(*rows)),
        class_name="gl-table",
    )


def row(columns: Sequence[Column], *cells: rx.Component | str | rx.Var) -> rx.Component:
    """A row with one cell for each column."""
    return rx.el.tr(*(_cell(column, content) for column, content in zip(columns, cells, strict=True)))


def _cell(column: Column, content: rx.Component | str | rx.Var) -> rx.Component:
    kinds = {
        "gl-number": column.number,
        "gl-table__short": column.short,
        "gl-table__lead": column.lead,
        "gl-table__actions": not column.name,
    }
    return rx.el.td(content, data_label=column.name, class_name=" ".join(name for name, on in kinds.items() if on))
