"""What can be said of a file without running or keeping anything: pure, and quick to load."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from nodes.catalogue import load
from runtime.graph.compiling import compile_document
from runtime.graph.explaining import explain
from runtime.graph.hashing import content_hash
from runtime.graph.problems import CODES, Problem
from runtime.graph.reading import read
from runtime.graph.schema import document_schema as schema


@dataclass(frozen=True, slots=True)
class Checked:
    """What is known of a file."""

    name: str
    runnable: bool
    hash: str
    problems: tuple[Problem, ...]


def check_file(content: bytes) -> Checked:
    """Read and compile a file; all problems at once."""
    document, problems = read(content)
    if document is None:
        return Checked("", False, "", tuple(problems))
    compiled = compile_document(document, load())
    found = (*problems, *compiled.problems)
    runnable = compiled.plan is not None and not any(each.severity == "error" for each in found)
    return Checked(document.name, runnable, content_hash(document), found)


def explain_file(content: bytes) -> tuple[str, tuple[Problem, ...]]:
    """What a file does in plain words; empty, with the problems, when it cannot be read."""
    document, problems = read(content)
    return (explain(document, load()) if document is not None else "", tuple(problems))


def document_schema() -> dict[str, Any]:
    """JSON Schema of a workflow file, for editors."""
    return schema()


def problem_codes() -> dict[str, str]:
    """Every problem a workflow can have, with its meaning."""
    return CODES
