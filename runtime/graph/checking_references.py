"""Checking references: each names a value that is there, of a fitting kind, of a step that was done before."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import combinations, islice
from typing import Any, cast

from pydantic import BaseModel

from nodes.sdk import ANY, LIST, NUMBER, OBJECT, TEXT, YES_NO, Control, Dynamic, Kind, Node, Shape, shape_of
from runtime.graph.binding import Path, Use
from runtime.graph.checking_edges import Ways
from runtime.graph.checking_steps import Checked, enclosing
from runtime.graph.document import CONVERSATION, FIRST_AVAILABLE, ROOTS, RUN, START, VARIABLES, Meaning, Variable
from runtime.graph.filters import FILTERS, shape_after
from runtime.graph.naming import called, models_in, shown
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
RUN_VALUES = {"id": TEXT, "started": Shape(kind=Kind.DATE), "user": TEXT, "conversation": TEXT, "turn": NUMBER}
"""what a run knows of itself: `user` is always the same for the same person and says nothing else; of a message in a
chat `conversation` is its conversation and `turn` its number, else nothing and 1"""


def check_references(steps: Mapping[str, Checked], ways: Ways, meaning: Meaning) -> list[Problem]:
    """All that is wrong with what steps refer to."""
    problems = [*_kinds(meaning.variables, "run"), *_kinds(meaning.conversation, "conversation")]
    for step in ways.order:
        finder = _Finder(steps[step], steps, ways, meaning, problems)
        for use in steps[step].binding.uses:
            finder.check(use)
        for path, reference in steps[step].binding.misplaced:
            finder.misplaced(path, reference)
        for path, name in worked_on(steps[step]):
            if name:
                finder.settable(path, name)
    return problems + _races(steps, ways)


def worked_on(checked: Checked) -> list[tuple[Path, str]]:
    """The variables a step sets, with the setting that names each, also in rows; as the setting names them."""
    return list(_chosen(checked.node, checked.settings, ())) if checked.node else []


def _chosen(model: type[BaseModel], settings: Mapping[str, Any], place: Path) -> Iterator[tuple[Path, str]]:
    for name, info in model.model_fields.items():
        key = info.alias or name
        value = settings.get(key)
        if shown(info).get("control") == Control.VARIABLE:
            if isinstance(value, str):
                yield (*place, key), value
            continue
        for inner in models_in(info.annotation) if isinstance(value, list) else ():
            for number, row in enumerate(cast("list[Any]", value)):
                if isinstance(row, dict):
                    yield from _chosen(inner, cast("dict[str, Any]", row), (*place, key, number))


def variables_of(checked: Checked) -> tuple[str, ...]:
    """The variables a step refers to or sets, as `x`, `conversation.x` or `loop.x`."""
    uses = [use.reference for use in checked.binding.uses if use.reference.keys and not checked.is_inside(use.path)]
    read = [each.keys[0] for each in uses if each.root == VARIABLES]
    read += [f"{CONVERSATION}.{each.keys[0]}" for each in uses if each.root == CONVERSATION]
    return tuple(dict.fromkeys([*read, *(name for _, name in worked_on(checked))]))


def _kinds(variables: Mapping[str, Variable], what: str) -> Iterable[Problem]:
    for name, variable in variables.items():
        if variable.kind not in KINDS:
            hint = did_you_mean(variable.kind, KINDS) or f"There are {listed(KINDS)}."
            sentence = f"The {what} variable “{name}” is of the unknown kind “{variable.kind}”."
            yield Problem("unknown_kind", sentence, hint)


class _Finder:
    """Follows the references of one step."""

    def __init__(
        self,
        checked: Checked,
        steps: Mapping[str, Checked],
        ways: Ways,
        meaning: Meaning,
        problems: list[Problem],
    ) -> None:
        self.mine, self.steps, self.ways, self.problems = checked, steps, ways, problems
        self.stores = {VARIABLES: meaning.variables, CONVERSATION: meaning.conversation}
        self.around = enclosing(steps, checked.id)

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
            if reference.root in self.steps or reference.root in ROOTS:
                names = self.names_at(reference.root)
                hint = f"Write one of its values behind a dot: {listed(names, 'or')}." if names else ""
                self.note("incomplete_reference", path, f"{reference.written} names none of the values of it", hint)
            else:
                self.unknown(use)
            return None
        match reference.root:
            case "variables" | "conversation":
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
        if root in self.stores:
            return list(self.stores[root])
        return list(RUN_VALUES) if root == RUN else list(self.handed_on(root))

    def handed_on(self, step: str, path: Path = ()) -> Mapping[str, Shape]:
        """What this step, or its setting at a path, may refer to of another one."""
        inside = step in self.around or (step == self.mine.id and self.mine.is_inside(path))
        return self.steps[step].inner if inside else self.steps[step].outputs

    def settable(self, path: Path, name: str) -> None:
        """Whether there is a variable to set: `x`, `conversation.x`, or `loop.x` of a loop around this step."""
        root, dot, inner = name.partition(".")
        if not dot:
            known, what, noun = self.stores[VARIABLES], root, "run variable"
        elif root == CONVERSATION:
            known, what, noun = self.stores[CONVERSATION], inner, "conversation variable"
        elif root in self.around and (node := self.steps[root].node) and node.container == "repeat":
            known, what, noun = self.steps[root].outputs, inner, f"variable of “{self.steps[root].title}”"
        else:
            self.note("unknown_variable", path, f"“{name}” is no variable this step can set",
                      "Choose a variable of the run, of the conversation, or of a loop around this step.")  # fmt: skip
            return
        if what not in known:
            self.note("unknown_variable", path, f"there is no {noun} “{what}”",
                      did_you_mean(what, known) or "Declare it first.")  # fmt: skip

    def unknown(self, use: Use) -> None:
        """A root nobody knows: an id that was misspelt, or a title in its place."""
        root = use.reference.root
        known = self.steps if len(self.problems) < MOST_HINTS else ()
        earlier = [each for each in known if self.ways.comes_before(each, self.mine.id) and each != self.mine.id]
        titles = {self.steps[each].title: each for each in earlier}
        near = meant(
            root, [*earlier, VARIABLES, RUN, *([CONVERSATION] if self.stores[CONVERSATION] else [])]
        ) or titles.get(meant(root, titles), "")
        hint = f"Did you mean “{near}”?" if near else "Pick a value from the list instead."
        self.note("unknown_reference", use.path, f"{use.reference.written} names a step that does not exist", hint)

    def variable(self, use: Use) -> Shape | None:
        name, *keys = use.reference.keys
        known, noun = self.stores[use.reference.root], "run" if use.reference.root == VARIABLES else "conversation"
        if name not in known:
            hint = did_you_mean(name, known) or "Declare it first."
            self.note("unknown_variable", use.path, f"there is no {noun} variable “{name}”", hint)
            return None
        return self.inside(use, KINDS.get(known[name].kind, ANY), tuple(keys), f"The variable “{name}”")

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
        if not ways.reached(mine.id) or root in self.around:
            return True
        looks_inside = mine.is_inside(use.path)
        if looks_inside and (root == mine.id or self.steps[root].inside == mine.id):
            if root != mine.id and not (use.reference.covered or self.always(root)):
                self.may_be_missing(use, other)
            return True
        if (hidden := self.hidden_in(root)) and root != mine.id:
            hint = f"Refer to what “{hidden}” hands on, or move “{mine.title}” into it."
            self.note("not_before", use.path, f"“{other}” lies inside “{hidden}”", hint)
            return False
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
                self.may_be_missing(use, other)
            return True
        return False

    def may_be_missing(self, use: Use, other: str) -> None:
        """Warn of a step that may have been skipped."""
        hint = 'Use a “First available” step, or write | default("…") in the reference.'
        what = f"“{other}” may have been skipped, and then {use.reference.written} is empty"
        self.note("may_be_missing", use.path, what, hint, warning=True)

    def always(self, step: str) -> bool:
        """Whether a step inside this container is done whenever the inside is."""
        entries = self.ways.bodies.get(self.mine.id, ())
        return any(self.ways.follows[each] >> self.ways.at[step] & 1 for each in entries)

    def hidden_in(self, step: str) -> str:
        """The title of a container around a step that is not around this one; empty where there is none."""
        hidden = [each for each in enclosing(self.steps, step) if each not in self.around]
        return self.steps[hidden[-1]].title if hidden else ""

    def output(self, use: Use) -> Shape | None:
        other, (name, *keys) = self.steps[use.reference.root], use.reference.keys
        outputs = self.handed_on(use.reference.root, use.path)
        if name in outputs:
            return self.inside(use, outputs[name], tuple(keys), f"“{name}” of “{other.title}”")
        if other.node is None or not other.sure:
            return None
        hint = did_you_mean(name, outputs)
        if not hint:
            has = f"It hands on {listed(outputs)}." if outputs else "It hands on nothing."
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
        if reference.root in self.steps or reference.root in ROOTS:
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
    return [*found.values(), *_races_of_items(steps, writers)]


def _races_of_items(steps: Mapping[str, Checked], writers: Mapping[str, set[str]]) -> Iterable[Problem]:
    """Steps inside a for-each that works on several items at once, and set a variable all of them share."""
    for step, names in writers.items():
        around = enclosing(steps, step)
        wide = next((each for each in around if getattr(steps[each].shown, "parallel", 1) > 1), "")
        within = around[: around.index(wide)] if wide else []
        for name in names if wide else ():
            if name.partition(".")[0] not in within:
                sentence = (
                    f"“{steps[step].title}” sets “{name}” for several items of “{steps[wide].title}” at once: each "
                    "works on its own copy, and the last item's value is what remains."
                )
                hint = f"Let “{steps[wide].title}” work on one at a time, or hand on the result of each item."
                yield Problem("variable_race", sentence, hint, "warning", step)
