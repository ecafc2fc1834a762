"""What a process in the cage sees: for `greenlane doctor`, and for the tests. `look` is called here, `main` inside."""

from __future__ import annotations

import ctypes
import json
import os
import sys
from pathlib import Path
from typing import Any

from runtime.sandbox.limited import Limits, run_limited

LIMITS = Limits(seconds=20, memory=400_000_000)
_NO_NEW_RIGHTS, _SECCOMP, _BOUNDING = 39, 21, 23
_CAPABILITIES = 41
_CAPGET_VERSION = 0x20080522
_FIRST_FILES = 64
_WRITTEN = ".greenlane-written"


def look() -> dict[str, Any]:
    """What a child like the readers of files sees from inside. Blocks; raises `Broke`."""
    return json.loads(run_limited(__name__, b"", LIMITS))


def main(_given: bytes) -> bytes:
    """Inside: look around."""
    libc = ctypes.CDLL(None)
    return json.dumps(
        {
            "environment": sorted(os.environ),
            "user": [os.getuid(), os.geteuid(), os.getgid()],
            "groups": os.getgroups(),
            "process": os.getpid(),
            "name": os.uname().nodename,
            "capabilities": _capabilities(libc),
            "bounding": [each for each in range(_CAPABILITIES) if libc.prctl(_BOUNDING, each, 0, 0, 0) == 1],
            "no_new_rights": libc.prctl(_NO_NEW_RIGHTS, 0, 0, 0, 0) == 1,
            "filtered": libc.prctl(_SECCOMP, 0, 0, 0, 0) == 2,
            "root": sorted(each.name for each in Path("/").iterdir()),
            "writable": _writable(),
            "descriptors": _descriptors(),
            "network": _network(),
            "modules": sorted(sys.path),
        }
    ).encode()


def _capabilities(libc: ctypes.CDLL) -> list[int]:
    """The six words of the effective, permitted and inheritable sets."""
    head = (ctypes.c_uint32 * 2)(_CAPGET_VERSION, 0)
    sets = (ctypes.c_uint32 * 6)()
    return list(sets) if libc.capget(head, sets) == 0 else [-1]


def _writable() -> list[str]:
    found: list[str] = []
    for folder in ("/", "/tmp", "/dev", *sys.path):  # noqa: S108 - asked whether it is there at all
        try:
            os.close(os.open(f"{folder}/{_WRITTEN}", os.O_CREAT | os.O_EXCL | os.O_WRONLY))
        except OSError:
            continue
        Path(folder, _WRITTEN).unlink()
        found.append(folder)
    return found


def _descriptors() -> list[int]:
    found: list[int] = []
    for each in range(_FIRST_FILES):
        try:
            os.fstat(each)
        except OSError:
            continue
        found.append(each)
    return found


def _network() -> str:
    """How the attempt to get a socket ends, told by the kernel's own word."""
    libc = ctypes.CDLL(None, use_errno=True)
    made = libc.socket(2, 1, 0)
    return "a socket" if made >= 0 else os.strerror(ctypes.get_errno())
