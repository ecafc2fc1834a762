"""The order people read steps in: each after all that lead to it, one way to its end before the next begins."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from runtime.graph.document import START, Meaning


def reading_order(steps: Iterable[str], after: Mapping[str, Sequence[str]]) -> list[str]:
    """All `steps`, ordered; `after` names what follows each, in the order of its exits.

    Where nothing tells them apart the order of `steps` decides. A circle is entered where a way leads into it.
    """
    waits = dict.fromkeys(steps, 0)
    follow = {step: [each for each in dict.fromkeys(after.get(step, ())) if each in waits] for step in waits}
    for step in waits:
        for each in follow[step]:
            waits[each] += 1
    order: dict[str, None] = {}
    entered: dict[str, None] = {}  # some way leads to these, but they still wait for another

    def walk(step: str) -> None:
        ready = [step]
        while ready:
            step = ready.pop()
            order[step] = None
            entered.pop(step, None)
            ways = [each for each in follow[step] if each not in order]
            for each in ways:
                waits[each] -= 1
                entered[each] = None
            ready += reversed([each for each in ways if waits[each] == 0])

    for root in [step for step, count in waits.items() if count == 0]:
        walk(root)
    for root in waits:
        while entered:
            walk(next(iter(entered)))
        if root not in order:
            walk(root)
    return list(order)


def order_of(meaning: Meaning) -> list[str]:
    """The reading order of a document alone, where exits have no order but their names; what lies in a container comes
    right after it."""
    after: dict[str, list[str]] = {}
    for edge in meaning.edges:
        after.setdefault(edge.step, []).append(edge.to)
    within: dict[str, list[str]] = {}
    for step in sorted(meaning.steps, key=lambda each: (meaning.steps[each].type != START, each)):
        inside = meaning.steps[step].inside
        within.setdefault(inside if inside in meaning.steps else "", []).append(step)
    order: dict[str, None] = {}

    def tell(container: str) -> None:
        for step in reading_order(within.get(container, ()), after):
            if step not in order:
                order[step] = None
                tell(step)

    tell("")
    return [*order, *(step for step in meaning.steps if step not in order)]
