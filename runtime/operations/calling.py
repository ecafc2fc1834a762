"""Workflows that others may call: those a person may see, each in its newest version. Who draws, tries or submits what
calls one has to see it; a published app runs as itself, with the versions that were approved."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, cast

from runtime.errors import NotFound
from runtime.graph.document import CALL, START, Meaning, Step
from runtime.operations.actors import Actor
from runtime.operations.called import Callee, callee_with
from runtime.operations.door import allowed, look
from runtime.operations.runtime import Runtime
from runtime.store.runs import read_content
from runtime.store.transaction import Tx
from runtime.store.versions import newest_versions, seen_versions


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


async def read_called(runtime: Runtime, actor: Actor | None, *, name: str, content: str) -> Callee:
    """A version with this content, to look at: of the workflow with this name, else of another this person may see."""
    person = await allowed(runtime, actor, "workflow.list")

    def find(tx: Tx) -> Callee:
        found = callee_with(tx, person, name, content)
        if not found.opens:
            raise NotFound(
                "This version is not here.", hint="Its workflow may have been deleted, or not be shared with you."
            )
        return found

    return await look(runtime, actor, "workflow.list", name, find)


def unseen_calls(tx: Tx, meaning: Meaning, person: str) -> frozenset[str]:
    """Contents a workflow calls, by others too, or names as its error workflow, that are no version of a workflow this
    person may see: to know a hash is no right."""
    unseen: set[str] = set()
    asked: set[str] = set()
    waiting = set(_named(meaning))
    while waiting:
        asked |= waiting
        seen = seen_versions(tx, sorted(waiting), person)
        unseen |= waiting - seen
        bodies = [read_content(tx, each) for each in seen]
        steps = [each for body in bodies if body for each in Meaning.model_validate_json(body).steps.values()]
        waiting = {content for each in steps if (content := called_by(each))} - asked
    return frozenset(unseen)


def calls(meaning: Meaning) -> bool:
    """Whether a workflow calls others, or has one that runs when it fails."""
    return next(_named(meaning), None) is not None


def _named(meaning: Meaning) -> Iterator[str]:
    """Contents a workflow names itself. That of an error workflow counts only here: of one that is called it is never
    run."""
    yield from (content for each in meaning.steps.values() if (content := called_by(each)))
    if meaning.run.error_workflow is not None:
        yield meaning.run.error_workflow.content


def called_by(step: Step) -> str:
    """The content a step calls; empty where it calls nothing."""
    workflow = step.settings.get("workflow") if step.type == CALL else None
    content = cast("dict[str, Any]", workflow).get("content") if isinstance(workflow, dict) else None
    return content if isinstance(content, str) else ""


def _inputs(body: bytes | None) -> tuple[str, ...]:
    """What a workflow is started with, by name."""
    steps = Meaning.model_validate_json(body).steps.values() if body else ()
    start = next((each for each in steps if each.type == START), None)
    if start is None:
        return ()
    message = ["message"] if start.settings.get("kind") == "chat" else []
    return (*message, *(each.get("name", "") for each in start.settings.get("inputs", ())))
