"""Forks the process that is killed, on command: everything is loaded once, so that a start takes a blink.

Commands come as lines on stdin: `start PLACE|- ARRIVAL`, `alive`, `kill`, `end`. Answers go to stdout, a line each.
"""

import os
import signal
import sys
from collections.abc import Callable
from functools import partial
from typing import NoReturn

from runtime.knowledge.libraries import library
from runtime.store import processes

SLOTS = 3
"""runs of the queue a process executes at once: few, so that it has to ring for others"""
LEASE_S, BEAT_S = 4.0, 1.0
"""on Postgres; the usual 15 s would leave most of a round to those who wait for a dead one's lease to end"""


def hurry() -> None:
    """Load before the first fork what every child needs, and have leases end soon."""
    for heavy in ("numpy", "onnxruntime", "chromadb"):
        library(heavy)
    processes.beat = partial(processes.beat, seconds=LEASE_S)
    processes.BEAT_S = BEAT_S


def obey(serve: Callable[[str, int], NoReturn]) -> None:
    """Until stdin ends: `serve` in a child, with where its knife falls."""
    child = 0
    for line in sys.stdin:
        command, *rest = line.strip().split("\t")
        if command == "start":
            child = os.fork()
            if not child:
                serve(rest[0], int(rest[1]))
            print(child, flush=True)
        elif command == "alive":
            gone = os.waitid(os.P_PID, child, os.WEXITED | os.WNOHANG | os.WNOWAIT)
            print("no" if gone else "yes", flush=True)
        else:
            print(stopped(child, signal.SIGKILL if command == "kill" else signal.SIGTERM), flush=True)
            child = 0
    stopped(child, signal.SIGKILL)


def stopped(child: int, number: signal.Signals) -> str:
    """End the child; `knife` when it was dead already, else `outside`. It is ours until it is waited for."""
    if not child:
        return "none"
    dead, _ = os.waitpid(child, os.WNOHANG)
    if dead:
        return "knife"
    os.kill(child, number)
    os.waitpid(child, 0)
    return "outside"
