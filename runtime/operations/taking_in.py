"""A file of another product, or one of ours, becomes a workflow of one's own; what became of each step is told."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

from runtime.errors import BadInput
from runtime.exchange.importing import import_file
from runtime.exchange.report import Report
from runtime.graph.problems import Problem
from runtime.operations.actors import Actor
from runtime.operations.door import allowed
from runtime.operations.runtime import Runtime
from runtime.operations.workflows import create_workflow

MOST_BYTES = 10 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class TakenStep:
    """What became of one step of the file."""

    source: str
    """its id in the file"""
    step: str
    result: str
    """mapped, partly or placeholder"""
    note: str
    """what to do, or what is different"""


@dataclass(frozen=True, slots=True)
class Taken:
    """The workflow that came of a file, with the report."""

    name: str
    steps: list[TakenStep]
    problems: list[dict[str, Any]]


async def import_workflow(runtime: Runtime, actor: Actor | None, *, content: bytes, file: str) -> Taken:
    """Make a workflow of a file; `file` is what it is called. Nothing runs, nothing is asked outside. Raises
    `BadInput`, with everything that is wrong, where it is no workflow."""
    await allowed(runtime, actor, "workflow.create")
    if len(content) > MOST_BYTES:
        raise BadInput(f"The file is larger than {MOST_BYTES // 1024 // 1024} MB.", hint="A workflow is smaller.")
    document, _, report = await asyncio.to_thread(import_file, content, runtime.catalogue)
    if document is None:
        sentence, hint = _why_not(report)
        raise BadInput(sentence, hint=hint, details={"problems": [each.as_dict() for each in report.problems]})
    title = document.words.title.strip() or PurePath(file).stem.strip() or document.name
    draft = await create_workflow(runtime, actor, title=title[:200], document=document)
    steps = [TakenStep(source, each.step, each.result, each.note) for source, each in report.steps.items()]
    return Taken(draft.name, steps, [each.as_dict() for each in report.problems])


def _why_not(report: Report) -> tuple[str, str]:
    """The first thing that is wrong, and what to do."""
    first: Problem | None = next((each for each in report.problems if each.severity == "error"), None)
    if first is None:
        return "This file is no workflow that can be imported.", "Files of Greenlane and of Dify can."
    return first.sentence, first.hint
