"""An import under way: the ids, inputs and variables there are so far, and what is said of each step."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass, field
from itertools import chain, count
from typing import Any

from nodes.sdk.words import is_exit, is_key
from runtime.exchange.dify.source import ROOTS, Node, Source
from runtime.exchange.loose import slug
from runtime.exchange.report import Fate, Report, Result
from runtime.graph.document import ROOTS as TAKEN
from runtime.graph.document import OnFailure

PLACEHOLDER, ASK = "flow.placeholder", "people.ask"
"""those that hand on whatever later steps refer to"""
LONGEST_ID = 40


@dataclass(slots=True)
class Made:
    """A step of ours."""

    type: str
    settings: dict[str, Any]
    exits: dict[str, str] = field(default_factory=lambda: {"source": "done"})
    """our way out for each of theirs"""
    version: int = 1


@dataclass(slots=True)
class Step:
    """A step of ours where it stands."""

    made: Made
    inside: str = ""
    on_failure: OnFailure = field(default_factory=OnFailure)
    title: str = ""
    labels: dict[str, str] = field(default_factory=dict[str, str])
    place: tuple[float, float] | None = None


class Work:
    """All that is known so far."""

    def __init__(self, source: Source, report: Report) -> None:
        self.source, self.report = source, report
        self.ids: dict[str, str] = {}
        """our step for each of theirs"""
        self.steps: dict[str, Step] = {}
        self.before: dict[str, list[str]] = {}
        """steps put before one of ours, in order"""
        self.inputs: dict[str, dict[str, Any]] = {}
        """by our name"""
        self.input_names: dict[str, str] = {}
        """our name for each of theirs"""
        self.added: set[str] = set()
        """inputs that are read, but were declared by nobody; by their name"""
        self.labels: dict[str, str] = {}
        self.variables: dict[str, dict[str, Any]] = {}
        self.environment: dict[str, str] = {}
        """our run variable for each of theirs"""
        self.plain_environment: dict[str, str] = {}
        """what those that are no secrets hold, where it is text"""
        self.secrets: set[str] = set()
        self.conversation: dict[str, dict[str, Any]] = {}
        self.conversation_names: dict[str, str] = {}
        self.asked: dict[str, dict[str, None]] = {}
        """the outputs later steps refer to, of each of ours"""
        self.lists: set[str] = set()
        """inputs that nobody declared and that are worked through as lists"""
        self.start = ""
        self._nowhere: dict[str, str] = {}

    def nowhere(self, name: str) -> str:
        """The run variable that stands for a value that nothing hands on."""
        if name not in self._nowhere:
            self._nowhere[name] = self.variable(name.replace(".", "_"), "any", None)
        return self._nowhere[name]

    def name_steps(self) -> None:
        """Gives every step its id, in the order of the file, so that the same file always gets the same ids."""
        roots = [each for each in self.source.nodes.values() if each.kind in ROOTS and each.kind != "datasource"]
        first = next((each for each in roots if each.kind == "start"), roots[0] if roots else None)
        self.start = self.free("start") if first is None else self.free(self.suggested(first))
        for node in self.source.nodes.values():
            if node in roots:
                self.ids[node.id] = self.start
            elif node.kind not in ("iteration-start", "loop-start"):
                self.ids[node.id] = self.free(self.suggested(node))

    def suggested(self, node: Node) -> str:
        """A readable id: the one it had where a person wrote it, else its title, else its kind."""
        written = slug(node.id)
        if written == node.id.replace("-", "_") and node.id[:1].isalpha() and not _made_by_a_machine(node.id):
            return written
        title = slug(node.title)
        return title if sum(each.isalpha() for each in title) > 1 else slug(node.kind)

    def free(self, wanted: str) -> str:
        """An id nobody has yet."""
        wanted = (wanted if wanted[:1].isalpha() else f"step_{wanted}".rstrip("_"))[:LONGEST_ID].rstrip("_")
        name = free_name(wanted, {*self.steps, *TAKEN, self.start})
        self.steps[name] = Step(Made("", {}))
        return name

    def put_before(self, step: str, made: Made, name: str) -> str:
        """Puts another step right before one; what led there leads to the new one. Its id."""
        new = self.free(name)
        mine = self.steps[step]
        others = self.before.setdefault(step, [])
        x, y = mine.place or (0.0, 0.0)
        self.steps[new] = Step(made, mine.inside, place=mine.place and (x - 40.0 * (len(others) + 1), y + 90.0))
        others.append(new)
        return new

    def put_inside(self, step: str, made: Made, name: str) -> str:
        """Puts another step into one that is a container. Its id."""
        new = self.free(name)
        self.steps[new] = Step(made, step, place=(40.0, 60.0))
        return new

    def variable(self, wanted: str, kind: str, start: Any) -> str:
        """A new run variable. Its name."""
        base = slug(wanted)[:LONGEST_ID] or "value"
        base = base if base[0].isalpha() else f"value_{base}"
        name = free_name(base, self.variables)
        self.variables[name] = {"kind": kind, "start": start}
        return name

    def input_name(self, wanted: str) -> str:
        """A name for an input; the one it had wherever that can be kept."""
        base = wanted if is_key(wanted) else slug(wanted)[:LONGEST_ID] or "input"
        return free_name(base, {*self.inputs, *(("message",) if self.source.chat else ())})


def free_name(wanted: str, taken: Container[str]) -> str:
    """The name itself, or the first of `name_2`, `name_3` … that nobody has."""
    names = chain([wanted], (f"{wanted}_{number}" for number in count(2)))
    return next(each for each in names if each not in taken)


def _made_by_a_machine(name: str) -> bool:
    """Whether an id was not written by a person: mostly digits, or long and without words."""
    digits = sum(each.isdigit() for each in name)
    return digits * 2 >= len(name) or (len(name) >= 20 and digits >= 4)


class Here:
    """The step that is being mapped, and what is said of it."""

    def __init__(self, work: Work, node: Node) -> None:
        self.work, self.node = work, node
        self.step = work.ids.get(node.id, "")
        self.result: Result = "mapped"
        self.notes: list[str] = []

    @property
    def called(self) -> str:
        """What people call the step."""
        return self.node.title or self.step

    def say(self, code: str, sentence: str, hint: str = "", field: str | None = None) -> None:
        """Something to look at, though the meaning is kept."""
        self.work.report.note(code, sentence, hint, step=self.step, field=field)
        self.notes.append(f"{sentence} {hint}".strip())

    def lose(self, code: str, sentence: str, hint: str = "", field: str | None = None) -> None:
        """Something of it is not kept."""
        if self.result == "mapped":
            self.result = "partly"
        self.say(code, sentence, hint, field)

    def drop(self, name: str, value: Any, what: str = "") -> None:
        """A setting without a counterpart, if it is set."""
        if value not in (None, "", False, [], {}):
            self.lose("setting_left_out", f"“{self.called}”: {what or name} has no counterpart here.", field=None)

    def placeholder(self, what: str, hint: str, exits: dict[str, str] | None = None, outputs: tuple[str, ...] = ()
                    ) -> Made:  # fmt: skip
        """Keeps the place of the step."""
        self.result = "placeholder"
        sentence = f"“{self.called}” was {what}, which has no counterpart here."
        self.say("placeholder", sentence, hint)
        for each in outputs:
            self.work.asked.setdefault(self.step, {}).setdefault(each)
        settings: dict[str, Any] = {"what": what[:200], "note": hint[:4000], "original": self.node.settings}
        if exits:
            settings["exits"] = list(exits.values())
        return Made(PLACEHOLDER, settings, exits or {"source": "done"})

    def fate(self) -> Fate:
        """What became of it."""
        return Fate(self.step, self.result, " ".join(dict.fromkeys(self.notes)))


def exit_names(handles: list[str], taken: tuple[str, ...] = ()) -> dict[str, str]:
    """Our way out for each of theirs: the same name wherever it can be one."""
    found: dict[str, str] = {}
    for handle in handles:
        base = (
            handle if is_exit(handle) and handle not in ("else", "error", *taken) else f"way_{slug(handle)}".rstrip("_")
        )
        found.setdefault(handle, free_name(base[:60], found.values()))
    return found
