"""What a try-out brings along from an earlier run may go where the draft sends it now.

The data flow of a draft knows what its steps draw on as they are. A step that was another when the earlier run was made
may have handed on something more confidential, and so may one that is pinned to what it gave then.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import orjson

from runtime.graph.document import VARIABLES, Document
from runtime.graph.flowing import Flow, Label
from runtime.operations.governance import watch
from runtime.operations.runtime import Runtime
from runtime.operations.traces import document_of
from runtime.store.log import Record, read_records
from runtime.store.runs import run_row
from runtime.store.transaction import Tx

DEEPEST = 20
"""runs each of which was given something of the one before"""
Brought = dict[str, Mapping[str, Label]]


def check_brought(
    tx: Tx, runtime: Runtime, document: Document, records: Sequence[Record], pinned: Mapping[str, str], alone: str = ""
) -> None:
    """Refuse a try-out that carries on where it may not go what `records` give it, or what steps are `pinned` to: each
    with the run it was taken from. `alone` is the step that runs alone. Raises `BadInput`."""
    given = {each.step for each in records if each.kind in ("done", "failed") and not each.path}
    rests = set(document.meaning.steps) - {alone} if alone else given | pinned.keys()
    found, brought = _given(tx, runtime, records, 0)
    for step, run in pinned.items():
        source = _flow(tx, runtime, run, 0) if run else None
        brought |= {step: source.labels[step]} if source is not None and step in source.labels else {}
    if found or brought:
        why = "What this try-out is given may not go on from here"
        watch(runtime, document).check_after(tx, found, brought, why, "Run the workflow whole instead.",
                                                rests)  # fmt: skip


def _given(tx: Tx, runtime: Runtime, records: Iterable[Record], depth: int) -> tuple[dict[str, Label], Brought]:
    """The marks of variables and of outputs that are taken from other runs."""
    flows: dict[str, Flow | None] = {}
    found: dict[str, Label] = {}
    brought: Brought = {}
    for each in records:
        detail: dict[str, Any] = orjson.loads(each.detail or b"{}")
        if not (run := detail.get("given", {}).get("run")):
            continue
        if run not in flows:
            flows[run] = _flow(tx, runtime, run, depth + 1)
        source = flows[run]
        if source is None:
            continue
        if each.kind == "set":
            root, name = detail.get("of", VARIABLES), detail["variable"]
            called = name if root == VARIABLES else f"{root}.{name}"
            found[called] = source.variables.get(called, {})
        else:
            brought[each.step] = source.labels.get(each.step, {})
    return found, brought


def _flow(tx: Tx, runtime: Runtime, run: str, depth: int) -> Flow | None:
    """What went where in a run, with what it was given itself."""
    row = run_row(tx, run)
    if row is None or depth > DEEPEST:
        return None
    found, brought = _given(tx, runtime, read_records(tx, run), depth)
    return watch(runtime, document_of(tx, row)).after(tx, found, brought)
