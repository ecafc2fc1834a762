"""What kind of file somebody brought: by its content first, by its name only where text looks alike."""

from __future__ import annotations

import zipfile
from io import BytesIO
from typing import Literal

Media = Literal["pdf", "docx", "markdown", "html", "text", "csv"]

MOST_BYTES = 20_000_000
"""largest file"""
MOST_UNPACKED = 200_000_000
"""bytes a Word file may unpack to, by its own directory; what lies about it meets the memory limit of the reader"""

_BY_NAME: dict[str, Media] = {
    "md": "markdown", "markdown": "markdown", "csv": "csv", "tsv": "csv", "html": "html", "htm": "html",
}  # fmt: skip


class Unreadable(Exception):
    """A file nothing can be read from; `sentence` says why and what to do."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


def media_of(name: str, body: bytes) -> Media:
    """The kind of a file. Raises `Unreadable` for one that is none of ours, whatever its name says."""
    if not body.strip():
        raise Unreadable("The file is empty.")
    if len(body) > MOST_BYTES:
        raise Unreadable(f"The file is larger than {MOST_BYTES // 1_000_000} MB. Split it, or take out its pictures.")
    if b"%PDF-" in body[:1024]:
        return "pdf"
    if body.startswith(b"PK\x03\x04"):
        return _zipped(body)
    if body.startswith(b"\xd0\xcf\x11\xe0"):
        raise Unreadable("This is a Word, Excel or PowerPoint file of the old kind. Save it as .docx or PDF first.")
    if b"\x00" in body[:4096] and not body.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise Unreadable(
            "Whatever its name says, what is in it is no kind of file that can be read here. "
            "Bring PDF, Word, Markdown, HTML, text or CSV."
        )
    start = body[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith((b"<!doctype html", b"<html")):
        return "html"
    return _BY_NAME.get(name.rpartition(".")[2].lower(), "text")


def _zipped(body: bytes) -> Media:
    try:
        with zipfile.ZipFile(BytesIO(body)) as parts:
            listed = parts.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise Unreadable("The file is damaged: it cannot be unpacked. Save it again and retry.") from error
    if "word/document.xml" not in {each.filename for each in listed}:
        raise Unreadable("This archive is no Word file. Bring PDF, Word, Markdown, HTML, text or CSV.")
    if sum(each.file_size for each in listed) > MOST_UNPACKED:
        raise Unreadable("The Word file unpacks to more than a document can hold; it was not opened.")
    return "docx"
