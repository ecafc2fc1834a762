"""The drawing of a workflow to look at: its steps, how they are connected, and what the step types look like."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from runtime.graph.document import Document
from runtime.operations.runtime import Runtime


@dataclass(frozen=True, slots=True)
class Picture:
    """All that is needed to draw a workflow, and nothing that can be changed."""

    document: dict[str, Any]
    """as the canvas reads it"""
    types: list[dict[str, Any]]
    """the step types that are in it, as the catalogue describes them"""
    exits: dict[str, list[dict[str, str]]]
    """the ways out of each step: id, label"""

    def drawn(self, problems: Sequence[Mapping[str, Any]] = ()) -> dict[str, Any]:
        """What a browser draws; `problems` (as of `Problem.as_dict`) mark steps and edges."""
        return {"document": self.document, "types": self.types, "exits": self.exits, "problems": [*problems]}

    @property
    def steps(self) -> int:
        """How many there are."""
        return len(self.document["meaning"]["steps"])


def picture_of(runtime: Runtime, document: Document) -> Picture:
    """Draw a document. What cannot run is drawn too."""
    used = {each.type for each in document.meaning.steps.values()}
    compiled = runtime.plans.compile(document)
    return Picture(
        document.model_dump(mode="json", by_alias=True),
        [dict(each) for each in runtime.catalogue.describe() if each["type"] in used],
        {step: [{"id": way.id, "label": way.label} for way in ways] for step, ways in compiled.exits.items()},
    )
