"""Running a drawn document with the real engine and store, whole or cut off after a record."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from random import Random
from typing import Any, NamedTuple

import orjson

from runtime.graph.compiling import compile_document
from runtime.graph.document import Document
from runtime.graph.plan import Plan
from runtime.graph.problems import errors
from runtime.store.database import Reader
from runtime.store.log import Record, read_records
from runtime.store.runs import run_row
from tests.differential.drawing import Drawn
from tests.differential.reference import Line, Outcome, interpret
from tests.differential.steps import BEGAN, TRIES, catalogue
from tests.differential.values import canonical
from tests.support.engine_room import Room

PATIENCE_S = 30.0


class Played(NamedTuple):
    """How a run went, read from its row and its log."""

    run: str
    status: str
    outputs: dict[str, Any]
    culprit: str | None
    lines: list[Line]
    records: list[Record]


def plan_of(drawn: Drawn) -> Plan:
    """The plan of a document that must compile."""
    library = {content: Document.model_validate(each) for content, each in drawn.library.items()}
    compiled = compile_document(Document.model_validate(drawn.document), catalogue(), library.get)
    assert not errors(compiled.problems), errors(compiled.problems)
    assert compiled.plan is not None
    return compiled.plan


def meant_by(drawn: Drawn) -> Outcome:
    """What the reference says of it."""
    library = {content: each["meaning"] for content, each in drawn.library.items()}
    return interpret(drawn.document["meaning"], drawn.inputs, library)


def play(room: Room, plan: Plan, inputs: dict[str, Any]) -> Played:
    """A whole run."""
    run, told = room.begin(plan, inputs)
    end = told.result(PATIENCE_S)
    played = read_back(room, run)
    assert (end.status, end.outputs or {}) == (played.status, played.outputs), "what is told is what is kept"
    return played


def read_back(room: Room, run: str) -> Played:
    """What row and log say of a run that has ended."""
    return played_of(room.row(run), room.checked_log(run))


def played_of(row: Any, records: list[Record]) -> Played:
    """How a run went, by its row and its log."""
    error = orjson.loads(row.error or b"{}")
    lines = [line for each in records if (line := line_of(each)) is not None]
    return Played(row.id, row.status, orjson.loads(row.outputs or b"{}"), error.get("step"), lines, records)


def read_all(reader: Reader) -> list[tuple[str, Played]]:
    """All runs of a store, each with the content hash of its document."""
    runs = reader.now(lambda tx: tx.exec_driver_sql("SELECT id, hash FROM run").all())
    return [
        (digest, reader.now(lambda tx, run=run: played_of(run_row(tx, run), read_records(tx, run))))
        for run, digest in runs
    ]


def line_of(record: Record) -> Line | None:
    """What a record says happened; None where it ends nothing. Items that were cancelled are as if they never were."""
    where = record.step, record.path
    match record.kind:
        case "done":
            return Line("done", *where, record.exit, canonical(orjson.loads(record.value or b"null")))
        case "failed":
            handled = bool(orjson.loads(record.detail or b"{}").get("handled"))
            return Line("failed", *where, record.exit, canonical(handled))
        case "retry":
            return Line("retry", *where, "", "null")
        case "item" if record.exit != "cancelled":
            value = record.value if record.exit == "done" else None
            return Line("item", *where, record.exit, canonical(orjson.loads(value or b"null")))
    return None


def cuts_of(records: Sequence[Record]) -> list[int]:
    """After which records a process may have died. A batch never parts what is written down in one turn: what a step or
    an item sets (before the end of the step, behind that of the item)."""
    following = [*records[1:], None]
    return [0, *(here.seq for here, after in zip(records, following, strict=True) if not _one(here, after))]


def cut_by_chance(records: Sequence[Record], chance: Random) -> int:
    """One of these; of each kind of record as often, because the rare ones are where something may go wrong."""
    kinds: dict[tuple[str, str], list[int]] = {}
    for cut in cuts_of(records):
        last = records[cut - 1] if cut else None
        kinds.setdefault((last.kind, last.exit) if last else ("", ""), []).append(cut)
    return chance.choice(chance.choice(list(kinds.values())))


def _one(here: Record, after: Record | None) -> bool:
    """Whether two records that follow each other are of one thing."""
    if after is None or after.step != here.step:
        return False
    if here.kind == "set":
        return after.path == here.path
    return here.kind == "item" and after.kind == "set"


def cut_and_resume(room: Room, played: Played, cut: int) -> Played:
    """Forget all behind a record, as if the process had died there, and take the run up again. Raises
    `AssertionError` when something that had finished begins again."""
    run, kept = played.run, played.records[:cut]
    finished = {(each.step, each.path) for each in kept if each.kind in ("done", "failed")}
    for where in [each for each in TRIES if each[0] == run]:
        TRIES[where] = sum((each.kind, each.step, each.path) == ("retry", *where[1:]) for each in kept)
    began = len(BEGAN)

    def forget(tx: Any) -> None:
        tx.exec_driver_sql("DELETE FROM record WHERE run = ? AND seq > ?", (run, cut))
        tx.exec_driver_sql(
            "UPDATE run SET status = 'queued', process = '', due_at = 0, ended = NULL, outputs = NULL, error = NULL"
            " WHERE id = ?",
            (run,),
        )

    room.writer.offer(forget).result(PATIENCE_S)
    room.engine.nudge(run)
    wait_until(lambda: room.row(run).ended is not None)
    again = finished & {(step, path) for each, step, path in BEGAN[began:] if each == run}
    assert not again, f"finished before record {cut}, and began again: {sorted(again)}"
    return read_back(room, run)


def wait_until(holds: Callable[[], object]) -> None:
    """Wait for something other threads do."""
    end = time.monotonic() + PATIENCE_S
    while not holds():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.001)
