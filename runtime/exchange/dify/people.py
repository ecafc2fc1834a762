"""Asking a person."""

from __future__ import annotations

import re
from typing import Any

from runtime.exchange.dify.references import template
from runtime.exchange.dify.work import ASK, Here, Made, exit_names
from runtime.exchange.loose import mappings, number, text

LATE, TIMEOUT = "__timeout", "timeout"
FIELD = re.compile(r"\{\{#\$output\.([^#{}]+)#\}\}")
"""where a field stands in the text of a form"""
HOURS, LONGEST = 36.0, 8784.0
"""how long they wait where nothing is said, and the longest here"""


def ask(here: Here) -> Made:
    """A form with buttons: a later version serves it, so its place is kept, with every way out."""
    data = here.node.data
    actions = [text(each.get("id")) for each in mappings(data.get("user_actions")) if text(each.get("id"))]
    exits = exit_names(list(dict.fromkeys(actions)), taken=(TIMEOUT,))
    for each in mappings(data.get("inputs")):
        if name := text(each.get("output_variable_name")):
            here.work.asked.setdefault(here.step, {}).setdefault(name)
    settings: dict[str, Any] = {
        "text": template(here, FIELD.sub(r"[\1]", text(data.get("form_content")))),
        "exits": list(exits.values()),
        "deadline_hours": _hours(data),
        "original": here.node.settings,
    }
    here.say(
        "served_later",
        f"“{here.called}” asks people with a form: a later version runs it.",
        "For a yes or no put “Approve” in its place and choose who decides.",
    )
    return Made(ASK, settings, exits | {LATE: TIMEOUT})


def _hours(data: dict[str, Any]) -> float:
    found = number(data.get("timeout"))
    if found is None or found <= 0:
        return HOURS
    return min(found * (24 if data.get("timeout_unit") == "day" else 1), LONGEST)
