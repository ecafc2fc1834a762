"""The pen of one attempt: gives every record its seq in the turn it happens, and hands batches to the writer."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, TypeVar

from runtime.engine.state import State
from runtime.engine.values import digest, link
from runtime.store.log import FORMAT, INLINE, Batch, Record
from runtime.store.transaction import Tx
from runtime.store.writer import Writer

MOST_BATCH = 4_000_000
"""bytes of one batch"""

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
    ) -> Record:
        """Add one record to the log; it is durable once its batch is committed."""
        state = self.state
        seq = state.seq = state.seq + 1
        value_digest = digest(value)
        metadata = (
            f"{self.run}|{seq}|{FORMAT}|{kind}|{self.attempt}|{step}|{path}|1|{started!r}|{ended!r}|{seen}|{exit_id}"
            f"|{input_digest}|{value_digest}"
        )
        state.hash = link(state.hash, metadata, detail)
        kept, blob = value, None
        if len(value) > INLINE:
            kept, blob = None, value_digest
            self._blobs.append((value_digest, value))
        record = Record(
            self.run, seq, FORMAT, kind, self.attempt, step, path, 1, started, ended, seen, exit_id, kept, blob, detail,
            input_digest, value_digest, state.hash,
        )  # fmt: skip
        self._records.append(record)
        self._bytes += len(value) + 400
        if self._bytes > MOST_BATCH:
            self.flush()
        return record

    def also(self, write: Callable[[Tx], Any]) -> None:
        """Write something else in the same unit as the next batch, behind the same fence."""
        self._also.append(write)

    def flush(self, settled: Settled | None = None) -> None:
        """Hand what is noted to the writer."""
        if not (self._records or self._also):
            return
        batch = Batch(
            self.run, self.attempt, self._records, self._blobs, self._also, settled or self._settled, size=self._bytes
        )
        self._records, self._blobs, self._also, self._bytes = [], [], [], 0
        self._writer.submit(batch)

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
