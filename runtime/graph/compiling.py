"""Compiling: a document and the catalogue of step types become a plan, or all problems at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from nodes.sdk import TEXT, Exit, Shape
from runtime.graph.binding import value_of
from runtime.graph.checking_edges import Ways, check_edges
from runtime.graph.checking_references import check_references, variables_of
from runtime.graph.checking_steps import DEEPEST, Catalogue, Checked, check_steps, inner_of, node_of
from runtime.graph.document import ANSWER, CALL, ERROR_INPUTS, FINISH, START, Document
from runtime.graph.hashing import canonical, content_hash
from runtime.graph.plan import Answering, Body, OnError, Plan, PlanStep, Scope
from runtime.graph.problems import FAILING, Problem, errors
from runtime.graph.references import parse_template
from runtime.graph.touching import Touched, touched
from runtime.graph.wording import did_you_mean, listed

Library = Callable[[str], Document | None]
"""finds a workflow that is called, by its content hash"""


def nowhere(_: str) -> None:
    """The library where there is none."""


MOST_STEPS = 10_000
"""steps a workflow may have with those of all workflows it calls, each as often as it is called"""


class Shelf:
    """A library, and what was compiled of it: a workflow that is called in many places is compiled once."""

    def __init__(self, library: Library) -> None:
        self.library = library
        self.compiled: dict[tuple[str, int], Compiled] = {}

    def __call__(self, content: str) -> Document | None:
        return self.library(content)


@dataclass(frozen=True, slots=True)
class Compiled:
    """What compiling found. Outputs and exits are known as far as each step could be understood, plan or not."""

    document: Document
    plan: Plan | None
    """None where there is an error among the problems"""
    problems: tuple[Problem, ...]
    """those of the whole workflow first, then step by step in reading order"""
    outputs: Mapping[str, Mapping[str, Shape]]
    """what each step hands on"""
    exits: Mapping[str, tuple[Exit, ...]]
    """the ways out of each step"""
    steps: Mapping[str, Checked]
    ways: Ways
    touched: Touched
    """what it names outside itself"""
    on_error: Checked | None = None
    """stands for a step that calls the error workflow, where there is one"""
    size: int = 0
    """steps, with those of all workflows it calls"""

    @property
    def waits(self) -> bool:
        """Whether a workflow it calls is not here, or cannot run: later that may be otherwise."""
        return any(each.code in ("unknown_workflow", "broken_workflow") for each in self.problems)

    @property
    def parts(self) -> dict[str, Checked]:
        """All steps, and what stands for the error workflow as if its id were empty."""
        return dict(self.steps) if self.on_error is None else {**self.steps, "": self.on_error}

    @property
    def after_failure(self) -> OnError | None:
        """What runs when a run has failed, whether or not one can begin."""
        chosen = self.document.meaning.run.error_workflow
        called: Compiled | None = self.on_error.called if self.on_error is not None else None
        if chosen is None or called is None or called.plan is None:
            return None
        return OnError(chosen.name, chosen.content, called.plan, canonical(called.document.meaning))


def compile_document(document: Document, catalogue: Catalogue, library: Library = nowhere, depth: int = 0) -> Compiled:
    """Everything that can be known of a document before it runs. Never raises for what a person drew. `depth` counts
    the workflows that call one another; none can call itself, because its hash would have to hold itself."""
    library = library if isinstance(library, Shelf) else Shelf(library)
    steps, ways, problems = examine(document, catalogue, library, depth)
    # what is called has none: it is a part of its caller's run
    on_error, wrong = error_workflow_of(document, catalogue, library) if depth == 0 else (None, ())
    problems = (*wrong, *problems)
    outputs = {step: each.outputs for step, each in steps.items()}
    exits = {step: each.exits for step, each in steps.items()}
    made = Compiled(document, None, problems, outputs, exits, steps, ways, touched(steps, on_error), on_error,
                    sum(map(_size, steps.values())))  # fmt: skip
    if errors(problems):
        return made
    return replace(made, plan=_plan(document, catalogue, steps, ways, made.after_failure))


def _size(checked: Checked) -> int:
    return 1 if checked.called is None else 1 + checked.called.size


def examine(
    document: Document, catalogue: Catalogue, library: Library = nowhere, depth: int = 0
) -> tuple[dict[str, Checked], Ways, tuple[Problem, ...]]:
    """Every step and every way, with all problems in the order people look for them."""
    meaning = document.meaning
    steps, library = check_steps(document, catalogue), library if isinstance(library, Shelf) else Shelf(library)
    size = 0
    for checked in steps.values():
        if checked.node is not None and checked.node.container == "call" and checked.sure:
            _look_up(checked, catalogue, library, depth)
        size += _size(checked)
        if checked.called is not None and size > MOST_STEPS:
            size -= checked.called.size
            checked.called, checked.sure = None, False
            checked.note("too_many_steps", f"With what “{checked.title}” calls, the workflow has more than"
                         f" {MOST_STEPS:,} steps.", "Call fewer, or smaller ones.", ("workflow",))  # fmt: skip
    ways, problems = check_edges(meaning, steps)
    problems += [problem for each in steps.values() for problem in each.problems]
    problems += check_references(steps, ways, meaning)
    at = ways.at
    problems.sort(key=lambda each: (at.get(each.step or "", -1), each.severity))
    return steps, ways, tuple(dict.fromkeys(problems))


def _look_up(checked: Checked, catalogue: Catalogue, library: Shelf, depth: int) -> None:
    """The workflow a step calls, fitted to the step."""
    node: Any = checked.shown
    if not node.workflow.content:
        return  # the step says so itself
    title, name = checked.title, node.workflow.name
    document = library(node.workflow.content) if depth < DEEPEST else None
    if document is None:
        sentence = f"“{title}” calls the workflow “{name}” in a version that is not here."
        if depth >= DEEPEST:
            sentence = f"“{title}” is the last of {DEEPEST} workflows that call one another, and calls one more."
        checked.note("unknown_workflow", sentence, "Choose the workflow again.", ("workflow",))
        checked.sure = False
        return
    called = _compiled(document, node.workflow.content, catalogue, library, depth + 1)
    if called.plan is None:
        why = errors(called.problems)[0].sentence
        checked.note("broken_workflow", f"“{title}” calls the workflow “{name}”, which cannot run: {why}",
                     "Repair it there, then choose it again.", ("workflow",))  # fmt: skip
        checked.sure = False
        return
    checked.called = called
    ends = [called.outputs[step.id] for step in called.plan.top.steps if step.type == FINISH]
    handed = {name: shape for each in ends for name, shape in each.items()}
    if any(step.type == ANSWER for step in document.meaning.steps.values()):
        handed["answer"] = TEXT
    checked.outputs = checked.outputs | handed
    start: Any = called.plan.steps[called.plan.start].ready
    asked = {each.name: each for each in start.asked()}
    empty = {each.name: number for number, each in enumerate(node.inputs) if each.value is None}
    given = {each.name for each in node.inputs} - set(empty)
    for number, each in enumerate(node.inputs):
        if each.name not in asked:
            hint = did_you_mean(each.name, asked) or (f"It takes {listed(asked)}." if asked else "It takes none.")
            checked.note("unknown_input", f"“{name}”, which “{title}” calls, has no input “{each.name}”.", hint,
                         ("inputs", number, "name"))  # fmt: skip
    for each in asked.values():
        if each.required and each.default is None and each.name not in given:
            there = ("inputs", empty[each.name], "value") if each.name in empty else ("inputs",)
            checked.note("missing_input", f"“{name}”, which “{title}” calls, needs the input “{each.name}”.",
                         "Give it a value." if each.name in empty else "Add it to the inputs.", there)  # fmt: skip


def error_workflow_of(
    document: Document, catalogue: Catalogue, library: Library
) -> tuple[Checked | None, tuple[Problem, ...]]:
    """The error workflow, as a step that would call it, and what is wrong with it. It is looked at without an error
    workflow of its own, and so it runs."""
    chosen = document.meaning.run.error_workflow
    if chosen is None:
        return None, ()
    checked = Checked("", f"the error workflow “{chosen.name}”", CALL)

    def wrong(code: str, sentence: str, hint: str) -> tuple[Checked | None, tuple[Problem, ...]]:
        return checked, (Problem(code, sentence, hint, field=FAILING),)

    found = library(chosen.content)
    if found is None:
        return wrong("unknown_workflow", f"The error workflow “{chosen.name}” is chosen in a version that is not here.",
                     "Choose it again in the settings of the workflow.")  # fmt: skip
    meaning = found.meaning
    alone = meaning.model_copy(update={"run": meaning.run.model_copy(update={"error_workflow": None})})
    called = compile_document(found.model_copy(update={"meaning": alone}), catalogue, library, 1)
    if called.plan is None:
        why = errors(called.problems)[0].sentence
        return wrong("broken_workflow", f"The error workflow “{chosen.name}” cannot run: {why}",
                     "Repair it there, then choose it again.")  # fmt: skip
    start: Any = called.plan.steps[called.plan.start].ready
    for each in start.asked():
        if each.name in ERROR_INPUTS and each.kind.value not in ("text", "paragraph"):
            return wrong("unfit_input", f"The error workflow “{chosen.name}” takes “{each.name}” as {each.kind.label},"
                         " but it is given text.", "Make it a text there, then choose it again.")  # fmt: skip
        if each.required and each.default is None and each.name not in ERROR_INPUTS:
            return wrong("missing_input", f"The error workflow “{chosen.name}” needs the input “{each.name}”, which"
                         " nobody gives when a run fails.", f"It gets {listed(ERROR_INPUTS)}. Make “{each.name}”"
                         " optional there, then choose it again.")  # fmt: skip
    checked.called = called
    return checked, ()


def _compiled(document: Document, content: str, catalogue: Catalogue, library: Shelf, depth: int) -> Compiled:
    """A workflow that is called, compiled once for all that call it at the same depth."""
    found = library.compiled.get((content, depth))
    if found is None:
        found = library.compiled[content, depth] = compile_document(document, catalogue, library, depth)
    return found


def _plan(
    document: Document, catalogue: Catalogue, steps: Mapping[str, Checked], ways: Ways, on_error: OnError | None
) -> Plan:
    top = _scope("", steps, ways)
    return Plan(
        hash=content_hash(document),
        catalogue_digest=catalogue.digest,
        steps=top.steps,
        index=top.index,
        start=next(each.index for each in top.steps if each.type == START),
        finishes=top.finishes,
        variables=document.meaning.variables,
        run=document.meaning.run,
        conversation=document.meaning.conversation,
        answers=_answers(top, steps, ways),
        on_error=on_error,
    )


def _answers(top: Scope, steps: Mapping[str, Checked], ways: Ways) -> tuple[Answering, ...]:
    """The steps that answer, with what decides whether they do."""
    answers = [each for each in top.steps if each.type == ANSWER]
    return tuple(
        Answering(
            index=each.index,
            parts=tuple(
                part if isinstance(part, str) else (part, value_of(part))
                for part in parse_template(str(steps[each.id].settings.get("text", ""))).parts
            ),
            forks=tuple(
                fork.index for fork in top.steps
                if len(fork.exits) > 1 and ways.comes_before(fork.id, each.id) and not ways.is_sure(each.id, fork.id)
            ),
            after=frozenset(other.index for other in answers
                            if other is not each and ways.comes_before(each.id, other.id)),
        )
        for each in answers
    )  # fmt: skip


def _scope(container: str, steps: Mapping[str, Checked], ways: Ways) -> Scope:
    """The steps inside a container, or those that lie in none."""
    mine = [step for step in ways.order if steps[step].inside == container]
    index = {step: at for at, step in enumerate(mine)}
    made = tuple(_plan_step(steps[step], index, steps, ways) for step in mine)
    return Scope(
        steps=made,
        index=index,
        entries=tuple(index[step] for step in ways.bodies.get(container, ())),
        finishes=tuple(each.index for each in made if each.type == FINISH),
    )


def _plan_step(checked: Checked, index: Mapping[str, int], steps: Mapping[str, Checked], ways: Ways) -> PlanStep:
    assert checked.node, "a step without a type is a problem, and a document with problems has no plan"
    ready, build = node_of(checked)
    roots = {use.reference.root for use in checked.binding.uses if not checked.is_inside(use.path)}
    return PlanStep(
        index=index[checked.id],
        id=checked.id,
        type=checked.type,
        title=checked.title,
        node=checked.node,
        version=checked.node.version,
        ready=ready,
        bind=build,
        exits={name: tuple(index[each] for each in behind) for name, behind in ways.behind[checked.id].items()},
        incoming=len(ways.into[checked.id]),
        effects=checked.node.effects,
        reads=tuple(sorted(roots & steps.keys(), key=ways.at.__getitem__)),
        reads_variables=variables_of(checked),
        on_failure=checked.on_failure,
        body=_body(checked, steps, ways),
    )


def _body(checked: Checked, steps: Mapping[str, Checked], ways: Ways) -> Body | None:
    if checked.called is not None:
        return Body(checked.called.plan.top, None, None, checked.called.plan)
    return Body(_scope(checked.id, steps, ways), *inner_of(checked)) if checked.holds_steps else None
