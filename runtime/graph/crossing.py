"""Crossings: what comes from somewhere and goes somewhere else, and what is wrong where it may not."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from nodes.sdk import DataClass, Tag
from runtime.graph.document import Edge
from runtime.graph.problems import FAILING, Problem


class Source(NamedTuple):
    """Where a part of a value comes from."""

    kind: str
    name: str
    step: str
    """the step that brings it"""


@dataclass(frozen=True, slots=True)
class Crossing:
    """Something that goes somewhere: one line of “what goes where”."""

    source: Source
    source_title: str
    data_class: DataClass
    tags: frozenset[Tag]
    sink_kind: str
    sink: str
    sink_title: str
    clearance: DataClass | None
    """None: nobody has said what may go there"""
    outside: bool
    allowed: bool
    step: str
    """the step that hands it on; empty: one of the error workflow"""
    edge: Edge | None
    """the connection into that step on which it comes"""
    sentence: str


def problems_of(crossings: Iterable[Crossing], hosts: Container[str]) -> Iterator[Problem]:
    """Everything that would go where it may not. `hosts` are those somebody has connected."""
    for each in crossings:
        if each.allowed:
            continue
        way_out = _way_out(each)
        if each.source.kind == "host" and each.source.name not in hosts:
            unknown = f"There is no connection for {each.source.name} yet, so nobody has said how confidential"
            way_out = f"{unknown} its answers are. Ask IT to add it on the Connections page."
        field = None if each.step else FAILING
        yield Problem("data_class", each.sentence, way_out, step=each.step or None, field=field, edge=each.edge)


def _way_out(crossing: Crossing) -> str:
    match crossing.sink_kind:
        case "model":
            return "Add a Guard step before it, choose another model, or ask IT what may go to this one."
        case "host":
            return "Add a Guard step before it, send something else, or ask IT what may go to this host."
        case _:
            return "Add a Guard step before it, or say in the workflow's settings who its result is for."


def about(tags: frozenset[Tag]) -> str:
    """What matters of a value beside its class, in front of what it is."""
    return "".join(f"{each}, " for each in sorted(tags)).rstrip(", ") + (" " if tags else "")


def noun(source: Source) -> str:
    """What comes from a source."""
    return {"base": "text", "host": "answer"}.get(source.kind, "data")
