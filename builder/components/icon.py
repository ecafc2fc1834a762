"""One icon of the one set (Lucide, ISC licence, the version Reflex ships)."""

import reflex as rx
from reflex_components_lucide.icon import LUCIDE_ICON_LIST

WORKFLOW_ICONS = (
    "workflow", "ticket", "notebook-pen", "mail", "file-text", "message-square", "search", "shield-check",
    "sparkles", "table", "users", "calendar", "languages", "receipt", "scale", "lightbulb", "inbox", "list-checks",
)  # fmt: skip
"""What a workflow may be marked with. A closed list, because an icon known only at run time would ship all 1,700."""


def icon(name: str, size: int = 16) -> rx.Component:
    """A decoration: the words beside it, or the label of its button, say the same."""
    # Reflex would warn and show another icon.
    assert name.replace("-", "_") in LUCIDE_ICON_LIST, f"Lucide has no icon {name!r}: look it up at lucide.dev/icons."
    return rx.icon(name, size=size, aria_hidden=True)


def workflow_icon(name: rx.Var[str], size: int = 18) -> rx.Component | rx.Var:
    """The mark of a workflow; one we do not know shows as the first."""
    return rx.match(name, *((known, icon(known, size)) for known in WORKFLOW_ICONS), icon(WORKFLOW_ICONS[0], size))
