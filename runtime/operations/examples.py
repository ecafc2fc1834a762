"""Examples: the workflows this product ships, to begin with one that works, each with inputs to try it on."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any

from runtime.errors import Conflict, NotAllowed, NotFound
from runtime.graph.document import Document
from runtime.graph.reading import read
from runtime.operations.actors import Actor, permit
from runtime.operations.connecting import Connecting
from runtime.operations.connections import add_connection
from runtime.operations.door import allowed
from runtime.operations.files import bring_file
from runtime.operations.runtime import Runtime
from runtime.operations.workflows import Draft, create_workflow, draft_of

FOLDER = Path(__file__).parents[2] / "examples"
DEMO = "127.0.0.1:{}"
"""where the demo model listens, which also hands out made-up tickets"""
_WRITTEN = DEMO.format(3010)
"""the same as the files have it; an opened example leads to the port of this installation"""


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
        for name, document in _shipped(runtime.settings.demo_port).items()
    ]


async def open_example(runtime: Runtime, actor: Actor | None, *, name: str) -> Draft:
    """Start a workflow of one's own from an example. Where it fetches from the demo, and who opens it may connect
    systems, the demo is connected for all who build."""
    await allowed(runtime, actor, "workflow.create")
    document = _shipped(runtime.settings.demo_port).get(name)
    if document is None:
        raise NotFound(f"There is no example “{name}”.")
    if _fetches(document, runtime.settings.demo_port) and runtime.settings.demo_model:
        await _connect_demo(runtime, actor)
    return await create_workflow(runtime, actor, title=document.words.title or name, document=document)


def example_like(document: Document) -> str:
    """Name of the example that asks for the same inputs in the same words, also where all else was changed since; empty
    for none."""
    asked = _asks(document)
    return next((name for name, each in _shipped().items() if asked and _asks(each) == asked), "")


async def bring_sample(runtime: Runtime, actor: Actor | None, *, workflow: str) -> dict[str, Any]:
    """Inputs to try a workflow on that began as an example. A file among them is brought as if by the person's own
    hand."""
    await allowed(runtime, actor, "run.start", workflow)
    row = await runtime.reader.ask(lambda tx: draft_of(tx, workflow))
    name = example_like(Document.model_validate_json(row.document))
    if not name:
        raise NotFound("No example asks for these inputs any more.", hint="Fill them in by hand.")
    given: dict[str, Any] = json.loads((FOLDER / f"{name}.inputs.json").read_bytes())
    return {key: await _brought(runtime, actor, value) for key, value in given.items()}


async def _brought(runtime: Runtime, actor: Actor | None, value: Any) -> Any:
    """A value as a run takes it: `@name` is a file that lies beside the example."""
    if not (isinstance(value, str) and value.startswith("@")):
        return value
    path = FOLDER / value[1:]

    async def body() -> AsyncIterator[bytes]:
        yield path.read_bytes()

    card = asdict(await bring_file(runtime, actor, name=path.name, body=body()))
    return {part: card[part] for part in ("id", "name", "type", "size", "sha256")}


async def _connect_demo(runtime: Runtime, actor: Actor | None) -> None:
    """Let workflows call the demo, by whoever may. For anybody else the step says that IT has to."""
    if not permit(actor, "connection.add").allowed:
        return
    connecting = Connecting(
        name="Demo tickets",
        host=DEMO.format(runtime.settings.demo_port),
        description="Made-up tickets for the example “Weekly report”.",
        clearance="internal",
        internal=True,
        plain=True,
        probe="/demo/tickets",
    )
    try:
        await add_connection(runtime, actor, connecting=connecting, everybody=True)
    except (Conflict, NotAllowed):  # it is there, or they have to show first that it is them
        return


def _asks(document: Document) -> list[tuple[str, str, str]]:
    """What the start step asks for: names, kinds, and the help below each."""
    return [
        (name, str(each.get("kind", "text")), words.labels[name].help if words and name in words.labels else "")
        for step, placed in document.meaning.steps.items()
        if placed.type == "flow.start"
        for words in (document.words.steps.get(step),)
        for each in placed.settings.get("inputs") or ()
        for name in (str(each.get("name")),)
    ]


def _fetches(document: Document, port: int) -> bool:
    return any(DEMO.format(port) in str(each.settings.get("url", "")) for each in document.meaning.steps.values())


@cache
def _shipped(port: int = 3010) -> dict[str, Document]:
    """Read once: they come with the product. A file that cannot be read is left out here; a test finds it."""
    here = DEMO.format(port).encode()
    found = {
        path.stem: read(path.read_bytes().replace(_WRITTEN.encode(), here)).document
        for path in sorted(FOLDER.glob("*.yaml"))
    }
    return {name: document for name, document in found.items() if document is not None}
