"""Workers: caged processes that wait for work. One is used again for the same code of the same owner, and for nothing
else; whatever goes over a limit dies with its worker."""

from __future__ import annotations

import compileall
import json
import os
import signal
import subprocess
import sysconfig
import threading
import time
from collections import Counter, OrderedDict, deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Literal

from runtime.sandbox import frames
from runtime.sandbox.cage import cage, closed_in, interpreter
from runtime.sandbox.limited import Broke

Kind = Literal["python", "javascript", "jinja", "own"]

USES = 1_000
"""how often one worker is used"""
START_S = 20.0
"""how long a worker may take until it is ready; a busy machine takes seconds"""
GRACE_S = 0.5
"""how long a worker gets to say by itself that its time is over"""
AT_ONCE = max(4, min(os.cpu_count() or 1, 16))
MONTY = Path(sysconfig.get_path("scripts"), "monty")


@dataclass(frozen=True, slots=True)
class Terms:
    """What a kind of worker may use."""

    memory: int = 128_000_000
    """bytes, for somebody's code and its values"""
    most: int = 1_000_000
    """bytes a result may have, and as many what is printed"""


TERMS: dict[Kind, Terms] = {
    "python": Terms(),
    "javascript": Terms(),
    "jinja": Terms(),
    "own": Terms(memory=512_000_000, most=64_000_000),
}


@dataclass(eq=False, slots=True)
class Job:
    """One request. `owner` and `content` decide with whom a worker is shared; the first word of `owner` says whose turn
    it takes."""

    kind: Kind
    owner: str
    content: str
    body: bytes
    seconds: float
    _worker: Worker | None = None
    _stopped: bool = False
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def key(self) -> tuple[str, str, str]:
        return self.kind, self.owner, self.content

    @property
    def person(self) -> str:
        return self.owner.partition(" ")[0]

    def stop(self) -> None:
        """Nobody waits for the answer any more: its worker ends now, or never begins."""
        with self._lock:
            self._stopped = True
            if self._worker is not None:
                self._worker.end()

    def given(self, worker: Worker | None) -> None:
        """It is now in the hands of this worker, or of none. Raises `Broke` when it was stopped meanwhile."""
        with self._lock:
            self._worker = worker
            if self._stopped:
                raise Broke("stopped")


@cache
def _compiled() -> None:
    """Once: the bytecode of what only workers import, which they could not write down themselves. Where this user may
    not either, workers start slower."""
    for name in ("pydantic_monty", "jinja2", "quickjs"):
        spec = find_spec(name)
        if spec is not None and spec.origin is not None:
            compileall.compile_dir(Path(spec.origin).parent, maxlevels=0, quiet=2)
    compileall.compile_dir(Path(__file__).parent, maxlevels=1, quiet=2)


class Worker:
    """A process in a cage and the line to it."""

    def __init__(self, kind: Kind) -> None:
        _compiled()
        self.kind: Kind = kind
        self.uses = 0
        self.fit = False
        """whether it may be used again"""
        self._ready = False
        terms = TERMS[kind]
        told = {
            "kind": kind, "memory": terms.memory, "most": terms.most, "caged": cage().works, "binary": str(MONTY),
        }  # fmt: skip
        command = [*interpreter("runtime.sandbox.worker.__main__"), json.dumps(told)]
        try:
            with closed_in(command, also=[MONTY] if kind == "python" else []) as (closed, descriptors):
                self._process = subprocess.Popen(  # noqa: S603 - our own interpreter and our own module
                    closed, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, bufsize=0,
                    env={}, cwd="/", pass_fds=descriptors, start_new_session=True,
                )  # fmt: skip
        except OSError as error:
            raise Broke("crash", str(error)) from error
        assert self._process.stdin is not None, "it was started with pipes"
        assert self._process.stdout is not None, "it was started with pipes"
        self._to, self._from = self._process.stdin.fileno(), self._process.stdout.fileno()
        os.set_blocking(self._to, False)

    @property
    def pid(self) -> int:
        """Of the process, or of the cage around it."""
        return self._process.pid

    @property
    def lives(self) -> bool:
        return self._process.poll() is None

    def ask(self, job: Job) -> bytes:
        """Hand a request in and give back the answer. Raises `Broke`; then the worker is of no use any more."""
        self.uses += 1
        most = TERMS[self.kind].most
        try:
            if not self._ready:
                self._ready = frames.receive(self._from, 100, time.monotonic() + START_S) is not None
                if not self._ready or not self.lives:  # a cage that dies while it is built may leave its child behind,
                    raise Broke("crash", "the worker did not start")  # which ends when it is hung up on
            until = time.monotonic() + job.seconds + GRACE_S
            frames.send(self._to, job.body, until)
            answer = frames.receive(self._from, 2 * most + 10_000, until)
        except TimeoutError as error:
            raise Broke("time") from error
        except frames.TooLong as error:
            raise Broke("answer") from error
        except OSError as error:
            raise Broke("crash", str(error)) from error
        if not answer:
            raise Broke("crash", "the worker died")
        self.fit = answer.startswith(b"+") and self.uses < USES
        return answer[1:]

    def end(self) -> None:
        """Kill it, and all that lives in its cage. May be called from any thread, and twice."""
        if self.lives:
            with suppress(OSError):
                os.killpg(self._process.pid, signal.SIGKILL)

    def bury(self) -> None:
        """Kill it, wait until it is gone and give back what belonged to it."""
        self.end()
        with self._process:  # waits, and closes its pipes
            pass


