"""The pen of one attempt: gives every record its seq in the turn it happens, and hands batches to the writer."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from runtime.engine.state import State
from runtime.engine.values import digest, link
from runtime.store.log import FORMAT, INLINE, Batch, Line, Record
from runtime.store.transaction import Tx
from runtime.store.writer import Writer

MOST_BATCH = 4_000_000
"""bytes after which a batch is full"""

T = TypeVar("T")
Settled = Callable[[Batch, BaseException | None], None]


class Journal:
    """Records of one attempt of one run, in order."""

    def __init__(self, run: str, attempt: int, state: State, writer: Writer, settled: Settled) -> None:
        self.run, self.attempt, self.state = run, attempt, state
        self._writer, self._settled = writer, settled
        self._records: list[Record] = []
        self._blobs: list[tuple[str, bytes]] = []
        self._also: list[Callable[[Tx], Any]] = []
        self._bytes = 0
        self._line = Line()

    def note(
        self,
        kind: str,
        step: str,
        *,
        started: float,
        ended: float,
        seen: int,
        value: bytes,
        path: str = "",
        exit_id: str = "",
        detail: bytes | None = None,
        input_digest: str = "",
        try_: int = 1,
    ) -> Record:
        """Add one record to the log; it is durable once its batch is committed."""
        state = self.state
        seq = state.seq = state.seq + 1
        value_digest = digest(value)
        metadata = _metadata(
            self.run, seq, FORMAT, kind, self.attempt, step, path, try_, started, ended, seen, exit_id, input_digest,
            value_digest,
        )  # fmt: skip
        state.hash = link(state.hash, metadata, detail)
        kept, blob = value, None
        if len(value) > INLINE:
            kept, blob = None, f"{self.run}:{value_digest}"  # of this run alone: it goes with the run's data
            self._blobs.append((blob, value))
        record = Record(
            self.run, seq, FORMAT, kind, self.attempt, step, path, try_, started, ended, seen, exit_id, kept, blob,
            detail, input_digest, value_digest, state.hash,
        )  # fmt: skip
        self._records.append(record)
        self._bytes += len(value) + 400
        return record

    def also(self, write: Callable[[Tx], Any]) -> None:
        """Write something else in the same unit as the next batch, behind the same fence."""
        self._also.append(write)

    def relieve(self) -> None:
        """Flush when much is noted. Called between steps: the records of one result are never parted."""
        if self._bytes > MOST_BATCH:
            self.flush()

    def flush(self, settled: Settled | None = None) -> None:
        """Hand what is noted to the writer."""
        if not (self._records or self._also):
            return
        batch = Batch(
            self.run, self.attempt, self._records, self._blobs, self._also, settled or self._settled, size=self._bytes,
            line=self._line,
        )  # fmt: skip
        self._records, self._blobs, self._also, self._bytes = [], [], [], 0
        self._writer.submit(batch)

    def taken(self) -> tuple[list[Record], list[tuple[str, bytes]]]:
        """What is noted and not flushed, for whoever writes it otherwise: the beginning of a log."""
        return self._records, self._blobs

    async def committed(self, write: Callable[[Tx], T]) -> T:
        """Flush together with `write`, wait until all of it is durable, and give what `write` gave."""
        loop = asyncio.get_running_loop()
        done: asyncio.Future[T] = loop.create_future()

        def release(batch: Batch) -> None:
            if not done.done():
                done.set_result(batch.results[-1])

        def settled(batch: Batch, error: BaseException | None) -> None:
            self._settled(batch, error)  # a refusal stops the attempt, which cancels whoever waits here
            if error is None:
                loop.call_soon_threadsafe(release, batch)

        self.also(write)
        self.flush(settled)
        return await done

    @property
    def crowded(self) -> bool:
        """Whether the writer is behind, so that the executor should let it catch up."""
        return self._writer.full


def verify(records: Sequence[Record]) -> str:
    """What is wrong with a whole log: a gap, a link that does not fit the one before, a payload that is not what was
    recorded. Empty when all holds; a payload that was removed is no fault."""
    previous = ""
    for number, each in enumerate(records, 1):
        if each.seq != number:
            return f"record {number} is missing"
        metadata = _metadata(*each[:12], each.input_digest, each.output_digest)
        if link(previous, metadata, each.detail) != each.hash:
            return f"the chain breaks at record {number}"
        if each.value is not None and digest(each.value) != each.output_digest:
            return f"the value of record {number} is not what was recorded"
        previous = each.hash
    return ""


def _metadata(
    run: str,
    seq: int,
    form: int,
    kind: str,
    attempt: int,
    step: str,
    path: str,
    try_: int,
    started: float,
    ended: float,
    seen: int,
    exit_id: str,
    input_digest: str,
    output_digest: str,
) -> str:
    """What a link covers besides the detail: all but the payload."""
    return (
        f"{run}|{seq}|{form}|{kind}|{attempt}|{step}|{path}|{try_}|{started!r}|{ended!r}|{seen}|{exit_id}"
        f"|{input_digest}|{output_digest}"
    )
