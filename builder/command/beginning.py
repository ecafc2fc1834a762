"""Starting: what a program loads it keeps, so nobody looks for what may be thrown away meanwhile."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def uncollected() -> Iterator[None]:
    """Load without the garbage collector, which would go through all of it again and again and find nothing: a tenth of
    the time of a start. What is there in the end is never looked through again."""
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()
