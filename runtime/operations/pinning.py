"""Pins of a draft: what a step gives instead of being run, while that is asked for.

They are kept beside the workflow, for everybody who edits it, and are no part of it: no version, no submission and no
app knows of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from nodes.sdk import StepFailed
from runtime.engine.ports import Pin
from runtime.engine.trials import packed_pins, unpacked_pins
from runtime.engine.values import encode
from runtime.errors import BadInput, NotAllowed, NotFound
from runtime.graph.document import Document
from runtime.operations.actors import Actor
from runtime.operations.called import in_called
from runtime.operations.door import allowed, do
from runtime.operations.runtime import Runtime
from runtime.operations.traces import sees_inside, visible_run
from runtime.operations.workflows import draft_of, workflow_id
from runtime.store import trials as rows
from runtime.store.error_runs import because_of
from runtime.store.log import read_records
from runtime.store.transaction import Tx
from runtime.store.trials import PinnedRow

LONGEST = 1_000_000
"""bytes of a pin, as JSON"""


@dataclass(frozen=True, slots=True)
class PinCard:
    """A pinned step."""

    step: str
    outputs: dict[str, Any]
    exit: str
    run: str
    """the run whose result it is; empty: somebody wrote it"""
    updated: float


async def list_pins(runtime: Runtime, actor: Actor | None, *, name: str) -> list[PinCard]:
    """The pinned steps of a draft, for who may edit it."""
    await allowed(runtime, actor, "pin.see", name)
    found = runtime.reader.now(lambda tx: rows.pins_on(tx, workflow_id(tx, name)))
    return [_card(each) for each in found]


async def pin_step(
    runtime: Runtime, actor: Actor | None, *, name: str, step: str, run: str = "", path: str = "",
    outputs: Mapping[str, Any] | None = None, exit: str = "done",  # noqa: A002 - the word of the log
) -> PinCard:  # fmt: skip
    """Pin a step of the draft: to what it handed on in a `run`, or to `outputs` that are given."""
    person = await allowed(runtime, actor, "pin.set", name)
    now = runtime.clock.now()

    def work(tx: Tx) -> PinCard:
        draft = draft_of(tx, name)
        known = Document.model_validate_json(draft.document).meaning.steps
        if step not in known:
            raise NotFound(f"This workflow has no step “{step}”.", hint="It may have been removed meanwhile.")
        pin = _recorded(tx, person, draft.workflow, run, step, path) if run else _written(outputs, exit)
        body = packed_pins({step: pin})
        if len(body) > LONGEST:
            raise BadInput("This is too much to be pinned.", hint=f"At most {LONGEST:,} characters.")
        row = PinnedRow(draft.workflow, step, body, run, person.id, now)
        rows.write_pin(tx, row)
        return _card(row)

    return await do(runtime, actor, "pin.set", name, work, said=lambda card: card.step)


async def unpin_step(runtime: Runtime, actor: Actor | None, *, name: str, step: str) -> None:
    """Let a step run again."""

    def work(tx: Tx) -> None:
        if not rows.remove_pin(tx, workflow_id(tx, name), step):
            raise NotFound(f"The step “{step}” is not pinned.", hint="Somebody may have unpinned it meanwhile.")

    await do(runtime, actor, "pin.set", name, work, said=lambda _: step)


def pins_of_draft(tx: Tx, workflow: str) -> dict[str, Pin]:
    """What the steps of a draft are pinned to give."""
    return {each.step: unpacked_pins(each.pin)[each.step] for each in rows.pins_on(tx, workflow)}


def _recorded(tx: Tx, person: Actor, workflow: str, run: str, step: str, path: str) -> Pin:
    """What a step handed on in a run of the draft."""
    row = visible_run(tx, person, run)
    if row.person != person.id or not sees_inside(tx, person, row):
        raise NotAllowed("Only results of one’s own runs can be pinned.", hint="Start the workflow yourself first.")
    if row.workflow != workflow or because_of(row.key):
        raise BadInput("This run is of another workflow.", hint="Choose a run of this one.")
    if in_called(path):
        raise BadInput(
            "Only steps of the workflow itself can be pinned.", hint="Pin the step that calls the other workflow."
        )
    here = [each for each in read_records(tx, run) if (each.step, each.path, each.kind) == (step, path, "done")]
    if not here or here[0].value is None:
        raise BadInput("This step has no result in this run.", hint="Choose a run in which it has ended.")
    return _written(orjson.loads(here[0].value), here[0].exit)


def _written(outputs: Any, exit_id: str) -> Pin:
    if not isinstance(outputs, dict):
        raise BadInput("A pin holds named values.", hint='Write an object such as {"text": "…"}.')
    try:
        return Pin(orjson.loads(encode(outputs)), exit=exit_id)
    except StepFailed as error:
        raise BadInput("What is pinned holds something that is no data.", hint="Write plain JSON.") from error


def _card(row: PinnedRow) -> PinCard:
    pin = unpacked_pins(row.pin)[row.step]
    return PinCard(row.step, dict(pin.outputs), pin.exit, row.source, row.updated)
