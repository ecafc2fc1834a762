"""A worker: shuts itself in, says that it is ready, then answers one request after the other.

Started with one argument, JSON: `kind`, `memory` and `most` (bytes), `caged`, `binary` (of the Python interpreter).
"""

from __future__ import annotations

import codecs
import ctypes
import json
import os
import resource
import sys
from collections.abc import Callable
from contextlib import suppress
from importlib import import_module
from typing import Any

from runtime.sandbox import filter as calls
from runtime.sandbox import frames
from runtime.sandbox.worker.bounded import pack
from runtime.sandbox.worker.mistakes import Mistake, out_of_memory

READY = b"ready"
IN, OUT = 0, 1
FIT, WORN = b"+", b"-"
"""the first byte of an answer: whether this worker may be used again; not after any limit"""
FILES = 64
PROCESSES = 48
"""processes and threads in one cage"""
COUNTS_APART = (5, 14)
"""the kernel since which those of a user are counted in each user namespace for itself"""
SPACE = {"python": 512 << 20, "javascript": 256 << 20, "jinja": 96 << 20, "own": 512 << 20}
"""bytes of address space a worker of this kind has before anybody's code runs, and for its own work"""
_DIE_WITH_PARENT, _KILL = 1, 9

Work = Callable[[dict[str, Any]], tuple[Any, str]]


def main() -> int:
    """Until the host hangs up."""
    told = json.loads(sys.argv[1])
    kind, memory, most = told["kind"], int(told["memory"]), int(told["most"])
    if not told["caged"]:
        ctypes.CDLL(None).prctl(_DIE_WITH_PARENT, _KILL, 0, 0, 0)
        if calls.known():
            calls.put_on(calls.outer())
    _limit(memory + SPACE[kind], alone=told["caged"])
    work = _work(kind, memory, most, told["binary"])
    if kind != "own" and calls.known():
        calls.put_on(calls.inner(threads=kind == "python"))
    frames.send(OUT, READY)
    while (asked := frames.receive(IN)) is not None:
        try:
            value, printed = work(json.loads(asked))
            answer = FIT + b'{"value":%b,"printed":%b}' % (pack(value, most), pack(printed, most))
        except Mistake as mistake:
            answer = _told(mistake)
        except MemoryError:
            answer = _told(out_of_memory())
        except Exception as error:  # noqa: BLE001 - whatever it is, it came of this code
            answer = _told(Mistake("code_error", f"{type(error).__name__}: {error}"[:500]))
        frames.send(OUT, answer)
    return 0


def _work(kind: str, memory: int, most: int, binary: str) -> Work:
    """What this kind of worker does with a request; all it needs is loaded now."""
    match kind:
        case "python":
            from runtime.sandbox.worker.python import Python

            python = Python(memory, most, binary)
            python.run("1", {}, "", 1.0)
            return lambda asked: python.run(asked["source"], asked["inputs"], asked["entry"], asked["seconds"])
        case "javascript":
            from runtime.sandbox.worker.javascript import JavaScript

            script = JavaScript(memory, most)
            script.run("1", {}, "", 1.0)
            return lambda asked: script.run(asked["source"], asked["inputs"], asked["entry"], asked["seconds"])
        case "jinja":
            from runtime.sandbox.worker.template import Template

            template = Template(most)
            for name in ("unicode_escape", "raw_unicode_escape", "ascii", "latin_1", "idna", "punycode"):
                codecs.lookup(name)
            for name in ("textwrap", "pprint", "unicodedata", "urllib.parse", "decimal", "random", "html.entities"):
                import_module(name)
            for each in ("{% for a in [1] %}{{ a | tojson | urlize }}{% endfor %}", "{{ 1 // 0 }} 'é'", "{% broken"):
                with suppress(Mistake):  # to fail needs modules too
                    template.run(each, {})
            return lambda asked: template.run(asked["source"], asked["inputs"], asked["entry"])
        case _:
            from runtime.sandbox.worker import own

            return lambda asked: (own.call(asked["source"], asked["inputs"]), "")


def _told(mistake: Mistake) -> bytes:
    told = {"code": mistake.code, "message": mistake.message, "line": mistake.line, "hint": mistake.hint}
    fit = WORN if mistake.code in {"code_time", "code_memory", "code_output"} else FIT
    return fit + json.dumps({"mistake": told}).encode()


def _limit(space: int, *, alone: bool) -> None:
    """Processes are limited only where the kernel counts those of the cage for themselves; it exempts a server that
    runs as root."""
    limits = [
        (resource.RLIMIT_AS, space),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, FILES),
    ]
    if alone and _kernel() >= COUNTS_APART:
        limits.append((resource.RLIMIT_NPROC, PROCESSES))
    for what, most in limits:
        resource.setrlimit(what, (most, most))


def _kernel() -> tuple[int, ...]:
    return tuple(int(each) for each in os.uname().release.split("-")[0].split(".")[:2] if each.isdigit())


if __name__ == "__main__":
    sys.exit(main())
