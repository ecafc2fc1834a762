"""One walk through the steps of a frame: what still waits for which edges, and how much is left to do."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from runtime.engine.frames import Frame


class Owner(Protocol):
    """A container at work: it is told how its items and rounds end."""

    def walked(self, walk: Walk) -> None:
        """Nothing is left to do in there."""
        ...

    def broke(self, walk: Walk) -> None:
        """A step in there failed, and the walk with it; `walk.frame.failure` says why."""
        ...

    def fill(self) -> None:
        """Some of what is in there waits for people: there may be room for more."""
        ...


class Walk:
    """Lives as long as its frame does in this attempt."""

    __slots__ = ("alive", "dead", "frame", "left", "owner", "waiting")

    def __init__(self, frame: Frame, owner: Owner | None) -> None:
        steps = frame.scope.steps
        self.frame, self.owner = frame, owner
        self.waiting = [step.incoming for step in steps]
        """edges of each step that are neither done nor skipped"""
        self.alive = [False] * len(steps)
        """whether any of them was done"""
        self.left = len(frame.scope.entries)
        """steps that are ready, or at work"""
        self.dead = False
        """whether what still happens in there counts no more"""

    def leave(self, at: int, exit_id: str, skipped: Callable[[Frame, int], None] | None) -> list[int]:
        """Pass on along the chosen exit of a step and skip along the others; a join waits for all its edges. The steps
        that are ready now; `skipped` is told those that will not run."""
        waiting, alive, steps = self.waiting, self.alive, self.frame.scope.steps
        ready: list[int] = []
        dead: list[tuple[int, str | None]] = [(at, exit_id)]
        while dead:
            source, chosen = dead.pop()
            for name, targets in steps[source].exits.items():
                for target in targets:
                    waiting[target] -= 1
                    if name == chosen:
                        alive[target] = True
                    if waiting[target]:
                        continue
                    if alive[target]:
                        ready.append(target)
                    else:
                        dead.append((target, None))
                        if skipped is not None:
                            skipped(self.frame, target)
        self.left += len(ready) - 1
        return ready
