"""The cases both twins of `apply` are tested with; `python -m tests.runtime.graph.conformance` writes the file."""

import json
from pathlib import Path
from typing import Any

from runtime.graph.applying import EditRefused, apply
from runtime.graph.document import Document
from runtime.graph.edits import EDITS

FILE = Path(__file__).parents[2] / "canvas" / "edits.json"

EMPTY = {"name": "empty"}
DRAWN = {
    "name": "triage",
    "words": {
        "title": "Ticket triage",
        "description": "Sorts tickets.\nTwo lines – and an emoji 🙂",
        "icon": "split",
        "steps": {
            "start": {"title": "A ticket", "labels": {"message": {"label": "Message", "help": "What they wrote"}}},
            "sort": {"title": "Sort", "note": "by topic"},
        },
        "notes": {"hint": "Ask Ada before changing this"},
    },
    "meaning": {
        "steps": {
            "start": {"type": "flow.start", "settings": {"kind": "form", "inputs": [{"name": "message"}]}},
            "sort": {"type": "flow.branch", "version": 2, "settings": {"cases": [{"id": "urgent"}, {"id": "Later"}]}},
            "reply": {"type": "data.join_text", "settings": {"texts": ["{{ start.message }}", ""], "between": "space"}},
            "done": {"type": "flow.finish"},
        },
        "edges": [
            {"from": "start", "to": "sort"},
            {"from": "sort.urgent", "to": "reply"},
            {"from": "sort.Later", "to": "done"},
            {"from": "sort.else", "to": "done"},
            {"from": "reply", "to": "done"},
        ],
        "variables": {"count": {"kind": "number", "start": 0}},
        "run": {"time_limit_s": 60, "step_limit": 100},
    },
    "layout": {
        "steps": {"start": [0, 0], "sort": [240.5, 0], "reply": [480, -80]},
        "notes": {"hint": {"x": 10, "y": 200, "w": 240, "h": 120}},
    },
}  # fmt: skip

NESTED = {
    "name": "nested",
    "words": {"steps": {"post": {"title": "Post"}, "all": {"title": "All tickets"}}},
    "meaning": {
        "steps": {
            "start": {"type": "flow.start"},
            "all": {"type": "flow.each", "settings": {"items": "{{ start.tickets }}"}},
            "ask": {"type": "data.join_text", "inside": "all", "on_failure": {"retries": 2, "then": "exit"}},
            "again": {"type": "flow.repeat", "inside": "all"},
            "post": {"type": "data.join_text", "inside": "again", "settings": {"texts": ["a"]}},
            "done": {"type": "flow.finish"},
            "side": {"type": "data.join_text"},
        },
        "edges": [
            {"from": "start", "to": "all"},
            {"from": "all", "to": "done"},
            {"from": "start", "to": "side"},
            {"from": "side", "to": "done"},
            {"from": "ask", "to": "again"},
            {"from": "ask.error", "to": "again"},
        ],
        "conversation": {"name": {"kind": "text", "start": ""}},
    },
    "layout": {
        "steps": {"start": [0, 0], "all": [300, 0], "ask": [20, 60], "again": [300, 60], "post": [20, 60]},
        "sizes": {"all": [600, 300], "again": [280, 160]},
    },
}  # fmt: skip

IN_ALL = {"type": "data.join_text", "inside": "all"}
ENCLOSED = [
    ("a step is added into a container", {"edit": "add", "id": "mail", "step": IN_ALL, "place": [20, 60]}),
    ("a container is added with its size", {"edit": "add", "id": "new", "step": {"type": "flow.each"}, "size": [9, 8]}),
    ("no step is added into a stranger", {"edit": "add", "id": "new", "step": {"type": "t", "inside": "nobody"}}),
    ("no step is called conversation", {"edit": "add", "id": "conversation", "step": IN_ALL}),
    ("a container goes with all that lies inside", {"edit": "remove", "id": "all"}),
    ("a container in a container goes", {"edit": "remove", "id": "again"}),
    ("a step goes in and loses its edges", {"edit": "enclose", "inside": "all", "places": {"side": [2, 4]}}),
    ("a step goes out of its container", {"edit": "enclose", "inside": "", "places": {"post": None}}),
    ("steps go out together and stay joined", {"edit": "enclose", "places": {"ask": [0, 400], "again": [300, 400]}}),
    ("one of two joined steps goes out", {"edit": "enclose", "inside": "", "places": {"ask": [0, 400]}}),
    ("a container goes into another", {"edit": "enclose", "inside": "again", "places": {"ask": [0, 0]}}),
    ("steps of two go into one", {"edit": "enclose", "inside": "all", "places": {"post": [1, 1], "side": None}}),
    ("what lies there already only moves", {"edit": "enclose", "inside": "all", "places": {"ask": [9, 9]}}),
    ("a container cannot lie inside itself", {"edit": "enclose", "inside": "all", "places": {"all": [0, 0]}}),
    ("a container cannot lie in its own inside", {"edit": "enclose", "inside": "again", "places": {"all": [0, 0]}}),
    ("nothing goes into a stranger", {"edit": "enclose", "inside": "nobody", "places": {"ask": [0, 0]}}),
    ("a stranger goes nowhere", {"edit": "enclose", "inside": "all", "places": {"nobody": [0, 0]}}),
    ("a container gets another size", {"edit": "resize", "sizes": {"all": [700, 320.5], "again": None}}),
    ("a stranger has no size", {"edit": "resize", "sizes": {"nobody": [1, 1]}}),
    ("failing is met", {"edit": "handle", "id": "post", "on_failure": {"then": "fallback", "fallback": {"a": 1}}}),
    ("a failure is handled no more", {"edit": "handle", "id": "ask", "on_failure": {}}),
    ("a stranger does not fail", {"edit": "handle", "id": "nobody", "on_failure": {}}),
    ("a variable lasts", {"edit": "declare", "of": "conversation", "name": "a", "variable": {"kind": "any"}}),
    ("a conversation variable is taken away", {"edit": "declare", "of": "conversation", "name": "name"}),
]  # fmt: skip

