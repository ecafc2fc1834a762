"""Tables: a head of words, rows of whatever the screen puts in."""

from collections.abc import Sequence

import reflex as rx


def table(
    caption: str, columns: Sequence[str], *rows: rx.Component | rx.Var, numbers: Sequence[int] = ()
) -> rx.Component:
    """`caption` is read out, not shown; `numbers` are the places of columns whose cells align right.

    A column named "" holds actions.
    """
    heads = [
        rx.el.th(
            column or rx.el.span("Actions", class_name="gl-hidden"),
            scope="col",
            class_name="gl-number" if place in numbers else "",
        )
        for place, column in enumerate(columns)
    ]
    return rx.el.div(
        rx.el.table(rx.el.caption(caption, class_name="gl-hidden"), rx.el.thead(rx.el.tr(*heads)), rx.el.tbody(*rows)),
        class_name="gl-table",
        tab_index=0,
        role="region",
        aria_label=caption,
    )


def row(*cells: rx.Component | str | rx.Var, numbers: Sequence[int] = ()) -> rx.Component:
    """A row; a cell that is an `rx.el.td` stays what it is."""
    return rx.el.tr(*(_cell(cell, number=place in numbers) for place, cell in enumerate(cells)))


def _cell(content: rx.Component | str | rx.Var, *, number: bool) -> rx.Component:
    if isinstance(content, rx.Component) and content.tag == "td":
        return content
    return rx.el.td(content, class_name="gl-number" if number else "")
