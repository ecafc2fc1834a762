"""What runs in a child first: sets its limits, then hands the input to the module and its answer back.

`python -m runtime.sandbox.cell MODULE BYTES_OF_MEMORY SECONDS CAGED`; input on stdin, answer on stdout. `CAGED` is
empty where there is no cage around it: then it puts the filter of system calls on by itself.
"""

from __future__ import annotations

import resource
import sys
from importlib import import_module
from math import ceil

OUT_OF_MEMORY = 66
"""exit code that tells that the memory was used up"""
FILES = 64
"""open files: modules that are being imported, and no more"""


def limit(memory: int, seconds: float) -> None:
    """Put the limits on this process; there is no way back."""
    cpu = ceil(seconds)
    resource.setrlimit(resource.RLIMIT_CPU, (cpu, cpu + 1))  # at one and the same second the end might come unnamed
    for what, most in (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, FILES),
    ):
        resource.setrlimit(what, (most, most))


def main() -> int:
    """Run the module; a lack of memory has an exit code of its own, any other failure is a crash."""
    module, memory, seconds, caged = sys.argv[1], int(sys.argv[2]), float(sys.argv[3]), sys.argv[4]
    given = sys.stdin.buffer.read()
    if not caged:
        from runtime.sandbox import filter as calls

        if calls.known():
            calls.put_on(calls.outer())
    limit(memory, seconds)
    try:
        answer: bytes = import_module(module).main(given)
    except MemoryError:
        return OUT_OF_MEMORY
    sys.stdout.buffer.write(answer)
    return 0


if __name__ == "__main__":
    sys.exit(main())