MAIL = {"type": "data.join_text", "settings": {"texts": ["a", {"deep": [1, 2.5, None, True]}]}}
LABELS = {"a": {"label": ""}, "b": {"help": "h"}}
NEW = {"id": "mail", "step": MAIL}
TO_DONE = {"from": "mail", "to": "done"}
FROM_SORT = {"from": "sort.urgent", "to": "mail"}

EDITED = [
    ("a step is added", {"edit": "add", "id": "mail", "step": {"type": "data.join_text"}}),
    ("a step is added with its place", {"edit": "add", **NEW, "place": [3, 4.5]}),
    ("a step is added with words", {"edit": "add", **NEW, "words": {"title": "Mail", "labels": LABELS}}),
    ("a step is added between others", {"edit": "add", **NEW, "edges": [TO_DONE, FROM_SORT]}),
    ("an edge given twice is added once", {"edit": "add", **NEW, "edges": [TO_DONE, TO_DONE]}),
    ("an id can be taken only once", {"edit": "add", "id": "sort", "step": MAIL}),
    ("no step is called variables", {"edit": "add", "id": "variables", "step": MAIL}),
    ("no step is called run", {"edit": "add", "id": "run", "step": MAIL}),
    ("a new step brings only edges of its own", {"edit": "add", **NEW, "edges": [{"from": "start", "to": "done"}]}),
    ("a new step cannot lead to itself", {"edit": "add", **NEW, "edges": [{"from": "mail", "to": "mail"}]}),
    ("a new step cannot lead to a stranger", {"edit": "add", **NEW, "edges": [{"from": "mail", "to": "nobody"}]}),
    ("a step is removed with words, place and edges", {"edit": "remove", "id": "sort"}),
    ("a step without words or place is removed", {"edit": "remove", "id": "done"}),
    ("removing what is gone changes nothing", {"edit": "remove", "id": "nobody"}),
    ("steps move", {"edit": "move", "places": {"start": [7, 8], "done": [-1.5, 2]}}),
    ("a place is taken away", {"edit": "move", "places": {"start": None}}),
    ("a stranger cannot move", {"edit": "move", "places": {"start": [1, 1], "nobody": [0, 0]}}),
    ("an edge is added, in order", {"edit": "connect", "edge": {"from": "reply.failed", "to": "sort"}}),
    ("an edge that is there is not added again", {"edit": "connect", "edge": {"from": "sort.urgent", "to": "reply"}}),
    ("the exit done is the step alone", {"edit": "connect", "edge": {"from": "start.done", "to": "sort"}}),
    ("capitals come before small letters", {"edit": "connect", "edge": {"from": "sort.Zeta", "to": "done"}}),
    ("a step cannot lead to itself", {"edit": "connect", "edge": {"from": "sort.urgent", "to": "sort"}}),
    ("an edge cannot come from a stranger", {"edit": "connect", "edge": {"from": "nobody", "to": "sort"}}),
    ("an edge cannot lead to a stranger", {"edit": "connect", "edge": {"from": "sort", "to": "nobody"}}),
    ("an edge is taken away", {"edit": "disconnect", "edge": {"from": "sort.else", "to": "done"}}),
    ("an edge that is gone is not taken away again", {"edit": "disconnect", "edge": {"from": "start", "to": "done"}}),
    ("a setting changes", {"edit": "configure", "id": "reply", "field": "between", "value": "comma"}),
    ("a setting is new", {"edit": "configure", "id": "done", "field": "outputs", "value": [{"name": "answer"}]}),
    ("a setting may be null", {"edit": "configure", "id": "reply", "field": "between", "value": None}),
    ("a setting is unset", {"edit": "configure", "id": "reply", "field": "between", "unset": True}),
    ("a setting that is not set is unset", {"edit": "configure", "id": "reply", "field": "other", "unset": True}),
    ("unset wins over a value", {"edit": "configure", "id": "reply", "field": "between", "value": "x", "unset": True}),
    ("a stranger has no settings", {"edit": "configure", "id": "nobody", "field": "a", "value": 1}),
    ("the workflow is renamed", {"edit": "rename", "title": "Sort tickets"}),
    ("a step is renamed", {"edit": "rename", "id": "sort", "title": "Decide"}),
    ("a step gets its first title", {"edit": "rename", "id": "reply", "title": "Reply"}),
    ("a step loses its title and keeps its note", {"edit": "rename", "id": "sort", "title": ""}),
    ("a stranger has no title", {"edit": "rename", "id": "nobody", "title": "X"}),
    ("the workflow is described", {"edit": "describe", "text": ""}),
    ("a step gets a note", {"edit": "describe", "id": "done", "text": "line\nline"}),
    ("words that say nothing are dropped", {"edit": "describe", "id": "done", "text": ""}),
    ("a stranger has no note", {"edit": "describe", "id": "nobody", "text": ""}),
    ("a label changes", {"edit": "label", "id": "start", "part": "message", "label": {"label": "Text"}}),
    ("a label is new", {"edit": "label", "id": "done", "part": "answer", "label": {"label": "Answer", "help": "h"}}),
    ("a label is taken away", {"edit": "label", "id": "start", "part": "message", "label": None}),
    ("a label that says nothing is taken away", {"edit": "label", "id": "start", "part": "message", "label": {}}),
    ("a stranger has no labels", {"edit": "label", "id": "nobody", "part": "p", "label": None}),
    ("a note is written", {"edit": "note", "id": "todo", "text": "Check", "box": {"x": 1, "y": 2, "w": 100, "h": 50}}),
    ("a note is written without a box", {"edit": "note", "id": "todo", "text": "Check"}),
    ("a note changes and stays where it is", {"edit": "note", "id": "hint", "text": "New"}),
    ("a note changes and lies elsewhere", {"edit": "note", "id": "hint", "text": "New", "box": {"x": 0, "y": 0}}),
    ("a note goes", {"edit": "note", "id": "hint", "text": None}),
    ("a note without text has no box", {"edit": "note", "id": "hint", "box": {"x": 0, "y": 0}}),
    ("a note that is gone goes again", {"edit": "note", "id": "nobody"}),
    ("a note moves and changes its colour", {"edit": "lay", "boxes": {"hint": {"x": -5, "y": 7, "color": "blue"}}}),
    ("a note loses its box", {"edit": "lay", "boxes": {"hint": None}}),
    ("a note that is gone does not move", {"edit": "lay", "boxes": {"hint": {"x": 1, "y": 1}, "nobody": None}}),
    ("no note, nothing laid", {"edit": "lay", "boxes": {"nobody": {"x": 0, "y": 0}}}),
    ("a variable is declared", {"edit": "declare", "name": "total", "variable": {"kind": "list", "start": []}}),
    ("a variable changes", {"edit": "declare", "name": "count", "variable": {"kind": "any"}}),
    ("a variable is taken away", {"edit": "declare", "name": "count", "variable": None}),
    ("the limits change", {"edit": "limit", "run": {"token_limit": 1000, "cost_limit": 0.5}}),
    ("an error workflow is chosen",
     {"edit": "limit", "run": {"error_workflow": {"name": "tell-it", "content": "a" * 64}}}),
    ("the limits go", {"edit": "limit", "run": {}}),
]  # fmt: skip


def cases() -> list[dict[str, Any]]:
    """Every case with what Python says about it."""
    made = [
        case("an empty document gets a step", EMPTY, {"edit": "add", "id": "start", "step": {"type": "flow.start"}})
    ]
    made += [case(name, DRAWN, edit) for name, edit in EDITED]
    return made + [case(name, NESTED, edit) for name, edit in ENCLOSED]


def case(name, before, edit):
    """One case: the document after the edit with the inverse, or the sentence it is refused with."""
    document = Document.model_validate(before)
    known = EDITS.validate_python([edit])[0]
    shown = {"name": name, "before": as_json(document), "edit": as_json(known)}
    try:
        after, inverse = apply(document, known)
    except EditRefused as refused:
        return shown | {"refused": refused.sentence}
    return shown | {"after": as_json(after), "inverse": [as_json(each) for each in inverse]}


def as_json(part):
    """A document or an edit as it goes over the wire: every field is there."""
    return part.model_dump(mode="json", by_alias=True)


def as_file():
    """The text of the file, a case on each line."""
    return "[\n" + ",\n".join(json.dumps(each, ensure_ascii=False) for each in cases()) + "\n]\n"


if __name__ == "__main__":
    FILE.write_text(as_file(), encoding="utf-8")
