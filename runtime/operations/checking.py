"""What can be said of a file without running or keeping anything: pure, and quick to load."""

from __future__ import annotations

from dataclasses import dataclass

from nodes.catalogue import load
from runtime.graph.compiling import compile_document
from runtime.graph.explaining import explain
from runtime.graph.hashing import content_hash
from runtime.graph.problems import Problem
from runtime.graph.reading import read_document


@dataclass(frozen=True, slots=True)
class Checked:
    """What is known of a file."""

    name: str
    runnable: bool
    hash: str
    problems: tuple[Problem, ...]


def check_file(content: bytes) -> Checked:
    """Read and compile a file; all problems at once."""
    document, problems = read_document(content)
    if document is None:
        return Checked("", False, "", tuple(problems))
    compiled = compile_document(document, load())
    found = (*problems, *compiled.problems)
    runnable = compiled.plan is not None and not any(each.severity == "error" for each in found)
    return Checked(document.name, runnable, content_hash(document), found)


def explain_file(content: bytes) -> tuple[str, tuple[Problem, ...]]:
    """What a file does in plain words; empty, with the problems, when it cannot be read."""
    document, problems = read_document(content)
    return (explain(document, load()) if document is not None else "", tuple(problems))
