"""The one writer of a process: units queued together share a commit, a failing unit rolls back alone."""

from __future__ import annotations

import asyncio
import logging
import sqlite3
import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from typing import Any, Protocol, TypeVar

from sqlalchemy import Connection, Engine, exc

from runtime.errors import GreenlaneError, StorageUnavailable, TooBusy
from runtime.store.audit import add_to_chain
from runtime.store.database import execute, unavailable
from runtime.store.dialects import DOOR_LOCK, begin_writing, is_postgres, lock, lock_runs, meets_another
from runtime.store.transaction import Pending, Torn, pending, set_pending

T = TypeVar("T")
log = logging.getLogger(__name__)

MOST_UNITS = 5_000
"""waiting units before the writer refuses door operations and executors wait"""
MOST_BYTES = 64 * 1024 * 1024
GROUP = 512
"""units that may share one commit"""
TRIES = 5
"""how often a unit that met another transaction is tried"""


class Unit(Protocol):
    """Something to write. `apply` runs inside the shared transaction, in under 5 ms, and never waits."""

    size: int
    run: str
    """the run it belongs to, whose row it must find unchanged; empty: it is an operation of the door"""

    def apply(self, tx: Connection) -> None:
        """Write; raising takes back this unit alone. A unit without a savepoint of its own that may have written
        something before it failed raises `Torn`."""
        ...

    def settle(self, error: BaseException | None) -> None:
        """The commit happened, or this unit failed. Called in the writer's thread; must only hand over."""
        ...


class Operation:
    """A unit that is a function over the transaction, in its own savepoint; its result goes to the caller."""

    size = 256
    run = ""

    def __init__(self, work: Callable[[Connection], Any], done: Future[Any]) -> None:
        self._work, self._done, self._result = work, done, None

    def apply(self, tx: Connection) -> None:
        held = pending(tx)
        audited = len(held.audit) if held else 0
        execute(tx, "SAVEPOINT unit")
        try:
            self._result = self._work(tx)
        except (exc.OperationalError, sqlite3.OperationalError):
            raise  # the storage's own: all of the group is rolled back
        except BaseException:
            execute(tx, "ROLLBACK TO unit")
            execute(tx, "RELEASE unit")
            if held:
                del held.audit[audited:]
            raise
        execute(tx, "RELEASE unit")

    def settle(self, error: BaseException | None) -> None:
        if not self._done.set_running_or_notify_cancel():
            return
        if error is None:
            self._done.set_result(self._result)
        else:
            self._done.set_exception(error)


