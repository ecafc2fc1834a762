"""Notes on the canvas: their words, colour and place."""

from __future__ import annotations

from typing import Any

from runtime.exchange.dify.source import Node, Source
from runtime.exchange.loose import from_json, listed, mapping, text

_COLORS = {"blue": "blue", "cyan": "teal", "green": "teal", "yellow": "amber", "pink": "red", "violet": "violet"}
_LINES = ("paragraph", "heading", "listitem", "quote", "linebreak")
_DEEPEST = 40


def words_of(note: Node) -> str:
    """What is written on it, without its looks."""
    written = note.data.get("text")
    tree = from_json(written)
    if not isinstance(tree, dict):
        return text(written).strip()[:10_000]
    return "".join(_words(mapping(tree).get("root"), 0)).strip()[:10_000]


def _words(part: Any, depth: int) -> list[str]:
    found = mapping(part)
    if depth > _DEEPEST:
        return []
    words = [text(found.get("text"))]
    for each in listed(found.get("children")):
        words += _words(each, depth + 1)
    return [*words, "\n"] if text(found.get("type")) in _LINES else words


def box_of(note: Node, source: Source) -> dict[str, Any]:
    """Where it stands. One inside a container stands beside it."""
    x, y = note.place or (0.0, 0.0)
    around = source.nodes.get(note.parent)
    if around is not None and around.place:
        x, y = x + around.place[0], y + around.place[1]
    w, h = note.size or (240.0, 120.0)
    return {"x": x, "y": y, "w": w, "h": h, "color": _COLORS.get(text(note.data.get("theme")), "amber")}
