"""A moment, told as people do."""

import reflex as rx


class When(rx.Component):
    """See when.jsx."""

    library = rx.asset("when.jsx", shared=True).importable_path
    tag = "When"
    moment: rx.Var[str]


def when(moment: str | rx.Var[str]) -> rx.Component:
    """`moment` is ISO 8601 with a zone; "" shows nothing."""
    return When.create(moment=moment)
