"""HTML as text: headings, lists and tables keep their shape, everything that is not for reading is left out."""

from __future__ import annotations

import re
from typing import Any

SILENT = frozenset({"script", "style", "noscript", "template", "svg", "head", "iframe", "object", "button", "select"})
BLOCKS = frozenset(
    {"p", "div", "section", "article", "main", "header", "footer", "aside", "nav", "ul", "ol", "dl", "dt", "dd",
     "table", "tr", "blockquote", "pre", "figure", "figcaption", "form", "fieldset", "hr", "br", "li", "details",
     "summary", "h1", "h2", "h3", "h4", "h5", "h6"}
)  # fmt: skip
_BLANKS = re.compile(r"\s+")
APART = BLOCKS - {"br", "tr", "li", "dt", "dd"}
"""blocks with an empty line around them"""
CELLS = frozenset({"td", "th"})
HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})


def text_of_html(html: str) -> str:
    """The text of a page. Walks without recursion, because nesting is the stranger's to choose."""
    from selectolax.lexbor import LexborHTMLParser

    root = LexborHTMLParser(html).body
    written: list[str] = []
    stack: list[tuple[Any, bool]] = [(root, True)] if root is not None else []
    while stack:
        node, entering = stack.pop()
        if not entering:
            written.append("\n\n" if node.tag in APART else "\t" if node.tag in CELLS else "")
            continue
        tag = node.tag or ""
        if tag == "-text":
            written.append(_BLANKS.sub(" ", node.text_content or ""))
        elif tag not in SILENT and not tag.startswith(("-", "_", "!")):
            written.append(_before(tag))
            stack.append((node, False))
            stack += [(child, True) for child in reversed(_children(node))]
    return _tidied("".join(written))


def _children(node: Any) -> list[Any]:
    found: list[Any] = []
    child = node.child
    while child is not None:
        found.append(child)
        child = child.next
    return found


def _before(tag: str) -> str:
    """What stands before the words of an element."""
    if tag not in BLOCKS:
        return ""
    mark = "#" * int(tag[1]) + " " if tag in HEADINGS else "- " if tag == "li" else ""
    return ("\n\n" if tag in APART else "\n") + mark


def _tidied(text: str) -> str:
    """Lines without double blanks, cells with a bar between them, at most one empty line in a row."""
    lines: list[str] = []
    for line in text.split("\n"):
        cells = [" ".join(cell.split()) for cell in line.split("\t")]
        said = " | ".join(cell for cell in cells if cell)
        if said.strip("#- ") or (lines and lines[-1]):
            lines.append(said if said.strip("#- ") else "")
    return "\n".join(lines).strip()
