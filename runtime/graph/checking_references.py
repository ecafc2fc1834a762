"""Checking references: each names a value that is there, of a fitting kind, of a step that was done before."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import combinations, islice
from typing import Any

from nodes.sdk import ANY, LIST, NUMBER, OBJECT, TEXT, YES_NO, Control, Dynamic, Kind, Node, Shape, shape_of
from runtime.graph.binding import Path, Use
from runtime.graph.checking_edges import Ways
from runtime.graph.checking_steps import Checked
from runtime.graph.document import FIRST_AVAILABLE, RUN, START, VARIABLES, Variable
from runtime.graph.filters import FILTERS, shape_after
from runtime.graph.naming import called, shown
from runtime.graph.network import Forks
from runtime.graph.problems import MOST_HINTS, Problem
from runtime.graph.references import Reference
from runtime.graph.wording import did_you_mean, listed, meant

KINDS: dict[str, Shape] = {
    "any": ANY,
    "text": TEXT,
    "number": NUMBER,
    "yes_no": YES_NO,
    "yes/no": YES_NO,
    "date": Shape(kind=Kind.DATE),
    "list": LIST,
    "object": OBJECT,
    "file": Shape(kind=Kind.FILE),
}
"""what a run variable may hold, by the word in the document"""
MOST_PAIRS = 20_000
RUN_VALUES = {"id": TEXT, "started": Shape(kind=Kind.DATE)}


def check_references(steps: Mapping[str, Checked], ways: Ways, variables: Mapping[str, Variable]) -> list[Problem]:
    """All that is wrong with what steps refer to."""
    problems = list(_kinds(variables))
    for step in ways.order:
        finder = _Finder(steps[step], steps, ways, variables, problems)
        for use in steps[step].binding.uses:
            finder.check(use)
        for path, reference in steps[step].binding.misplaced:
            finder.misplaced(path, reference)
        for path, name in worked_on(steps[step]):
            if name and name not in variables:
                finder.note("unknown_variable", path, f"there is no run variable “{name}”",
                            did_you_mean(name, variables) or "Declare it first.")  # fmt: skip
    return problems + _races(steps, ways)


def worked_on(checked: Checked) -> list[tuple[Path, str]]:
    """The run variables a step sets, with the setting that names each."""
    if checked.node is None:
        return []
    fields = {info.alias or name: info for name, info in checked.node.model_fields.items()}
    named = [name for name, info in fields.items() if shown(info).get("control") == Control.VARIABLE]
    found = [(name, checked.settings.get(name)) for name in named]
    return [((name,), value) for name, value in found if isinstance(value, str)]


def variables_of(checked: Checked) -> tuple[str, ...]:
    """The run variables a step refers to or sets."""
    read = [
        use.reference.keys[0] for use in checked.binding.uses if use.reference.root == VARIABLES and use.reference.keys
    ]
    return tuple(dict.fromkeys([*read, *(name for _, name in worked_on(checked))]))


def _kinds(variables: Mapping[str, Variable]) -> Iterable[Problem]:
    for name, variable in variables.items():
        if variable.kind not in KINDS:
            hint = did_you_mean(variable.kind, KINDS) or f"There are {listed(KINDS)}."
            yield Problem("unknown_kind", f"The run variable “{name}” is of the unknown kind “{variable.kind}”.", hint)


class _Finder:
    """Follows the references of one step."""

    def __init__(
        self,
        checked: Checked,
        steps: Mapping[str, Checked],
        ways: Ways,
        variables: Mapping[str, Variable],
        problems: list[Problem],
    ) -> None:
        self.mine, self.steps, self.ways, self.variables, self.problems = checked, steps, ways, variables, problems

    def note(self, code: str, path: Path, what: str, hint: str, *, warning: bool = False) -> None:
        """Note a problem in a setting; `what` goes on after its name and a colon."""
        node: type[Node] | None = self.mine.node
        name = called(node, path) if node else f"“{path[-1]}”"
        sentence = f"{name} of “{self.mine.title}”: {what}."
        place = ".".join(str(each) for each in path)
        self.problems.append(Problem(code, sentence, hint, "warning" if warning else "error", self.mine.id, place))

    def check(self, use: Use) -> None:
        """Everything about one reference."""
        reference, path = use.reference, use.path
        if not reference.keys:
            if reference.root in self.steps or reference.root in (VARIABLES, RUN):
                names = self.names_at(reference.root)
                hint = f"Write one of its values behind a dot: {listed(names, 'or')}." if names else ""
                self.note("incomplete_reference", path, f"{reference.written} names none of the values of it", hint)
            else:
                self.unknown(use)
            return None
        match reference.root:
            case "variables":
                shape = self.variable(use)
            case "run":
                shape = self.of_run(use)
            case root if root in self.steps:
                shape = self.output(use) if self.order(use) else None
            case _:
                return self.unknown(use)
        if shape:
            self.kind(use, shape)
        return None

    def names_at(self, root: str) -> list[str]:
        """What may stand behind a root."""
        if root == VARIABLES:
            return list(self.variables)
        return list(RUN_VALUES) if root == RUN else list(self.steps[root].outputs)

    def unknown(self, use: Use) -> None:
        """A root nobody knows: an id that was misspelt, or a title in its place."""
        root = use.reference.root
        known = self.steps if len(self.problems) < MOST_HINTS else ()
        earlier = [each for each in known if self.ways.comes_before(each, self.mine.id) and each != self.mine.id]
        titles = {self.steps[each].title: each for each in earlier}
        near = meant(root, [*earlier, VARIABLES, RUN]) or titles.get(meant(root, titles), "")
        hint = f"Did you mean “{near}”?" if near else "Pick a value from the list instead."
        self.note("unknown_reference", use.path, f"{use.reference.written} names a step that does not exist", hint)

    def variable(self, use: Use) -> Shape | None:
        name, *keys = use.reference.keys
        if name not in self.variables:
            hint = did_you_mean(name, self.variables) or "Declare it first."
            self.note("unknown_variable", use.path, f"there is no run variable “{name}”", hint)
            return None
        return self.inside(use, KINDS.get(self.variables[name].kind, ANY), tuple(keys), f"The variable “{name}”")

    def of_run(self, use: Use) -> Shape | None:
        name, *keys = use.reference.keys
        if name not in RUN_VALUES:
            hint = f"There are {listed(f'run.{each}' for each in RUN_VALUES)}."
            self.note("unknown_output", use.path, f"a run has no “{name}”", hint)
            return None
        return self.inside(use, RUN_VALUES[name], tuple(keys), f"“run.{name}”")

    def order(self, use: Use) -> bool:
        """Whether the step comes before this one; a warning where it may have been skipped."""
        root, ways, mine = use.reference.root, self.ways, self.mine
        other, written = self.steps[root].title, use.reference.written
        if not ways.reached(mine.id):
            return True
        if root == mine.id:
            self.note("not_before", use.path, f"{written} is the result of this very step", "Refer to an earlier step.")
        elif not ways.comes_before(root, mine.id):
            later = ways.reached(root) and ways.comes_before(mine.id, root)
            what = "comes only after this step" if later else "is on another way, which does not lead here"
            hint = "Refer to an earlier step." if later else f"Connect “{other}” so that it leads to “{mine.title}”."
            self.note("not_before", use.path, f"“{other}” {what}", hint)
        else:
            covered = use.reference.covered or mine.type == FIRST_AVAILABLE
            if not (covered or ways.is_sure(root, mine.id)):
                hint = 'Use a “First available” step, or write | default("…") in the reference.'
                what = f"“{other}” may have been skipped, and then {written} is empty"
                self.note("may_be_missing", use.path, what, hint, warning=True)
            return True
        return False

    def output(self, use: Use) -> Shape | None:
        other, (name, *keys) = self.steps[use.reference.root], use.reference.keys
        if name in other.outputs:
            return self.inside(use, other.outputs[name], tuple(keys), f"“{name}” of “{other.title}”")
        if other.node is None or not other.sure:
            return None
        hint = did_you_mean(name, other.outputs)
        if not hint:
            has = f"It hands on {listed(other.outputs)}." if other.outputs else "It hands on nothing."
            hint = f"Add it to the inputs of “{other.title}”. {has}" if other.type == START else has
        self.note("unknown_output", use.path, f"“{other.title}” hands on no “{name}”", hint)
        return None

    def inside(self, use: Use, shape: Shape, keys: tuple[str, ...], what: str) -> Shape | None:
        """The shape at keys inside another."""
        for number, key in enumerate(keys):
            found = shape.at((key,))
            if found is None:
                place = ".".join(keys[:number])
                hint = did_you_mean(key, shape.fields) or (f"It has {listed(shape.fields)}." if shape.fields else "")
                self.note("unknown_output", use.path, f"{what}{place and f' at “{place}”'} has no “{key}”", hint)
                return None
            shape = found
        return shape

    def kind(self, use: Use, shape: Shape) -> None:
        """Whether the value is of a kind that fits its filters and its place."""
        for name, _ in use.reference.filters:
            takes = FILTERS[name].takes
            if takes and shape.kind is not Kind.ANY and shape.kind not in takes:
                what = f"the filter “{name}” takes {_either(takes)}, but {use.reference.written} is {_kind(shape.kind)}"
                self.note("type_mismatch", use.path, what, "Leave the filter out, or choose another value.")
                return
            shape = shape_after(name, shape)
        if use.single and use.dynamic is Dynamic.VALUE and use.annotation is not Any:
            wanted = shape_of(use.annotation)
            if not wanted.accepts(shape):
                what = f"it takes {_kind(wanted.kind)}, but {use.reference.written} is {_kind(shape.kind)}"
                self.note("type_mismatch", use.path, what, "Choose another value.")

    def misplaced(self, path: Path, reference: Reference) -> None:
        """A reference in a setting that takes only what is typed; braces that name nothing are just text."""
        if reference.root in self.steps or reference.root in (VARIABLES, RUN):
            what = f"it takes only what is typed, so {reference.written} would stay as it is"
            self.note("no_references_here", path, what, "Type a value, or use another step to decide.")


_WORDS = {Kind.YES_NO: "yes or no", Kind.ANY: "anything", Kind.OBJECT: "an object", Kind.TEXT: "text"}


def _kind(kind: Kind) -> str:
    return _WORDS.get(kind, f"a {kind}")


def _either(kinds: Iterable[Kind]) -> str:
    return " or ".join(sorted(_kind(each) for each in kinds))


def _races(steps: Mapping[str, Checked], ways: Ways) -> list[Problem]:
    """Pairs of steps that may run side by side where one sets a variable the other uses; of very many, the first."""
    found: dict[tuple[str, str], Problem] = {}
    writers = {step: {name for _, name in worked_on(steps[step])} for step in ways.order if ways.reached(step)}
    users: dict[str, list[str]] = {}
    for step in writers:
        for name in variables_of(steps[step]):
            users.setdefault(name, []).append(step)
    start = next((each for each in ways.order if steps[each].type == START), "")
    forks: Forks | None = None
    pairs = ((name, *pair) for name, those in users.items() for pair in combinations(those, 2))
    for name, one, other in islice(pairs, MOST_PAIRS):
        writes = name in writers[one] or name in writers[other]
        if writes and not (ways.comes_before(one, other) or ways.comes_before(other, one)):
            forks = forks or Forks(start, ways.after(), ways.behind)
            if forks.part(one, other):
                continue
            sentence = (
                f"“{steps[one].title}” and “{steps[other].title}” may run at the same time, and both use the variable "
                f"“{name}”: which comes first is chance."
            )
            hint = "Put one of them after the other, or use two variables."
            found.setdefault((name, other), Problem("variable_race", sentence, hint, "warning", other))
    return list(found.values())
