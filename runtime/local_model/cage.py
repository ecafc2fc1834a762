"""How the engine is started with a model: in a cage without any network where this machine can build one."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from runtime.errors import Conflict
from runtime.local_model.shelf import INSTALL, Shelf
from runtime.sandbox.cage import cage, caged
from runtime.sandbox.kept import Program

SERVICE = Path(__file__).with_name("service.py")
CONTEXT = 8192
"""tokens that all callers share"""
PLACES = 4
"""callers answered at once; others wait"""
REST_S = 600.0
"""so long without a call, and the memory is given back"""


@dataclass(frozen=True, slots=True)
class Means:
    """What a child may use."""

    memory_mb: int = 4096
    threads: int = 0
    """0: half of the machine's"""
    reduced: Callable[[], bool] = lambda: False
    """whether models somebody brought may run without a cage where none can be built: the policy on isolation"""
    rest_s: float = REST_S

    @property
    def cores(self) -> int:
        return self.threads or max(1, (os.cpu_count() or 2) // 2)


def starting(shelf: Shelf, name: str, key: str, means: Means) -> Program:
    """The program that serves a model; its key goes over stdin, so that no list of processes shows it.

    Raises a `GreenlaneError` where the model or the engine is not there, or a file somebody brought would be read
    without a cage.
    """
    model, engine = shelf.usable(name), shelf.engine
    if engine is None:
        raise Conflict("The engine for local models is not installed.", hint=f"IT can run `{INSTALL}`.")
    built = cage()
    if not built.works and model.digest and not means.reduced():
        raise Conflict(
            f"The local model “{name}” would have to run without a cage. {built.why_not}",
            hint=f"{built.advice} Or IT allows reduced isolation on the Policies page.",
        )
    seen = [engine.resolve(), Path(model.path).resolve()]
    given = {
        "engine": str(seen[0]), "model": str(seen[1]), "key": key, "name": name,
        "memory": means.memory_mb << 20, "threads": means.cores, "context": CONTEXT, "slots": PLACES,
        "rest": means.rest_s,
    }  # fmt: skip
    command = [os.path.realpath(sys.executable), "-IBS", str(SERVICE)]
    line = json.dumps(given).encode() + b"\n"
    if not built.works:
        return Program(command, line)
    command, filter_fd = caged(built.bwrap, command, also=seen, serves=True)
    return Program(command, line, handed=(filter_fd,))
