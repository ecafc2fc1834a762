"""Checking edges: every connection, the ways through, and what can be said of any run before it starts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from runtime.graph.checking_steps import Checked, enclosing
from runtime.graph.document import ANSWER, FINISH, LEAVE_LOOP, START, Edge, Meaning
from runtime.graph.network import circles
from runtime.graph.ordering import reading_order
from runtime.graph.problems import MOST_HINTS, Problem
from runtime.graph.wording import did_you_mean, listed


@dataclass(slots=True)
class Ways:
    """The ways through a document. Sets of steps are numbers, one bit for each position in `order`."""

    order: list[str]
    """reading order of all steps; without circles every step comes after all that lead to it"""
    behind: dict[str, dict[str, list[str]]]
    """the steps behind each exit of each step"""
    into: dict[str, list[Edge]]
    """the edges that lead to each step"""
    bodies: dict[str, list[str]] = field(default_factory=dict[str, list[str]])
    """the steps with which the inside of each container begins"""
    at: dict[str, int] = field(default_factory=dict[str, int])
    before: dict[str, int] = field(default_factory=dict[str, int])
    """the steps on some way to each step, itself included; 0 where no way leads"""
    follows: dict[str, int] = field(default_factory=dict[str, int])
    """the steps that will be done whenever this one is"""
    sure: dict[str, int] = field(default_factory=dict[str, int])
    """the steps that are done or will be whenever this one runs"""

    def comes_before(self, earlier: str, later: str) -> bool:
        """Whether some way leads from one step to the other."""
        return bool(self.before[later] >> self.at[earlier] & 1)

    def is_sure(self, step: str, whenever: str) -> bool:
        """Whether a step is done whenever another one runs."""
        return bool(self.sure[whenever] >> self.at[step] & 1)

    def reached(self, step: str) -> bool:
        """Whether any run can come by."""
        return bool(self.before[step])

    def after(self) -> dict[str, list[str]]:
        """What follows each step, in the order of its exits; behind a container first what lies inside it."""
        return {
            step: [*self.bodies.get(step, ()), *(each for others in exits.values() for each in others)]
            for step, exits in self.behind.items()
        }


def check_edges(meaning: Meaning, steps: Mapping[str, Checked]) -> tuple[Ways, list[Problem]]:
    """The ways through, and what is wrong with them."""
    problems: list[Problem] = []
    sound = [each for each in _each_once(meaning.edges, problems) if _check_edge(each, steps, problems)]
    behind: dict[str, dict[str, list[str]]] = {step: {} for step in steps}
    into: dict[str, list[Edge]] = {step: [] for step in steps}
    for step, checked in steps.items():
        behind[step] = {each.id: [] for each in checked.exits} if checked.sure else {}
    for edge in sound:
        behind[edge.step].setdefault(edge.exit, []).append(edge.to)
        into[edge.to].append(edge)
    roots = sorted(steps, key=lambda each: (steps[each].type != START, each))
    bodies: dict[str, list[str]] = {step: [] for step, each in steps.items() if each.holds_steps}
    for step, checked in steps.items():
        if checked.inside and not into[step] and checked.inside in bodies:
            bodies[checked.inside].append(step)
    ways = Ways([], behind, into, bodies)
    ways.order = reading_order(roots, ways.after())
    ways.at = {step: index for index, step in enumerate(ways.order)}
    _look_ahead(ways, steps)
    problems += _circles(ways, steps)
    problems += _ends(ways, steps)
    problems += _loose(ways, steps)
    problems += _joins(ways, steps)
    problems += _containers(ways, steps)
    return ways, problems


def _each_once(edges: Iterable[Edge], problems: list[Problem]) -> Iterable[Edge]:
    seen: dict[tuple[str, str], Edge] = {}
    for edge in edges:
        key = (edge.source, edge.to)
        if key in seen:
            sentence = f"The connection {edge} stands twice in the file."
            problems.append(Problem("duplicate_edge", sentence, "Remove one of them.", step=edge.step, edge=edge))
        seen[key] = edge
    return seen.values()


def _check_edge(edge: Edge, steps: Mapping[str, Checked], problems: list[Problem]) -> bool:
    """Whether a connection joins two steps that are there, by an exit that is there."""

    def note(code: str, sentence: str, hint: str, step: str | None) -> bool:
        problems.append(Problem(code, sentence, hint, step=step, edge=edge))
        return False

    source, target = steps.get(edge.step), steps.get(edge.to)
    known = steps if len(problems) < MOST_HINTS else ()
    if source is None:
        there = f"to “{target.title}” " if target else ""
        sentence = f"A connection {there}comes from the step “{edge.step}”, which does not exist."
        return note("unknown_source", sentence, did_you_mean(edge.step, known) or "Remove the connection.",
                    edge.to if target else None)  # fmt: skip
    if target is None:
        sentence = f"“{source.title}” leads to the step “{edge.to}”, which does not exist."
        return note("unknown_target", sentence, did_you_mean(edge.to, known) or "Remove the connection.", edge.step)
    if source.inside != target.inside:
        inner = target if target.inside else source
        around = steps[inner.inside].title if inner.inside in steps else inner.inside
        sentence = f"The connection from “{source.title}” to “{target.title}” crosses the border of “{around}”."
        hint = f"Connect “{around}” itself, or move both steps to the same side."
        return note("edge_across", sentence, hint, edge.step)
    if target.type == START:
        sentence = f"“{source.title}” leads back into the start “{target.title}”; a start only begins."
        return note("edge_into_start", sentence, "Remove this connection.", edge.step)
    exits = [each.id for each in source.exits]
    if source.sure and edge.exit not in exits:
        if not exits:
            sentence = f"Nothing can follow “{source.title}”, but it leads to “{target.title}”."
            return note("unknown_exit", sentence, "Remove this connection.", edge.step)
        sentence = f"“{source.title}” has no way out called “{edge.exit}”, but one leads to “{target.title}”."
        hint = did_you_mean(edge.exit, exits) or f"Its ways out: {listed(exits)}."
        return note("unknown_exit", sentence, hint, edge.step)
    return True


def _look_ahead(ways: Ways, steps: Mapping[str, Checked]) -> None:
    """Fills in `before`, `follows` and `sure`. Edges that close a circle are left out."""
    at = ways.at
    taken: dict[tuple[str, str], int] = {}
    """what will be done when a step leaves by an exit"""
    for step in reversed(ways.order):
        all_exits: int | None = None
        for name, others in ways.behind[step].items():
            here = 0
            for each in others:
                here |= ways.follows[each] if at[each] > at[step] else 0
            taken[step, name] = here
            all_exits = here if all_exits is None else all_exits & here
        ways.follows[step] = (all_exits or 0) | 1 << at[step]
    for step in ways.order:
        is_start = steps[step].type == START
        before, shared = (1 << at[step] if is_start else 0), None
        container = steps[step].inside
        if container in ways.bodies and not ways.into[step] and ways.before[container]:
            before, shared = ways.before[container] | 1 << at[step], ways.sure[container]
        for edge in ways.into[step]:
            if at[edge.step] >= at[step] or not ways.before[edge.step]:
                continue
            before |= ways.before[edge.step] | 1 << at[step]
            known = ways.sure[edge.step] | taken[edge.step, edge.exit]
            shared = known if shared is None else shared & known
        ways.before[step] = before
        ways.sure[step] = (shared or 0) | ways.follows[step]


def _circles(ways: Ways, steps: Mapping[str, Checked]) -> Iterable[Problem]:
    if all(ways.at[edge.step] < ways.at[step] for step, edges in ways.into.items() for edge in edges):
        return
    for circle in circles(ways.after()):
        way = " → ".join(f"“{steps[each].title}”" for each in (*circle, circle[0]))
        hint = "Remove the connection that leads back."
        yield Problem("cycle", f"These steps lead back to themselves: {way}.", hint, step=circle[0])


def _ends(ways: Ways, steps: Mapping[str, Checked]) -> Iterable[Problem]:
    starts = [step for step in ways.order if steps[step].type == START and not steps[step].inside]
    if not starts:
        yield Problem("no_start", "The workflow has no start, so nothing can run.", "Add a Start step.")
    for extra in starts[1:]:
        sentence = f"There is more than one start: “{steps[starts[0]].title}” and “{steps[extra].title}”."
        yield Problem("several_starts", sentence, "Keep one of them.", step=extra)
    finishes = [step for step in ways.order if steps[step].type == FINISH]
    if not finishes and not any(each.type == ANSWER for each in steps.values()):
        hint = "Add a Finish step with what the person gets back."
        yield Problem("no_finish", "The workflow has no finish, so nothing comes out.", hint, "warning")
    elif finishes and all(steps[each].sure and ways.reached(each) and not steps[each].outputs for each in finishes):
        sentence = f"“{steps[finishes[0]].title}” hands nothing back, so whoever runs this sees no result."
        yield Problem("no_result", sentence, "Add a result to it.", "warning", finishes[0], "outputs")
    for step in ways.order if starts else ():
        if not ways.reached(step):
            sentence = f"No way leads from the start to “{steps[step].title}”."
            yield Problem("unreachable", sentence, "Connect it, or remove it.", step=step)


def _loose(ways: Ways, steps: Mapping[str, Checked]) -> Iterable[Problem]:
    """Ways out that lead nowhere."""
    for step in ways.order:
        exits, title = ways.behind[step], steps[step].title
        if not (steps[step].sure and exits and ways.reached(step)) or steps[step].inside:
            continue  # inside a container nothing has to follow: the item or the round ends there
        ends = {each.id for each in steps[step].exits if each.ends}
        loose = [each for each in exits if not exits[each] and each not in ends]
        if loose == ["done"] and steps[step].type == ANSWER:
            continue
        if len(exits) == 1 and loose:
            hint = "Connect it to the next step or to a Finish."
            yield Problem("dead_end", f"Nothing follows “{title}”.", hint, "warning", step)
        elif loose:
            labels = {each.id: each.label or each.id for each in steps[step].exits}
            ways_out = listed(labels[each] for each in loose)
            sentence = f"{ways_out} of “{title}” {'leads' if len(loose) == 1 else 'lead'} nowhere, so a run ends there."
            yield Problem(
                "exit_not_connected", sentence, "Connect it, if something is to happen then.", "warning", step
            )


def _joins(ways: Ways, steps: Mapping[str, Checked]) -> Iterable[Problem]:
    """Exits that decide nothing, because the step behind them runs anyway."""
    for step, edges in ways.into.items():
        if len(edges) < 2 or not ways.reached(step):
            continue
        sources = {edge.step for edge in edges if len(ways.behind[edge.step]) == 1 and ways.reached(edge.step)}
        for edge in edges:
            fork = edge.step
            exits = ways.behind[fork]
            if len(exits) < 2 or all(step in others for others in exits.values()) or not ways.reached(fork):
                continue
            anyway = [each for each in sources if ways.is_sure(each, fork) and not ways.comes_before(fork, each)]
            if anyway:
                other = steps[min(anyway, key=ways.at.__getitem__)].title
                sentence = (
                    f"“{steps[step].title}” runs whichever way “{steps[fork].title}” takes, because “{other}” leads "
                    f"to it as well; the way “{edge.exit}” decides nothing."
                )
                hint = f"Remove the connection from “{other}”, or the one from “{steps[fork].title}”."
                yield Problem("ambiguous_join", sentence, hint, "warning", step, edge=edge)


def _containers(ways: Ways, steps: Mapping[str, Checked]) -> Iterable[Problem]:
    """Containers with nothing in them, and steps that end a loop where there is none."""
    for container, entries in ways.bodies.items():
        if not entries and steps[container].sure:
            sentence = f"Nothing lies inside “{steps[container].title}”, so it does nothing."
            yield Problem(
                "empty_container", sentence, "Put the steps into it that are to be done.", "warning", container
            )
    for step, checked in steps.items():
        if checked.type == LEAVE_LOOP:
            around = [steps[each].node for each in enclosing(steps, step)]
            if not any(node is not None and node.container == "repeat" for node in around):
                sentence = f"“{checked.title}” ends a loop, but lies in none."
                yield Problem("no_loop", sentence, "Move it into the loop it is to end.", step=step)
