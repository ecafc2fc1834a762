"""Whether somebody may use the connections a workflow calls: asked of whoever draws, starts, submits or tries it. A
published app runs as itself, with what was approved."""

from __future__ import annotations

from collections.abc import Collection, Set

from runtime.errors import BadInput
from runtime.graph.compiling import Compiled
from runtime.graph.document import Document
from runtime.graph.problems import FAILING, Problem
from runtime.graph.touching import touch_of
from runtime.operations.runtime import Runtime
from runtime.store.connections import closed_hosts, connection_of_host
from runtime.store.rights import LEVELS, rights_on
from runtime.store.transaction import Tx


def connection_problems(tx: Tx, runtime: Runtime, document: Document, person: str) -> list[Problem]:
    """Steps that call a host over a connection this person may not use."""
    compiled = runtime.plans.compile(document)
    closed = closed_hosts(tx, [each for each in compiled.touched.hosts if each], person, "run")
    if not closed:
        return []
    return [
        Problem(
            "connection_not_shared",
            f"{document.title(step)} calls {host}, and the connection to it is not shared with you.",
            hint=f"{_owner(tx, closed[host])} can share it, under Connections.",
            step=step or None,
            field="url" if step else FAILING,
        )
        for step, host in _calls(compiled, closed.keys())
    ]


def missing_connections(tx: Tx, runtime: Runtime, document: Document) -> list[Problem]:
    """Steps that call a host nobody has connected: told where it is written, not only where its answers would go."""
    compiled = runtime.plans.compile(document)
    missing = {each for each in compiled.touched.hosts if each and connection_of_host(tx, each) is None}
    return [
        Problem(
            "connection_missing",
            f"{document.title(step)} calls {host}, and nobody has connected it.",
            hint="IT connects it under Connections. Until then nothing is sent there.",
            step=step or None,
            field="url" if step else FAILING,
        )
        for step, host in _calls(compiled, missing)
    ]


def _calls(compiled: Compiled, hosts: Set[str]) -> list[tuple[str, str]]:
    """Steps with those of these hosts they call, also by a workflow they run; "" for the error workflow."""
    found: list[tuple[str, str]] = []
    for step, each in compiled.parts.items():
        called = {reach.name for reach in touch_of(each).reaches if reach.kind == "host"} & hosts
        if each.called is not None:
            called |= {host for _, host in _calls(each.called, hosts)}
        found += [(step, host) for host in sorted(called)]
    return found


def check_connections(tx: Tx, runtime: Runtime, document: Document, person: str, pinned: Collection[str] = ()) -> None:
    """Refuse to run what calls a host over a connection this person may not use, unless that step is pinned. Raises
    `BadInput`."""
    found = connection_problems(tx, runtime, document, person)
    problems = [each for each in found if each.step not in pinned]
    for first in problems[:1]:
        raise BadInput(first.sentence, hint=first.hint, details={"problems": [each.as_dict() for each in problems]})


def _owner(tx: Tx, connection: str) -> str:
    named = [each.name for each in rights_on(tx, connection) if each.level == LEVELS.index("own") and each.name]
    return named[0] if named else "A platform owner"
