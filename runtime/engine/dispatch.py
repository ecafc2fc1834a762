"""The doorbell between processes: DBOS queues carry the ids of runs that are due, and nothing else.

The run row is the truth and every process that executes looks at the rows by itself, so a message may come late, twice
or never. A look finds a run sooner than DBOS does (measured: 57 ms against 114 ms at the median), so the bell is rung
for what nobody has taken after a moment: the message then waits in DBOS for one process, the first that has room. DBOS
is loaded at the first need, in a thread of the bell's own; a process that is alone never needs it.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import orjson

from runtime.engine.ports import Reach, unharmed

if TYPE_CHECKING:
    from dbos import DBOSClient

log = logging.getLogger(__name__)

QUEUE, WORKFLOW, APP = "runs", "ring", "greenlane"
VERSION = "1"
"""fixed: with another one DBOS would leave what waits to nobody"""
POLL_S = 0.1
"""how often a listening process asks DBOS"""
LATE_S = 0.25
"""for how long a run is left to those who look at the rows"""
MOST_WAITING = 500
"""runs to be rung for; while more are due, those who execute find them by themselves"""
REST_S = 30.0
"""how long the bell rests after it failed"""
TIDY_S, KEEP_S = 10.0, 60.0
"""how often messages of the dead and rings that were answered are cleared away, and how old these are then"""

Answer = Callable[[str], "Future[None]"]
"""a run is due: the future ends when it was not taken here, or this process has done its part of it"""


class Bell(Protocol):
    """What the engine knows of the doorbell."""

    def listen(self) -> None:
        """Be told of runs that are due elsewhere, from now on."""
        ...

    def ring(self, run: str) -> None:
        """Have one process with room told that a run is due."""
        ...

    def forget(self, run: str, attempt: int) -> None:
        """The attempt of a dead process was taken over: its message must keep no place in the queue."""
        ...

    def close(self) -> None:
        """Tell and be told no more."""
        ...


class Silent:
    """The bell of a process that nobody else works with."""

    def listen(self) -> None:
        """Nobody rings."""

    def ring(self, run: str) -> None:
        """Nobody listens."""

    def forget(self, run: str, attempt: int) -> None:
        """There is no message."""

    def close(self) -> None:
        """There is nothing to end."""


def address_of(folder: Path, database_url: str) -> str:
    """Where DBOS keeps its messages: a file of its own beside ours, or a schema of its own in the same Postgres."""
    return database_url or f"sqlite:///{folder / 'dispatch.db'}"


class DbosBell:
    """One for each process. Its methods return at once; a thread does the work, and a failure is a silence.

    `attempt_of` gives the attempt of a run that still waits, None for one that somebody took meanwhile; `is_gone` says
    whether another process is dead.
    """

    def __init__(
        self,
        url: str,
        process: str,
        slots: int,
        answer: Answer,
        attempt_of: Callable[[str], int | None],
        is_gone: Callable[[str], bool],
        reach: Reach = unharmed,
    ) -> None:
        self._url, self._process, self._slots = url, process, slots
        self._answer, self._attempt_of, self._is_gone, self._reach = answer, attempt_of, is_gone, reach
        self._todo: deque[Callable[[], None]] = deque()
        self._wake = threading.Condition()
        self._thread: threading.Thread | None = None
        self._closing = self._listens = False
        self._client: DBOSClient | None = None
        self._tidy_at: float | None = None

    def listen(self) -> None:
        if not self._listens:
            self._listens = True
            self._do(self._listen)

    def ring(self, run: str) -> None:
        late = time.monotonic() + LATE_S
        if len(self._todo) < MOST_WAITING:
            self._do(lambda: self._ring(run, late))

    def forget(self, run: str, attempt: int) -> None:
        if self._client is not None:  # else nobody has rung as long as this process knows
            self._do(lambda: self._dbos().cancel_workflow(_message(run, attempt - 1)))

    def close(self) -> None:
        with self._wake:
            self._closing = True
            self._wake.notify()
        if self._thread is not None:
            self._thread.join(2)  # it ends with the process anyway

    # in the bell's thread

    def _do(self, work: Callable[[], None]) -> None:
        with self._wake:
            if self._closing:
                return
            self._todo.append(work)
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, name="greenlane-bell", daemon=True)
                self._thread.start()
            self._wake.notify()

    def _next(self) -> Callable[[], None] | None:
        with self._wake:
            while not self._closing:
                left = None if self._tidy_at is None else self._tidy_at - time.monotonic()
                if left is not None and left <= 0:
                    self._tidy_at = time.monotonic() + TIDY_S
                    return self._tidy
                if self._todo:
                    return self._todo.popleft()
                self._wake.wait(left)
            return None

    def _work(self) -> None:
        while work := self._next():
            try:
                work()
            except Exception as error:  # noqa: BLE001 - a bell that is broken keeps no run from being found
                log.warning("the doorbell is silent for a while: %s", error)
                with self._wake:
                    self._wake.wait_for(lambda: self._closing, REST_S)
                    if self._listens and work == self._listen:
                        self._todo.appendleft(work)
        if self._listens:
            _end_listening()
        if self._client is not None:
            self._client.destroy()

    def _dbos(self) -> DBOSClient:
        self._client = self._client or _open(self._url)
        return self._client

    def _ring(self, run: str, late: float) -> None:
        with self._wake:
            self._wake.wait_for(lambda: self._closing, max(0.0, late - time.monotonic()))
        attempt = None if self._closing else self._attempt_of(run)
        if attempt is not None:
            self._reach("before ring")
            self._dbos().enqueue(
                {"queue_name": QUEUE, "workflow_name": WORKFLOW, "workflow_id": _message(run, attempt),
                 "app_version": VERSION},
                run,
            )  # fmt: skip
            self._reach("after ring")

    def _listen(self) -> None:
        self._dbos()
        _begin_listening(self._url, self._process, self._slots, self._answer)
        self._tidy_at = time.monotonic() + TIDY_S

    def _tidy(self) -> None:
        """Clear away what a process has taken that died since, and what was answered a while ago."""
        client = self._dbos()
        taken = client.list_workflows(status="PENDING", limit=1000, load_input=False, load_output=False)
        for process in {each.executor_id for each in taken if each.executor_id} - {self._process}:
            if self._is_gone(process):
                client.cancel_workflows([each.workflow_id for each in taken if each.executor_id == process])
        before = (datetime.now(UTC) - timedelta(seconds=KEEP_S)).isoformat()
        done = client.list_workflows(
            status=["SUCCESS", "ERROR", "CANCELLED"], completed_before=before, limit=1000,
            load_input=False, load_output=False,
        )  # fmt: skip
        if done:
            client.delete_workflows([each.workflow_id for each in done])


def _message(run: str, attempt: int) -> str:
    """The id of a message: however many processes ring for a run, it is one message."""
    return f"{run}.{attempt}"


def _open(url: str) -> DBOSClient:
    """DBOS over its own database, which is made where there is none."""
    import sqlite3

    from dbos import DBOS, DBOSClient

    logging.getLogger("dbos").setLevel(logging.ERROR)
    _refuse_pickle()
    if url.startswith("sqlite:///"):
        with suppress(sqlite3.OperationalError):  # somebody else is at it; it stays so in the file
            connection = sqlite3.connect(url.removeprefix("sqlite:///"), timeout=10)
            connection.execute("PRAGMA journal_mode=WAL")
            connection.close()
    DBOS.migrate(url)
    return DBOSClient(system_database_url=url, serializer=_plain(), application_name=APP, retry_connection_errors=False)


def _begin_listening(url: str, process: str, slots: int, answer: Answer) -> None:
    from asyncio import wrap_future

    from dbos import DBOS

    async def ring(run: str) -> None:
        await wrap_future(answer(run))

    DBOS(
        config={
            "name": APP, "system_database_url": url, "application_version": VERSION, "executor_id": process,
            "serializer": _plain(), "log_level": "ERROR", "use_listen_notify": False, "sys_db_pool_size": 3,
        }
    )  # fmt: skip
    DBOS.workflow(name=WORKFLOW)(ring)
    DBOS.launch()
    DBOS.register_queue(QUEUE, worker_concurrency=slots, polling_interval_sec=POLL_S)


def _end_listening() -> None:
    from dbos import DBOS

    DBOS.destroy(destroy_registry=True)


def _plain() -> Any:
    from dbos import Serializer

    class Plain(Serializer):
        """A message is text."""

        def serialize(self, data: Any) -> str:
            return orjson.dumps(data).decode()

        def deserialize(self, serialized_data: str) -> Any:
            return orjson.loads(serialized_data)

        def name(self) -> str:
            return "greenlane"

    return Plain()


def _refuse_pickle() -> None:
    """DBOS reads a row that says it is pickled by unpickling it, whatever serializer it was given: whoever could write
    to its database could run programs here."""
    from dbos._serialization import DefaultSerializer

    def refuse(_self: object, serialized_data: str) -> Any:
        raise TypeError(f"messages are never pickled, this one of {len(serialized_data)} characters neither")

    setattr(DefaultSerializer, "deserialize", refuse)  # noqa: B010 - in the place of a method


def waiting_places(url: str) -> Sequence[tuple[str, str]]:
    """(message, status) of everything that is not done; for tests and `doctor`."""
    client = _open(url)
    try:
        found = client.list_workflows(status=["ENQUEUED", "PENDING"], load_input=False, load_output=False)
        return [(each.workflow_id, each.status) for each in found]
    finally:
        client.destroy()
