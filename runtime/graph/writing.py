"""Writing: a document to text that people read and git compares, always the same for the same document."""

from __future__ import annotations

import json
import re
from typing import Any

import yaml

from runtime.graph.document import Document
from runtime.graph.ordering import order_of
from runtime.graph.parsing import scalar

WIDEST = 2**31
"""no line is ever folded: a changed word changes one line"""
_ESCAPED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")


def write(document: Document) -> str:
    """The document as YAML: only what differs from the defaults, steps in reading order, long text as blocks."""
    return yaml.dump(
        _shown(document), Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=WIDEST, default_flow_style=False
    )


def write_json(document: Document) -> str:
    """The document as JSON, for programs; `read` takes it as well."""
    return json.dumps(_shown(document), indent=2, ensure_ascii=False) + "\n"


class _Line(dict[str, Any]):
    """An object that is written on one line."""


class _Pair(list[Any]):
    """A list that is written on one line."""


def _shown(document: Document) -> dict[str, Any]:
    """The data of the file."""
    order = {step: index for index, step in enumerate(order_of(document.meaning))}
    data = document.model_dump(mode="python", by_alias=True, exclude_defaults=True)
    meaning, words, layout = (data.get(each, {}) for each in ("meaning", "words", "layout"))
    for part in (meaning, words, layout):
        if "steps" in part:
            part["steps"] = dict(sorted(part["steps"].items(), key=lambda each: order.get(each[0], len(order))))
    if "edges" in meaning:
        edges = sorted(document.meaning.edges, key=lambda each: (order.get(each.step, len(order)), each.source))
        meaning["edges"] = [_Line({"from": each.source, "to": each.to}) for each in edges]
    if "steps" in layout:
        layout["steps"] = {step: _Pair(_pixel(each) for each in place) for step, place in layout["steps"].items()}
    if "notes" in layout:
        notes = layout["notes"].items()
        layout["notes"] = {note: _Line({name: _pixel(each) for name, each in box.items()}) for note, box in notes}
    return {"greenlane": document.greenlane, "name": document.name} | {
        name: each for name, each in (("words", words), ("meaning", meaning), ("layout", layout)) if each
    }


def _pixel(value: float | str) -> float | str:
    return int(value) if isinstance(value, float) and value.is_integer() else value


class _Dumper(yaml.SafeDumper):
    """Lists are indented; a text that any reader of YAML, old or new, could take for something else is quoted."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:  # noqa: ARG002 - their signature
        super().increase_indent(flow, False)

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002 - their signature
        return True


def _text(dumper: Any, text: str) -> yaml.ScalarNode:
    style = '"' if _ESCAPED.search(text) else "|" if "\n" in text else "'" if _ambiguous(text) else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style)


def _ambiguous(text: str) -> bool:
    try:
        return not isinstance(scalar(text), str)
    except ValueError:
        return True


_Dumper.add_representer(str, _text)
_Dumper.add_representer(_Line, lambda dumper, data: dumper.represent_mapping("tag:yaml.org,2002:map", data, True))
_Dumper.add_representer(_Pair, lambda dumper, data: dumper.represent_sequence("tag:yaml.org,2002:seq", data, True))
