"""Where a step of a draft stands that is tried out: in no container, or in an item or a round of an earlier run."""

from __future__ import annotations

import re

from runtime.errors import BadInput, NotFound
from runtime.graph import rerunning
from runtime.graph.plan import PlanStep, Scope
from runtime.operations.starting import Ready

_PLACE = re.compile(r"[a-z][a-z0-9_]*\[(0|[1-9][0-9]{0,8})\]")
"""an item or a round, as a path names it"""


def step_in(ready: Ready, step: str, path: str | None) -> PlanStep:
    """A step of the draft; with a `path` one that stands there. Raises `NotFound`, `BadInput`."""
    meaning = ready.document.meaning
    if step not in meaning.steps:
        raise NotFound(f"This workflow has no step “{step}”.", hint="It may have been removed; open the draft again.")
    scope = ready.plan.top
    around = list(reversed(rerunning.containers_of(meaning, step)))
    for each in around:
        body = scope.steps[scope.index[each]].body
        assert body is not None, f"{each} is a container"
        scope = body.scope
    parts = [each for each in (path or "").split("/") if each]
    named = [each.partition("[")[0] for each in parts]
    if path is not None and (named != around or not all(_PLACE.fullmatch(each) for each in parts)):
        raise BadInput(
            f"“{title_of(ready, step)}” lies in no container, so it has no items."
            if not around
            else f"“{title_of(ready, step)}” lies inside “{title_of(ready, around[-1])}”: say with which item or"
            " round it runs.",
            hint="Choose an item of an earlier run.",
        )
    return scope.steps[scope.index[step]]


def steps_of(scope: Scope) -> list[PlanStep]:
    """The steps of a scope and of all containers in it; what a step calls has steps of its own, by the same names."""
    inside = [(each, each.body) for each in scope.steps]
    return [
        one
        for each, body in inside
        for one in (each, *(steps_of(body.scope) if body is not None and body.called is None else ()))
    ]


def not_reached(ready: Ready, why: tuple[str, str], step: str) -> BadInput:
    """Why a step cannot be run from on, as `rerunning.not_reached` found it."""
    kind, where = why
    if kind == "skipped":
        return BadInput(
            f"This run did not come to “{title_of(ready, step)}”: a branch before it led elsewhere.",
            hint="Choose a run that came there, or run from the branch.",
        )
    return BadInput(
        f"“{title_of(ready, where)}”, before “{title_of(ready, step)}”, has not ended in this run.",
        hint=f"Run from “{title_of(ready, where)}” instead, or pin what it hands on.",
    )


def title_of(ready: Ready, step: str) -> str:
    """What people call a step."""
    return ready.document.title(step)


def path_in(path: str, container: str) -> str:
    """The part of a path that leads into a container; empty for none."""
    parts = path.split("/")
    at = next((number for number, each in enumerate(parts, 1) if each.partition("[")[0] == container), 0)
    return "/".join(parts[:at])
