"""Reading a file into pages and passages, in a child process with limits: a stranger's file can want anything.

`read` is called here; `main` is what the child runs.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass

import orjson

from runtime.knowledge.media import Media, Unreadable
from runtime.knowledge.splitting import Piece
from runtime.sandbox.limited import Broke, Limits, run_limited

log = logging.getLogger(__name__)

LIMITS = Limits(seconds=180, memory=1_500_000_000, answer=48_000_000)

_SENTENCES = {
    "time": "Reading the file took too long, so it was stopped. Split it, or save it in a simpler form.",
    "memory": "Reading the file needs more memory than a document may take. Split it, or save it in a simpler form.",
    "answer": "The file holds more text than a document may have. Split it.",
    "stopped": "Reading the file was stopped.",
    "crash": "The file is damaged in a way that stopped its reader. Save it again and bring it once more.",
}


@dataclass(frozen=True, slots=True)
class Content:
    """What was read from a file."""

    pages: list[str]
    pieces: list[Piece]

    def text_of(self, piece: Piece) -> str:
        """The words of a passage."""
        return self.pages[piece.page - 1][piece.start : piece.end]


def read(
    body: bytes,
    media: Media,
    *,
    tokens: int,
    overlap: int,
    limits: Limits = LIMITS,
    stopped: Callable[[], bool] = lambda: False,
) -> Content:
    """The pages of a file and how they are split. Blocks for seconds: call it from a thread. Raises `Unreadable`."""
    wanted = orjson.dumps({"media": media, "tokens": tokens, "overlap": overlap})
    try:
        answer = orjson.loads(run_limited(__name__, wanted + b"\n" + body, limits, stopped))
    except Broke as broke:
        if broke.reason == "crash":
            log.warning("the reader of a %s file died: %s", media, broke.last_words)
        raise Unreadable(_SENTENCES[broke.reason]) from broke
    if "unreadable" in answer:
        raise Unreadable(answer["unreadable"])
    return Content(answer["pages"], [Piece(*each) for each in answer["pieces"]])


def main(given: bytes) -> bytes:
    """In the child: read and split."""
    from runtime.knowledge.pages import pages_of
    from runtime.knowledge.splitting import split

    head, _, body = given.partition(b"\n")
    wanted = orjson.loads(head)
    try:
        pages = pages_of(body, wanted["media"])
        pieces = split(pages, wanted["media"], wanted["tokens"], wanted["overlap"])
    except Unreadable as error:
        return orjson.dumps({"unreadable": error.sentence})
    return orjson.dumps({"pages": pages, "pieces": [tuple(each) for each in pieces]})
