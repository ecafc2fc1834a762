"""Holes made on purpose, to see that the attack finds them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from builder.session import events
from runtime.operations import apps, door, traces
from runtime.operations.actors import Verdict
from runtime.operations.drifting import Standing as Starts
from runtime.store.rights import Standing


def the_gate_asks_nobody() -> None:
    """Every handler may be called by every role."""
    events.permit = lambda _actor, _action: Verdict(True, "")


def every_thing_is_shared() -> None:
    """Whoever asks may see what is somebody else's."""
    honest = door.standing

    def shared(tx: Any, person: str, kind: str, name: str) -> Standing:
        found = honest(tx, person, kind, name)
        return found._replace(level=max(found.level, 0))

    door.standing = shared


def what_is_hidden_is_told() -> None:
    """What is there and hidden gets an answer of its own."""
    honest = traces.Hidden.__init__
    traces.Hidden.__init__ = lambda self, sentence, **more: honest(self, f"{sentence} Ask its owner.", **more)


def every_app_runs() -> None:
    """Nobody looks whether an app was stopped, or is what was approved."""
    apps._standing = lambda _tx, _row, _ready, _now: Starts(True)


SABOTAGE: dict[str, Callable[[], None]] = {
    each.__name__: each
    for each in (the_gate_asks_nobody, every_thing_is_shared, what_is_hidden_is_told, every_app_runs)
}
