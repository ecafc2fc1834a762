"""A run's events as the canvas shows them: steps with their status, and text while it is written. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from runtime.operations.called import CalledView, in_called
from runtime.operations.happened import StepView
from runtime.operations.items import ItemView
from runtime.operations.traces import RunView

Shown = dict[str, Any]
"""the var `run` of the canvas: id, status, started, ended, error, outputs, steps"""

WORKED = ("succeeded", "partly_succeeded")
DELTA = ("step", "path", "attempt", "try", "offset", "text")


@dataclass
class Live:
    """One run while it is followed. `changed` says that `shown` has news; `deltas` wait to be sent."""

    shown: Shown
    changed: bool = True
    deltas: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    inner: bool = False
    """whether something happened in a workflow that is called: that is read from the log"""

    def take(self, event: Mapping[str, Any]) -> None:  # noqa: C901 - one case for each kind of the closed set
        """Fold one event in. A finished step never goes back to running: provisional events may come late."""
        step = event.get("step", "")
        if in_called(event.get("path", "")):
            self.inner = self.inner or event["kind"] != "text"
            return
        match event["kind"]:
            case "text":
                self.deltas.append({name: event[name] for name in DELTA})
                return
            case "step.started" | "step.intent":
                self._begin()
                if self._status(step) in ("waiting", "running") or self._elsewhere(event):
                    self._put(step, status="running", started=event.get("started"), path=event.get("path", ""))
            case "step.waiting":
                asked = {name: event.get(name) for name in ("title", "waits_for", "deadline")}
                self._put(step, status="asking", started=event.get("started"), asked=asked)
            case "step.answered":
                self._put(step, status="running")
                self._go_on()
            case "step.done":
                done = {"exit": event.get("exit"), "usage": event.get("usage"), "error": None, "handled": False}
                self._put(step, status="done", **done, **_times(event))
            case "step.failed":
                handled = event.get("handled", False)
                told = {"error": event.get("error"), "handled": handled, "exit": event.get("exit")}
                self._put(step, status="done" if handled else "failed", **told, **_times(event))
            case "step.retry":
                self._put(step, status="running", tries=event["try"] + 1)
            case "step.item":
                self._count(step, event)
            case "step.skipped":
                self._put(step, status="skipped")
            case "run.ended" | "run.waiting":
                kept = ("status", "outputs", "error", "ended")
                self.shown = _settled({**self.shown, **{name: event[name] for name in kept if name in event}})
            case _:
                return
        self.changed = True

    def _begin(self) -> None:
        """A run that was queued is executed now."""
        if self.shown["status"] == "queued":
            self.shown = {**self.shown, "status": "running"}

    def _go_on(self) -> None:
        """A run that was laid aside was taken up."""
        if self.shown["status"] == "waiting":
            self.shown = {**self.shown, "status": "running"}

    def _elsewhere(self, event: Mapping[str, Any]) -> bool:
        """Whether a step inside a container begins in another item than the last one."""
        path = event.get("path", "")
        return bool(path) and self.shown["steps"].get(event.get("step", ""), {}).get("path") != path

    def _count(self, step: str, event: Mapping[str, Any]) -> None:
        """One more item or round has ended; the first tells how many items there are, where that is one number."""
        items, exit_id = self.shown["steps"].get(step, {}).get("items"), event.get("exit", "")
        if items and exit_id != "cancelled":
            name = "failed" if exit_id == "failed" else "done"
            of = event.get("of") if "/" not in event.get("path", "") else None
            status = "running" if self._status(step) == "waiting" else self._status(step)
            self._put(step, status=status, items={**items, name: items[name] + 1, "of": items["of"] or of})

    def _status(self, step: str) -> str:
        return self.shown["steps"].get(step, {}).get("status", "waiting")

    def _put(self, step: str, **facts: Any) -> None:
        before = self.shown["steps"].get(step, {})
        self.shown = {**self.shown, "steps": {**self.shown["steps"], step: {**before, **facts}}}


def shown_of(view: RunView) -> Shown:
    """A run as it is recorded."""
    card = view.card
    shown = {
        "id": card.run,
        "status": card.status,
        "started": card.started,
        "ended": card.ended,
        "error": view.error,
        "outputs": view.outputs,
        "steps": {each.step: _step(each) for each in view.steps},
        "called": called_of(view.called),
        "seq": view.seq,
    }
    return _settled(shown)


def called_of(called: Sequence[CalledView]) -> list[dict[str, Any]]:
    """The workflows that were called, with how their steps went; what those handed on is asked for when one is
    opened."""
    return [
        {
            "place": view.place, "name": view.name, "title": view.title, "number": view.number, "seen": view.seen,
            "steps": [_named(each) for each in view.steps],
        }
        for view in called
    ]  # fmt: skip


def _settled(shown: Shown) -> Shown:
    """In a run that is over nothing runs any more: what was under way when it was stopped, was stopped with it; in one
    of which only a step was tried, what lies around that was not run."""
    ended = shown.get("ended")
    if ended is None:
        return shown
    steps = dict(shown["steps"])
    for name, step in steps.items():
        if step["status"] in ("running", "asking"):
            started = step.get("started")
            seconds = None if started is None else ended - started
            stopped = {"status": "cancelled", "seconds": seconds}
            steps[name] = {**step, **({"status": "skipped"} if shown["status"] in WORKED else stopped)}
    return {**shown, "steps": steps}


def refused(number: int, sentence: str, hint: str) -> Shown:
    """A run that never began, in the same form, so that it is told in the same place."""
    error = {"message": sentence, "hint": hint}
    return {"id": f"refused-{number}", "status": "failed", "error": error, "outputs": None, "steps": {}}


def inspected_of(run: str, step: StepView, given: Any) -> dict[str, Any]:
    """One step with everything it took and gave."""
    calls = [
        {"alias": each.alias, "model": each.model, "messages": each.messages, "usage": each.usage}
        for each in step.calls
    ]
    return {
        "run": run,
        "step": step.step,
        "path": step.path,
        "shown": _step(step),
        "input": given,
        "output": step.output,
        "error": step.error,
        "usage": step.usage,
        "model_calls": calls,
    }


def item_of(found: ItemView) -> dict[str, Any]:
    """One item or round with how its steps went; what they handed on is asked for when one is opened."""
    told = {"path": found.path, "status": found.status, "result": found.result, "error": found.error}
    return {**told, "steps": [_named(each) for each in found.steps], "called": called_of(found.called)}


def _named(step: StepView) -> dict[str, Any]:
    """A step that does not stand on the canvas by itself."""
    return {"step": step.step, "title": step.title, "type": step.type, "inside": step.inside, **_step(step)}


def _step(step: StepView) -> dict[str, Any]:
    seconds = step.ended - step.started if step.started is not None and step.ended is not None else None
    return {
        "status": step.status,
        "exit": step.exit or None,
        "started": step.started,
        "ended": step.ended,
        "seconds": seconds,
        "usage": step.usage,
        "error": step.error,
        "asked": asdict(step.asked) if step.asked else None,
        "path": step.path,
        "handled": step.handled,
        "tries": step.tries,
        "items": asdict(step.items) if step.items else None,
        "origin": step.origin,
    }


def _times(event: Mapping[str, Any]) -> dict[str, Any]:
    started, ended = event.get("started"), event.get("ended")
    seconds = ended - started if started is not None and ended is not None else None
    return {"started": started, "ended": ended, "seconds": seconds, "path": event.get("path", "")}
