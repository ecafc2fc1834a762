"""Answers of calls: how they are kept in the log, and given again when a run is replayed.

What a model or a host answered is a `reply` record behind the intent of its call, masked as everything is. It names
the digest of what was sent; a replay looks for the same request, first at the same step and path, then anywhere.
"""

from __future__ import annotations

import base64
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any, Literal

import orjson

from nodes.sdk import Answer, Received, Reply, StepFailed, Usage
from runtime.engine.state import Where
from runtime.engine.values import digest
from runtime.store.log import Record
from runtime.store.waits import OWN

Calls = Literal["refuse", "make"]
MOST_KEPT = 1_000_000
"""characters or bytes of an answer of a host that are kept for replays"""
KINDS = ("reply", "answer")
"""records a replay reads"""


def request_of(sent: Mapping[str, Any]) -> str:
    """The digest of what is sent: equal for equal requests, of whichever run."""
    return digest(orjson.dumps(sent))


def told_answer(answer: Answer) -> dict[str, Any]:
    """What a model answered, as it is kept."""
    return {"text": answer.text, "data": answer.data, "finish": answer.finish, "usage": asdict(answer.usage)}


def told_received(answer: Received) -> dict[str, Any]:
    """What a host answered, as it is kept; of a large one only that it was large."""
    if len(answer.text) + len(answer.content) > MOST_KEPT:
        return {"large": len(answer.text) + len(answer.content)}
    content = base64.b64encode(answer.content).decode()
    told = {"status": answer.status, "headers": dict(answer.headers), "text": answer.text, "name": answer.name}
    return told | {"content": content} if content else told


def told_failure(error: StepFailed) -> dict[str, Any]:
    """A call that failed, as it is kept."""
    return {"failed": {"code": error.code, "message": error.message, "hint": error.hint, "retry": error.retry}}


class Recorded:
    """What the calls of an earlier run were answered."""

    def __init__(self, records: Iterable[Record], calls: Calls) -> None:
        self.calls = calls
        self._here: dict[tuple[Where, str], list[Record]] = defaultdict(list)
        self._anywhere: dict[str, list[Record]] = defaultdict(list)
        self._given: set[int] = set()
        self._said: dict[Where, Record] = {}
        for record in records:
            detail: dict[str, Any] = orjson.loads(record.detail or b"{}")
            if record.kind == "answer" and detail.get("kind") != OWN:
                self._said[record.step, record.path] = record
            elif record.kind == "reply" and record.value is not None:
                self._here[(record.step, record.path), detail["request"]].append(record)
                self._anywhere[detail["request"]].append(record)

    def find(self, where: Where, request: str) -> Record | None:
        """The answer to this request: each is given once, the last of them as often as it is asked for. None where a
        call is to be made really. Raises `StepFailed` where it is not."""
        for known in (self._here.get((where, request)), self._anywhere.get(request)):
            if known:
                found = next((each for each in known if each.seq not in self._given), known[-1])
                self._given.add(found.seq)
                return found
        if self.calls == "make":
            return None
        raise StepFailed(
            "No answer is recorded for what this step sends: it sends something else than in the run that is replayed.",
            code="not_recorded",
            hint="Replay it with real calls where nothing is recorded, or compare what the two runs send.",
        )

    def said(self, where: Where) -> Reply | None:
        """What people answered this step; None where they are to be asked really. Raises `StepFailed` where not."""
        record = self._said.get(where)
        if record is not None and record.value is not None:
            told = orjson.loads(record.value)
            return Reply(told["choice"], told["comment"], told["by"], datetime.fromtimestamp(told["at"], UTC))
        if self.calls == "make":
            return None
        raise StepFailed(
            "Nobody was asked this in the run that is replayed, so no answer is recorded.",
            code="not_recorded",
            hint="Replay it with real calls where nothing is recorded: then people are asked.",
        )

    def waited(self, where: Where) -> bool:
        """Whether the time this step waits for had come in that run."""
        return where in self._said


def answer_of(record: Record) -> Answer:
    """The answer of a model that was kept. Raises `StepFailed` where the call had failed."""
    told = _value(record)
    return Answer(told["text"], told["data"], told["finish"], Usage(**told["usage"]))


def received_of(record: Record) -> Received:
    """The answer of a host that was kept. Raises `StepFailed` where the call had failed, or it was too large."""
    told = _value(record)
    if "large" in told:
        raise StepFailed(
            "The answer of this call was too large to be kept, so it cannot be replayed.",
            code="not_recorded",
            hint="Start the workflow again with the same input instead.",
        )
    content = base64.b64decode(told.get("content", ""))
    return Received(told["status"], told["headers"], told["text"], content, told["name"])


def _value(record: Record) -> dict[str, Any]:
    told: dict[str, Any] = orjson.loads(record.value or b"{}")
    if (failed := told.get("failed")) is not None:
        raise StepFailed(failed["message"], code=failed["code"], hint=failed["hint"], retry=failed["retry"])
    return told
