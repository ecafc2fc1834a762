"""Hashing: the content hash says what runs, the words digest what is read."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

import rfc8785

from runtime.graph.document import Document, Part


def content_hash(document: Document) -> str:
    """SHA-256 (hex) of the meaning in the form of RFC 8785, defaults left out. Words and layout play no part, nor the
    order of edges (a document keeps them sorted), nor the order of names."""
    return _digest(document.meaning)


def words_digest(document: Document) -> str:
    """SHA-256 (hex) of all that is only read; layout plays no part."""
    return _digest(document.words)


def layout_digest(document: Document) -> str:
    """SHA-256 (hex) of where things stand on the canvas."""
    return _digest(document.layout)


def canonical(part: Part) -> bytes:
    """The form of RFC 8785 that is hashed, defaults left out."""
    data: dict[str, Any] = part.model_dump(mode="python", by_alias=True, exclude_defaults=True)
    return rfc8785.dumps(data)


def _digest(part: Part) -> str:
    return sha256(canonical(part)).hexdigest()
