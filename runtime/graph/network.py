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
    return _networkx().DiGraph((here, there) for here, others in after.items() for there in others)


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


def exclude_each_other(one: str, other: str, start: str, after: After, exits: Mapping[str, After]) -> bool:
    """Whether no run from `start` comes by both steps: every way to them passes a step that sends it either here or
    there. `exits` names what is behind each exit of a step."""
    networkx = _networkx()
    graph = _graph(after)
    above = cast("dict[str, str]", networkx.immediate_dominators(graph, start))

    def passed(step: str) -> list[str]:
        way: list[str] = []
        while step != start and above.get(step, step) != step:
            step = above[step]
            way.append(step)
        return way

    def taken(fork: str, step: str) -> set[str]:
        """The exits of a fork that can lead to a step."""
        leads = {step} | cast("set[str]", networkx.ancestors(graph, step))
        return {name for name, behind in exits[fork].items() if leads & set(behind)}

    common = set(passed(one)) & set(passed(other))
    return any(len(exits[fork]) > 1 and not taken(fork, one) & taken(fork, other) for fork in common)
