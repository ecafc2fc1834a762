"""Asking a person."""

from __future__ import annotations

from runtime.exchange.dify.work import Here, Made, exit_names
from runtime.exchange.loose import mappings, text

LATE = "__timeout"


def ask(here: Here) -> Made:
    """A form with buttons: a later version serves it, so its place is kept, with every way out."""
    data = here.node.data
    actions = [text(each.get("id")) for each in mappings(data.get("user_actions")) if text(each.get("id"))]
    exits = exit_names(list(dict.fromkeys(actions))) or {"source": "done"}
    exits[LATE] = "timeout"
    fields = [text(each.get("output_variable_name")) for each in mappings(data.get("inputs"))]
    return here.placeholder(
        "Human Input",
        "Asking people with a form of their own is served by a later version. For a yes or no put “Approve” in its "
        "place and choose who decides.",
        exits,
        tuple(each for each in fields if each),
    )
