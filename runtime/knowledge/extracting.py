"""What is written in a file somebody gave to a run: its text page by page, or its table row by row. Read in a child
process with limits, as documents are (`reading`): a stranger's file can want anything.

`text_in` and `rows_in` are called here; `main` is what the child runs.
"""

from __future__ import annotations

import logging
from typing import Any, Literal

import orjson

from runtime.knowledge.media import Unreadable, media_of
from runtime.sandbox.limited import Broke, Limits, run_limited

log = logging.getLogger(__name__)

LIMITS = Limits(seconds=60, memory=1_000_000_000, answer=24_000_000)

_SENTENCES = {
    "time": "Reading the file took too long, so it was stopped. Split it, or save it in a simpler form.",
    "memory": "Reading the file needs more memory than a file may take. Split it, or save it in a simpler form.",
    "answer": "The file holds more than a step can take. Split it.",
    "stopped": "Reading the file was stopped.",
    "crash": "The file is damaged in a way that stopped its reader. Save it again and bring it once more.",
}


def text_in(name: str, body: bytes, *, pages: int = 0, limits: Limits = LIMITS) -> list[str]:
    """The text of a file, page by page; with `pages` only the first ones. Blocks: call it from a thread. Raises
    `Unreadable`."""
    return _read("text", name, body, pages, limits)


def rows_in(name: str, body: bytes, *, most: int = 0, limits: Limits = LIMITS) -> list[dict[str, Any]]:
    """The table of a file, one object a row; with `most` only the first ones. Blocks: call it from a thread. Raises
    `Unreadable`."""
    return _read("rows", name, body, most, limits)


def _read(what: Literal["text", "rows"], name: str, body: bytes, most: int, limits: Limits) -> Any:
    wanted = orjson.dumps({"what": what, "name": name, "most": most})
    try:
        answer = orjson.loads(run_limited(__name__, wanted + b"\n" + body, limits))
    except Broke as broke:
        if broke.reason == "crash":
            log.warning("the reader of a file died: %s", broke.last_words)
        raise Unreadable(_SENTENCES[broke.reason]) from broke
    if "unreadable" in answer:
        raise Unreadable(answer["unreadable"])
    return answer["found"]


def main(given: bytes) -> bytes:
    """In the child: read."""
    head, _, body = given.partition(b"\n")
    wanted = orjson.loads(head)
    try:
        return orjson.dumps({"found": found_in(wanted["what"], wanted["name"], body, wanted["most"])})
    except Unreadable as error:
        return orjson.dumps({"unreadable": error.sentence})


def found_in(what: str, name: str, body: bytes, most: int = 0) -> Any:
    """In the child: what is in a file. Raises `Unreadable`."""
    from runtime.knowledge.pages import pages_of
    from runtime.knowledge.sheets import is_sheet, rows_of_csv, rows_of_sheet

    if is_sheet(body):
        rows = rows_of_sheet(body, most)
        return rows if what == "rows" else [_written(rows)]
    media = media_of(name, body)
    if what == "rows":
        if media not in ("csv", "text"):
            raise Unreadable(f"“{name}” holds no table. Bring it as CSV or as an Excel file (.xlsx).")
        return rows_of_csv(body, most)
    pages = pages_of(body, media)
    return pages[:most] if most else pages


def _written(rows: list[dict[str, Any]]) -> str:
    """A table as text: `column: value`, a line each, an empty line between rows."""
    return "\n\n".join("\n".join(f"{name}: {cell}" for name, cell in row.items() if cell != "") for row in rows)
