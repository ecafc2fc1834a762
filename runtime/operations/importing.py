"""Files of other products as documents: pure, and quick to load."""

from __future__ import annotations

from nodes.catalogue import load
from runtime.exchange.importing import Imported, import_file
from runtime.exchange.report import CODES

__all__ = ["Imported", "convert_file", "import_codes"]


def convert_file(content: bytes) -> Imported:
    """A workflow file of ours or of another product as a document, with what became of every step of it."""
    return import_file(content, load())


def import_codes() -> dict[str, str]:
    """Everything an import may say beside the problems of a workflow, with its meaning."""
    return CODES
