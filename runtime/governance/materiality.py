"""Materiality: which of many changes a reviewer reads first, and why."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from nodes.sdk import Control, Dynamic, Effect, Node, host_of
from runtime.governance.manifest import Drifted
from runtime.graph.checking_steps import Checked
from runtime.graph.diffing import Change
from runtime.graph.document import START
from runtime.graph.marks import marks_of
from runtime.graph.naming import shown
from runtime.graph.touching import Touch, asks_people, touch_of, touch_through

ORDER: dict[str, str] = {
    "prompt": "What a model is told",
    "code": "Code",
    "condition": "How it decides",
    "model": "Which model",
    "host": "An outside host",
    "source": "A source of data",
    "class": "How confidential something is",
    "audience": "Who the result is for",
    "effect": "What it does outside",
    "tool": "A tool a model may use",
    "trigger": "How it begins",
    "human": "A person no longer stands in between",
    "guard": "A guard no longer stands in between",
    "other": "Something else that runs",
    "words": "Words",
    "layout": "Layout",
}
"""kinds of changes in the order a reviewer reads them, with what they are"""
_RANKS = {name: rank for rank, name in enumerate(ORDER)}
Steps = Mapping[str, Checked]


@dataclass(frozen=True, slots=True)
class Ranked:
    """A change with its place in the order."""

    rank: int
    """from 0; the lower, the sooner it is read"""
    code: str
    """one of `ORDER`"""
    reason: str
    sentence: str
    material: bool
    change: Change | None = None
    drift: Drifted | None = None
    """set instead of `change` where not the document changed but something it depends on"""


def first_things_first(
    changes: Iterable[Change], before: Steps, after: Steps, drift: Iterable[Drifted] = ()
) -> list[Ranked]:
    """All changes, the most material first; among equals as they were found. `before` and `after` are the checked
    steps of both documents, what stands for their error workflows among them as if its id were empty."""
    found = [_ranked(_code(each, before, after), each.sentence, each.material, change=each) for each in changes]
    found += [_ranked(_DRIFT[each.kind], each.sentence, True, drift=each) for each in drift]
    return sorted(found, key=lambda each: each.rank)


_DRIFT = {"model": "model", "base": "source", "connection": "host", "node_type": "other", "policy": "other"}


def _ranked(code: str, sentence: str, material: bool, **of: Any) -> Ranked:
    return Ranked(_RANKS[code], code, ORDER[code], sentence, material, **of)


def _code(change: Change, before: Steps, after: Steps) -> str:
    match change.part:
        case "words" | "layout":
            return change.part
        case "step" if change.kind == "removed":
            return _removed(before.get(change.step or ""))
        case "step":
            return _added(after.get(change.step or ""))
        case "run" if change.field == "error_workflow":
            return _added(after.get("") or before.get(""))
        case "run":
            return "audience" if change.field == "audience_class" else "other"
        case "edge" | "variable" | "output" | "container" | "failure":
            return "other"
        case "input":
            return "class" if _last(change.field) in ("data_class", "tags") or ".tags." in change.field else "source"
        case "setting":
            return _setting(change, before, after)


def _removed(checked: Checked | None) -> str:
    node = checked.node if checked else None
    if checked is None or node is None:
        return "other"
    if _guards(touch_of(checked)):
        return "guard"
    return "human" if asks_people(checked) else _by_effect(checked)


def _added(checked: Checked | None) -> str:
    if checked is None or (checked.node is None and checked.called is None):
        return "other"
    touch = touch_through(checked)
    if any(each.kind == "host" for each in touch.reaches):
        return "host"
    if any(each.kind == "base" for each in touch.draws):
        return "source"
    return _by_effect(checked)


def _by_effect(checked: Checked) -> str:
    does = checked.does()
    return "code" if does == frozenset({Effect.COMPUTE}) else "effect" if does else "other"


def _setting(change: Change, before: Steps, after: Steps) -> str:
    both = [each for each in (after.get(change.step or ""), before.get(change.step or "")) if each]
    checked = both[0] if both else None
    node = checked.node if checked else None
    if checked is None or node is None:
        return "other"
    touch = touch_through(checked)
    keys = change.field.split(".")
    info = {each.alias or name: each for name, each in node.model_fields.items()}.get(keys[0])
    control = shown(info).get("control") if info else None
    tests: tuple[tuple[str, Callable[[], bool]], ...] = (
        ("prompt", lambda: _tells_model(touch) and _is_text(node, keys, change)),
        ("code", lambda: control == "code"),
        ("model", lambda: control == Control.ALIAS),
        ("condition", lambda: any(len(each.exits) > 1 for each in both) and (not touch.reaches or _tells_model(touch))),
        ("host", lambda: host_of(str(change.before or "")) != host_of(str(change.after or ""))),
        ("source", lambda: any(each.kind == "base" for each in touch.draws) and keys[0] == "bases"),
        ("tool", lambda: keys[0] == "tools"),
        ("trigger", lambda: checked.type == START),
        ("guard", lambda: _guards(touch)),
        ("effect", lambda: any(each.kind == "host" for each in touch.reaches)),
    )
    return next((code for code, holds in tests if holds()), "other")


def _guards(touch: Touch) -> bool:
    return any(each.by == "guard" for each in touch.lowers)


def _tells_model(touch: Touch) -> bool:
    return any(each.kind == "model" for each in touch.reaches)


def _is_text(node: type[Node], keys: list[str], change: Change) -> bool:
    """Whether a setting, or something inside it that came or went as a whole, is text with references."""
    marks = dict(marks_of(node).fields).get(keys[0])
    for key in keys[1:]:
        if marks is None:
            return False
        marks = marks.items if key.isdecimal() else dict(marks.fields).get(key)
    if marks is None:
        return False
    whole = isinstance(change.before, list | dict) or isinstance(change.after, list | dict)
    return marks.dynamic is Dynamic.TEXT or (whole and not marks.silent)


def _last(field: str) -> str:
    return field.rpartition(".")[2]
