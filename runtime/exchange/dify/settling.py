"""What only the whole document shows: values that may be missing where they are read, values that are no text in a
text, values that nothing hands on. Dify's rules for these are written into the references."""

from __future__ import annotations

import json
from collections.abc import Mapping
from copy import deepcopy
from typing import Any

from nodes.sdk import ANY, Dynamic, Kind, Shape
from runtime.exchange.report import Report
from runtime.graph.binding import Path, Use
from runtime.graph.checking_edges import Ways
from runtime.graph.checking_references import KINDS
from runtime.graph.checking_steps import Catalogue, Checked, enclosing
from runtime.graph.compiling import examine
from runtime.graph.document import ANSWER, CONVERSATION, ROOTS, START, VARIABLES, Document, Variable
from runtime.graph.references import Reference, escape

_NOT_THERE = frozenset({"unknown_output", "not_before", "unknown_reference", "incomplete_reference"})
_CHOSEN = frozenset({("ai.classify", "text"), ("ai.extract", "text"), ("knowledge.search", "query")})
"""texts that were chosen as one value: nothing is written into them"""
_COMPARED = {"flow.branch": "cases", "flow.repeat": "until", "data.lists": "keep"}
"""where comparisons stand"""
_NEEDED = {"flow.branch": "cases", "flow.each": "items", "data.lists": "entries", "data.read_file": "file"}
"""values without which a step of Dify fails"""
_MISSING = "missing"


def settled(document: Document, catalogue: Catalogue, report: Report, theirs: Mapping[str, str]) -> Document:
    """The document with every reference as it has to be. `theirs` are the ids the steps had."""
    found = examine(document, catalogue)
    desk = _Desk(document, *found[:2], theirs, report)
    wrong = {(each.step, each.field) for each in found[2] if each.code in _NOT_THERE}
    for checked in found[0].values():
        desk.keep_fallbacks(checked)
        for use in checked.binding.uses:
            if (checked.id, _dotted(use.path)) in wrong and not desk.is_there(checked, use):
                desk.replace(checked, use)
            elif checked.type != "" and (checked.type, use.path[0]) not in _CHOSEN and _is_text(checked, use):
                desk.finish(checked, use)
            elif use.path[0] == _NEEDED.get(checked.type) and use.path[-1] in ("left", use.path[0]):
                desk.demand(checked, use)
    return desk.document()


def _dotted(path: Path) -> str:
    return ".".join(str(each) for each in path)


def _is_text(checked: Checked, use: Use) -> bool:
    return use.dynamic is Dynamic.TEXT or not use.single or _is_compared(checked, use)


def _is_compared(checked: Checked, use: Use) -> bool:
    """Whether it is the right side of a comparison, which is a text in Dify whatever it names."""
    return use.path[0] == _COMPARED.get(checked.type) and use.path[-1] in ("right", "value")


