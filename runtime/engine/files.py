"""Files for running steps: read and keep them, with the rights of the run."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from hashlib import sha256
from io import BytesIO
from typing import TYPE_CHECKING, Any, TypeVar

from nodes.sdk import FILE_ID, FileHandle, StepFailed
from runtime.files.bodies import Bodies
from runtime.files.kinds import UNKNOWN, kind_of
from runtime.files.names import clean_name
from runtime.knowledge.extracting import rows_in, text_in
from runtime.knowledge.media import Unreadable
from runtime.store.database import Reader
from runtime.store.files import NewFile, insert_file, kept_by, lock_body, use_file, used_file
from runtime.store.transaction import Tx
from runtime.store.writer import Writer

if TYPE_CHECKING:
    from runtime.engine.execution import Execution

T = TypeVar("T")
AT_ONCE = 2
"""files that are read at the same time"""
MOST_KEPT = 2_000_000_000
"""bytes of all files of a person or an app"""
_MEDIA = re.compile(r"[a-z0-9][a-z0-9!#$&^_.+-]{0,60}/[a-z0-9][a-z0-9!#$&^_.+-]{0,100}")
"""a media type (RFC 6838, 4.2): what a host calls one stands in a header when the file is fetched"""


class StepFiles:
    """Implements `nodes.sdk.Files` for one step."""

    __slots__ = ("_execution", "_step")

    def __init__(self, execution: Execution, step: str) -> None:
        self._execution, self._step = execution, step

    async def read(self, file: FileHandle) -> bytes:
        return await self._execution.tools.files.read(self._execution.run, file)

    async def keep(self, name: str, content: bytes, type: str = "") -> FileHandle:  # noqa: A002 - as the handle says
        execution = self._execution
        return await execution.tools.files.keep(execution.run, execution.person, self._step, name, content, type)

    async def text(self, file: FileHandle) -> list[str]:
        return await self._execution.tools.files.text(self._execution.run, file)

    async def rows(self, file: FileHandle) -> list[dict[str, Any]]:
        return await self._execution.tools.files.rows(self._execution.run, file)


class KeptFiles:
    """Implements `FilesPort`. No file has more than `most_bytes`, no owner more than `most_kept` of all."""

    def __init__(
        self,
        bodies: Bodies,
        reader: Reader,
        writer: Writer,
        now: Callable[[], float],
        most_bytes: int,
        most_kept: int = MOST_KEPT,
    ) -> None:
        self.bodies, self.most_bytes, self.most_kept = bodies, most_bytes, most_kept
        self._reader, self._writer, self._now = reader, writer, now
        self._places: asyncio.Semaphore | None = None

    async def read(self, run: str, file: FileHandle) -> bytes:
        """See `FilesPort`."""
        row = await self._row(run, file)
        if row.size > self.most_bytes:
            raise StepFailed("This file is too large to be read in a step.", code="file_too_large")
        try:
            return await asyncio.to_thread(self.bodies.read, row.sha256)
        except FileNotFoundError:
            raise _gone() from None

    async def keep(self, run: str, owner: str, mark: str, name: str, content: bytes, type: str) -> FileHandle:  # noqa: A002
        """See `FilesPort`."""
        if len(content) > self.most_bytes:
            raise StepFailed(
                f"This step made a file of {len(content) / 1e6:,.1f} MB;"
                f" files may have {self.most_bytes / 1e6:,.0f} MB.",
                code="file_too_large",
                hint="Make it smaller, or ask IT to raise the limit for files.",
            )
        if await self._reader.ask(lambda tx: kept_by(tx, owner)) + len(content) > self.most_kept:
            raise StepFailed(
                f"The files of whoever this run belongs to have {self.most_kept / 1e6:,.0f} MB, and may have no more.",
                code="files_full",
                hint="Remove the data of runs that are not needed any more, or ask IT to raise the limit.",
            )
        called = clean_name(name) or "file"
        found = kind_of(called, BytesIO(content))
        digest = await asyncio.to_thread(self._put, content)
        made = sha256(f"{run}\n{mark}\n{called}\n{digest}".encode()).hexdigest()[:32]
        told = type.lower()
        kind = told if found in (UNKNOWN, "text/plain") and _MEDIA.fullmatch(told) else found
        new = NewFile(FILE_ID + made, owner, run, called, kind, len(content), digest, self._now(), self._now())

        def write(tx: Tx) -> bool:
            lock_body(tx, digest, len(content), new.created)
            if not self.bodies.has(digest):
                return False
            insert_file(tx, new)
            return use_file(tx, run, new.id, new.created)

        while not await self._writer.write(write):  # cleaned away a moment ago, together with what had it before
            await asyncio.to_thread(self._put, content)
        return handle_of(new)

    async def text(self, run: str, file: FileHandle) -> list[str]:
        """See `FilesPort`."""
        return await self._extracted(text_in, run, file)

    async def rows(self, run: str, file: FileHandle) -> list[dict[str, Any]]:
        """See `FilesPort`."""
        return await self._extracted(rows_in, run, file)

    async def _extracted(self, reader: Callable[[str, bytes], T], run: str, file: FileHandle) -> T:
        content = await self.read(run, file)
        reading = asyncio.ensure_future(self._in_turn(reader, file["name"], content))
        reading.add_done_callback(lambda done: done.cancelled() or done.exception())  # nobody may be there to hear it
        try:
            return await asyncio.shield(reading)
        except Unreadable as error:
            raise StepFailed(
                f"“{file['name']}” cannot be read: {error.sentence}",
                code="unreadable_file",
                hint="Bring the file in another form, or let the step’s error exit deal with it.",
            ) from error

    async def _in_turn(self, reader: Callable[[str, bytes], T], name: str, content: bytes) -> T:
        """Keeps its place until the reading is over, also where whoever asked for it has gone: a thread goes on."""
        async with self._turns():
            return await asyncio.to_thread(reader, name, content)

    def _turns(self) -> asyncio.Semaphore:
        """Few files are read at a time: each takes a processor and much memory. Made on the engine's loop."""
        self._places = self._places or asyncio.Semaphore(AT_ONCE)
        return self._places

    async def _row(self, run: str, file: FileHandle) -> Any:
        def find(tx: Tx) -> Any:
            return used_file(tx, run, file["id"])

        # its first step may come before its start is committed: what the writer does next comes after
        row = self._reader.now(find) or await self._writer.write(find)
        if row is None or (row.sha256, row.size) != (file["sha256"], file["size"]):  # steps add up sizes they are told
            raise _gone()
        return row

    def _put(self, content: bytes) -> str:
        try:
            with self.bodies.receive(self.most_bytes) as incoming:
                incoming.write(content)
                return self.bodies.put(incoming)
        except OSError as error:
            raise StepFailed(
                f"The file cannot be kept right now ({error.strerror}).", code="files_unavailable", retry=True,
                hint="Tell IT to look at the free disk space.",
            ) from error  # fmt: skip


def handle_of(row: Any) -> FileHandle:
    """A row as values hold it."""
    return FileHandle(id=row.id, name=row.name, type=row.type, size=row.size, sha256=row.sha256)


def _gone() -> StepFailed:
    return StepFailed(
        "This file is not there any more, or does not belong to this run.",
        code="no_file",
        hint="A run reads the files it was started with, and those its own steps have made. Bring the file again.",
    )
