"""Trying out: a run of which only one step runs, or whose steps give what is pinned, or that is a replay."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Literal, cast

import orjson

from runtime.engine.frames import Frame
from runtime.engine.ports import Pin
from runtime.engine.replaying import KINDS, Calls, Recorded
from runtime.engine.state import State
from runtime.engine.walk import Walk
from runtime.store.log import Record, read_kinds
from runtime.store.transaction import Tx
from runtime.store.trials import TrialRow, trial_of

Kind = Literal["pinned", "step", "from", "replay"]


@dataclass(frozen=True, slots=True)
class Trial:
    """How a run is tried out. It stands in a row beside the run, so that whoever takes the run over knows it too."""

    kind: Kind
    source: str = ""
    """the earlier run"""
    step: str = ""
    path: str = ""
    calls: Calls = "refuse"
    pins: Mapping[str, Pin] = field(default_factory=dict[str, Pin])
    replies: tuple[Record, ...] = ()
    """what is recorded of the calls of the earlier run, for a replay"""

    @property
    def recorded(self) -> Recorded | None:
        """The answers a replay is given."""
        return Recorded(self.replies, self.calls) if self.kind == "replay" else None

    def row(self, run: str) -> TrialRow:
        """The row beside a run."""
        return TrialRow(run, self.kind, self.source, self.step, self.path, self.calls, packed_pins(self.pins))


def packed_pins(pins: Mapping[str, Pin]) -> bytes:
    """Pins as they are kept."""
    return orjson.dumps({step: asdict(pin) for step, pin in pins.items()})


def unpacked_pins(body: bytes) -> dict[str, Pin]:
    """Pins that were kept."""
    return {step: Pin(**pin) for step, pin in orjson.loads(body).items()}


def read_trial(tx: Tx, run: str) -> Trial | None:
    """How a run is tried out; None: it simply runs."""
    row = trial_of(tx, run)
    if row is None:
        return None
    replies = tuple(read_kinds(tx, row.source, KINDS)) if row.kind == "replay" else ()
    return Trial(
        cast("Kind", row.kind), row.source, row.step, row.path, cast("Calls", row.calls), unpacked_pins(row.pins),
        replies,
    )  # fmt: skip


class Alone(Walk):
    """A walk of one step: what lies behind it is not walked."""

    __slots__ = ("at",)

    def __init__(self, state: State, step: str, path: str) -> None:
        frame = state.at(path)
        super().__init__(frame, None)
        self.at = frame.scope.index[step]
        self.left = 1

    def leave(self, at: int, exit_id: str, skipped: Callable[[Frame, int], None] | None) -> list[int]:
        """Nothing follows."""
        del at, exit_id, skipped
        self.left = 0
        return []

    @property
    def outputs(self) -> dict[str, Any]:
        """What the step handed on."""
        given: Any = self.frame.roots.get(self.frame.scope.steps[self.at].id)
        return cast("dict[str, Any]", given) if isinstance(given, dict) else {"output": given}
