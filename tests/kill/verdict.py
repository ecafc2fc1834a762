"""The verdict: what the logs and the model server's own count say of every accepted run."""

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson

from runtime.engine.journal import verify
from runtime.settings import Settings
from runtime.store.database import Reader, open_engine
from runtime.store.log import Record, read_records
from runtime.store.runs import run_row
from tests.kill.everything import outputs_of


@dataclass
class Verdict:
    """Counts of the last line, and every finding in words."""

    accepted: int = 0
    ended: int = 0
    repeated: int = 0
    interrupted: int = 0
    answered: int = 0
    """decisions that were accepted"""
    by_knife: int = 0
    """kills at the very place they were meant for"""
    findings: list[str] = field(default_factory=list)

    @property
    def lost(self) -> int:
        """Accepted runs that did not end as they should."""
        return self.accepted - self.ended

    @property
    def good(self) -> bool:
        return not (self.lost or self.repeated or self.findings)


def judge(settings: Settings, calls: Path, accepted: dict[str, tuple[str, dict[str, Any]]]) -> Verdict:
    """Read everything there is about the accepted runs, and about any other run in the store."""
    reader = Reader(open_engine(settings.store))
    verdict = Verdict(accepted=len(accepted))
    made = [orjson.loads(line) for line in calls.read_bytes().splitlines()]
    times: dict[str, list[float]] = {}
    for call in made:
        times.setdefault(call["key"], []).append(call["at"])
    told: set[str] = set()
    for run, inputs in accepted.values():
        row = reader.now(lambda tx, each=run: run_row(tx, each))
        records = reader.now(lambda tx, each=run: read_records(tx, each))
        wrong = _wrong(row, records, inputs)
        verdict.ended += not wrong
        if wrong:
            verdict.findings.append(f"{run}: {wrong}")
    for run in reader.now(lambda tx: tx.exec_driver_sql("SELECT id FROM run").scalars().all()):
        told |= _count_calls(verdict, reader.now(lambda tx, each=run: read_records(tx, each)), times)
    if strangers := times.keys() - told:
        verdict.findings.append(f"{len(strangers)} calls left without an intent")
    keys = reader.now(lambda tx: tx.exec_driver_sql("SELECT key FROM run").scalars().all())
    verdict.findings += [f"{key} started {count} runs" for key, count in Counter(keys).items() if count > 1]
    return verdict


def unkept(settings: Settings, approved: set[str]) -> list[str]:
    """What is wrong with the waits: an accepted answer that is not in the log of its run, or a second one."""
    reader = Reader(open_engine(settings.store))
    kept = Counter(
        orjson.loads(each)["wait"]
        for each in reader.now(
            lambda tx: tx.exec_driver_sql("SELECT detail FROM record WHERE kind = 'answer'").scalars().all()
        )
    )
    findings = [f"the answer to {wait} was accepted and is in no log" for wait in approved if not kept[wait]]
    return findings + [f"{wait} has {count} answers" for wait, count in kept.items() if count > 1]


def _wrong(row: Any, records: list[Record], inputs: dict[str, Any]) -> str:
    """What is wrong with an accepted run; empty when it ended as it should."""
    if row is None:
        return "is not in the store"
    if row.status != "succeeded":
        return f"is {row.status}: {row.error}"
    if orjson.loads(row.outputs) != outputs_of(inputs):
        return f"handed back {row.outputs}"
    if broken := verify(records):
        return broken
    if (row.last_seq, row.last_hash) != (records[-1].seq, records[-1].hash):
        return "its row names another last record"
    return ""


def _count_calls(verdict: Verdict, records: list[Record], times: dict[str, list[float]]) -> set[str]:
    """Compare the calls of each key with the intents the log has for it, and with the time of its result."""
    intents: dict[str, list[Record]] = {}
    done: dict[str, Record] = {}
    for each in records:
        if each.kind == "intent":
            intents.setdefault(orjson.loads(each.detail or b"{}")["key"], []).append(each)
            if each.step in done:
                verdict.repeated += 1
                verdict.findings.append(f"{each.run}: {each.step} began again after it was done")
        elif each.kind == "done":
            done[each.step] = each
    for key, begun in intents.items():
        calls, step = times.get(key, []), begun[0].step
        late = [at for at in calls if step in done and at > done[step].ended]
        too_many = max(len(calls) - len(begun), len(late), 0)
        verdict.repeated += too_many
        verdict.interrupted += max(len(calls) - 1 - too_many, 0)
        if too_many:
            verdict.findings.append(f"{begun[0].run}: {step} was called {len(calls)} times, {len(begun)} were meant")
    return set(intents)
