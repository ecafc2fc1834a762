"""What a step of a draft would change outside when it is tried: whoever tries it is asked first."""

from __future__ import annotations

import asyncio

from nodes.sdk import Effect
from runtime.errors import NotFound
from runtime.graph.document import Document
from runtime.graph.rerunning import containers_of
from runtime.operations.actors import Actor
from runtime.operations.calling import unseen_calls
from runtime.operations.door import allowed
from runtime.operations.runtime import Runtime
from runtime.operations.workflows import draft_of


async def acting_steps(runtime: Runtime, actor: Actor | None, *, workflow: str, step: str) -> list[str]:
    """The titles of the steps that change something outside when this one runs alone: itself, what lies in it, and a
    step that calls a workflow which does."""
    person = await allowed(runtime, actor, "run.start", workflow)
    draft = runtime.reader.now(lambda tx: draft_of(tx, workflow))
    document = Document.model_validate_json(draft.document)
    if step not in document.meaning.steps:
        raise NotFound(f"This workflow has no step “{step}”.", hint="It may have been removed; open the draft again.")
    unseen = runtime.reader.now(lambda tx: unseen_calls(tx, document.meaning, person.id))
    compiled = await asyncio.to_thread(runtime.plans.compile, document, without=unseen)
    return [
        each.title
        for each in compiled.steps.values()
        if Effect.WRITE in each.does() and (each.id == step or step in containers_of(document.meaning, each.id))
    ]