class _Desk:
    """The document while its references are gone through."""

    def __init__(
        self, document: Document, steps: Mapping[str, Checked], ways: Ways, theirs: Mapping[str, str], report: Report
    ) -> None:
        self.old, self.steps, self.ways, self.theirs, self.report = document, steps, ways, theirs, report
        self.settings = {name: deepcopy(step.settings) for name, step in document.meaning.steps.items()}
        self.on_failure = {name: step.on_failure for name, step in document.meaning.steps.items()}
        self.variables: dict[str, Variable] = {}

    def document(self) -> Document:
        """What came of it."""
        meaning = self.old.meaning
        made = {
            name: step.model_copy(update={"settings": self.settings[name], "on_failure": self.on_failure[name]})
            for name, step in meaning.steps.items()
        }
        variables = {**meaning.variables, **self.variables}
        changed = meaning.model_copy(update={"steps": made, "variables": variables})
        return self.old.model_copy(update={"meaning": changed})

    def keep_fallbacks(self, checked: Checked) -> None:
        """Takes out what would be handed on in place of values that the step never hands on."""
        given = self.on_failure[checked.id].fallback
        kept = {name: each for name, each in given.items() if name in checked.outputs}
        if kept != given:
            self.on_failure[checked.id] = self.on_failure[checked.id].model_copy(update={"fallback": kept})
            names = ", ".join(f"“{name[:60]}”" for name in given if name not in kept)
            sentence = f"“{checked.title}” was to hand on {names[:200]} when it fails, which it never hands on."
            self.report.note("setting_left_out", sentence, step=checked.id, field="on_failure")

    def is_there(self, checked: Checked, use: Use) -> bool:
        """Whether the value a reference names is handed on before the step it stands in."""
        root = use.reference.root
        if root in ROOTS:
            return True
        if root not in self.steps or self.shape(checked, use) is None:
            return False
        around = enclosing(self.steps, checked.id)
        if root in around or (checked.is_inside(use.path) and self.steps[root].inside == checked.id):
            return True
        hidden = [each for each in enclosing(self.steps, root) if each not in around]
        return not hidden and root != checked.id and self.ways.comes_before(root, checked.id)

    def shape(self, checked: Checked, use: Use) -> Shape | None:
        """What is known of the value a reference names."""
        root, (name, *keys) = use.reference.root, use.reference.keys or ("",)
        if root in (VARIABLES, CONVERSATION):
            meaning = self.old.meaning
            known = (meaning.variables if root == VARIABLES else meaning.conversation).get(name)
            return KINDS.get(known.kind, ANY).at(tuple(keys)) if known else None
        if root not in self.steps:
            return ANY if root in ROOTS else None
        inside = root in enclosing(self.steps, checked.id) or (root == checked.id and checked.is_inside(use.path))
        outputs = self.steps[root].inner if inside else self.steps[root].outputs
        return outputs[name].at(tuple(keys)) if name in outputs else None

    def replace(self, checked: Checked, use: Use) -> None:
        """Puts in what Dify puts in for a value that is not there: in a text its name, else nothing."""
        name = self.name(use.reference)
        if _is_text(checked, use) and (checked.type, use.path[0]) not in _CHOSEN:
            self.put(checked, use, escape(name))
        else:
            self.variables[_MISSING] = Variable()
            self.put(checked, use, "{{ " + f"{VARIABLES}.{_MISSING}" + " }}")
        sentence = f"“{checked.title}” reads “{name[:80]}”, which is never there by then."
        self.report.note("reference_never_there", sentence, "It was taken out, as if it were empty.", step=checked.id,
                         field=_dotted(use.path))  # fmt: skip

    def finish(self, checked: Checked, use: Use) -> None:
        """How the value is written, and what is written where its step was skipped."""
        reference, filters = use.reference, ""
        shape = self.shape(checked, use)
        if not reference.filters and shape is not None and self.is_written_otherwise(reference, shape):
            filters += " | markdown" if checked.type == ANSWER else " | python"
        if self.may_be_missing(checked, use):
            filters += f" | if_skipped({json.dumps(self.name(reference), ensure_ascii=False)})"
        if filters:
            self.add(checked, use, filters)

    def demand(self, checked: Checked, use: Use) -> None:
        """A step that cannot do without a value fails where it is not there."""
        if self.may_be_missing(checked, use):
            self.add(checked, use, " | required")

    def add(self, checked: Checked, use: Use, filters: str) -> None:
        """Writes filters behind a reference."""
        written = use.reference.written.removesuffix("}}").rstrip()
        self.put(checked, use, f"{written}{filters} }}}}")

    def is_written_otherwise(self, reference: Reference, shape: Shape) -> bool:
        """Whether Dify writes such a value in another way than a text of ours does."""
        root = self.steps.get(reference.root)
        asked = root is not None and root.type == START and shape.kind is Kind.NUMBER
        return shape.kind is not Kind.TEXT and not asked and reference.root != "run"

    def may_be_missing(self, checked: Checked, use: Use) -> bool:
        """Whether the step a reference names may not have run, or may not hand on an object with such a name."""
        reference, shape = use.reference, self.shape(checked, use)
        inner = (
            len(reference.keys) > 1 and reference.root in self.steps and shape is not None and shape.kind is Kind.ANY
        )
        return not reference.covered and (inner or self.may_be_skipped(checked, reference))

    def may_be_skipped(self, checked: Checked, reference: Reference) -> bool:
        """Whether the step a reference names may not have run."""
        root = reference.root
        return (
            root in self.steps
            and root not in enclosing(self.steps, checked.id)
            and self.ways.reached(checked.id)
            and not self.ways.is_sure(root, checked.id)
        )

    def name(self, reference: Reference) -> str:
        """A reference as Dify names it."""
        return ".".join((self.theirs.get(reference.root, reference.root), *reference.keys))

    def put(self, checked: Checked, use: Use, new: str) -> None:
        """Writes something in place of a reference."""
        around: Any = self.settings[checked.id]
        for key in use.path[:-1]:
            around = around[key]
        around[use.path[-1]] = str(around[use.path[-1]]).replace(use.reference.written, new)
