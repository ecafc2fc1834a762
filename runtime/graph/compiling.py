"""Compiling: a document and the catalogue of step types become a plan, or all problems at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from nodes.sdk import Exit, Shape
from runtime.graph.binding import value_of
from runtime.graph.checking_edges import Ways, check_edges
from runtime.graph.checking_references import check_references, variables_of
from runtime.graph.checking_steps import Catalogue, Checked, check_steps, inner_of, node_of
from runtime.graph.document import ANSWER, FINISH, START, Document
from runtime.graph.hashing import content_hash
from runtime.graph.plan import Answering, Body, Plan, PlanStep, Scope
from runtime.graph.problems import Problem, errors
from runtime.graph.references import parse_template
from runtime.graph.touching import Touched, touched


@dataclass(frozen=True, slots=True)
class Compiled:
    """What compiling found. Outputs and exits are known as far as each step could be understood, plan or not."""

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


def compile_document(document: Document, catalogue: Catalogue) -> Compiled:
    """Everything that can be known of a document before it runs. Never raises for what a person drew."""
    steps, ways, problems = examine(document, catalogue)
    outputs = {step: each.outputs for step, each in steps.items()}
    exits = {step: each.exits for step, each in steps.items()}
    plan = None if errors(problems) else _plan(document, catalogue, steps, ways)
    return Compiled(plan, problems, outputs, exits, steps, ways, touched(steps))


def examine(document: Document, catalogue: Catalogue) -> tuple[dict[str, Checked], Ways, tuple[Problem, ...]]:
    """Every step and every way, with all problems in the order people look for them."""
    meaning = document.meaning
    steps = check_steps(document, catalogue)
    ways, problems = check_edges(meaning, steps)
    problems += [problem for each in steps.values() for problem in each.problems]
    problems += check_references(steps, ways, meaning)
    at = ways.at
    problems.sort(key=lambda each: (at.get(each.step or "", -1), each.severity))
    return steps, ways, tuple(dict.fromkeys(problems))


def _plan(document: Document, catalogue: Catalogue, steps: Mapping[str, Checked], ways: Ways) -> Plan:
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
        body=Body(_scope(checked.id, steps, ways), *inner_of(checked)) if checked.holds_steps else None,
    )
