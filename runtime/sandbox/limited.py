"""Runs a module of ours in a child process with limits on time, memory, files and what it may answer."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from runtime.sandbox.cage import cage, closed_in, interpreter
from runtime.sandbox.cell import OUT_OF_MEMORY

SHELL_SIGNAL = 128
"""what bubblewrap adds to the number of the signal its child died of"""
LAST_WORDS = 2_000
LOOK_S = 0.5
_PIECE = 1 << 16

Reason = Literal["time", "memory", "answer", "stopped", "crash"]


@dataclass(frozen=True, slots=True)
class Limits:
    """What a child may use."""

    seconds: float = 60.0
    memory: int = 1 << 30
    """bytes of address space"""
    answer: int = 64 << 20
    """bytes it may hand back"""


class Broke(Exception):
    """The child came to no answer: it took too long, needed too much memory, said too much, or died."""

    def __init__(self, reason: Reason, last_words: str = "") -> None:
        super().__init__(reason)
        self.reason: Reason = reason
        self.last_words = last_words
        """the end of what it wrote to stderr; for the log, never for a person"""


def run_limited(
    module: str,
    given: bytes,
    limits: Limits,
    stopped: Callable[[], bool] = lambda: False,
    *,
    also: Sequence[Path] = (),
) -> bytes:
    """Start `module` (its `main(bytes) -> bytes`) in a child, give it bytes, and return what it answers.

    It lives in a cage where one can be built, else under its limits and the filter of system calls alone: the module is
    ours, only the bytes are not.
    `also` are further folders it may read.

    The child has an empty environment and no file may grow under its hands. Blocks: call it from a thread;
    `stopped` is asked twice a second, and ends it. Raises `Broke`.
    """
    with os.fdopen(os.memfd_create("given", os.MFD_CLOEXEC), "w+b") as handed:
        handed.write(given)
        handed.seek(0)
        caged = "caged" if cage().works else ""
        command = [*interpreter("runtime.sandbox.cell"), module, str(limits.memory), str(limits.seconds), caged]
        with closed_in(command, also=also) as (closed, descriptors):
            child = subprocess.Popen(  # noqa: S603 - our own interpreter and our own module
                closed, stdin=handed, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd="/", env={},
                start_new_session=True, pass_fds=descriptors,
            )  # fmt: skip
    with child:
        try:
            answer, last_words = _answer_of(child, limits, stopped)
        finally:
            _kill(child)
    match child.returncode:
        case 0:
            return answer
        case code if code == OUT_OF_MEMORY:
            raise Broke("memory")
        case code if code in {-signal.SIGXCPU, SHELL_SIGNAL + signal.SIGXCPU}:
            raise Broke("time")
        case _:
            raise Broke("crash", last_words)


def _answer_of(child: subprocess.Popen[bytes], limits: Limits, stopped: Callable[[], bool]) -> tuple[bytes, str]:
    """All the child says on stdout, and its last words on stderr, until it is done or over a limit."""
    assert child.stdout is not None, "it was started with pipes"
    assert child.stderr is not None, "it was started with pipes"
    end = time.monotonic() + limits.seconds
    said = {child.stdout.fileno(): bytearray(), child.stderr.fileno(): bytearray()}
    answer, words = said.values()
    speaking = set(said)
    while speaking:
        ready, _, _ = select.select(speaking, [], [], min(max(end - time.monotonic(), 0.0), LOOK_S))
        if stopped():
            raise Broke("stopped")
        if time.monotonic() > end:
            raise Broke("time")
        for pipe in ready:
            piece = os.read(pipe, _PIECE)
            said[pipe] += piece
            if not piece:
                speaking.remove(pipe)
        del words[:-LAST_WORDS]
        if len(answer) > limits.answer:
            raise Broke("answer")
    try:
        child.wait(max(end - time.monotonic(), 1.0))
    except subprocess.TimeoutExpired as error:
        raise Broke("time") from error
    return bytes(answer), words.decode("utf-8", "replace")


def _kill(child: subprocess.Popen[bytes]) -> None:
    """End the child and whatever it may have started."""
    if child.poll() is None:
        os.killpg(child.pid, signal.SIGKILL)
        child.wait()
