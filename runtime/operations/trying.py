"""Running a file once: it becomes a workflow of a throw-away store, with pins in the place of chosen steps."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from runtime.engine.ports import Pin
from runtime.errors import BadInput
from runtime.graph.document import CONVERSATION, Meaning, Variable
from runtime.graph.reading import read
from runtime.operations.actors import Actor
from runtime.operations.people import local_owner
from runtime.operations.runtime import Runtime
from runtime.operations.workflows import create_workflow


async def adopt_file(
    runtime: Runtime, content: bytes, *, variables: Mapping[str, Any] | None = None
) -> tuple[Actor, str]:
    """Take a file in as a workflow of the local owner; `variables` replace what its variables start with: those of the
    run by their names, those of the conversation as `conversation.name`.

    Raises `BadInput` with all problems when it cannot be read.
    """
    document, problems = read(content)
    errors = [each for each in problems if each.severity == "error"]
    if document is None or errors:
        raise BadInput(
            "The file cannot be read as a workflow: " + " ".join(each.sentence for each in errors),
            hint="`greenlane check FILE` lists every problem.",
            details={"problems": [each.as_dict() for each in errors]},
        )
    if variables:
        document = document.model_copy(update={"meaning": _started(document.meaning, variables)})
    actor = await local_owner(runtime)
    draft = await create_workflow(runtime, actor, title=document.words.title or document.name, document=document)
    return actor, draft.name


def _started(meaning: Meaning, values: Mapping[str, Any]) -> Meaning:
    """With variables that start with these values. Raises `BadInput` for one that is not declared."""
    run, talk = dict(meaning.variables), dict(meaning.conversation)
    known = [*run, *(f"{CONVERSATION}.{name}" for name in talk)]
    if strangers := [name for name in values if name not in known]:
        hint = f"It has: {', '.join(known) or 'none'}."
        raise BadInput(f"The workflow has no variable {', '.join(strangers)}.", hint=hint)
    for name, value in values.items():
        kept, key = (talk, name.partition(".")[2]) if name.startswith(f"{CONVERSATION}.") else (run, name)
        kept[key] = Variable(kind=kept[key].kind, start=value)
    return meaning.model_copy(update={"variables": run, "conversation": talk})


def pins_of(given: Mapping[str, Any]) -> dict[str, Pin]:
    """Pins as a file holds them: `{"step_id": {"outputs": {…}, "error": "…", "delay_s": 0.5, "chunks": ["…"]}}`."""
    pins: dict[str, Pin] = {}
    for step, entry in given.items():
        if not isinstance(entry, dict) or not entry.keys() <= {"outputs", "error", "delay_s", "chunks", "exit"}:
            raise BadInput(
                f"The pin of {step} is not understood.", hint="It takes outputs, error, delay_s, chunks and exit."
            )
        known: dict[str, Any] = {str(name): value for name, value in entry.items()}  # pyright: ignore[reportUnknownArgumentType, reportUnknownVariableType]
        try:
            pins[step] = Pin(
                outputs=dict(known.get("outputs") or {}),
                error=str(known.get("error") or ""),
                delay_s=float(known.get("delay_s") or 0),
                chunks=tuple(str(each) for each in known.get("chunks") or ()),
                exit=str(known.get("exit") or "done"),
            )
        except (TypeError, ValueError) as error:
            raise BadInput(f"The pin of {step} is not understood: {error}.") from error
    return pins
