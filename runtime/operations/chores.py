"""What one process does for all, now and then: whoever leads among the processes calls these, one after the other."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from runtime.operations.erasing import Tidying
from runtime.operations.runtime import Runtime
from runtime.operations.schedules import fire_due


def chores_of(runtime: Runtime) -> list[Callable[[], Awaitable[object]]]:
    """In this order, every few seconds; each looks first whether there is anything to do."""
    return [lambda: fire_due(runtime), Tidying(runtime)]
