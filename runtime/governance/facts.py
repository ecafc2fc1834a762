"""Facts: everything that was gathered about a document before it is judged. What judges it looks nothing up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from runtime.governance.manifest import Manifest
from runtime.graph.checking_steps import Checked
from runtime.graph.document import Document
from runtime.graph.flowing import Flow
from runtime.graph.problems import Problem
from runtime.graph.touching import Touch, Touched


@dataclass(frozen=True, slots=True)
class Tried:
    """How a test case last went with this very meaning."""

    name: str
    passed: bool
    sentence: str
    run: str = ""


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a document, and of what it touches as that is set up now."""

    document: Document
    hash: str
    problems: tuple[Problem, ...]
    """what compiling found"""
    steps: Mapping[str, Checked]
    order: tuple[str, ...]
    """steps in reading order"""
    touches: Mapping[str, Touch]
    """what each step touches, and the error workflow as if its id were empty"""
    touched: Touched
    flow: Flow
    manifest: Manifest
    stopped: Mapping[str, str] = field(default_factory=dict[str, str])
    """switched-off dependencies (`model:fast`), with a sentence"""
    tests: tuple[Tried, ...] = ()
    """test cases with their last result for this meaning; one that was not run with it has failed so far"""
    titles: Mapping[str, str] = field(default_factory=dict[str, str])
    """what people call the things it depends on (`base:handbook`)"""
    on_error: Checked | None = None
    """stands for a step that calls the error workflow, where there is one"""

    def title(self, step: str) -> str:
        """What people call a step."""
        return self.document.title(step)

    def called(self, kind: str, name: str) -> str:
        """What people call a thing it depends on; its name where they call it nothing else."""
        return self.titles.get(f"{kind}:{name}", name)
