"""Steps that nothing leads to. Dify keeps them and never runs them; here they are led to by a case that never holds."""

from __future__ import annotations

from runtime.exchange.dify.source import BEGINNINGS
from runtime.exchange.dify.work import Made, Step, Work

NEVER = "never"


def put_aside(work: Work, edges: set[tuple[str, str]]) -> None:
    """Leads to every step that is reached from nowhere by a way that is never taken, outside and in each container."""
    after: dict[str, list[str]] = {}
    for start, end in edges:
        after.setdefault(start.partition(".")[0], []).append(end)
    scopes: dict[str, list[str]] = {}
    for name, each in work.steps.items():
        scopes.setdefault(each.inside, []).append(name)
    for scope, members in list(scopes.items()):
        begins = [work.start] if not scope else _begins(work, scope)
        reached = _reached(begins, after)
        left = [each for each in members if each not in reached] if begins else []
        led_to = {end for each in left for end in after.get(each, [])}
        if heads := [each for each in left if each not in led_to]:
            _lead(work, edges, scope, heads)


def _begins(work: Work, container: str) -> list[str]:
    """Where the steps in a container begin, if that is said."""
    source = work.source
    inner = [each for each in source.nodes.values() if work.ids.get(each.parent) == container]
    first = {each.id for each in inner if each.kind in BEGINNINGS}
    found = [link.target for link in source.links if link.source in first]
    found += [each.id for each in inner if each.data.get("isIterationStart") or each.data.get("isLoopStart")]
    steps = [work.ids[each] for each in found if each in work.ids and work.steps[work.ids[each]].inside == container]
    return [(work.before.get(each) or [each])[0] for each in steps]


def _reached(begins: list[str], after: dict[str, list[str]]) -> set[str]:
    found, open_ones = set(begins), list(begins)
    while open_ones:
        for each in after.get(open_ones.pop(), []):
            if each not in found:
                found.add(each)
                open_ones.append(each)
    return found


def _lead(work: Work, edges: set[tuple[str, str]], scope: str, heads: list[str]) -> None:
    aside = work.free("aside")
    place = next((work.steps[each].place for each in heads if work.steps[each].place), None)
    made = Made("flow.branch", {"rules": "exact", "cases": [{"id": NEVER, "match": "any"}]})
    work.steps[aside] = Step(made, scope, title="Never", place=place and (place[0] - 300.0, place[1]))
    edges.update((f"{aside}.{NEVER}", each) for each in heads)
    if not scope:
        edges.add((f"{work.start}.done", aside))
    for each in heads:
        sentence = f"Nothing leads to “{work.steps[each].title or each}”, so it never ran."
        work.report.note("not_connected", sentence, "It is kept behind a case that never holds; connect or remove it.",
                         step=each)  # fmt: skip
