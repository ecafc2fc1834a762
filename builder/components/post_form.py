"""A button that posts a plain form: for what only an HTTP answer can do, such as taking a cookie away."""

import reflex as rx
from reflex_components_core.el.element import Element

from builder.components.button import submit


class PlainForm(Element):
    """Reflex's own form never leaves the page: it prevents what a browser does with a form."""

    tag = "form"
    action: rx.Var[str]
    method: rx.Var[str]


def post_button(text: str, action: str, *, icon_name: str = "") -> rx.Component:
    return PlainForm.create(submit(text, kind="plain", icon_name=icon_name), action=action, method="post")
