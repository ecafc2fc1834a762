"""A file on its way to a browser or a program: always something to save, never a page of ours."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from runtime.operations.files import OpenFile, disposition_of

ALONE = {
    # the file may say it is a page: then it is one without scripts, forms, and any origin
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "private, no-store",
}


def saved(found: OpenFile) -> Response:
    """The bytes, to be saved under their name."""
    return _streamed(found, ALONE | {"Content-Disposition": disposition_of(found.card)})


def shown(found: OpenFile) -> Response:
    """A picture of a harmless kind, to be shown inside a page."""
    return _streamed(found, ALONE | {"Content-Disposition": "inline"})


def _streamed(found: OpenFile, headers: Mapping[str, str]) -> Response:
    length = {"Content-Length": str(found.card.size)}
    return StreamingResponse(found.pieces, media_type=found.card.type, headers=dict(headers) | length)


def length_of(request: Request) -> int:
    """What the sender says the body will be, in bytes; 0 where it does not say."""
    said = request.headers.get("content-length", "")
    return int(said) if said.isascii() and said.isdigit() and len(said) < 20 else 0
