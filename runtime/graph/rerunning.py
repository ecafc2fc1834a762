"""Running again from a step on: what lies before it, what has changed there since, and what runs anew."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from runtime.graph.document import Meaning
from runtime.graph.ordering import order_of


@dataclass(frozen=True, slots=True)
class Anew:
    """What runs anew."""

    whole: frozenset[str]
    """steps of which nothing is given"""
    partly: frozenset[str]
    """containers in which some step runs anew: they do their work again, with what is given inside"""

    def gives(self, meaning: Meaning, step: str) -> bool:
        """Whether a step is given. Inside a container that is given as a whole nothing is."""
        inside = meaning.steps[step].inside
        return step not in self.whole and step not in self.partly and (not inside or inside in self.partly)


def containers_of(meaning: Meaning, step: str) -> list[str]:
    """The containers a step lies in, the nearest first."""
    found: list[str] = []
    inside = meaning.steps[step].inside
    while inside:
        found.append(inside)
        inside = meaning.steps[inside].inside
    return found


def before(meaning: Meaning, step: str) -> list[str]:
    """Everything a step rests on, in reading order: what leads to it and to the containers around it, with all that
    lies in there, and these containers."""
    around = containers_of(meaning, step)
    found = set(around)
    for each in (step, *around):
        found |= _reached(_turned(meaning), [each])
    found |= _within(meaning, found - set(around))
    found.discard(step)
    return [each for each in order_of(meaning) if each in found]


def changed(old: Meaning, new: Meaning, reads: Mapping[str, Iterable[str]]) -> set[str]:
    """Steps that are not what they were: their settings, what leads to them, or the start of a variable they read.
    `reads` names the variables each step refers to."""
    moved = {name for name in {*old.variables, *new.variables} if old.variables.get(name) != new.variables.get(name)}
    return {
        step
        for step, each in new.steps.items()
        if old.steps.get(step) != each
        or _into(old, step) != _into(new, step)
        or moved.intersection(reads.get(step, ()))
    }


def anew(meaning: Meaning, steps: Iterable[str]) -> Anew:
    """What runs anew when these steps do: they, what lies behind and inside, and partly what they lie in."""
    after: dict[str, list[str]] = {}
    for edge in meaning.edges:
        after.setdefault(edge.step, []).append(edge.to)
    whole: set[str] = set()
    partly: set[str] = set()
    open_ = list(steps)
    while open_:
        step = open_.pop()
        if step in whole:
            continue
        whole.add(step)
        open_ += after.get(step, ())
        open_ += [each for each, known in meaning.steps.items() if known.inside == step]
        for around in containers_of(meaning, step):
            if around not in partly:
                partly.add(around)
                open_ += after.get(around, ())
    return Anew(frozenset(whole), frozenset(partly - whole))


def not_reached(meaning: Meaning, step: str, exits: Mapping[str, str]) -> tuple[str, str] | None:
    """Why a run that left its steps by these `exits` does not come to a step that lies in no container: the kind of
    reason and the step it is about; None where it does. `skipped`: a branch led elsewhere. `open`: something before it
    has not ended."""
    dead: set[str] = set()
    rests_on = {each for each in before(meaning, step) if not meaning.steps[each].inside}
    for each in order_of(meaning):
        if each not in rests_on and each != step:
            continue
        into = [edge for edge in meaning.edges if edge.to == each]
        if into and all(edge.step in dead or exits.get(edge.step, edge.exit) != edge.exit for edge in into):
            dead.add(each)
        elif each != step and each not in exits:
            return "open", each
    return ("skipped", step) if step in dead else None


def _into(meaning: Meaning, step: str) -> set[str]:
    return {edge.source for edge in meaning.edges if edge.to == step}


def _turned(meaning: Meaning) -> dict[str, list[str]]:
    """The steps that lead to each."""
    found: dict[str, list[str]] = {}
    for edge in meaning.edges:
        found.setdefault(edge.to, []).append(edge.step)
    return found


def _reached(ways: Mapping[str, Collection[str]], begin: Iterable[str]) -> set[str]:
    found: set[str] = set()
    open_ = list(begin)
    while open_:
        for each in ways.get(open_.pop(), ()):
            if each not in found:
                found.add(each)
                open_.append(each)
    return found


def _within(meaning: Meaning, containers: Collection[str]) -> set[str]:
    """All that lies in some containers, however deep."""
    return {each for each in meaning.steps if any(one in containers for one in containers_of(meaning, each))}
