"""Splitting text into passages: whole paragraphs and sentences where they fit, each with its place and its heading.

Runs only in the limited child (see `reading`): what it costs, the text chooses.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import NamedTuple

from runtime.knowledge.media import Media, Unreadable
from runtime.knowledge.minilm import tokenizer

MOST_PASSAGES = 20_000
LONGEST = 2_000
"""characters of a passage: text without blanks can be one single token, however long"""
LONGEST_HEADING = 160

_MARKED = frozenset[Media]({"markdown", "docx", "html"})
"""kinds whose text has Markdown headings"""
_HEADING = re.compile(r"^(#{1,6}) +(\S.*)$", re.MULTILINE)


class Piece(NamedTuple):
    """A passage of a document, by its place in the text of a page."""

    page: int
    """from 1"""
    start: int
    end: int
    heading: str


def split(pages: list[str], media: Media, tokens: int, overlap: int) -> list[Piece]:
    """Passages of at most `tokens` tokens, in order; `overlap` of them are repeated from one to the next.

    Raises `Unreadable` when there are too many.
    """
    from semantic_text_splitter import MarkdownSplitter, TextSplitter

    kind = MarkdownSplitter if media in _MARKED else TextSplitter
    cut = kind.from_huggingface_tokenizer(tokenizer(), tokens, overlap=min(overlap, tokens // 2))
    pieces: list[Piece] = []
    for number, page in enumerate(pages, 1):
        headings = _headings(page) if media in _MARKED else []
        begun: int | None = None
        """where headings stand that no words followed yet: they belong to the passage after them"""
        for start, text in cut.chunk_indices(page):
            begun = start if begun is None else begun
            if headings and not _HEADING.sub("", text).strip() and start + len(text) < len(page):
                continue
            for at in range(begun, start + len(text), LONGEST):
                end = min(at + LONGEST, start + len(text))
                if page[at:end].strip():
                    pieces.append(Piece(number, at, end, _heading_at(headings, max(at, start))))
            begun = None
        if len(pieces) > MOST_PASSAGES:
            raise Unreadable(f"The file would become more than {MOST_PASSAGES:,} passages. Split it.")
    return pieces


def _headings(page: str) -> list[tuple[int, str]]:
    """Where each part of a page begins, and the headings above it, the nearest last."""
    found: list[tuple[int, str]] = []
    above: list[tuple[int, str]] = []
    for hit in _HEADING.finditer(page):
        level = len(hit[1])
        above = [each for each in above if each[0] < level] + [(level, hit[2].strip("# "))]
        found.append((hit.start(), " › ".join(words for _, words in above)[-LONGEST_HEADING:]))
    return found


def _heading_at(headings: list[tuple[int, str]], place: int) -> str:
    """The heading of the part that a passage begins in."""
    at = bisect_right(headings, place, key=lambda each: each[0])
    return headings[at - 1][1] if at else ""
