"""Workflows that others may call: those a person may see, each in its newest version."""

from __future__ import annotations

from dataclasses import dataclass

from runtime.graph.document import START, Meaning
from runtime.operations.actors import Actor
from runtime.operations.door import allowed
from runtime.operations.runtime import Runtime
from runtime.store.runs import read_content
from runtime.store.transaction import Tx
from runtime.store.versions import newest_versions


@dataclass(frozen=True, slots=True)
class Callable:
    """A workflow in its newest version."""

    name: str
    title: str
    content: str
    """what a step that calls it names: the content hash"""
    number: int
    inputs: tuple[str, ...]
    """what it is started with"""


async def list_callable(runtime: Runtime, actor: Actor | None) -> list[Callable]:
    """The workflows this person may see of which a version was saved, by title."""
    person = await allowed(runtime, actor, "workflow.list")

    def question(tx: Tx) -> list[Callable]:
        found = newest_versions(tx, person.id)
        return [
            Callable(each.name, each.title, each.hash, each.number, _inputs(read_content(tx, each.hash)))
            for each in found
        ]

    return await runtime.reader.ask(question)


def _inputs(body: bytes | None) -> tuple[str, ...]:
    """What a workflow is started with, by name."""
    steps = Meaning.model_validate_json(body).steps.values() if body else ()
    start = next((each for each in steps if each.type == START), None)
    if start is None:
        return ()
    message = ["message"] if start.settings.get("kind") == "chat" else []
    return (*message, *(each.get("name", "") for each in start.settings.get("inputs", ())))
