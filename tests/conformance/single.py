"""Single steps: imported inside the smallest file there is, built with the values they read, and run alone."""

import asyncio
import json
from collections.abc import Mapping
from itertools import pairwise
from typing import Any

import yaml

from nodes.catalogue import load
from nodes.sdk import Leave, Node, StepFailed
from runtime.graph.binding import dig
from runtime.graph.checking_steps import node_of
from runtime.graph.compiling import examine
from runtime.graph.document import Document
from runtime.operations.importing import Imported, convert_file
from tests.support.context import StepContext

Case = Mapping[str, Any]
READS = "conversation.value"


def verdict(case: Case) -> str:
    """What is wrong; nothing where all is as expected."""
    try:
        return _CHECKS[case["node"]](case)
    except (StepFailed, KeyError, AssertionError) as error:
        return f"{type(error).__name__}: {error}"


def imported(data: Mapping[str, Any], start: Mapping[str, Any] | None = None, **beside: Any) -> Imported:
    """One step behind a start."""
    nodes = [
        {"id": "start", "data": {"type": "start", "title": "Start", "variables": [], **(start or {})}},
        {"id": "step", "data": {"title": "Step", **data}},
    ]
    graph = {"nodes": nodes, "edges": [{"source": "start", "target": "step"}]}
    app = {"kind": "app", "version": "0.6.0", "app": {"name": "One step", "mode": "advanced-chat"}}
    return convert_file(yaml.safe_dump({**app, "workflow": {"graph": graph, **beside}}, allow_unicode=True).encode())


def step_of(document: Document, step: str, values: Mapping[str, Any]) -> Node:
    """A step with the values it reads, by step and name."""
    checked = examine(document, load())[0][step]
    ready, build = node_of(checked)
    node = ready or (build(lambda root, keys: dig(values.get(root), keys)) if build else None)
    assert node is not None, checked.problems
    return node


def ran(case: Imported, values: Mapping[str, Any], context: StepContext | None = None, step: str = "step") -> Leave:
    """What a step hands on."""
    assert case.document is not None, case.report.problems
    result = asyncio.run(step_of(case.document, step, values).run(context or StepContext()))
    if isinstance(result, Leave):
        return result
    return Leave("done", result if isinstance(result, dict) else result.model_dump())


def _if_else(case: Case) -> str:
    condition = {"variable_selector": ["start", "actual"], "comparison_operator": case["operator"],
                 "value": case["value"]}  # fmt: skip
    cases = [{"case_id": "true", "logical_operator": "and", "conditions": [condition]}]
    left = ran(imported({"type": "if-else", "cases": cases}), {"start": {"actual": case["actual"]}})
    return "" if (left.exit == "true") == case["result"] else f"it left by {left.exit}"


def _list_operator(case: Case) -> str:
    data = {name: case[name] for name in ("filter_by", "order_by", "limit", "extract_by") if name in case}
    left = ran(imported({"type": "list-operator", "variable": ["start", "actual"], **data}),
               {"start": {"actual": case["actual"]}})  # fmt: skip
    wanted = {name: case[name] for name in ("result", "first_record", "last_record")}
    found = {name: left.output[name] for name in wanted}
    return "" if found == wanted else f"{found}, not {wanted}"


def _assigner(case: Case) -> str:
    kind = case["variable_type"]
    declared = {"id": "1", "name": "value", "value_type": kind, "value": case["before"]}
    item = {**case["item"], "variable_selector": ["conversation", "value"]}
    made = imported({"type": "assigner", "version": "2", "items": [item]}, conversation_variables=[declared])
    context = StepContext(variables={READS: case["before"]})
    ran(made, {}, context)
    return "" if context.variables[READS] == case["after"] else f"{context.variables[READS]}, not {case['after']}"


def _answer(case: Case) -> str:
    names = {name.partition(".")[0] for name in case["variables"]} - {"start"}
    nodes = [{"id": each, "data": {"type": "tool", "title": each}} for each in names]
    graph = {
        "nodes": [
            {"id": "start", "data": {"type": "start", "title": "Start"}},
            *nodes,
            {"id": "step", "data": {"type": "answer", "title": "Step", "answer": case["template"]}},
        ],
        "edges": [{"source": one, "target": other} for one, other in pairwise(["start", *names, "step"])],
    }
    made = convert_file(yaml.safe_dump({"kind": "graph", "graph": graph}).encode())
    values: dict[str, dict[str, Any]] = {}
    for name, each in case["variables"].items():
        root, _, key = name.partition(".")
        values.setdefault(root, {})[key] = each
    text = ran(made, values).output["text"]
    return "" if text == case["answer"] else f"{text!r}, not {case['answer']!r}"


def _http(case: Case) -> str:
    data = {"type": "http-request", "method": "GET", "url": "http://example.com", **case["data"]}
    if "error_contains" in case:
        told = json.dumps(imported(data).report.as_dict())
        return "" if case["error_contains"].lower() in told.lower() else "nothing is said of the missing key"
    values: dict[str, Any] = {}
    for name, each in case.get("variables", {}).items():
        values.setdefault(name.split(".")[0], {}).update(_nested(name.split(".")[1:], each))
    written = yaml.safe_dump(data).replace("{{#a.", "{{#start.")
    context = StepContext(answers=[{"status": 200, "headers": {}, "text": ""}])
    if isinstance(data.get("body"), dict):
        data = {**data, "method": "POST", "body": {"type": "form-data", "data": []}}
        written = yaml.safe_dump(data)
    ran(imported(yaml.safe_load(written)), {"start": values.get("a", {})}, context)
    sent = context.sent[0]
    query = [f"{name}={each}" for name, each in sent.query]
    told = "\n".join([sent.address, *query, *(f"{name}: {each}" for name, each in sent.headers.items())])
    wanted = case.get("request_contains") or _lines(case["data"])
    missing = [each for each in wanted if each not in told]
    return f"the call is {told!r}, without {missing}" if missing else ""


def _nested(keys: list[str], value: Any) -> dict[str, Any]:
    return {keys[0]: _nested(keys[1:], value) if len(keys) > 1 else value}


def _lines(data: Mapping[str, Any]) -> list[str]:
    return [": ".join(line.split(":", 1)) for line in data["headers"].splitlines()]


_CHECKS = {
    "if-else": _if_else,
    "list-operator": _list_operator,
    "assigner": _assigner,
    "answer": _answer,
    "http-request": _http,
}
