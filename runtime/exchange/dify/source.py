"""What a file of Dify holds, brought into one form: whatever is missing, old or of the wrong type is made good here."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from runtime.exchange.loose import listed, mapping, mappings, number, text
from runtime.exchange.report import Report

NEWEST = (0, 6)
MOST_STEPS = 1_000
DEEPEST = 10
"""containers in one another"""
NOTE, GROUP = "custom-note", "group"
CONTAINERS = ("iteration", "loop")
BEGINNINGS = ("iteration-start", "loop-start")
ROOTS = ("start", "trigger-webhook", "trigger-schedule", "trigger-plugin", "datasource")
_ALIASES = {
    "variable-assigner": "variable-aggregator",
    "trigger-event": "trigger-plugin",
    "knowledge-retrieval-v2": "knowledge-retrieval",
    "custom-iteration-start": "iteration-start",
    "custom-loop-start": "loop-start",
    "custom-loop-end": "loop-end",
}  # fmt: skip
_HANDLES = {"": "source", "success-branch": "source"}


@dataclass(slots=True)
class Node:
    """A step as it stands in the file. `kind` is what it is; `parent` the container it lies in."""

    id: str
    kind: str
    data: dict[str, Any]
    parent: str = ""
    place: tuple[float, float] | None = None
    size: tuple[float, float] | None = None

    @property
    def title(self) -> str:
        """What people call it."""
        return " ".join(text(self.data.get("title")).split())[:200]

    @property
    def settings(self) -> dict[str, Any]:
        """What was set in it, without what only their editor needs."""
        return {name: each for name, each in self.data.items() if name not in _OF_THE_EDITOR}


_OF_THE_EDITOR = frozenset({"selected", "height", "width", "_connectedSourceHandleIds", "_connectedTargetHandleIds",
                            "_isCandidate", "_targetBranches"})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Link:
    """A connection: from one way out of a step to another step."""

    source: str
    handle: str
    target: str


@dataclass(slots=True)
class Source:
    """A file, read."""

    name: str
    description: str = ""
    icon: str = ""
    chat: bool = False
    nodes: dict[str, Node] = field(default_factory=dict[str, Node])
    notes: list[Node] = field(default_factory=list[Node])
    links: list[Link] = field(default_factory=list[Link])
    workflow: dict[str, Any] = field(default_factory=dict[str, Any])
    dependencies: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    config: dict[str, Any] = field(default_factory=dict[str, Any])
    """of an app without a graph"""
    mode: str = ""


def is_dify(data: dict[str, Any]) -> bool:
    """Whether data looks like a file of Dify, or a graph of one."""
    graph = _graph_of(data)
    others = any("inputAnchors" in mapping(each.get("data")) for each in mappings(graph.get("nodes")))
    return ({"nodes", "edges"} <= graph.keys() and not others) or bool({"app", "model_config"} & data.keys())


def source_of(data: dict[str, Any], report: Report) -> Source:
    """The file in one form. What cannot be understood is noted and left out."""
    app = mapping(data.get("app")) or mapping(data.get("rag_pipeline"))
    workflow = mapping(data.get("workflow"))
    mode = text(app.get("mode")) or ("workflow" if workflow or "nodes" in _graph_of(data) else "chat")
    source = Source(
        name=text(app.get("name")),
        description=text(app.get("description"))[:10_000],
        icon=text(app.get("icon")) if len(text(app.get("icon"))) <= 64 else "",
        chat=mode in ("advanced-chat", "chat", "agent-chat"),
        workflow=workflow,
        dependencies=mappings(data.get("dependencies")),
        config=mapping(data.get("model_config")),
        mode=mode,
    )
    _check_version(data, report)
    graph = _graph_of(data)
    for each in listed(graph.get("nodes")):
        _take_node(each, source, report)
    _find_parents(source, report)
    _take_links(graph, source, report)
    return source


def _graph_of(data: dict[str, Any]) -> dict[str, Any]:
    """Where the steps are: below `workflow`, below `graph`, or right at the top."""
    return mapping(mapping(data.get("workflow")).get("graph")) or mapping(data.get("graph")) or data


def _check_version(data: dict[str, Any], report: Report) -> None:
    version = text(data.get("version")) or "0.1.0"
    parts = version.split(".")
    known = parts[0] == str(NEWEST[0]) and len(parts) > 1 and parts[1].isdecimal() and int(parts[1]) <= NEWEST[1]
    if not known and ("app" in data or "kind" in data) and "version" in data:
        sentence = f"The file is of version {version[:20]}; versions up to 0.6 were tried out."
        report.note("unknown_version", sentence, "Look through the steps before you run it.")


def _take_node(each: Any, source: Source, report: Report) -> None:
    found, data = mapping(each), mapping(mapping(each).get("data"))
    name, outer = text(found.get("id")), text(found.get("type"))
    kind = text(data.get("type")) or (outer if outer != "custom" else "")
    if outer == NOTE or kind == NOTE:
        source.notes.append(Node(name, NOTE, data, text(found.get("parentId")), _place(found), _size(found, data)))
        return
    kind = _ALIASES.get(kind, kind)
    if not name or not kind:
        report.note("bad_step", f"A step without {'an id' if not name else 'a type'} was left out ({name[:60]}).")
        return
    if name in source.nodes:
        report.note("duplicate_step", f"Two steps have the id “{name[:60]}”; the first one counts.")
        return
    if len(source.nodes) == MOST_STEPS:
        report.note("too_much", f"The file has more than {MOST_STEPS:,} steps; the rest was left out.", error=True)
    if len(source.nodes) < MOST_STEPS:
        parent = text(found.get("parentId"))
        source.nodes[name] = Node(name, kind, data, parent, _place(found), _size(found, data))


def _find_parents(source: Source, report: Report) -> None:
    """Every step lies in a container that is there, and none in itself."""
    for node in source.nodes.values():
        node.parent = node.parent or _innermost(node, source)
        parent = source.nodes.get(node.parent)
        if node.parent and (parent is None or parent.kind not in CONTAINERS):
            sentence = f"“{node.title or node.id}” lies in “{node.parent[:60]}”, which is no container."
            report.note("outside_container", sentence, "It was put outside.")
            node.parent = ""
    for node in source.nodes.values():
        seen, here = {node.id}, node
        while here.parent:
            if here.parent in seen:
                report.note(
                    "outside_container", f"“{node.title or node.id}” lies inside itself.", "It was put outside."
                )
                here.parent = ""
                break
            if len(seen) > DEEPEST:
                report.note("outside_container", f"“{node.title or node.id}” lies in more than {DEEPEST} containers.",
                            "It was put outside.")  # fmt: skip
                node.parent = ""
                break
            seen.add(here.parent)
            here = source.nodes[here.parent]


def _innermost(node: Node, source: Source) -> str:
    """The container a step names in its data; of two the inner one."""
    named = [text(node.data.get(each)) for each in ("iteration_id", "loop_id")]
    named = [each for each in named if each and each != node.id]
    if len(named) < 2:
        return "".join(named)
    one, other = (source.nodes.get(each) for each in named)
    if one and other and (one.parent or _innermost_of_one(one)) == other.id:
        return one.id
    return other.id if other else named[0]


def _innermost_of_one(node: Node) -> str:
    return text(node.data.get("iteration_id")) or text(node.data.get("loop_id"))


def _take_links(graph: dict[str, Any], source: Source, report: Report) -> None:
    notes = {each.id for each in source.notes}
    for each in listed(graph.get("edges")):
        found = mapping(each)
        start, end = text(found.get("source")), text(found.get("target"))
        handle = text(found.get("sourceHandle"))
        if start in source.nodes and end in source.nodes:
            source.links.append(Link(start, _HANDLES.get(handle, handle), end))
        elif start not in notes and end not in notes:
            report.note("bad_edge", f"A connection from “{start[:60]}” to “{end[:60]}” joins no two steps.")


def _place(found: dict[str, Any]) -> tuple[float, float] | None:
    place = mapping(found.get("position"))
    x, y = number(place.get("x")), number(place.get("y"))
    return None if x is None or y is None else (_pixel(x), _pixel(y))


def _size(found: dict[str, Any], data: dict[str, Any]) -> tuple[float, float] | None:
    w, h = (number(found.get(each)) or number(data.get(each)) for each in ("width", "height"))
    return None if not w or not h or w < 0 or h < 0 else (_pixel(w), _pixel(h))


def _pixel(value: float) -> float:
    return float(round(max(-1e6, min(1e6, value))))
