"""Files: bring one, use it in a run, look at it, take it away. Who may see a run may see its files.

The id of a file is no right: a file somebody brought is theirs, one that a run was given or made is for whoever may see
it in that run, and for everybody else it is as if there were none.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import orjson

from nodes.sdk import FILE_ID, FileHandle, files_in, is_file
from runtime.engine.files import handle_of
from runtime.errors import BadInput, Conflict, NotFound, StorageUnavailable, TooBusy
from runtime.files.bodies import PIECE, Incoming, TooLarge
from runtime.files.kinds import kind_of
from runtime.files.names import clean_name, disposition
from runtime.operations.actors import Actor
from runtime.operations.door import Hidden, allowed, do, look, missing
from runtime.operations.runtime import Runtime
from runtime.operations.traces import sees_inside, visible_run
from runtime.store import files as rows
from runtime.store.files import NewFile
from runtime.store.ids import new_id
from runtime.store.transaction import Tx

PATIENCE_S = 30.0
"""seconds without a byte after which an upload counts as cut off"""
AT_ONCE = 4
"""uploads one person may have going in a process"""
MOST_GIVEN = 1_000
"""files one run may be started with; each is looked up, and more would keep everybody waiting"""

_going: Counter[str] = Counter()
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class FileCard:
    """A file as people and programs see it."""

    id: str
    name: str
    type: str
    """media type by its content"""
    size: int
    sha256: str
    created: float


@dataclass(frozen=True, slots=True)
class OpenFile:
    """A file with its bytes, bit by bit."""

    card: FileCard
    pieces: Iterator[bytes]


async def bring_file(
    runtime: Runtime, actor: Actor | None, *, name: str, body: AsyncIterator[bytes], length: int = 0
) -> FileCard:
    """Take a file in, to be given to a run. What is given to none within a day is taken away again.

    `length` is what the sender says it will be: too much is refused before it is read.
    """
    person = await allowed(runtime, actor, "file.bring")
    called = clean_name(name)
    if not called:
        raise BadInput("A file needs a name.", hint="Give it one, such as invoice.pdf, and bring it again.")
    most = runtime.files.most_bytes
    if length > most:
        raise _too_large(most)
    if _going[person.id] >= AT_ONCE:
        raise TooBusy("You are bringing several files already.", hint="Wait until one of them is done.")
    _going[person.id] += 1
    try:
        _check_room(runtime, await runtime.reader.ask(lambda tx: rows.kept_by(tx, person.id)), length)
        with runtime.files.bodies.receive(most) as incoming:
            await _receive(incoming, body, most)
            return await _keep(runtime, person, called, incoming)
    finally:
        _going[person.id] -= 1


async def _receive(incoming: Incoming, body: AsyncIterator[bytes], most: int) -> None:
    """All of the body, in pieces worth a write."""
    waiting = bytearray()
    pieces = aiter(body)
    try:
        while True:
            async with asyncio.timeout(PATIENCE_S):
                piece = await anext(pieces, None)
            if piece is None:
                break
            waiting += piece
            if len(waiting) >= PIECE:
                await _on_disk(incoming.write, bytes(waiting))
                waiting.clear()
        await _on_disk(incoming.write, bytes(waiting))
    except TooLarge:
        raise _too_large(most) from None
    except TimeoutError:
        raise BadInput("The file stopped coming in.", hint="Look at your connection and bring it again.") from None


async def _keep(runtime: Runtime, person: Actor, name: str, incoming: Incoming) -> FileCard:
    digest = await _on_disk(incoming.done)
    if not incoming.size:
        raise BadInput(f"“{name}” is empty.", hint="Look whether it is the right file.")
    kind = await asyncio.to_thread(_kind, name, incoming)
    now = runtime.clock.now()
    new = NewFile(new_id(FILE_ID[:-1]), person.id, None, name, kind, incoming.size, digest, now, now)

    # not inside the transaction, where the sum of very many would keep all runs waiting
    _check_room(runtime, await runtime.reader.ask(lambda tx: rows.kept_by(tx, person.id)), new.size)

    def work(tx: Tx) -> bool:
        rows.lock_body(tx, digest, new.size, now)
        if not runtime.files.bodies.has(digest):
            raise _CleanedAway
        rows.insert_file(tx, new)
        return True

    while True:
        await _on_disk(runtime.files.bodies.put, incoming)
        try:
            await do(runtime, person, "file.bring", new.id, work)
        except _CleanedAway:  # the same bytes were taken away this moment, with the last file that had them
            continue
        return _card(new)


async def _on_disk(work: Callable[..., T], *given: Any) -> T:
    """Do it in a thread. Raises `StorageUnavailable` when the disk does not take it."""
    try:
        return await asyncio.to_thread(work, *given)
    except OSError as error:
        raise StorageUnavailable(
            f"The file cannot be kept right now ({error.strerror}).", hint="Tell IT to look at the free disk space."
        ) from error


class _CleanedAway(Exception):
    """Put it there again."""


def _kind(name: str, incoming: Incoming) -> str:
    with incoming.open() as file:
        return kind_of(name, file)


async def open_file(runtime: Runtime, actor: Actor | None, *, file: str) -> OpenFile:
    """A file to read. Raises `NotFound` alike for one that is not there and one this actor may not see."""
    row = await look(runtime, actor, "file.see", file, lambda tx: visible_file(tx, actor, file))
    try:
        pieces = await asyncio.to_thread(runtime.files.bodies.pieces, row.sha256)
    except FileNotFoundError:
        raise missing("file", file) from None
    return OpenFile(_card(row), pieces)


async def describe_file(runtime: Runtime, actor: Actor | None, *, file: str) -> FileCard:
    """What a file is, without its bytes."""
    return _card(await look(runtime, actor, "file.see", file, lambda tx: visible_file(tx, actor, file), soon=True))


async def discard_file(runtime: Runtime, actor: Actor | None, *, file: str) -> None:
    """Take away a file one has brought, as long as no run was given it."""

    def work(tx: Tx) -> None:
        row = visible_file(tx, actor, file)
        if rows.runs_of(tx, row.id):
            raise Conflict(
                "A run was given this file; it goes when that run’s data is removed.",
                hint="Remove the data of the run on its page.",
            )
        rows.remove_file(tx, row.id)

    await do(runtime, actor, "file.discard", file, work)


def disposition_of(card: FileCard) -> str:
    """The header by which a browser saves a file under its name."""
    return disposition(card.name)


def visible_file(tx: Tx, actor: Actor | None, file: str) -> Any:
    """The row of a file this actor may see, by what holds now. Raises `NotFound`, or `Hidden` with the same words."""
    row = rows.find_file(tx, file)
    if row is None or actor is None:
        raise missing("file", file)
    if row.owner == actor.id and row.run is None:
        return row
    if any(_shows(tx, actor, run, file) for run in rows.runs_of(tx, file)):
        return row
    answer = missing("file", file)
    raise Hidden(answer.sentence, hint=answer.hint)


def _shows(tx: Tx, actor: Actor, run: str, file: str) -> bool:
    """Whether a run shows a file to somebody: what it was given and what it hands back to all who see it, what its
    steps handed on only to who sees inside."""
    try:
        row = visible_run(tx, actor, run)
    except NotFound:
        return False
    if sees_inside(tx, actor, row):
        return True
    shown = (orjson.loads(row.inputs), orjson.loads(row.outputs) if row.outputs else None)
    return any(each["id"] == file for each in files_in(list(shown)))


def check_number(files: Sequence[FileHandle]) -> None:
    """Raises `BadInput` for more files than a run may be started with."""
    if len(files) > MOST_GIVEN:
        raise BadInput(f"A run takes at most {MOST_GIVEN:,} files.", hint="Start several runs, each with some of them.")


def named_files(tx: Tx, actor: Actor, values: Mapping[str, Any]) -> dict[str, Any]:
    """Inputs with every file as it really is. Raises `BadInput` naming each input with a file that is not the
    actor's."""
    found: dict[str, Any] = {}
    problems: list[dict[str, str]] = []
    for name, value in values.items():
        try:
            found[name] = _named(tx, actor, value)
        except NotFound:
            words = f"“{name}” names a file that is not there. It may have been removed: bring it again."
            problems.append({"input": name, "code": "no_file", "message": words})
    if problems:
        raise BadInput(
            "Some inputs do not fit: " + " ".join(each["message"] for each in problems),
            hint="A file waits a day to be given to a run. Bring it again.",
            details={"problems": problems},
        )
    return found


