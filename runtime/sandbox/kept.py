"""A program of ours that answers at a door we hold: started when somebody knocks, again when it died, ended with us."""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from math import ceil
from threading import Thread
from typing import Any, Literal, Protocol

from runtime.errors import GreenlaneError

LAST_WORDS = 2_000
LEAVING_S = 3.0
STEADY_S = 60.0
"""whoever lived so long and dies has his earlier deaths forgotten"""
FIRST_PAUSE_S, LONGEST_PAUSE_S = 1.0, 60.0
NEVER_LIVED = 127
"""the exit code of what could not even be started, as a shell counts it"""
_PIECE = 1 << 16
_HEARD_S = 1.0

State = Literal["resting", "running", "failing"]


class Knock(Protocol):
    """A caller: what we need of a socket."""

    def settimeout(self, value: float | None, /) -> None: ...
    def recv(self, size: int, /) -> bytes: ...
    def sendall(self, data: bytes, /) -> None: ...
    def shutdown(self, how: int, /) -> None: ...
    def close(self) -> None: ...


class Door(Protocol):
    """A socket that listens."""

    def fileno(self) -> int: ...
    def accept(self) -> tuple[Knock, Any]: ...
    def setblocking(self, flag: bool, /) -> None: ...
    def close(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Program:
    """How to start it: the command, and the line it is given on stdin. It ends when its stdin is closed."""

    command: Sequence[str]
    given: bytes = b"\n"
    environment: Mapping[str, str] = field(default_factory=dict[str, str])
    handed: tuple[int, ...] = ()
    """further descriptors it is handed; ours are closed then"""


@dataclass(frozen=True, slots=True)
class Standing:
    """How it stands with a program."""

    state: State
    process: int | None
    deaths: int
    """in a row"""
    last_words: str
    """the end of what it wrote to stderr before it died last"""
    code: int = 0
    """how it died last: an exit code, or a signal below zero"""


class Kept:
    """Keeps one program. Our end of the door stays open while it rests or is dead: callers wait in its queue, so that
    the first one starts it and none is turned away while it loads.

    The program is a child whose stdin we hold; it goes when we do, however we go. An exit with code 0 is its way to
    rest; any other is a death: whoever waits is told `sorry(standing)`, and for a pause that doubles with each death
    in a row so is whoever knocks. Calls from any thread.
    """

    def __init__(
        self,
        name: str,
        door: Door,
        program: Callable[[], Program],
        sorry: Callable[[Standing], str],
        *,
        changed: Callable[[Standing], object] = lambda _: None,
        first_pause_s: float = FIRST_PAUSE_S,
    ) -> None:
        self._door, self._program, self._sorry, self._changed = door, program, sorry, changed
        self._child: subprocess.Popen[bytes] | None = None
        self._standing = Standing("resting", None, 0, "")
        self._again_at = self._begun = 0.0
        self._words = b""
        self._deaths, self._first_pause_s = 0, first_pause_s
        self._closing = False
        self._woken, self._wake = os.pipe()
        self._thread = Thread(target=self._keep, name=f"keep-{name}", daemon=True)

    @property
    def standing(self) -> Standing:
        """How it stands with it now."""
        return self._standing

    def start(self, *, at_once: bool = False) -> Kept:
        """Begin to listen; with `at_once` the program is started before anybody knocks."""
        if at_once:
            self._begin()
        self._thread.start()
        return self

    def close(self) -> None:
        """End the program and shut the door."""
        self._closing = True
        with suppress(OSError):
            os.write(self._wake, b".")
        if self._thread.ident is not None:
            self._thread.join()
        self._door.close()
        os.close(self._wake)
        os.close(self._woken)

    def _keep(self) -> None:
        while not self._closing:
            child = self._child
            awaited = self._door if child is None else child.stderr
            assert awaited is not None, "it was started with a pipe"
            if self._woken in _ready(awaited.fileno(), self._woken):
                break
            if child is not None:
                self._listen(child)
            elif time.monotonic() < self._again_at:
                self._apologise()
            else:
                self._begin()
        self._end()

    def _begin(self) -> None:
        self._words, self._begun = b"", time.monotonic()
        try:
            program = self._program()
            self._child = child = self._started(program)
        except (OSError, GreenlaneError) as error:
            self._words = str(error).encode()
            self._died(NEVER_LIVED)
            return
        self._stand(Standing("running", child.pid, self._deaths, self._standing.last_words, self._standing.code))
        assert child.stdin is not None, "it was started with a pipe"
        with suppress(BrokenPipeError):  # it died at once: the end of its stderr tells
            child.stdin.write(program.given)
            child.stdin.flush()

    def _started(self, program: Program) -> subprocess.Popen[bytes]:
        door = self._door.fileno()
        try:
            return subprocess.Popen(  # noqa: S603 - a program of ours
                [*program.command, str(door)], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
                env=dict(program.environment), pass_fds=(door, *program.handed), start_new_session=True,
            )  # fmt: skip
        finally:
            for each in program.handed:
                os.close(each)

    def _listen(self, child: subprocess.Popen[bytes]) -> None:
        """What it says on stderr; the end of that is its end."""
        assert child.stderr is not None, "it was started with a pipe"
        if piece := os.read(child.stderr.fileno(), _PIECE):
            self._words = (self._words + piece)[-LAST_WORDS:]
            return
        self._end()
        if child.returncode:
            self._died(child.returncode)
        else:
            self._deaths = 0

    def _died(self, code: int) -> None:
        deaths = 1 if time.monotonic() - self._begun > STEADY_S else self._deaths + 1
        self._deaths = deaths
        self._stand(Standing("failing", None, deaths, self._words.decode("utf-8", "replace"), code))
        self._again_at = time.monotonic() + min(self._first_pause_s * 2 ** (deaths - 1), LONGEST_PAUSE_S)
        self._apologise()

    def _apologise(self) -> None:
        """Tell everybody who waits that it does not work, in the words of an HTTP answer."""
        error = {"error": {"message": self._sorry(self._standing), "type": "server_error", "code": "program_died"}}
        body = json.dumps(error).encode()
        pause = max(ceil(self._again_at - time.monotonic()), 0)
        head = f"HTTP/1.1 500 Died\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n"
        head += f"Retry-After: {pause}\r\nConnection: close\r\n\r\n"
        self._door.setblocking(False)  # who died had it in hand too
        while True:
            try:
                knock, _ = self._door.accept()
            except OSError:  # nobody is left
                return
            with suppress(OSError):
                knock.settimeout(_HEARD_S)
                knock.recv(_PIECE)
                knock.sendall(head.encode() + body)
                knock.shutdown(1)
                while knock.recv(_PIECE):  # or what was not read would take our answer away
                    pass
            knock.close()

    def _end(self) -> None:
        """End the child, first in a friendly way."""
        child, self._child = self._child, None
        if child is None:
            return
        for pipe in (child.stdin, child.stderr):
            if pipe is not None:
                with suppress(OSError):
                    pipe.close()
        with suppress(subprocess.TimeoutExpired):
            child.wait(LEAVING_S)
        with suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGKILL)  # and whatever it may have started
        child.wait()
        self._stand(Standing("resting", None, 0, ""))

    def _stand(self, standing: Standing) -> None:
        self._standing = standing
        with suppress(OSError):  # a full disk keeps nobody from calling
            self._changed(standing)


def _ready(*files: int) -> list[int]:
    """Those of some descriptors that have something to say; waits for the first."""
    poll = select.poll()
    for each in files:
        poll.register(each, select.POLLIN)
    return [file for file, _ in poll.poll()]
