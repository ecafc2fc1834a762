"""The live view: what happens in a run now, handed to whoever looks. Truth is the log; this is only sooner."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson

from runtime.store.log import Batch, Record

Event = Mapping[str, Any]
"""`kind` (run.started, step.started, step.intent, step.reply, text, answer, step.waiting, step.answered, step.done,
step.failed, step.retry, step.item, step.skipped, variable.set, run.waiting, run.ended), `run`, and what the kind needs;
`seq` where the event is a committed record."""


def events_of_batch(batch: Batch) -> list[Event]:
    """The records of a batch as events, with the values that lie beside it as blobs."""
    blobs = dict(batch.blobs)
    return [event_of(each._replace(value=blobs[each.blob]) if each.blob else each) for each in batch.records]


def event_of(record: Record) -> dict[str, Any]:
    """A committed record as an event; `seq` is the cursor to come back with."""
    detail: dict[str, Any] = orjson.loads(record.detail) if record.detail else {}
    event: dict[str, Any] = {
        "kind": f"step.{record.kind}", "run": record.run, "seq": record.seq, "step": record.step, "path": record.path,
        "attempt": record.attempt, "started": record.started, "ended": record.ended,
    }  # fmt: skip
    match record.kind:
        case "done":
            return event | {"exit": record.exit, "usage": detail.get("usage")}
        case "item":
            return event | {"exit": record.exit, "of": detail.get("of")}
        case "failed":
            told = {"error": _loaded(record), "exit": record.exit, "handled": bool(detail.get("handled"))}
            return event | told
        case "retry":
            return event | {"error": _loaded(record), "try": record.try_}
        case "set":
            name, root = detail["variable"], detail.get("of", "variables")
            called = name if root == "variables" else f"{root}.{name}"
            return event | {"kind": "variable.set", "variable": called, "value": _loaded(record)}
        case "wait":
            return event | {
                "kind": "step.waiting",
                **_told(record, "title", "waits_for"),
                "deadline": detail["deadline"],
            }
        case "answer":
            return event | {"kind": "step.answered", **_told(record, "choice", "by")}
        case _:
            return event | {"alias": detail.get("alias", "")}


def _loaded(record: Record) -> Any:
    return orjson.loads(record.value) if record.value else None


def _told(record: Record, *names: str) -> dict[str, Any]:
    """These parts of a record's value; empty where it was erased."""
    value: dict[str, Any] = orjson.loads(record.value) if record.value else {}
    return {name: value.get(name, "") for name in names}


MOST_WAITING = 10_000
"""events a slow reader may leave unread before it is cut off and has to come back with its cursor"""


class Subscriber:
    """One reader of one run, living on its own event loop; `async for` gives what it hears until its stream ends."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.loop = loop
        self._queue: asyncio.Queue[Event | None] = asyncio.Queue()
        self._closed = False

    def give(self, events: Sequence[Event], last: bool) -> None:
        """Hand over from any thread; `last` ends the stream."""
        if not self.loop.is_closed():
            self.loop.call_soon_threadsafe(self._put, events, last)

    def _put(self, events: Sequence[Event], last: bool) -> None:
        if self._closed:
            return
        slow = self._queue.qsize() > MOST_WAITING
        for event in () if slow else events:
            self._queue.put_nowait(event)
        if last or slow:
            self._closed = True
            self._queue.put_nowait(None)

    def __aiter__(self) -> Subscriber:
        return self

    async def __anext__(self) -> Event:
        if (event := await self._queue.get()) is None:
            raise StopAsyncIteration
        return event


@dataclass(slots=True)
class Spoken:
    """The text a running step has said so far, for readers who come late."""

    step: str
    path: str
    attempt: int
    try_: int
    text: str = ""


@dataclass(slots=True)
class Audience:
    """Everybody who looks at one run, and the text so far. Only touched on the engine's loop."""

    readers: list[Subscriber] = field(default_factory=list[Subscriber])
    spoken: dict[tuple[str, str], Spoken] = field(default_factory=dict[tuple[str, str], Spoken])
    """by step and path"""

    def tell(self, *events: Event, last: bool = False) -> None:
        """Hand events to all readers."""
        for reader in self.readers:
            reader.give(events, last)

    def say(self, run: str, where: tuple[str, str], attempt: int, text: str) -> None:
        """A step said more; provisional until its record is committed."""
        spoken = self.spoken.get(where)
        if spoken is None or spoken.attempt != attempt:
            spoken = self.spoken[where] = Spoken(*where, attempt, 1)
        offset = len(spoken.text)
        spoken.text += text
        if self.readers:
            self.tell(_text(run, spoken, offset, text))

    def say_anew(self, where: tuple[str, str]) -> None:
        """What the step said so far counts no more; readers drop it at the first word of the next try."""
        if (spoken := self.spoken.get(where)) is not None:
            spoken.try_, spoken.text = spoken.try_ + 1, ""

    def forget(self, where: tuple[str, str]) -> None:
        """A step ended: its output counts now, what it said meanwhile does not."""
        self.spoken.pop(where, None)

    def words(self) -> list[dict[str, Any]]:
        """The text so far, step by step."""
        return [
            {"step": each.step, "path": each.path, "try": each.try_, "text": each.text} for each in self.spoken.values()
        ]

    def join(self, run: str, reader: Subscriber, begun: Sequence[Event] = ()) -> None:
        """A reader comes; it hears what has begun and has no result, the text so far, then what follows."""
        self.readers.append(reader)
        so_far = [*begun, *(_text(run, each, 0, each.text) for each in self.spoken.values() if each.text)]
        if so_far:
            reader.give(so_far, False)


def answer_event(run: str, offset: int, text: str) -> dict[str, Any]:
    """More of the run's answer: what it is so far is its first `offset` characters and this."""
    return {"kind": "answer", "run": run, "offset": offset, "text": text}


def _text(run: str, spoken: Spoken, offset: int, text: str) -> Event:
    return text_event(run, spoken.step, spoken.path, spoken.attempt, spoken.try_, offset, text)


def text_event(run: str, step: str, path: str, attempt: int, try_: int, offset: int, text: str) -> dict[str, Any]:
    """A piece of what a step says, from `offset` on; a new attempt or try begins again."""
    place = {"step": step, "path": path, "attempt": attempt, "try": try_}
    return {"kind": "text", "run": run, **place, "offset": offset, "text": text}
