"""Containers at work: the items of a for-each, the rounds of a loop, a workflow that is called.

Each is told how what lies inside it ends, writes that down, and finishes as a step when all of it has. Taken up again
after a crash it goes on from what the log says: ended items are not walked again, the others where they were.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Protocol, cast

import orjson

from nodes.sdk import StepFailed
from nodes.sdk.sizes import too_large
from runtime.engine.frames import ROUND, Frame, Opened
from runtime.engine.values import LARGEST, encode
from runtime.engine.walk import Walk
from runtime.graph.document import VARIABLES
from runtime.graph.plan import Body

if TYPE_CHECKING:
    from runtime.engine.execution import Execution
    from runtime.engine.turn import Turn


AT_ONCE = 100
"""items without steps that pass before others have their turn"""


class Container(Protocol):
    """A container at work."""

    def begin(self) -> None:
        """Begin, or go on. Raises `StepFailed` where its settings do not fit."""
        ...

    def walked(self, walk: Walk) -> None:
        """Nothing is left to do in an item or a round."""
        ...

    def broke(self, walk: Walk) -> None:
        """A step in an item or a round failed, and nothing in there goes on."""
        ...

    def fill(self) -> None:
        """There may be room for more items."""
        ...


def container_for(execution: Execution, turn: Turn, opened: Opened) -> Container:
    """What runs the steps inside a step."""
    match turn.step.node.container:
        case "each":
            return Items(execution, turn, opened)
        case "repeat":
            return Rounds(execution, turn, opened)
        case _:
            return Call(execution, turn, opened)


def leave_loop(execution: Execution, walk: Walk) -> bool:
    """End the nearest loop around a walk; False where the walk lies in none that is at work."""
    here: Walk | None = walk
    while here is not None and here.owner is not None:
        if isinstance(here.owner, Rounds):
            execution.abandon(here)
            here.owner.left(here)
            return True
        if isinstance(here.owner, Items):
            here.owner.leave(here)
        here = execution.walks.get(here.frame.above.path) if here.frame.above is not None else None
    return False


def _only_waits(execution: Execution, walk: Walk) -> bool:
    """Whether all that happens in a walk is waiting for people."""
    path, inside = walk.frame.path, f"{walk.frame.path}/"
    busy = sum(where[1] == path or where[1].startswith(inside) for where in execution.tasks)
    return 0 < busy == execution.waits.at(path) and not any(each is walk for each, _ in execution.ready)


class _Inside:
    """What for-each and loop share."""

    def __init__(self, execution: Execution, turn: Turn, opened: Opened) -> None:
        assert turn.step.body is not None, "only a container has something inside"
        self._execution, self._turn, self._opened = execution, turn, opened
        self._body: Body = turn.step.body
        self._frame: Frame = turn.walk.frame
        self._since: dict[int, tuple[float, int]] = {}
        """when each item or round began here, and what it could see"""
        self._size = 0  # bytes of the results so far
        self._told: bytes | None = None
        """what stands beside how each of them ended"""

    def _enter(self, number: int) -> Walk | None:
        """Walk one item or round; None where an earlier attempt has seen it fail."""
        execution = self._execution
        frame = execution.state.enter(self._frame, self._turn.step, number)
        self._since[number] = execution.now(), execution.state.seq
        walk = execution.enter(cast("Any", self), frame)
        if frame.failure is not None:
            execution.abandon(walk)
            self.broke(walk)
            return None
        return walk

    def _ended(self, walk: Walk, exit_id: str, value: Any) -> None:
        """Write down how an item or a round ended, and forget what it knew."""
        execution, frame = self._execution, walk.frame
        started, seen = self._since.pop(frame.number)
        body = encode(value)
        self._size += len(body)
        execution.journal.note(
            "item", self._turn.step.id, path=frame.path, started=started, ended=execution.now(), seen=seen, value=body,
            exit_id=exit_id, detail=self._told,
        )  # fmt: skip
        execution.walks.pop(frame.path, None)
        walk.dead = True
        execution.state.leave(frame, exit_id, orjson.loads(body))

    def broke(self, walk: Walk) -> None:
        raise NotImplementedError

    def fill(self) -> None:
        """Rounds come one at a time, and what is called is only one."""

    def _fix(self) -> None:
        """Write down what is worked on, where it could change meanwhile."""
        execution, turn = self._execution, self._turn
        if turn.step.reads_variables and turn.where not in execution.state.intents:
            now = execution.now()
            execution.state.intents[turn.where] = execution.journal.note(
                "intent", turn.step.id, path=self._frame.path, started=now, ended=now, seen=turn.seen,
                value=encode(self._opened.entries), detail=b'{"effect":"items"}',
            )  # fmt: skip

    def _broken(self) -> int | None:
        """The item or round that made all of it fail in an earlier attempt, which died before it could say so."""
        return next((number for number, each in self._opened.ended.items() if each.exit == "failed"), None)

    def _failure_of(self, number: int, noun: str) -> StepFailed:
        """What an item or a round that failed makes of its container."""
        told: dict[str, Any] = self._opened.ended[number].value or {}
        return StepFailed(f"{noun} {number + 1} failed: {told.get('message', '')}",
                          code=told.get("code", "step_failed"), hint=told.get("hint", ""))  # fmt: skip


class Items(_Inside):
    """A for-each: some items at once, results in the order of the items."""

    def __init__(self, execution: Execution, turn: Turn, opened: Opened) -> None:
        super().__init__(execution, turn, opened)
        self._node = cast("Any", opened.node)
        self._told = b'{"of":%d}' % len(opened.entries)
        self._sequential = self._node.parallel == 1
        self._next = 0
        self._walks: dict[int, Walk] = {}
        self._over = False

    def begin(self) -> None:
        """Fix what is worked on where it could change meanwhile, then begin with the first items."""
        self._fix()
        if self._node.on_error == "stop" and (number := self._broken()) is not None:
            self._stop(self._failure_of(number, "Item"))
        self.fill()

    def fill(self) -> None:
        """Begin items as long as there is room; when all have ended, finish."""
        execution, count, ended = self._execution, len(self._opened.entries), self._opened.ended
        while not self._over and self._next < count:
            if self._next in ended:
                self._next += 1
            elif self._executing() < self._node.parallel:
                number = self._next
                self._next += 1
                if not self._body.scope.entries:
                    self._skip_through(number)
                    if self._next % AT_ONCE == 0:
                        self._pause()
                        return
                elif (walk := self._enter(number)) is not None:
                    self._walks[number] = walk
            else:
                return
        if not self._over and not self._walks and len(ended) == count:
            self._over = True
            if not self._sequential:
                for number in range(count):
                    self._write(number)
            failed = sum(each.exit == "failed" for each in ended.values())
            items = [ended[number] for number in range(count)]
            skips = self._node.on_error == "skip"
            results = [
                each.value if each.exit == "done" else None for each in items if each.exit == "done" or not skips
            ]
            execution.container_ended(self._turn, self._node.gathered(results, failed))

    def _pause(self) -> None:
        """Items without steps pass at once, but they count as steps do, and others have their turn in between."""
        execution, where = self._execution, self._turn.where
        if (reached := execution.limits.reached()) is not None:
            execution.fail_as(*reached)
        elif where not in execution.tasks:
            execution.later(where, 0.005 if execution.journal.crowded else 0.0, self.fill)

    def _executing(self) -> int:
        """Items that take a place: one that waits for people gives its own back."""
        if not self._execution.waits.open:
            return len(self._walks)
        return sum(not _only_waits(self._execution, each) for each in self._walks.values())

    def _skip_through(self, number: int) -> None:
        """An item of a for-each with nothing in it."""
        frame = self._execution.state.enter(self._frame, self._turn.step, number)
        self._since[number] = self._execution.now(), self._execution.state.seq
        self._close(Walk(frame, None))

    def walked(self, walk: Walk) -> None:
        """An item came to its end."""
        self._close(walk)
        self.fill()

    def _close(self, walk: Walk) -> None:
        number = walk.frame.number
        self._walks.pop(number, None)
        try:
            node = cast("Any", self._body.asked(walk.frame.read))
            encode(node.result)
        except StepFailed as error:
            walk.frame.failure = {"code": error.code, "message": error.message, "hint": error.hint,
                                  "step": self._turn.step.id, "path": walk.frame.path}  # fmt: skip
            self._failed(walk)
            return
        self._ended(walk, "done", node.result)
        if self._size > LARGEST:
            self._stop(too_large("The list of results"))
            return
        if self._sequential:
            self._write(number)

    def broke(self, walk: Walk) -> None:
        """A step in an item failed."""
        self._walks.pop(walk.frame.number, None)
        self._failed(walk)
        self.fill()

    def _failed(self, walk: Walk) -> None:
        self._ended(walk, "failed", walk.frame.failure)
        if self._node.on_error == "stop":
            self._stop(self._failure_of(walk.frame.number, "Item"))

    def _stop(self, error: StepFailed) -> None:
        """All of them fail: what others do is cancelled."""
        execution, state = self._execution, self._execution.state
        self._over = True
        for frame in [each for each in state.frames.values() if each.above is self._frame and each is not self._frame]:
            if frame.scope is self._body.scope:
                walk = self._walks.pop(frame.number, None) or Walk(frame, None)
                execution.abandon(walk)
                self._since.setdefault(frame.number, (execution.now(), state.seq))
                self._ended(walk, "cancelled", None)
        execution.container_ended(self._turn, error)

    def leave(self, walk: Walk) -> None:
        """A step in an item ends a loop around all of them: what this one and those before it have changed counts."""
        for number in () if self._sequential else sorted(self._opened.ended):
            self._write(number)
        self._set(walk.frame.written)

    def _write(self, number: int) -> None:
        """What an item gave variables counts from here on for all."""
        item = self._opened.ended[number]
        if item.exit == "done":
            self._set(item.written)

    def _set(self, written: Mapping[tuple[str, str], Any]) -> None:
        for (root, name), value in written.items():
            variable = name if root == VARIABLES else f"{root}.{name}"
            self._execution.set(self._turn, variable, encode(value), self._execution.now())


class Rounds(_Inside):
    """A loop: one round after another, with the same variables."""

    def __init__(self, execution: Execution, turn: Turn, opened: Opened) -> None:
        super().__init__(execution, turn, opened)
        self._node = cast("Any", opened.node)

    def begin(self) -> None:
        """Give the variables what they begin with, then the first round; or go on with the round that was begun."""
        done, id_ = len(self._opened.ended), self._turn.step.id
        if id_ not in self._frame.roots:
            started = self._node.begun()
            self._frame.roots[id_] = {}
            for name, value in started.items():
                self._execution.set(self._turn, f"{id_}.{name}", encode(value), self._execution.now())
        self._frame.roots[id_][ROUND] = done
        was_left = any(each.exit == "left" for each in self._opened.ended.values())
        if (broken := self._broken()) is not None:
            self._execution.container_ended(self._turn, self._failure_of(broken, "Round"))
        elif was_left or (done == 0 and not self._begun(0) and self._over(self._frame)):
            self._finish()
        else:
            self._round(done)

    def _begun(self, number: int) -> bool:
        """Whether an earlier attempt has something of this round in its log."""
        return any(each.above is self._frame and each.number == number and each.scope is self._body.scope
                   for each in self._execution.state.frames.values())  # fmt: skip

    def _round(self, number: int) -> None:
        self._frame.roots[self._turn.step.id][ROUND] = number
        if number >= self._node.most or not self._body.scope.entries:
            self._finish()
        else:
            self._enter(number)

    def _over(self, frame: Frame) -> bool:
        """Whether the conditions end the loop. Before the first round nothing inside has a value, so what asks for one
        is not true yet."""
        if frame is self._frame and not self._body.ready and self._asks_inside():
            return False
        return bool(cast("Any", self._body.asked(frame.read)).over())

    def _asks_inside(self) -> bool:
        """Whether the conditions look at steps inside the loop."""
        inside = self._body.scope.index
        asked: list[str] = []

        def note(root: str, _: tuple[str, ...]) -> Any:
            asked.append(root)
            return self._frame.read(root, _)

        try:
            self._body.asked(note)
        except StepFailed:
            return True
        return any(root in inside for root in asked)

    def walked(self, walk: Walk) -> None:
        """A round came to its end."""
        number = walk.frame.number
        self._frame.roots[self._turn.step.id][ROUND] = number + 1
        try:
            over = self._over(walk.frame)
        except StepFailed as error:
            self._ended(walk, "failed", {"code": error.code, "message": error.message, "hint": error.hint})
            self._execution.container_ended(self._turn, self._failure_of(number, "Round"))
            return
        self._ended(walk, "left" if over else "done", None)
        if over:
            self._finish()
        else:
            self._round(number + 1)

    def left(self, walk: Walk) -> None:
        """A step in the round ends the loop."""
        self._frame.roots[self._turn.step.id][ROUND] = walk.frame.number + 1
        self._ended(walk, "left", None)
        self._finish()

    def broke(self, walk: Walk) -> None:
        """A step in a round failed, and with it the loop."""
        self._ended(walk, "failed", walk.frame.failure)
        self._execution.container_ended(self._turn, self._failure_of(walk.frame.number, "Round"))

    def _finish(self) -> None:
        self._execution.container_ended(self._turn, dict(self._frame.roots[self._turn.step.id]))


class Call(_Inside):
    """A workflow that is called, in its own frame."""

    def begin(self) -> None:
        """Begin it with its inputs, or go on with it."""
        self._fix()
        ended = self._opened.ended.get(0)  # an earlier attempt may have died before it could say so
        if ended is None:
            self._enter(0)
        else:
            self._execution.container_ended(self._turn, ended.value if ended.exit == "done" else self._failure())

    def walked(self, walk: Walk) -> None:
        """It came to its end: what it hands back, this step hands on."""
        outputs = walk.frame.handed_back()
        self._ended(walk, "done", outputs)
        self._execution.container_ended(self._turn, outputs)

    def broke(self, walk: Walk) -> None:
        """A step in it failed."""
        self._ended(walk, "failed", walk.frame.failure)
        self._execution.container_ended(self._turn, self._failure())

    def _failure(self) -> StepFailed:
        told: dict[str, Any] = self._opened.ended[0].value or {}
        name = cast("Any", self._opened.node).workflow.name
        return StepFailed(f"The workflow “{name}” failed: {told.get('message', '')}",
                          code=told.get("code", "step_failed"), hint=told.get("hint", ""))  # fmt: skip
