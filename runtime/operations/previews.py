"""What is in a file, at a glance: a picture, the first pages, the first rows. Read in a child process with limits."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import Any, Literal

from runtime.engine.files import AT_ONCE
from runtime.errors import NotFound, TooBusy
from runtime.files.kinds import EXCEL, PDF, SAFE_IMAGES, WORD
from runtime.knowledge.extracting import rows_in, text_in
from runtime.knowledge.media import Unreadable
from runtime.operations.actors import Actor
from runtime.operations.files import OpenFile, open_file
from runtime.operations.runtime import Runtime
from runtime.sandbox.limited import Limits

MOST_PAGES = 3
MOST_ROWS = 50
MOST_COLUMNS = 20
MOST_TEXT = 20_000
"""characters"""
MOST_BYTES = 20_000_000
"""of a file that is read for a preview"""
QUICK = Limits(seconds=15, memory=800_000_000, answer=16_000_000)
_TABLES = frozenset({"text/csv", "text/tab-separated-values", EXCEL})
_PATIENCE_S = 20.0

_places = asyncio.Semaphore(AT_ONCE)


@dataclass(frozen=True, slots=True)
class Preview:
    """What is shown of a file beside its name."""

    kind: Literal["picture", "text", "table", "none"]
    text: str = ""
    columns: list[str] = field(default_factory=list[str])
    rows: list[list[str]] = field(default_factory=list[list[str]])
    more: bool = False
    """whether there is more in the file"""
    sentence: str = ""
    """why nothing is shown"""


async def open_picture(runtime: Runtime, actor: Actor | None, *, file: str) -> OpenFile:
    """A picture to be shown in a page, of a kind that cannot carry a script. Raises `NotFound` for all else."""
    found = await open_file(runtime, actor, file=file)
    if found.card.type not in SAFE_IMAGES:
        raise NotFound("There is no picture of this file.", hint="Download it to look at it.")
    return found


async def preview_file(runtime: Runtime, actor: Actor | None, *, file: str) -> Preview:
    """A glance into a file this actor may see."""
    found = await open_file(runtime, actor, file=file)
    card = found.card
    if card.type in SAFE_IMAGES:
        return Preview("picture")
    if not (card.type in _TABLES or card.type in (PDF, WORD) or card.type.startswith("text/") or _is_text(card.type)):
        return Preview("none", sentence="There is no preview of this kind of file.")
    if card.size > MOST_BYTES:
        return Preview("none", sentence="The file is too large for a preview.")
    try:
        async with asyncio.timeout(_PATIENCE_S), _places:
            return await asyncio.to_thread(_looked_into, found)
    except Unreadable as error:
        return Preview("none", sentence=error.sentence)
    except TimeoutError:
        raise TooBusy("Several files are being looked into.", hint="Try again in a moment, or download it.") from None


def _is_text(kind: str) -> bool:
    return kind in ("application/json", "application/xml", "application/yaml", "message/rfc822")


def _looked_into(found: OpenFile) -> Preview:
    body = b"".join(found.pieces)
    if found.card.type in _TABLES:
        return _table(rows_in(found.card.name, body, most=MOST_ROWS + 1, limits=QUICK))
    pages = text_in(found.card.name, body, pages=MOST_PAGES + 1, limits=QUICK)
    text = "\n\n".join(pages[:MOST_PAGES])
    return Preview("text", text=text[:MOST_TEXT], more=len(pages) > MOST_PAGES or len(text) > MOST_TEXT)


def _table(rows: list[dict[str, Any]]) -> Preview:
    columns = list(rows[0])[:MOST_COLUMNS] if rows else []
    cells = [[str(row.get(name, ""))[:500] for name in columns] for row in rows[:MOST_ROWS]]
    more = len(rows) > MOST_ROWS or bool(rows and len(rows[0]) > MOST_COLUMNS)
    return Preview("table", columns=columns, rows=cells, more=more)
