"""The one writer of a process: units queued together share a commit, a failing unit rolls back alone."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections import deque
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from contextlib import suppress
from typing import Any, Protocol, TypeVar

from sqlalchemy import Connection, Engine, exc

from runtime.errors import GreenlaneError, StorageUnavailable, TooBusy
from runtime.store.database import unavailable

T = TypeVar("T")
log = logging.getLogger(__name__)

MOST_UNITS = 5_000
"""waiting units before the writer refuses door operations and executors wait"""
MOST_BYTES = 64 * 1024 * 1024
GROUP = 512
"""units that may share one commit"""


class Unit(Protocol):
    """Something to write. `apply` runs inside the shared transaction, in under 5 ms, and never waits."""

    size: int

    def apply(self, tx: Connection, group: Group) -> None:
        """Write; raising takes back this unit alone."""
        ...

    def settle(self, error: BaseException | None) -> None:
        """The commit happened, or this unit failed. Called in the writer's thread; must only hand over."""
        ...


class Group:
    """One commit in the making: rows that units contribute to a shared `executemany` at its end."""

    def __init__(self) -> None:
        self.rows: list[tuple[Any, ...]] = []
        self.statement = ""

    def insert(self, statement: str, rows: Iterable[tuple[Any, ...]]) -> None:
        """Add rows to the one bulk insert of this commit; all callers give the same statement."""
        self.statement = statement
        self.rows.extend(rows)


class Operation:
    """A unit that is a function over the transaction, in its own savepoint; its result goes to the caller."""

    size = 256

    def __init__(self, work: Callable[[Connection], Any], done: Future[Any]) -> None:
        self._work, self._done, self._result = work, done, None

    def apply(self, tx: Connection, group: Group) -> None:  # noqa: ARG002 - a unit's signature
        tx.exec_driver_sql("SAVEPOINT unit")
        try:
            self._result = self._work(tx)
        except BaseException:
            tx.exec_driver_sql("ROLLBACK TO unit")
            raise
        finally:
            tx.exec_driver_sql("RELEASE unit")

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
            self._queue.append(unit)
            self._bytes += unit.size
            self._wake.notify()

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
        connection: Connection | None = None
        while units := self._take():
            try:
                connection = connection or self._engine.connect()
                self._commit_together(connection, units)
                self.healthy = True
            except exc.DBAPIError as error:
                self._storage_failed(units, connection, unavailable(error))
                connection = None
            except Exception as error:
                log.exception("the writer met an error it does not know")
                self._storage_failed(units, connection, StorageUnavailable(f"Writing failed: {error}."))
                connection = None

    def _commit_together(self, connection: Connection, units: list[Unit]) -> None:
        try:
            self._commit(connection, units)
        except exc.IntegrityError as error:  # some row of the bulk insert is impossible: find whose, alone
            connection.exec_driver_sql("ROLLBACK")
            if len(units) == 1:
                units[0].settle(error)
                return
            for unit in units:
                self._commit_together(connection, [unit])

    def _commit(self, connection: Connection, units: list[Unit]) -> None:
        failed: dict[int, BaseException] = {}
        connection.exec_driver_sql("BEGIN IMMEDIATE")
        group = Group()
        for at, unit in enumerate(units):
            try:
                unit.apply(connection, group)
            except exc.OperationalError:
                raise
            except BaseException as error:  # noqa: BLE001 - handed to the unit's owner
                failed[at] = error
        if group.rows:
            connection.exec_driver_sql(group.statement, group.rows)
        self._reach("before commit")
        connection.exec_driver_sql("COMMIT")
        self._reach("after commit")
        self.commits += 1
        for at, unit in enumerate(units):
            unit.settle(failed.get(at))

    def _storage_failed(self, units: list[Unit], connection: Connection | None, error: GreenlaneError) -> None:
        self.healthy = False
        log.error("nothing was written: %s", error.sentence)
        if connection is not None:
            with suppress(exc.DBAPIError):
                connection.exec_driver_sql("ROLLBACK")
            connection.invalidate()
            connection.close()
        for unit in units:
            unit.settle(error)
