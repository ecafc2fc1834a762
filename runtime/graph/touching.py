"""Touching: everything outside itself that a document names, asked of its steps."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from nodes.sdk import Draw, Lowering, Node, Reach
from runtime.graph.checking_steps import Checked

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Touch:
    """What one step draws on, hands on to, and takes away from what passes through it."""

    draws: tuple[Draw, ...] = ()
    reaches: tuple[Reach, ...] = ()
    lowers: tuple[Lowering, ...] = ()


def touch_of(checked: Checked) -> Touch:
    """What a step touches, as far as its settings could be understood."""
    node = checked.shown
    if node is None:
        return Touch()
    return Touch(_asked(node.draws), _asked(node.reaches), _asked(node.lowers))


def touch_through(checked: Checked) -> Touch:
    """What a step touches, with all that the workflow touches which it calls; what that is given and hands back stays
    between the two."""
    own = touch_of(checked)
    if checked.called is None:
        return own
    inside = [touch_through(each) for each in checked.called.steps.values()]
    return Touch(
        (*own.draws, *(draw for each in inside for draw in each.draws if draw.kind != "input")),
        (*own.reaches, *(reach for each in inside for reach in each.reaches if reach.kind != "audience")),
        own.lowers,
    )


def asks_people(checked: Checked) -> bool:
    """Whether a person stands in a step: what only waits for a time asks nobody."""
    return any(each.kind == "people" for each in touch_through(checked).reaches)


@dataclass(frozen=True, slots=True)
class Touched:
    """The names a whole document touches, each once, in order of name."""

    models: tuple[str, ...]
    bases: tuple[str, ...]
    hosts: tuple[str, ...]
    """an empty one where an address is not written out"""
    cares: tuple[str, ...]
    """kinds of care that lower classes: `guard`, `approve`"""
    types: tuple[type[Node], ...]


def touched(steps: Mapping[str, Checked], on_error: Checked | None = None) -> Touched:
    """Everything a document touches, also by its error workflow."""
    calls = [each for each in (*steps.values(), on_error) if each is not None and each.called is not None]
    touches = [touch_of(each) for each in steps.values()]
    draws = [each for touch in touches for each in touch.draws]
    reaches = [each for touch in touches for each in touch.reaches]
    types = {each.type: each.node for each in steps.values() if each.node}
    called: list[Touched] = [each.called.touched for each in calls]
    types |= {node.type_id: node for each in called for node in each.types}
    return Touched(
        models=_names((each.name for each in reaches if each.kind == "model"), *(each.models for each in called)),
        bases=_names((each.name for each in draws if each.kind == "base"), *(each.bases for each in called)),
        hosts=_names(
            (each.name for each in (*reaches, *draws) if each.kind == "host"), *(each.hosts for each in called)
        ),
        cares=_names((each.by for touch in touches for each in touch.lowers), *(each.cares for each in called)),
        types=tuple(types[name] for name in sorted(types)),
    )


def _names(*names: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted({name for each in names for name in each}))


def _asked(question: Callable[[], list[_T]]) -> tuple[_T, ...]:
    try:
        return tuple(question())
    except Exception:  # noqa: BLE001 - a node half filled in may fail to answer
        return ()
