"""Examples: the workflows this product ships, to begin with one that works."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from runtime.errors import NotFound
from runtime.graph.document import Document
from runtime.graph.reading import read
from runtime.operations.actors import Actor
from runtime.operations.door import allowed
from runtime.operations.runtime import Runtime
from runtime.operations.workflows import Draft, create_workflow

FOLDER = Path(__file__).parents[2] / "examples"


@dataclass(frozen=True, slots=True)
class ExampleCard:
    """An example in a list."""

    name: str
    title: str
    description: str
    icon: str


async def list_examples(runtime: Runtime, actor: Actor | None) -> list[ExampleCard]:
    """All examples, by name."""
    await allowed(runtime, actor, "workflow.list")
    return [
        ExampleCard(name, document.words.title or name, document.words.description, document.words.icon)
        for name, document in _shipped().items()
    ]


async def open_example(runtime: Runtime, actor: Actor | None, *, name: str) -> Draft:
    """Start a workflow of one's own from an example."""
    await allowed(runtime, actor, "workflow.create")
    document = _shipped().get(name)
    if document is None:
        raise NotFound(f"There is no example “{name}”.")
    return await create_workflow(runtime, actor, title=document.words.title or name, document=document)


@cache
def _shipped() -> dict[str, Document]:
    """Read once: they come with the product. A file that cannot be read is left out here; a test finds it."""
    found = {path.stem: read(path.read_bytes()).document for path in sorted(FOLDER.glob("*.yaml"))}
    return {name: document for name, document in found.items() if document is not None}
