"""Forms with files as they are sent: `multipart/form-data`, RFC 7578."""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import sha256
from typing import Protocol


class FormPart(Protocol):
    """One part of a form. A file has a name of its own."""

    @property
    def name(self) -> str: ...

    @property
    def content(self) -> bytes: ...

    @property
    def filename(self) -> str: ...

    @property
    def media(self) -> str: ...


def multipart(parts: Iterable[FormPart]) -> tuple[bytes, str]:
    """The body of a form, and its media type. Equal parts give equal bytes, so that a repeated call is the same one."""
    kept = list(parts)
    digest = sha256()
    for each in kept:
        digest.update(sha256(each.content).digest())
    boundary = f"greenlane-{digest.hexdigest()[:40]}"
    pieces: list[bytes] = []
    for each in kept:
        head = f'--{boundary}\r\nContent-Disposition: form-data; name="{_written(each.name)}"'
        if each.filename:
            head += f'; filename="{_written(each.filename)}"'
        if each.filename or each.media:
            head += f"\r\nContent-Type: {_media(each.media)}"
        pieces += [head.encode(), b"\r\n\r\n", each.content, b"\r\n"]
    pieces.append(f"--{boundary}--\r\n".encode())
    return b"".join(pieces), f"multipart/form-data; boundary={boundary}"


def _written(name: str) -> str:
    """A name between quotation marks, as browsers escape it: it cannot end there, nor begin another header."""
    return name.replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")


def _media(media: str) -> str:
    plain = media.isascii() and media.isprintable() and "/" in media
    return media if plain else "application/octet-stream"
