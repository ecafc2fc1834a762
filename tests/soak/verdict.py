"""The verdict: every run in the store has ended as it may, and its log is one gapless history."""

from collections import Counter
from typing import Any

import orjson

from runtime.engine.journal import verify
from runtime.store.database import Reader
from runtime.store.log import read_records
from runtime.store.runs import run_row
from tests.kill.workflow import outputs_of

FAILURES = {"model_bad_request", "model_busy", "model_down", "model_interrupted", "model_unreachable"}
"""what the moods of the model may do to a run"""


def judge(reader: Reader, accepted: set[str], cancelled: set[str]) -> tuple[Counter[str], list[str]]:
    """How many runs ended how, and every finding in words."""
    ids: list[str] = list(reader.now(lambda tx: tx.exec_driver_sql("SELECT id FROM run").scalars().all()))
    findings = [f"{run}: was accepted and is not in the store" for run in accepted - set(ids)]
    statuses: Counter[str] = Counter()
    for run in ids:
        row = reader.now(lambda tx, each=run: run_row(tx, each))
        records = reader.now(lambda tx, each=run: read_records(tx, each))
        assert row is not None, "it was in the list"
        statuses[row.status] += 1
        last = (records[-1].seq, records[-1].hash) if records else (0, "")
        for wrong in (
            wrong_end(row, run in cancelled),
            verify(records),
            "" if (row.last_seq, row.last_hash) == last else "its row names another last record",
        ):
            if wrong:
                findings.append(f"{run}: {wrong}")
    return statuses, findings


def wrong_end(row: Any, cancelled: bool) -> str:
    """What is wrong with how a run ended; empty when nothing is."""
    match row.status:
        case "succeeded":
            fits = orjson.loads(row.outputs) == outputs_of(orjson.loads(row.inputs))
            return "" if fits else f"handed back {row.outputs}"
        case "failed":
            return "" if orjson.loads(row.error)["code"] in FAILURES else f"failed: {row.error}"
        case "cancelled":
            return "" if cancelled else "is cancelled, and nobody asked for it"
        case other:
            return f"is still {other}"
