"""What a document means, as plainly as it can be said: one step after the other, no plan, no engine, no clock.

Where a page leaves a rule open, this is the rule:

- A step waits until every step that leads to it is done or skipped; it is skipped when none of them chose the way to
  it. Steps of a body that nothing leads to are where it begins. What was skipped is null.
- An item of a for-each works on a copy of all variables, those of loops around it included. With one at a time an item
  begins with what the items before it left; with several at once every item begins with what was there when the
  for-each began, and what they changed is written in item order at its end. What a failed item changed is forgotten.
- Rounds of a loop share its variables and those of the run; nothing else goes from round to round. `until` reads the
  round that was just done; before the first it does not end the loop where it asks for a step inside. A round that was
  left counts as done; so does what was changed in it, in items too.
- A step that fails changes no variable. It is tried again whatever it failed of.
- A for-each whose item fails under `stop`, or a loop whose round fails, fails like any step: its `on_failure` decides.
- The texts of all answers that ran are the run's `answer`, those of failed items too; without any there is none.

A body that fails may have side branches, and chance decides how far they come. So every line says whether it is `sure`;
the others may have happened. Documents are drawn so that nothing else is left to chance.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import count
from typing import Any, NamedTuple

from tests.differential.values import Failed, Roots, asks_for, canonical, changed, fill, hold

OUTSIDE = ("variables", "conversation")
"""variables of the run, and of the conversation: no matter here, where there is one message"""
CHANGED = "#changed"
"""beside the roots of references: which variables were changed in this item, in order"""


class Line(NamedTuple):
    """Something that happened: a step was done, failed or is tried again, or an item came to its end."""

    kind: str
    step: str
    path: str
    exit: str
    value: str
    """as canonical JSON; null where nobody promises it word for word"""


@dataclass
class Happened:
    line: Line
    step: Mapping[str, Any]
    """as the document has it"""
    sure: bool = True


@dataclass
class Outcome:
    status: str
    outputs: dict[str, Any]
    happened: list[Happened]
    culprits: set[str]
    """the steps that may be named as the one the run failed at"""


class Left(Exception):
    """The nearest loop ends."""


def interpret(
    meaning: Mapping[str, Any], inputs: Mapping[str, Any], library: Mapping[str, Any] | None = None
) -> Outcome:
    """What a run of a document comes to; `library` has the meanings of those it calls."""
    run = _Run(meaning, inputs, library or {})
    try:
        outputs = run.whole("")
    except Failed as error:
        return Outcome("failed", {}, run.happened, error.culprits)
    return Outcome("partly_succeeded" if run.handled else "succeeded", outputs, run.happened, set())


@dataclass
class _Run:
    meaning: Mapping[str, Any]
    inputs: Mapping[str, Any]
    library: Mapping[str, Any]
    happened: list[Happened] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    handled: bool = False

    def note(self, kind: str, step: str, path: str, exit_id: str, value: Any = None) -> None:
        line = Line(kind, step, path, exit_id, canonical(value))
        self.happened.append(Happened(line, self.meaning["steps"][step]))

    def unsure(self, spans: Iterable[range]) -> None:
        for span in spans:
            for at in span:
                self.happened[at].sure = False

    def whole(self, path: str) -> dict[str, Any]:
        """All of it, and what it hands back."""
        roots: Roots = {CHANGED: []}
        for root in OUTSIDE:
            roots[root] = {name: each["start"] for name, each in self.meaning.get(root, {}).items()}
        self.body("", path, roots)
        outputs: dict[str, Any] = {"answer": "".join(self.said)} if self.said else {}
        for step, each in self.meaning["steps"].items():
            if each["type"] == "flow.finish":
                outputs |= roots.get(step, {})
        return outputs

    def body(self, inside: str, path: str, roots: Roots) -> None:
        """All steps that lie directly in a container (or in none), once; `roots` gains what they hand on."""
        steps = [step for step, each in self.meaning["steps"].items() if each.get("inside", "") == inside]
        into = {to: [each["from"] for each in self.meaning["edges"] if each["to"] == to] for to in steps}
        into = {to: [(step, way or "done") for step, _, way in (each.partition(".") for each in those)]
                for to, those in into.items()}  # fmt: skip
        left: dict[str, str | None] = {}
        failed: dict[str, Failed] = {}
        spans: dict[str, range] = {}

        def ready(step: str) -> bool:
            return step not in left and step not in failed and all(before in left for before, _ in into[step])

        while (step := next(filter(ready, steps), None)) is not None:
            if into[step] and not any(left[before] == way for before, way in into[step]):
                left[step] = None
                continue
            begin = len(self.happened)
            try:
                left[step], roots[step] = self.step(step, path, roots)
            except Failed as error:
                failed[step] = error
            spans[step] = range(begin, len(self.happened))
            if self.meaning["steps"][step]["type"] == "flow.leave_loop":
                raise Left
        if failed:
            sure = set.intersection(*(_before(step, into) for step in failed)) | (
                set(failed) if len(failed) == 1 else set()
            )
            self.unsure(span for step, span in spans.items() if step not in sure)
            first = next(iter(failed.values()))
            raise Failed(first.code, first.message, failed)

    def step(self, step: str, path: str, roots: Roots) -> tuple[str, dict[str, Any]]:
        """The exit and the output of one step, after all its tries."""
        care = self.meaning["steps"][step].get("on_failure", {})
        for attempt in count():
            try:
                exit_id, output = self.work(step, path, roots, attempt)
            except Failed as error:
                if attempt < care.get("retries", 0):
                    self.note("retry", step, path, "")
                    continue
                return self.recovered(step, path, care, error)
            self.note("done", step, path, exit_id, output)
            return exit_id, output
        raise AssertionError("it is tried until it is done or has failed")

    def recovered(self, step: str, path: str, care: Mapping[str, Any], error: Failed) -> tuple[str, dict[str, Any]]:
        """What becomes of a failed step."""
        told = {"error_code": error.code, "error_message": error.message}
        then = care.get("then", "stop")
        if then == "stop":
            self.note("failed", step, path, "error", False)
            raise error
        exit_id, output = ("done", care["fallback"] | told) if then == "fallback" else ("error", told)
        self.handled = True
        self.note("failed", step, path, exit_id, True)
        return exit_id, output

    def work(self, step: str, path: str, roots: Roots, attempt: int) -> tuple[str, dict[str, Any]]:
        """One try of a step."""
        told = self.meaning["steps"][step]
        given = told.get("settings", {})
        match told["type"]:
            case "flow.each":
                return "done", self.each(step, path, roots, given)
            case "flow.repeat":
                return "done", self.repeat(step, path, roots, given)
            case "flow.call":
                return "done", self.call(step, _under(path, step), roots, given)
            case "test.work" | "test.slow":
                return "done", self.told(given, roots, attempt)
            case "flow.branch":
                taken = next(
                    (each["id"] for each in given["cases"] if hold(each["conditions"], each["match"], roots)), "else"
                )
                return taken, {"result": taken != "else", "selected_case_id": taken}
            case kind:
                return "done", self.simple(kind, given, roots)

    def simple(self, kind: str, given: Mapping[str, Any], roots: Roots) -> dict[str, Any]:
        """What a step hands on that goes one way only."""
        match kind:
            case "flow.start":
                return dict(self.inputs)
            case "flow.leave_loop":
                return {}
            case "flow.set_value":
                return self.set_value(given, roots)
            case "flow.first_available":
                values = (fill(each, roots) for each in given["values"])
                return {"output": next((each for each in values if each is not None), None)}
            case "flow.answer":
                self.said.append(fill(given["text"], roots, text=True))
                return {"text": self.said[-1]}
            case "flow.finish":
                return {each["name"]: fill(each["value"], roots) for each in given["outputs"]}
        raise NotImplementedError(kind)

    def told(self, given: Mapping[str, Any], roots: Roots, attempt: int) -> dict[str, Any]:
        """A step that fails where it is told to."""
        value = fill(given["value"], roots)
        if given.get("hangs"):
            raise Failed("timed_out")
        if attempt < given.get("fails_first", 0) or canonical(value) in map(canonical, given["fails_on"]):
            raise Failed("told", "It was told to fail.")
        return {"value": value}

    def set_value(self, given: Mapping[str, Any], roots: Roots) -> dict[str, Any]:
        """Changes in order, each sees those before; all of them or none."""
        new: dict[tuple[str, str], Any] = {}
        last: Any = None
        for each in given["changes"]:
            root, _, name = each["variable"].rpartition(".")
            place = root or "variables", name
            old = new.get(place, roots[place[0]][name])
            last = new[place] = changed(old, each["operation"], fill(each.get("value"), roots))
        for place, value in new.items():
            _put(roots, place, value)
        return {"output": last}

    def call(self, step: str, path: str, roots: Roots, given: Mapping[str, Any]) -> dict[str, Any]:
        """Another document, with nothing in sight but its inputs."""
        inputs = {each["name"]: fill(each["value"], roots) for each in given["inputs"]}
        if inputs["count"] is None:
            raise Failed("bad_input")
        run = _Run(self.library[given["workflow"]["content"]], inputs, self.library, self.happened)
        try:
            outputs = run.whole(path)
        except Failed:
            self.note("item", step, path, "failed")
            raise
        finally:
            self.handled = self.handled or run.handled
        self.note("item", step, path, "done", outputs)
        return outputs

    def each(self, step: str, path: str, roots: Roots, given: Mapping[str, Any]) -> dict[str, Any]:
        """A body for every entry."""
        items, policy, at_once = _entries(fill(given["items"], roots)), given["on_error"], given["parallel"]
        results: list[Any] = []
        failed: dict[int, Failed] = {}
        ended: list[Roots] = []
        spans: list[range] = []
        for index, item in enumerate(items):
            begin, inner = len(self.happened), self.copied(roots) | {step: {"item": item, "index": index}, CHANGED: []}
            try:
                results.append(self.item(step, _under(path, f"{step}[{index}]"), inner, given["result"]))
            except Failed as error:
                failed[index] = error
                results += [None] if policy == "null" else []
            except Left:
                _merge(inner, roots)
                raise
            else:
                ended.append(inner)
            spans.append(range(begin, len(self.happened)))
            if at_once == 1:
                if failed and policy == "stop":
                    break
                while ended:
                    _merge(ended.pop(), roots)
        if failed and policy == "stop":
            others = (span for index, span in enumerate(spans) if len(failed) > 1 or index not in failed)
            self.unsure(others if at_once > 1 else ())
            raise next(iter(failed.values()))
        for inner in ended:
            _merge(inner, roots)
        self.handled = self.handled or bool(failed)
        return {"output": _flat(results) if given["flatten"] else results, "failed": len(failed)}

    def item(self, step: str, path: str, inner: Roots, result: Any) -> Any:
        """One entry, and what it comes to."""
        try:
            self.body(step, path, inner)
        except Failed:
            self.note("item", step, path, "failed")
            raise
        found = fill(result, inner)
        self.note("item", step, path, "done", found)
        return found

    def copied(self, roots: Roots) -> Roots:
        """The same values, variables apart."""
        kept = {*OUTSIDE, *(step for step, each in self.meaning["steps"].items() if each["type"] == "flow.repeat")}
        return {root: dict(value) if root in kept else value for root, value in roots.items()}

    def repeat(self, step: str, path: str, roots: Roots, given: Mapping[str, Any]) -> dict[str, Any]:
        """A body again and again."""
        kept = {each["name"]: fill(each["start"], roots) for each in given["variables"]} | {"round": 0}
        inside = [each for each, told in self.meaning["steps"].items() if told.get("inside") == step]
        over = not asks_for(given["until"], inside) and self.over(given, roots | {step: kept})
        while not over and kept["round"] < given["most"]:
            inner, here = roots | {step: kept}, _under(path, f"{step}[{kept['round']}]")
            try:
                self.body(step, here, inner)
                kept["round"] += 1
                over = self.over(given, inner)
            except Left:
                kept["round"] += 1
                over = True
            except Failed:
                self.note("item", step, here, "failed")
                raise
            self.note("item", step, here, "left" if over else "done")
        return kept

    def over(self, given: Mapping[str, Any], roots: Roots) -> bool:
        """Whether the conditions end a loop."""
        return bool(given["until"]) and hold(given["until"], given["match"], roots)


def _entries(items: Any) -> list[Any]:
    if items is None or items == "":
        return []
    if not isinstance(items, list):
        raise Failed("not_a_list")
    return items


def _flat(results: list[Any]) -> list[Any]:
    """One list of all entries, where all are lists; what is null is left out."""
    lists = [each for each in results if each is not None]
    flat = lists and all(isinstance(each, list) for each in lists)
    return [entry for each in lists for entry in each] if flat else results


def _before(step: str, into: Mapping[str, list[tuple[str, str]]]) -> set[str]:
    return {before for each, _ in into[step] for before in {each} | _before(each, into)}


def _under(path: str, part: str) -> str:
    return f"{path}/{part}" if path else part


def _put(roots: Roots, place: tuple[str, str], value: Any) -> None:
    roots[place[0]][place[1]] = value
    roots[CHANGED].append(place)


def _merge(inner: Roots, roots: Roots) -> None:
    """What an item changed counts outside from here on."""
    for root, name in inner[CHANGED]:
        if root in roots:  # else a loop inside the item, which has ended
            _put(roots, (root, name), inner[root][name])
