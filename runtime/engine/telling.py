"""What a run tells while it is at work: its steps as they begin, their text, and the answer as far as it is sure.

An answer streams in the order of its text: what is fixed at once, text of a model while the model writes it, everything
else when it is known. It begins only when it is sure to run and to be the next, so that what was shown and what is
kept in the end are the same.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from nodes.sdk import StepFailed
from nodes.sdk.reading import as_text
from runtime.engine.live import Audience, Event, Subscriber, answer_event
from runtime.graph.binding import Make
from runtime.graph.plan import Answering
from runtime.graph.references import Reference

if TYPE_CHECKING:
    from runtime.engine.execution import Execution
    from runtime.engine.frames import Frame
    from runtime.engine.state import Where
    from runtime.engine.turn import Turn


AS_IT_IS = frozenset({"if_skipped", "markdown", "python"})
"""filters that leave a text that is there as it is"""


class Telling:
    """The voice of one attempt. Lives on the engine's loop."""

    def __init__(self, execution: Execution) -> None:
        self._execution, self._state = execution, execution.state
        self.audience: Audience | None = None
        self._skipped: set[int] = set()
        """steps of the top that will not run"""
        self._answer = _Answer()

    def tell(self, make: Callable[[], Event]) -> None:
        """Hand an event to whoever listens."""
        if self.audience is not None and self.audience.readers:
            self.audience.tell(make())

    def begun(self, turn: Turn) -> None:
        """A step has begun."""
        self.tell(lambda: self._started(turn))

    @property
    def cares(self) -> bool:
        """Whether it matters to anybody which steps will not run."""
        return self.audience is not None or bool(self._execution.plan.answers)

    def skipped(self, frame: Frame, at: int) -> None:
        """A step of a frame will not run."""
        if frame.above is None:
            self._skipped.add(at)
        step = frame.scope.steps[at].id
        self.tell(lambda: {"kind": "step.skipped", "run": self._execution.run, "step": step, "path": frame.path})

    def say(self, where: Where, text: str) -> None:
        """Text of a running step, shown before it is kept."""
        if self.audience is None:
            self.audience = Audience()
        self.audience.say(self._execution.run, where, self._execution.attempt, text)
        if self._execution.plan.answers and not where[1]:
            self.go_on()

    def say_anew(self, where: Where) -> None:
        """The text of a step begins again: another try."""
        if self.audience is not None:
            self.audience.say_anew(where)

    def forget(self, where: Where) -> None:
        """A step has ended: its output counts."""
        if self.audience is not None:
            self.audience.forget(where)

    def join(self, reader: Subscriber) -> None:
        """Somebody looks from now on."""
        if self.audience is None:
            self.audience = Audience()
        execution = self._execution
        begun = [self._started(each) for each in execution.begun]
        if execution.plan.answers:
            self.go_on(heard=False)
            if self._answer.text:
                begun.append(answer_event(execution.run, 0, self._answer.text))
        self.audience.join(execution.run, reader, begun)

    def _started(self, turn: Turn) -> Event:
        execution = self._execution
        place = {"step": turn.step.id, "path": turn.walk.frame.path, "attempt": execution.attempt}
        return {"kind": "step.started", "run": execution.run, "started": turn.started} | place

    def answered(self) -> None:
        """Steps have ended: more of the answer may be sure."""
        if self._execution.plan.answers:
            self.go_on()

    def words(self) -> list[dict[str, Any]]:
        """The text so far, step by step; that of the answer stands under no step."""
        if self.audience is None:
            return []
        said = self.audience.words()
        if self._execution.plan.answers:
            self.go_on(heard=False)
            said.append({"step": "", "path": "", "try": 1, "text": self._answer.text})
        return said

    def go_on(self, *, heard: bool = True) -> None:
        """Tell as much more of the answer as is sure now; where nobody listens only with `heard` unset."""
        if self.audience is None or (heard and not self.audience.readers):
            return
        answer, before = self._answer, self._answer.text
        kept = "".join(self._state.top.said)
        if answer.at is not None and self._state.top.exits[answer.at.index] is not None:
            answer.at = None
        if answer.at is None:
            answer.begin(kept, self._next())
        if answer.at is not None:
            answer.write(self._known)
        if answer.text != before:
            offset = len(before) if answer.text.startswith(before) else _shared(before, answer.text)
            text, run = answer.text[offset:], self._execution.run
            self.tell(lambda: answer_event(run, offset, text))

    def _next(self) -> Answering | None:
        """The one answer that is sure to come next."""
        exits = self._state.top.exits
        open_ = [each for each in self._execution.plan.answers
                 if exits[each.index] is None and each.index not in self._skipped]  # fmt: skip
        for each in open_:
            sure = all(exits[fork] is not None or fork in self._skipped for fork in each.forks)
            if sure and all(other.index in each.after for other in open_ if other is not each):
                return each
        return None

    def _known(self, part: Reference, make: Make) -> tuple[str, bool]:
        """What is known of a value as text, and whether that is all of it."""
        top, root = self._state.top, part.root
        at = top.scope.index.get(root)
        if at is None:
            return "", False  # a variable may still change: it is read when the step runs
        if top.exits[at] is not None or at in self._skipped:
            try:
                return as_text(make(top.read)), True
            except StepFailed:
                return "", False
        spoken = self.audience.spoken.get((root, "")) if self.audience else None
        plain = all(name in AS_IT_IS for name, _ in part.filters)
        return (spoken.text if spoken is not None and plain and part.keys == ("text",) else ""), False


class _Answer:
    """The answer so far, and where in its text it stands."""

    __slots__ = ("_done", "_part", "at", "text")

    def __init__(self) -> None:
        self.text = ""
        self.at: Answering | None = None
        """the step whose text is told now"""
        self._part = 0
        self._done = 0
        """characters of the whole that are sure, up to the part"""

    def begin(self, kept: str, at: Answering | None) -> None:
        """What answers have said counts; go on with the next one."""
        self.text, self.at, self._part, self._done = kept, at, 0, len(kept)

    def write(self, known: Callable[[Reference, Make], tuple[str, bool]]) -> None:
        """Add what is known of the parts from here on."""
        assert self.at is not None, "begin with an answer first"
        parts = self.at.parts
        while self._part < len(parts):
            part = parts[self._part]
            text, whole = (part, True) if isinstance(part, str) else known(*part)
            self.text = self.text[: self._done] + text
            if not whole:
                return
            self._part, self._done = self._part + 1, len(self.text)


def _shared(one: str, other: str) -> int:
    """How many characters two texts begin with alike."""
    low = 0
    for left, right in zip(one, other, strict=False):
        if left != right:
            break
        low += 1
    return low
