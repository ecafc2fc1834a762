"""A file inside a value: a small JSON object that names it and says what it is; its bytes stay where files are kept.

A handle gives no right to anything: whoever reads is asked, and a run reads only the files it was started with and
those its own steps have made.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, TypeGuard, cast

from typing_extensions import TypedDict  # pydantic asks for this one below Python 3.12

FILE_ID = "file_"
"""how the id of a file begins"""
_NAMES = frozenset({"id", "name", "type", "size", "sha256"})


class FileHandle(TypedDict):
    """A file as values hold it, and nothing beside it: exactly these five names."""

    id: str
    """`file_` and what makes it this one"""
    name: str
    """what people call it, with its ending; never a path"""
    type: str
    """media type by its content: `application/pdf`"""
    size: int
    """in bytes"""
    sha256: str
    """of its bytes, in hex"""


def is_file(value: Any) -> TypeGuard[FileHandle]:
    """Whether a value is the handle of a file."""
    if not isinstance(value, dict) or len(cast("dict[Any, Any]", value)) != len(_NAMES):
        return False
    known = cast("dict[Any, Any]", value)
    found, size = known.get("id"), known.get("size")
    if not (isinstance(found, str) and found.startswith(FILE_ID) and found.isidentifier() and known.keys() == _NAMES):
        return False  # an id stands in addresses: `file_1/../x` is none
    return isinstance(size, int) and all(isinstance(known[name], str) for name in _NAMES - {"size"})


DERIVED = frozenset({"extension", "kind"})
"""what may be asked of a file beside what its handle holds: `.pdf`; image, audio, video, document or other"""
_DOCUMENTS = """
csv doc docx eml epub htm html json log md mdx markdown msg ods odt pdf ppt pptx rtf tsv txt xls xlsx xml yaml yml
"""
_OF_DOCUMENTS = frozenset(_DOCUMENTS.split())


def derived(value: Mapping[str, Any], name: str) -> str | None:
    """The extension or the kind of a file; nothing where the value is no file."""
    if not is_file(value):
        return None
    _, dot, extension = value["name"].rpartition(".")
    extension = extension.lower() if dot else ""
    if name == "extension":
        return f".{extension}" if extension else ""
    family, _, _ = value["type"].partition("/")
    if family in ("image", "audio", "video"):
        return family
    return "document" if extension in _OF_DOCUMENTS or family == "text" else "other"


def files_in(value: Any) -> Iterator[FileHandle]:
    """Every handle inside a value, however deep, in order."""
    if is_file(value):
        yield value
    elif isinstance(value, Mapping):
        for each in cast("Mapping[Any, Any]", value).values():
            yield from files_in(each)
    elif isinstance(value, list):
        for each in cast("list[Any]", value):
            yield from files_in(each)
