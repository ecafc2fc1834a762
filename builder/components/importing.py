"""A workflow file dropped on the page, or chosen by a button."""

import reflex as rx

from builder.shipped import shipped


class Importing(rx.NoSSRComponent):
    """See importing.jsx."""

    library = shipped(__file__, "importing.jsx")
    tag = "Importing"
    chosen: rx.Var[bool]
    """whether a button stands beside"""


def import_drop(*, chosen: bool = False) -> rx.Component:
    """The page takes workflow files that are dropped on it; with `chosen` there is a button as well."""
    return Importing.create(chosen=chosen)
