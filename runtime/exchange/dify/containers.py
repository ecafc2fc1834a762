"""The same steps several times: iterations and loops."""

from __future__ import annotations

from typing import Any

from nodes.sdk.words import is_key
from runtime.exchange.dify.branches import conditions, match_of
from runtime.exchange.dify.references import constant, template, value
from runtime.exchange.dify.work import Here, Made
from runtime.exchange.loose import from_json, mappings, selector, text, whole, yes

KINDS = {
    "string": "text", "secret": "text", "number": "number", "integer": "number", "float": "number",
    "boolean": "yes_no", "object": "object", "array[string]": "texts", "array[number]": "numbers",
    "array[boolean]": "yes_nos", "array[object]": "objects", "array": "list", "array[any]": "list",
    "array[file]": "list", "any": "any", "file": "any",
}  # fmt: skip
"""our word for each of their kinds of values"""
_ON_ERROR = {"continue-on-error": "null", "remove-abnormal-output": "skip"}


def kind_of(given: Any) -> str:
    """Our word for a kind of theirs."""
    return KINDS.get(text(given).lower(), "any")


def each(here: Here) -> Made:
    """For every entry of a list."""
    data = here.node.data
    settings: dict[str, Any] = {
        "items": value(here, data.get("iterator_selector"), "items"),
        "result": value(here, data.get("output_selector"), "result"),
    }
    if yes(data.get("is_parallel")):
        settings["parallel"] = whole(data.get("parallel_nums"), 10, 1, 50)
    if on_error := _ON_ERROR.get(text(data.get("error_handle_mode"))):
        settings["on_error"] = on_error
    if yes(data.get("flatten_output"), otherwise=True):
        settings["flatten"] = True
    return Made("flow.each", settings)


def repeat(here: Here) -> Made:
    """Round after round."""
    data = here.node.data
    most = whole(data.get("loop_count"), 10, 1, 1000)
    if whole(data.get("loop_count"), 10, 1, 10**9) > most:
        here.lose("setting_left_out", f"“{here.called}” did more than {most:,} rounds.", field="most")
    settings: dict[str, Any] = {"most": most, "rules": "exact"}
    settings["variables"] = [_carried(here, each) for each in mappings(data.get("loop_variables"))]
    breaks = mappings(data.get("break_conditions"))
    settings["until"], settings["match"] = conditions(here, breaks, match_of(data), "until")
    return Made("flow.repeat", {name: each for name, each in settings.items() if each != []})


def _carried(here: Here, given: dict[str, Any]) -> dict[str, Any]:
    name, kind = text(given.get("label")), kind_of(given.get("var_type"))
    if not is_key(name):
        here.lose("renamed", f"The loop variable “{name[:60]}” cannot be called so here.", field="variables")
    start = given.get("value")
    if text(given.get("value_type")) == "variable" and len(selector(start)) > 1:
        begins = value(here, start, "variables")
    elif isinstance(start, str) and "{{#" in start:
        begins = template(here, start)
    else:
        begins = constant(start if kind == "text" else from_json(start))
        if begins == "" and kind != "text":
            begins = None
    return {"name": name, "kind": kind, "start": begins}


def leave(_: Here) -> Made:
    """Enough of a loop."""
    return Made("flow.leave_loop", {}, exits={})
