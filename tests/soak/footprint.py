"""What this process holds of its machine."""

import asyncio
import ctypes
import gc
import threading
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Footprint:
    """Taken when nothing runs."""

    memory_mb: float
    files: int
    threads: int
    tasks: int

    @property
    def handles(self) -> tuple[int, int, int]:
        """What must be the same after every life."""
        return self.files, self.threads, self.tasks


async def footprint() -> Footprint:
    """Of this process, after everything unused was given back."""
    for _ in range(3):  # what one collection frees may free more, and threads end a moment after their work
        await asyncio.sleep(0.05)
        gc.collect()
    return _now(len(asyncio.all_tasks()))


def _now(tasks: int) -> Footprint:
    ctypes.CDLL(None).malloc_trim(0)  # else the memory measured is what glibc keeps for later
    status = Path("/proc/self/status").read_text()
    files = len(list(Path("/proc/self/fd").iterdir()))
    kept = int(status.split("VmRSS:")[1].split()[0]) / 1024
    return Footprint(kept, files, threading.active_count(), tasks)
