"""Importing: which kind of file it is, and what becomes of it. Whatever the bytes, nothing raises."""

from __future__ import annotations

import json
from typing import Any, NamedTuple, cast

from pydantic import ValidationError

from runtime.exchange.dify.configured import drawn
from runtime.exchange.dify.graph import document_of
from runtime.exchange.dify.linting import lint
from runtime.exchange.dify.settling import settled
from runtime.exchange.dify.source import is_dify, source_of
from runtime.exchange.opening import opened
from runtime.exchange.report import Fate, Report
from runtime.graph.checking_steps import Catalogue
from runtime.graph.compiling import compile_document
from runtime.graph.document import Document
from runtime.graph.problems import Problem, errors
from runtime.graph.reading import read
from runtime.graph.writing import write

OWN = "greenlane"


class Imported(NamedTuple):
    """What came of a file: a document where there is one, the bytes to keep it as, and the report."""

    document: Document | None
    content: bytes
    report: Report


MOST_REFERENCES = 5_000
"""places in texts where values are put in: a hundred times as many as in the largest file we have seen"""


def import_file(content: bytes, catalogue: Catalogue) -> Imported:
    """A workflow file of ours or of another product. One of ours comes back byte for byte."""
    report = Report()
    data = opened(content, report)
    if isinstance(data, dict) and OWN in data:
        return _own(content)
    document = _foreign(cast("dict[str, Any]", data), catalogue, report) if isinstance(data, dict) else None
    if document is None:
        if not errors(report.problems):
            report.note("unknown_format", "This is no workflow that can be imported.",
                        "Files of Greenlane and of Dify can.", error=True)  # fmt: skip
        return Imported(None, b"", report)
    report.workflow = document.name
    compiled = compile_document(document, catalogue)
    report.problems += [each for each in errors(compiled.problems) if each not in report.problems]
    return Imported(document, write(document).encode(), report)


def _own(content: bytes) -> Imported:
    document, problems = read(content)
    report = Report(problems=list(problems))
    if document is None:
        return Imported(None, b"", report)
    report.workflow = document.name
    report.steps = {name: Fate(name) for name in document.meaning.steps}
    return Imported(document, content, report)


def _foreign(data: dict[str, Any], catalogue: Catalogue, report: Report) -> Document | None:
    if not is_dify(data):
        report.note("unknown_format", f"This is no workflow that can be imported{_guess(data)}.",
                    "Files of Greenlane and of Dify can.", error=True)  # fmt: skip
        return None
    if json.dumps(data, ensure_ascii=False).count("{{#") > MOST_REFERENCES:
        report.note("too_much", f"The file refers to values more than {MOST_REFERENCES:,} times.",
                    "Is it the right file?", error=True)  # fmt: skip
        return None
    source = source_of(data, report)
    if not source.nodes and source.config:
        drawn(source)
    if not source.nodes:
        report.note("no_steps", "The file holds no steps.", error=True)
        return None
    try:
        document = document_of(source, report)
        theirs = {fate.step: name for name, fate in reversed(report.steps.items())}
        lint(source, report, {name: fate.step for name, fate in report.steps.items()})
        return settled(document, catalogue, report, theirs)
    except ValidationError as error:
        report.problems += [_refused(each) for each in error.errors(include_url=False)[:20]]
        return None


def _refused(error: Any) -> Problem:
    """What the document could not hold."""
    place = ".".join(str(each) for each in error["loc"])
    return Problem("bad_step", f"“{place[:120]}” does not fit into a workflow: {str(error['msg'])[:200]}.")


def _guess(data: dict[str, Any]) -> str:
    """What else a file looks like."""
    if "connections" in data and "nodes" in data:
        return "; it looks like one of n8n"
    if isinstance(data.get("data"), dict):
        return "; it looks like one of Langflow"
    return "; it looks like one of Flowise" if "nodes" in data else ""
