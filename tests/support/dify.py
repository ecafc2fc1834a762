"""Small files of Dify, written here: a few steps in a row, and what becomes of them."""

import json
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from runtime.exchange.importing import Imported, import_file
from runtime.graph.document import Document, Step
from tests.support.product import catalogue

START = {"id": "start", "data": {"type": "start", "title": "Start", "variables": [
    {"variable": "text", "type": "paragraph", "required": True}, {"variable": "items", "type": "json_object"},
    {"variable": "file", "type": "file"}, {"variable": "files", "type": "file-list"},
]}}  # fmt: skip


def node(name: str, kind: str, parent: str = "", **data: Any) -> dict[str, Any]:
    return {"id": name, "data": {"type": kind, "title": "", **data}} | ({"parentId": parent} if parent else {})


def edge(source: str, target: str, handle: str = "source") -> dict[str, Any]:
    return {"source": source, "target": target, "sourceHandle": handle}


def file_of(
    nodes: Sequence[dict[str, Any]], edges: Sequence[dict[str, Any]] | None = None, *, mode: str = "workflow",
    start: dict[str, Any] | None = None, **workflow: Any,
) -> dict[str, Any]:  # fmt: skip
    """A whole file: a start, these steps, and edges; without any the steps that lie in no container in a row."""
    everything = [start or START, *nodes]
    if edges is None:
        row = [each["id"] for each in everything if "parentId" not in each]
        edges = [edge(one, other) for one, other in pairwise(row)]
    graph = {"nodes": everything, "edges": list(edges)}
    app = {"kind": "app", "version": "0.6.0", "app": {"name": "A Flow", "mode": mode}}
    return {**app, "workflow": {"graph": graph, **workflow}}


def imported(data: dict[str, Any]) -> Imported:
    return import_file(json.dumps(data, ensure_ascii=False).encode(), catalogue())


def flow(*nodes: dict[str, Any], edges: Sequence[dict[str, Any]] | None = None, **options: Any) -> Imported:
    """What becomes of these steps behind a start."""
    return imported(file_of(nodes, edges, **options))


def drawn(found: Imported) -> Document:
    """The document that came of a file."""
    assert found.document is not None, found.report.problems
    return found.document


def step(found: Imported, source: str) -> Step:
    """Our step for one of theirs."""
    return drawn(found).meaning.steps[found.report.steps[source].step]


def one(kind: str, **data: Any) -> dict[str, Any]:
    """The settings of a single step of some kind."""
    return step(flow(node("it", kind, **data)), "it").settings


def codes(found: Imported) -> list[str]:
    return [each.code for each in found.report.problems]


def ways(found: Imported) -> set[str]:
    """Every connection, as `from → to`."""
    return {str(each) for each in drawn(found).meaning.edges}
