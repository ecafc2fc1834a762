"""Data flow: what may be in each value, where it goes, and which way it must not go. Nothing runs for this.

A value carries marks: for each source that may be in it, how confidential that part still is. Marks travel along
references and run variables, a guard lowers them, and wherever a step hands values on they are held against the
clearance there. What a condition gives away by the way it decides is not followed.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from nodes.sdk import DataClass, Draw, Lowering, Reach, Tag, highest
from runtime.graph.checking_edges import Ways
from runtime.graph.checking_references import worked_on
from runtime.graph.checking_steps import ERROR_OUTPUTS, Checked
from runtime.graph.crossing import Crossing, Source, about, noun, problems_of
from runtime.graph.document import ANSWER, CONVERSATION, FINISH, RUN, START, VARIABLES, Document, Edge
from runtime.graph.problems import Problem
from runtime.graph.touching import Touch, touch_of

MESSAGE = "message"
"""the input that is what a person said"""
SAID = "conversation."
"""where the marks of what is said in a conversation are kept, beside those of variables"""


@dataclass(frozen=True, slots=True)
class Place:
    """A source or a sink as the platform knows it."""

    data_class: DataClass
    """of a source: of what comes from it; of a sink: the highest that may go there"""
    title: str = ""
    tags: frozenset[Tag] = frozenset()
    outside: bool = False
    """whether it is outside the company"""


@dataclass(frozen=True, slots=True)
class Care:
    """What policy makes of a class behind one kind of care."""

    becomes: Mapping[DataClass, DataClass] = field(default_factory=dict[DataClass, DataClass])
    """classes not in here stay"""
    only: frozenset[Tag] = frozenset()
    """only of what carries one of these tags; empty: of everything"""


@dataclass(frozen=True, slots=True)
class FlowFacts:
    """What the platform knows of the sources and sinks a document names. One it does not know is not here."""

    bases: Mapping[str, Place] = field(default_factory=dict[str, Place])
    models: Mapping[str, Place] = field(default_factory=dict[str, Place])
    hosts: Mapping[str, Place] = field(default_factory=dict[str, Place])
    care: Mapping[str, Care] = field(default_factory=dict[str, Care])
    """what each kind of care (`guard`, `approve`) is worth"""


NO_CARE = Care()


@dataclass(frozen=True, slots=True)
class Mark:
    """How confidential the part of a value is that comes from one source."""

    data_class: DataClass
    tags: frozenset[Tag] = frozenset()

    def join(self, other: Mark) -> Mark:
        """Both at once."""
        return Mark(highest((self.data_class, other.data_class)), self.tags | other.tags)


Label = Mapping[Source, Mark]
"""what may be in a value"""


@dataclass(frozen=True, slots=True)
class Flow:
    """What goes where in a document."""

    labels: Mapping[str, Mapping[str, Label]]
    """of each output of each step"""
    crossings: tuple[Crossing, ...]
    problems: tuple[Problem, ...]
    variables: Mapping[str, Label] = field(default_factory=dict[str, Label])
    """of each variable, as `x`, `conversation.x` or `loop.x`; of all that is said in its conversation as `SAID`"""

    @property
    def said(self) -> dict[str, Label]:
        """What it leaves in its conversation."""
        return {name: label for name, label in self.variables.items() if name.startswith(SAID)}


def flow_of(
    document: Document, steps: Mapping[str, Checked], ways: Ways, facts: FlowFacts, on_error: Checked | None = None,
    found: Mapping[str, Label] | None = None, brought: Mapping[str, Mapping[str, Label]] | None = None,
) -> Flow:  # fmt: skip
    """Follow everything to everywhere, also through a document that cannot run yet, and what a failure says to the
    error workflow. `found` is what others have left in variables and in its conversation, as `Flow.variables`;
    `brought` is what some steps hand on that do not run, as `Flow.labels`."""
    follower = _Follower(document, steps, ways, facts)
    follower.variables.update({name: dict(label) for name, label in (found or {}).items()})
    follower.brought = brought or {}
    follower.settle()
    crossings = tuple(follower.crossings())
    if on_error is not None and on_error.called is not None:
        crossings += tuple(follower.after_failure(on_error))
    return Flow(follower.labels, crossings, tuple(problems_of(crossings, facts.hosts)), follower.variables)


def joined(labels: Iterable[Label]) -> dict[Source, Mark]:
    """What may be in a value made of several."""
    found: dict[Source, Mark] = {}
    for label in labels:
        for source, mark in label.items():
            found[source] = found[source].join(mark) if source in found else mark
    return found


def lowered(mark: Mark, lowering: Lowering, care: Care) -> Mark:
    """A mark behind a step that takes something away. It never rises, and a higher class never becomes lower than
    what a lower one becomes: nothing gains by being joined with something worse."""
    rest = mark.tags - lowering.removes
    if care.only and not care.only & mark.tags:
        return Mark(mark.data_class, rest)
    becomes = highest(care.becomes.get(each, each) for each in DataClass if mark.data_class.covers(each))
    return Mark(becomes if mark.data_class.covers(becomes) else mark.data_class, rest)


def _both(own: dict[str, Label], brought: Mapping[str, Label] | None) -> dict[str, Label]:
    """The outputs of a step with those of another run of it."""
    if not brought:
        return own
    return {name: joined([own.get(name, {}), brought.get(name, {})]) for name in {*own, *brought}}


class _Follower:
    """Follows marks through one document."""

    def __init__(
        self, document: Document, steps: Mapping[str, Checked], ways: Ways, facts: FlowFacts,
        *, given: Mapping[str, Label] | None = None, caller: _Follower | None = None, ends: bool = False,
    ) -> None:  # fmt: skip
        """`given` is what a workflow that is called is started with, by the name of the input. One that `ends` hands
        nothing back to its caller: whoever gets the caller's result gets its."""
        self.document, self.steps, self.ways, self.facts = document, steps, ways, facts
        self.given, self.caller, self.ends = given, caller, ends
        self.called: dict[str, _Follower] = {}
        self.labels: dict[str, dict[str, Label]] = {step: {} for step in steps}
        self.variables: dict[str, dict[Source, Mark]] = {}
        self.brought: Mapping[str, Mapping[str, Label]] = {}
        self.touches: dict[str, Touch] = {}
        for step, checked in steps.items():
            self.touches[step] = touch_of(checked)
        self.chats = any(each.type == START and MESSAGE in each.outputs for each in steps.values())
        self.remember = {
            step for step, each in self.touches.items() if any(draw.kind == "conversation" for draw in each.draws)
        }

    def settle(self) -> None:
        """Labels of all outputs: each step in order, again as long as a variable or a container gains something: what
        lies inside a container is looked at after it. Marks only grow and there are finitely many, so it ends."""
        containers = [step for step, each in self.steps.items() if each.holds_steps]
        while True:
            before = {name: dict(label) for name, label in self.variables.items()}
            inside = {step: self.labels[step] for step in containers}
            for step in self.ways.order:
                self.labels[step] = _both(self.handed_on(step), self.brought.get(step))
            if self.variables == before and all(self.labels[step] == inside[step] for step in containers):
                return

    def read(self, step: str) -> dict[Source, Mark]:
        """What may be in the values a step refers to, and in what it remembers of the conversation."""
        uses = self.steps[step].binding.uses
        told = joined(self.label_of(use.reference.root, use.reference.keys) for use in uses)
        return joined([told, self.variables.get(SAID, {})]) if step in self.remember else told

    def said(self, label: Label) -> None:
        """Somebody says this in the conversation; a later message may remember it."""
        if self.remember or self.chats:
            self.variables[SAID] = joined([self.variables.get(SAID, {}), label])

    def label_of(self, root: str, keys: tuple[str, ...]) -> Label:
        """What may be in the value of a reference."""
        if root == VARIABLES:
            return self.variables.get(keys[0], {}) if keys else {}
        carried = self.variables.get(f"{root}.{keys[0]}", {}) if keys else {}
        if root == CONVERSATION:
            return carried
        if root == RUN:
            return {}
        outputs = self.labels.get(root, {})
        if carried:  # a variable of a loop: what it began with, and what steps inside gave it
            return joined([carried, *outputs.values()])
        if keys and keys[0] in outputs:
            return outputs[keys[0]]
        return joined(outputs.values())

    def handed_on(self, step: str) -> dict[str, Label]:
        """What may be in each output of a step."""
        checked = self.steps[step]
        if self.given is not None and checked.type == START:
            return {name: self.given.get(name, {}) for name in checked.outputs}
        if checked.called is not None:
            return self.handed_back(step)
        taken = self.read(step)
        if checked.type in (FINISH, ANSWER):
            self.said(taken)
        worked = [name for _, name in worked_on(checked) if name]
        for name in worked:
            self.variables[name] = joined([self.variables.get(name, {}), taken])
        taken = joined([taken, *(self.variables[name] for name in worked)])
        draws = [each for each in self.touches[step].draws if each.kind != "conversation"]
        drawn = [(draw, {self.source(step, draw): self.mark(draw)}) for draw in draws]
        found: dict[str, Label] = {}
        for name in checked.outputs:
            own = [label for draw, label in drawn if draw.output in ("", name)]
            label = joined([taken, *own])
            if name in ERROR_OUTPUTS:  # nothing is taken away from what a failure says
                found[name] = self.failing(step)
                continue
            for lowering in self.touches[step].lowers:
                if not lowering.outputs or name in lowering.outputs:
                    care = self.facts.care.get(lowering.by, NO_CARE)
                    label = {source: lowered(mark, lowering, care) for source, mark in label.items()}
            found[name] = label
        if checked.type == START:
            self.said(found.get(MESSAGE, {}))
        return found

    def handed_back(self, step: str) -> dict[str, Label]:
        """What may be in what a called workflow hands back."""
        checked = self.steps[step]
        given: dict[str, list[Label]] = {}
        for use in checked.binding.uses:
            if use.path[0] == "inputs" and isinstance(number := use.path[1], int):
                name = checked.settings["inputs"][number].get("name", "")
                given.setdefault(name, []).append(self.label_of(use.reference.root, use.reference.keys))
        gets = {name: joined(labels) for name, labels in given.items()}
        inside = self.called.get(step)
        if inside is None or inside.given != gets:
            called = checked.called
            if inside is None:
                inside = _Follower(called.document, called.steps, called.ways, self.facts, given=gets, caller=self)
            inside.given = gets  # it only grows, and so does what is known in there
            self.called[step] = inside
            inside.settle()
        ends = [each for each in inside.ways.order if inside.steps[each].type in (FINISH, ANSWER)]
        back = joined([self.read(step), *(inside.read(each) for each in ends)])
        failing = self.failing(step) if ERROR_OUTPUTS.keys() & checked.outputs.keys() else {}
        return {name: failing if name in ERROR_OUTPUTS else back for name in checked.outputs}

    def failing(self, step: str) -> dict[Source, Mark]:
        """What the words of a step that fails may hold: all it was given and draws on, and of a container or a workflow
        that is called everything in there."""
        if step in self.called:
            return joined([self.read(step), self.called[step].whatever_failed()])
        inner = [each for each, checked in self.steps.items() if checked.inside == step]
        draws = [each for each in self.touches[step].draws if each.kind != "conversation"]
        own = [{self.source(step, draw): self.mark(draw)} for draw in draws]
        return joined([self.read(step), *own, *(self.failing(each) for each in inner)])

    def whatever_failed(self) -> dict[Source, Mark]:
        """What the words of a failure may hold: all that is read, drawn on and handed on anywhere in a run. Which step
        fails, and what it says then, nobody knows before."""
        found: list[Label] = [*self.variables.values(), *(each.whatever_failed() for each in self.called.values())]
        for step in self.ways.order:
            found += [self.read(step), *self.labels[step].values()]
            for draw in self.touches[step].draws:
                if draw.kind != "conversation" and not (draw.kind == "input" and self.given is not None):
                    found.append({self.source(step, draw): self.mark(draw)})
        return joined(found)

    def after_failure(self, on_error: Checked) -> Iterable[Crossing]:
        """Everything that goes somewhere in the error workflow."""
        called = on_error.called
        meaning = called.document.meaning
        audience = {"audience_class": self.document.meaning.run.audience_class}
        run = meaning.run.model_copy(update=audience)
        document = called.document.model_copy(update={"meaning": meaning.model_copy(update={"run": run})})
        inside = _Follower(
            document, called.steps, called.ways, self.facts, given={MESSAGE: self.whatever_failed()}, caller=self,
            ends=True,
        )  # fmt: skip
        inside.settle()
        for each in inside.crossings():
            yield replace(each, step="", edge=None, sentence=f"When a run fails: {each.sentence}")

    def source(self, step: str, draw: Draw) -> Source:
        return Source(draw.kind, draw.name, step)

    def mark(self, draw: Draw) -> Mark:
        """How confidential a source is. One nobody knows is as confidential as can be: a gap opens nothing."""
        if draw.kind == "input":
            return Mark(draw.data_class or DataClass.INTERNAL, draw.tags)
        known = (self.facts.bases if draw.kind == "base" else self.facts.hosts).get(draw.name)
        if known is None:
            return Mark(draw.data_class or DataClass.RESTRICTED, draw.tags)
        return Mark(draw.data_class or known.data_class, draw.tags | known.tags)

    def place(self, reach: Reach) -> Place | None:
        """A sink as the platform knows it."""
        match reach.kind:
            case "model":
                return self.facts.models.get(reach.name)
            case "host":
                return self.facts.hosts.get(reach.name)
            case "people":
                return Place(DataClass.RESTRICTED, reach.name or "whoever is asked")
            case "audience":
                return Place(DataClass(self.document.meaning.run.audience_class), "whoever gets the result")

    def crossings(self) -> Iterable[Crossing]:
        """Everything that goes somewhere, step by step in reading order."""
        for step in self.ways.order:
            if step in self.called and self.ways.reached(step):
                for each in self.called[step].crossings():
                    sentence = f"In “{self.steps[step].title}”: {each.sentence}"
                    yield replace(each, step=step, edge=self.edge(each.source, step), sentence=sentence)
            reaches = self.touches[step].reaches if self.ways.reached(step) else ()
            if self.caller is not None and not self.ends:  # what a called workflow hands back goes to whoever called it
                reaches = [each for each in reaches if each.kind != "audience"]
            if not reaches:
                continue
            label = self.read(step)
            for reach in reaches:
                place = self.place(reach)
                for source, mark in label.items():
                    yield self.crossing(step, reach, place, source, mark)

    def crossing(self, step: str, reach: Reach, place: Place | None, source: Source, mark: Mark) -> Crossing:
        allowed = place is not None and place.data_class.covers(mark.data_class)
        title = (place and place.title) or reach.name or "a place that is not written out"
        clearance = place.data_class if place else None
        cleared = f"cleared for {clearance}" if clearance else "nobody has said what may go there"
        told = self.told(source)
        sentence = (
            f"{mark.data_class.label} {about(mark.tags)}{noun(source)} from {told} "
            f"{'goes' if allowed else 'would reach'} {'to ' if allowed else ''}{title} ({cleared})."
        )
        return Crossing(
            source, told, mark.data_class, mark.tags, reach.kind, reach.name, title, clearance,
            bool(place is None or place.outside), allowed, step, self.edge(source, step), sentence,
        )  # fmt: skip

    def told(self, source: Source) -> str:
        """What people call a source."""
        if source.kind == "input" and source.step not in self.steps and self.caller is not None:
            return self.caller.told(source)
        if source.kind == "input":
            words = self.document.words.steps.get(source.step)
            label = words.labels.get(source.name) if words else None
            return (label and label.label) or f"“{source.name}”"
        known = (self.facts.bases if source.kind == "base" else self.facts.hosts).get(source.name)
        return (known and known.title) or source.name

    def edge(self, source: Source, step: str) -> Edge | None:
        """The connection into a step on which a source comes: along the references to the step that hands it over,
        then the last connection on the shortest way from there."""
        givers = [
            use.reference.root
            for use in self.steps[step].binding.uses
            if source in self.label_of(use.reference.root, use.reference.keys)
        ]
        into = self.ways.into[step]
        for giver in [*givers, source.step]:
            if giver not in self.steps:
                continue
            for edge in into:
                if edge.step == giver:
                    return edge
            near = self._nearest(giver, {edge.step for edge in into})
            if near:
                return next(edge for edge in into if edge.step == near)
        return into[0] if into else None

    def _nearest(self, start: str, wanted: set[str]) -> str:
        """The first of some steps met on the ways from another."""
        after, seen, waiting = self.ways.after(), {start}, deque([start])
        while waiting:
            here = waiting.popleft()
            if here in wanted:
                return here
            for each in after.get(here, ()):
                if each not in seen:
                    seen.add(each)
                    waiting.append(each)
        return ""
