"""Small documents as tests write them, compiled and run by the engine of a room."""

from collections.abc import Iterable, Mapping
from typing import Any

from nodes.catalogue import load
from runtime.graph.compiling import compile_document
from runtime.graph.document import Document
from runtime.graph.plan import Plan
from runtime.graph.problems import errors


def plan_of(steps: Mapping[str, Any], edges: Iterable[str], **variables: Any) -> Plan:
    """The plan of a document without errors; an edge is written `branch.yes > next`."""
    arrows = [each.split(" > ") for each in edges]
    meaning = {
        "steps": steps,
        "edges": [{"from": one, "to": other} for one, other in arrows],
        "variables": {name: {"start": value} for name, value in variables.items()},
    }
    compiled = compile_document(Document.model_validate({"name": "small", "meaning": meaning}), load())
    assert compiled.plan is not None, errors(compiled.problems)
    return compiled.plan


def start(*inputs: str) -> dict[str, Any]:
    return {"type": "flow.start", "settings": {"inputs": [{"name": each, "kind": "json"} for each in inputs]}}


def finish(**handed: Any) -> dict[str, Any]:
    outputs = [{"name": name, "value": value} for name, value in handed.items()]
    return {"type": "flow.finish", "settings": {"outputs": outputs}}


def each(items: Any, result: Any = None, **more: Any) -> dict[str, Any]:
    return {"type": "flow.each", "settings": {"items": items, "result": result, **more}}


def loop(*until: dict[str, Any], start: Mapping[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    kept = [{"name": name, "kind": "any", "start": value} for name, value in (start or {}).items()]
    return {"type": "flow.repeat", "settings": {"variables": kept, "until": list(until), **more}}


def change(variable: str, operation: str, value: Any = None) -> dict[str, Any]:
    changes = [{"variable": variable, "operation": operation, "value": value}]
    return {"type": "flow.set_value", "version": 2, "settings": {"changes": changes}}


def positive(value: Any) -> dict[str, Any]:
    """A branch to `yes` or `else` that fails for text."""
    condition = {"left": value, "operator": "greater", "right": 0}
    return {"type": "flow.branch", "settings": {"cases": [{"id": "yes", "conditions": [condition]}]}}


def inside(container: str, step: dict[str, Any], **on_failure: Any) -> dict[str, Any]:
    """A step in a container, and what becomes of it when it fails."""
    return step | {"inside": container} | ({"on_failure": on_failure} if on_failure else {})