def _named(tx: Tx, actor: Actor, value: Any) -> Any:
    if is_file(value):
        row = visible_file(tx, actor, value["id"])
        if row.owner != actor.id:  # to see what somebody else has is no right to use it
            raise missing("file", value["id"])
        return handle_of(row)
    if isinstance(value, dict):
        return {name: _named(tx, actor, each) for name, each in value.items()}  # pyright: ignore[reportUnknownVariableType]
    if isinstance(value, list):
        return [_named(tx, actor, each) for each in value]  # pyright: ignore[reportUnknownVariableType]
    return value


def give_files(tx: Tx, run: str, files: list[FileHandle], now: float) -> None:
    """A run is given these files, in the transaction that starts it. Raises `BadInput` when one was taken away since
    it was looked at."""
    for each in files:
        if not rows.use_file(tx, run, each["id"], now):
            raise BadInput(f"The file “{each['name']}” was just removed.", hint="Bring it again and start once more.")


def _check_room(runtime: Runtime, kept: int, more: int) -> None:
    most = runtime.files.most_kept
    if kept + more > most:
        raise BadInput(
            f"You have {kept / 1e6:,.0f} MB of files here; together they may have {most / 1e6:,.0f} MB.",
            hint="Remove the data of runs you do not need any more, or ask IT to raise the limit.",
        )


def _too_large(most: int) -> BadInput:
    return BadInput(
        f"The file is larger than {most / 1e6:,.0f} MB.",
        hint="Make it smaller or split it, or ask IT for a higher limit.",
    )


def _card(row: Any) -> FileCard:
    return FileCard(row.id, row.name, row.type, row.size, row.sha256, row.created)