class Workers:
    """All workers of this process: never more than `at_once` at work, half of them for one person; as many waiting with
    code they know, and one fresh of each kind in use. Who waits for a worker takes turns with the others."""

    def __init__(self, at_once: int = AT_ONCE) -> None:
        self._at_once = at_once
        self._threads = ThreadPoolExecutor(
            at_once, "sandbox"
        )  # each lives as long as this: a cage dies with its thread
        self._lock = threading.Lock()
        self._knowing: OrderedDict[tuple[str, str, str], list[Worker]] = OrderedDict()
        self._fresh: dict[Kind, Worker] = {}
        self._busy: set[Worker] = set()
        self._queues: OrderedDict[str, deque[tuple[Job, Future[bytes]]]] = OrderedDict()
        """who waits, by person, the next in turn first"""
        self._at_work: Counter[str] = Counter()
        self._closed = False

    def submit(self, job: Job) -> Future[bytes]:
        """Have it done; the future raises `Broke`."""
        told: Future[bytes] = Future()
        with self._lock:
            if self._closed:
                told.set_exception(Broke("stopped"))
                return told
            self._queues.setdefault(job.person, deque()).append((job, told))
            self._threads.submit(self._work)
        return told

    def pids(self) -> list[int]:
        """Of all workers that live."""
        with self._lock:
            return [each.pid for each in self._all() if each.lives]

    def close(self) -> None:
        """End all of them."""
        with self._lock:
            self._closed = True
            left = self._all()
            waiting = [told for each in self._queues.values() for _, told in each]
            self._knowing.clear()
            self._fresh.clear()
            self._queues.clear()
        for told in waiting:
            if told.set_running_or_notify_cancel():
                told.set_exception(Broke("stopped"))
        for each in left:
            each.end()
        self._threads.shutdown(wait=False, cancel_futures=True)
        for each in left:
            each.bury()

    def _all(self) -> list[Worker]:
        return [*self._busy, *self._fresh.values(), *(each for some in self._knowing.values() for each in some)]

    def _work(self) -> None:
        """Do what is next, and what has become possible by that."""
        while (next_ := self._next()) is not None:
            job, told = next_
            try:
                if told.set_running_or_notify_cancel():
                    told.set_result(self._do(job))
            except BaseException as error:  # noqa: BLE001 - it is for whoever waits
                told.set_exception(error)
            finally:
                with self._lock:
                    self._at_work[job.person] -= 1

    def _next(self) -> tuple[Job, Future[bytes]] | None:
        """The next in turn who has not as many at work as one may have."""
        with self._lock:
            most = max(self._at_once // 2, 1)
            person = next((each for each in self._queues if self._at_work[each] < most), None)
            if person is None:
                return None
            waiting = self._queues[person]
            found = waiting.popleft()
            self._queues.move_to_end(person)
            if not waiting:
                del self._queues[person]
            self._at_work[person] += 1
            return found

    def _do(self, job: Job) -> bytes:
        worker = self._take(job)
        whole = False
        try:
            job.given(worker)
            answer = worker.ask(job)
            job.given(None)
            whole = True
            return answer
        finally:
            self._put(job, worker, whole=whole)

    def _take(self, job: Job) -> Worker:
        """One that knows this code, else a fresh one."""
        with self._lock:
            if self._closed:
                raise Broke("stopped")
            some = self._knowing.get(job.key, [])
            worker = some.pop() if some else self._fresh.pop(job.kind, None)
            if not some:
                self._knowing.pop(job.key, None)
            if worker is not None:
                self._busy.add(worker)
        if worker is not None and worker.lives:
            return worker
        if worker is not None:
            self._forget(worker)
        return self._begin(job.kind, self._busy.add)

    def _put(self, job: Job, worker: Worker, *, whole: bool) -> None:
        """Keep it for the same code, unless it broke or is worn out; and keep a fresh one of its kind ready."""
        surplus: Worker | None = worker
        with self._lock:
            self._busy.discard(worker)
            if whole and worker.fit and not self._closed:
                self._knowing.setdefault(job.key, []).append(worker)
                self._knowing.move_to_end(job.key)
                surplus = self._longest_idle()
        if surplus is not None:
            surplus.bury()
        with self._lock:
            wanted = not self._closed and job.kind not in self._fresh
        if wanted:
            with suppress(Broke, RuntimeError):
                self._threads.submit(self._stock, job.kind)

    def _longest_idle(self) -> Worker | None:
        """The one too many, if there is one."""
        if sum(len(some) for some in self._knowing.values()) <= self._at_once:
            return None
        key, some = next(iter(self._knowing.items()))
        worker = some.pop(0)
        if not some:
            del self._knowing[key]
        return worker

    def _stock(self, kind: Kind) -> None:
        with self._lock:
            if kind in self._fresh:
                return

        def keep(worker: Worker) -> None:
            if kind in self._fresh:  # another thread was faster
                worker.end()
            self._fresh.setdefault(kind, worker)

        with suppress(Broke):
            self._begin(kind, keep)

    def _begin(self, kind: Kind, keep: Callable[[Worker], object]) -> Worker:
        worker = Worker(kind)
        with self._lock:
            closed = self._closed
            if not closed:
                keep(worker)
        if closed:
            worker.bury()
            raise Broke("stopped")
        return worker

    def _forget(self, worker: Worker) -> None:
        with self._lock:
            self._busy.discard(worker)
        worker.bury()
