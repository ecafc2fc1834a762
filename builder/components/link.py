"""Links inside the product: the page changes without loading anew."""

from typing import Any

import reflex as rx
from reflex_components_core.react_router.dom import ReactRouterLink


def link(*content: rx.Component | str | rx.Var, to: str | rx.Var[str], **props: Any) -> rx.Component:
    return ReactRouterLink.create(*content, to=to, **props)