class Writer:
    """A thread that commits what is queued, in order, as fast as the disk syncs.

    `reach(place)` is called at the fault points of the commit; the kill test puts its knife there.
    """

    def __init__(self, engine: Engine, reach: Callable[[str], None] = lambda _place: None) -> None:
        self._engine, self._reach = engine, reach
        self._queue: deque[Unit] = deque()
        self._bytes = 0
        self._wake = threading.Condition()
        self._closing = False
        self._connection: Connection | None = None
        self.commits = 0
        self.healthy = True
        self._thread = threading.Thread(target=self._work, name="greenlane-writer", daemon=True)

    def start(self) -> None:
        """Begin to write."""
        self._thread.start()

    def close(self) -> None:
        """Write what is queued, then stop."""
        with self._wake:
            self._closing = True
            self._wake.notify()
        self._thread.join()

    @property
    def full(self) -> bool:
        """Whether executors should wait before they add more."""
        return len(self._queue) > MOST_UNITS or self._bytes > MOST_BYTES

    def submit(self, unit: Unit) -> None:
        """Queue a unit; its `settle` will be called."""
        with self._wake:
            if not self._closing:
                self._queue.append(unit)
                self._bytes += unit.size
                self._wake.notify()
                return
        _settle(unit, StorageUnavailable("The server is stopping.", hint="Try again when it is back."))

    def offer(self, work: Callable[[Connection], T]) -> Future[T]:
        """Queue a function over the transaction; raises `TooBusy` when too much waits."""
        if self.full:
            raise TooBusy("More is being written right now than can be taken.", hint="Try again in a few seconds.")
        done: Future[T] = Future()
        self.submit(Operation(work, done))
        return done

    async def write(self, work: Callable[[Connection], T]) -> T:
        """Queue a function over the transaction and wait for its commit."""
        return await asyncio.wrap_future(self.offer(work))

    def _take(self) -> list[Unit]:
        with self._wake:
            while not self._queue and not self._closing:
                self._wake.wait()
            group = [self._queue.popleft() for _ in range(min(GROUP, len(self._queue)))]
            self._bytes -= sum(unit.size for unit in group)
            return group

    def _work(self) -> None:
        while units := self._take():
            self._write(units)

    def _write(self, units: list[Unit], tries: int = TRIES) -> None:
        """Commit these together and tell each; whatever goes wrong is told and never ends the thread."""
        try:
            failed = self._commit(self._begin(), units)
        except Torn as torn:
            self._roll_back()
            if len(units) == 1:
                _settle(units[0], torn.__cause__)
            else:
                self._write_alone(units)
        except (exc.DBAPIError, sqlite3.Error) as error:
            if meets_another(error) and tries > 1:
                self._roll_back()
                self._write_alone(units, tries - 1)
            else:
                self._storage_failed(units, unavailable(error))
        except Exception as error:
            log.exception("the writer met an error it does not know")
            self._storage_failed(units, StorageUnavailable(f"Writing failed: {error}."))
        else:
            self.healthy = True
            for at, unit in enumerate(units):
                _settle(unit, failed.get(at))

    def _write_alone(self, units: list[Unit], tries: int = TRIES) -> None:
        for unit in units:
            self._write([unit], tries)

    def _begin(self) -> Connection:
        """Open the transaction, on a new connection where the old one was lost while nothing was written."""
        if self._connection is not None:
            try:
                begin_writing(self._connection)
            except exc.DBAPIError:
                if not is_postgres(self._connection):
                    raise
                self._drop()
            else:
                return self._connection
        self._connection = self._engine.connect()
        begin_writing(self._connection)
        return self._connection

    def _commit(self, connection: Connection, units: list[Unit]) -> dict[int, BaseException]:
        """Apply and commit; what went wrong with single units, by their place."""
        failed: dict[int, BaseException] = {}
        held = Pending()
        set_pending(connection, held)
        if is_postgres(connection):  # whoever has to wait for others does so now, and in the same order as they do
            operations = not all(unit.run for unit in units)
            if operations:
                lock(connection, DOOR_LOCK)
            runs = lock_runs(connection, [unit.run for unit in units if unit.run])
            held.held = {} if operations else runs
        for at, unit in enumerate(units):
            try:
                unit.apply(connection)
            except (exc.OperationalError, sqlite3.OperationalError, Torn):
                raise
            except BaseException as error:  # noqa: BLE001 - handed to the unit's owner
                failed[at] = error
        if held.audit:
            add_to_chain(connection, held.audit)
        self._reach("before commit")
        execute(connection, "COMMIT")
        set_pending(connection, None)
        self._reach("after commit")
        self.commits += 1
        return failed

    def _roll_back(self) -> None:
        if self._connection is not None:
            with suppress(exc.DBAPIError, sqlite3.Error):  # a connection that was lost has rolled back
                execute(self._connection, "ROLLBACK")
            set_pending(self._connection, None)

    def _drop(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            with suppress(exc.DBAPIError, sqlite3.Error):
                execute(connection, "ROLLBACK")
            connection.invalidate()
            connection.close()

    def _storage_failed(self, units: list[Unit], error: GreenlaneError) -> None:
        self.healthy = False
        log.error("nothing was written: %s", error.sentence)
        self._drop()
        for unit in units:
            _settle(unit, error)


def _settle(unit: Unit, error: BaseException | None) -> None:
    """Tell a unit's owner; an owner that is gone must not hurt the others of its group."""
    try:
        unit.settle(error)
    except Exception:
        log.exception("the owner of a unit could not be told")
