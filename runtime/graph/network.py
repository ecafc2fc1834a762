"""Questions about the drawn graph that networkx answers.

It takes as long to import as everything else together, and most documents raise none of these questions, so it is
imported when one is asked: `greenlane check` of a sound file stays quick.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, cast

After = Mapping[str, Sequence[str]]
"""what follows each step"""


def _networkx() -> Any:
    import networkx

    return networkx


def _graph(after: After) -> Any:
    graph = _networkx().DiGraph((here, there) for here, others in after.items() for there in others)
    graph.add_nodes_from(after)
    return graph


def circles(after: After) -> list[list[str]]:
    """One way round for each knot of steps that lead back to themselves, beginning with its first by name."""
    networkx = _networkx()
    graph = _graph(after)
    found: list[list[str]] = []
    for knot in cast("Iterable[set[str]]", networkx.strongly_connected_components(graph)):
        first = min(knot)
        if len(knot) > 1 or graph.has_edge(first, first):
            inside: Any = graph.subgraph(knot)
            behind = min(each for each in inside.successors(first))
            way = [behind] if behind == first else cast("list[str]", networkx.shortest_path(inside, behind, first))
            found.append([first, *way[:-1]])
    return sorted(found)


class Forks:
    """Where ways part, so that of two steps only one can be done."""

    def __init__(self, start: str, after: After, exits: Mapping[str, After]) -> None:
        """`exits` names what is behind each exit of a step."""
        self._exits, self._graph, self._start = exits, _graph(after), start
        self._above: dict[str, str] = _networkx().immediate_dominators(self._graph, start)
        self._taken: dict[tuple[str, str], frozenset[str]] = {}

    def part(self, one: str, other: str) -> bool:
        """Whether no run comes by both steps: every way to them passes a step that sends it either here or there."""
        common = set(self._passed(one)) & set(self._passed(other))
        return any(len(self._exits[fork]) > 1 and not self._to(fork, one) & self._to(fork, other) for fork in common)

    def _passed(self, step: str) -> list[str]:
        """The steps every way from the start to this one passes."""
        way: list[str] = []
        while step != self._start and self._above.get(step, step) != step:
            step = self._above[step]
            way.append(step)
        return way

    def _to(self, fork: str, step: str) -> frozenset[str]:
        """The exits of a fork that can lead to a step."""
        if (fork, step) not in self._taken:
            leads: set[str] = {step} | _networkx().ancestors(self._graph, step)
            taken = frozenset(name for name, behind in self._exits[fork].items() if leads & set(behind))
            self._taken[fork, step] = taken
        return self._taken[fork, step]
