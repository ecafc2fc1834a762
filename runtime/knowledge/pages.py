"""Text from files: pages, with headings as Markdown writes them. Runs only in the limited child (see `reading`)."""

from __future__ import annotations

import csv
from collections.abc import Callable
from importlib import import_module
from io import BytesIO, StringIO
from typing import Any

from runtime.knowledge.markup import text_of_html
from runtime.knowledge.media import Media, Unreadable

MOST_PAGES = 5_000
MOST_TEXT = 10_000_000
"""characters of a document"""
LONGEST_CELL = 100_000


def pages_of(body: bytes, media: Media) -> list[str]:
    """The text of a file, page by page; one page where the format has none. Raises `Unreadable`."""
    pages = [_clean(page) for page in _READERS[media](body)]
    if not any(pages):
        scan = " It may be a scan: let a text recognition (OCR) go over it first." if media == "pdf" else ""
        raise Unreadable(f"There is no text in this file.{scan}")
    if sum(map(len, pages)) > MOST_TEXT:
        raise Unreadable(f"The file holds more than {MOST_TEXT // 1_000_000} million characters of text. Split it.")
    return pages


def _clean(text: str) -> str:
    """As it is kept: valid text, one kind of line end, no trailing blanks."""
    text = text.encode("utf-8", "replace").decode().replace("\x00", "")
    lines = [line.rstrip() for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n")]
    return "\n".join(lines).strip("\n")


def _pdf(body: bytes) -> list[str]:
    from pypdf import PdfReader
    from pypdf.errors import DependencyError, PyPdfError

    try:
        reader = PdfReader(BytesIO(body))
        if reader.is_encrypted and not reader.decrypt(""):
            raise Unreadable("The PDF is protected by a password. Save it without one and bring it again.")
        if len(reader.pages) > MOST_PAGES:
            raise Unreadable(f"The PDF has more than {MOST_PAGES:,} pages. Split it.")
        return [page.extract_text() for page in reader.pages]
    except DependencyError as error:
        raise Unreadable("The PDF is encrypted in a way that cannot be read here. Save it without.") from error
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError, OSError) as error:
        raise Unreadable("The PDF is damaged. Open it, save it as a new PDF and bring that one.") from error


def _docx(body: bytes) -> list[str]:
    mammoth: Any = import_module("mammoth")

    def no_picture(_image: Any) -> list[Any]:
        return []

    try:
        converted = mammoth.convert_to_html(BytesIO(body), convert_image=no_picture)
    except MemoryError:
        raise
    except Exception as error:
        raise Unreadable("The Word file is damaged. Open it, save it as a new file and bring that one.") from error
    return [text_of_html(converted.value)]


def _html(body: bytes) -> list[str]:
    return [text_of_html(decoded(body))]


def _text(body: bytes) -> list[str]:
    return [decoded(body)]


def _csv(body: bytes) -> list[str]:
    """Each row becomes a small text: `column: value`, a line each."""
    text = decoded(body)
    csv.field_size_limit(LONGEST_CELL)
    rows = csv.reader(StringIO(text, newline=""), delimiter=delimiter_of(text))
    try:
        names = [name.strip() for name in next(rows, list[str]())]
        records = ["\n".join(_labelled(names, row)) for row in rows]
    except csv.Error as error:
        raise Unreadable(f"The table cannot be read: {error}.") from error
    return ["\n\n".join(each for each in records if each) or ", ".join(names)]


def _labelled(names: list[str], row: list[str]) -> list[str]:
    names = names + [f"column {number}" for number in range(len(names) + 1, len(row) + 1)]
    return [f"{name}: {cell.strip()}" for name, cell in zip(names, row, strict=False) if cell.strip()]


def delimiter_of(text: str) -> str:
    """The sign that occurs most often in the first line."""
    first = text.partition("\n")[0]
    return max(",;\t|", key=first.count)


def decoded(body: bytes) -> str:
    """Bytes as text: UTF-16 where they say so, UTF-8, else the Windows letters of western Europe."""
    if body.startswith((b"\xff\xfe", b"\xfe\xff")):
        return body.decode("utf-16", "replace")
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError:
        return body.decode("cp1252", "replace")


_READERS: dict[Media, Callable[[bytes], list[str]]] = {
    "pdf": _pdf, "docx": _docx, "html": _html, "markdown": _text, "text": _text, "csv": _csv,
}  # fmt: skip
