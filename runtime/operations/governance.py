"""Judging a document as everything stands now: what goes where, the automatic checks, the risk tier."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from nodes.sdk import DataClass, Tag
from runtime.governance.checks import Check, check_all
from runtime.governance.facts import Facts, Tried
from runtime.governance.policies import APPROVE_LOWERS, GUARD_LOWERS, Lowering
from runtime.governance.tiers import Tier, Told
from runtime.governance.tiers import tier_of as worked_out
from runtime.graph.document import Document
from runtime.graph.flowing import Care, Flow, FlowFacts, Place, flow_of
from runtime.graph.hashing import content_hash
from runtime.graph.touching import Touched, touch_of, touched
from runtime.operations.manifests import chain, manifest_of
from runtime.operations.runtime import Runtime
from runtime.store import models
from runtime.store.connections import connection_of_host
from runtime.store.models import AliasRow
from runtime.store.policies import read_policy
from runtime.store.transaction import Tx
from runtime.store.versions import base_settings

__all__ = ["Check", "Flow", "Tier", "Told", "checks_of", "facts_of", "flow_facts", "flow_in", "tier_of"]

_CARE = {"guard": GUARD_LOWERS, "approve": APPROVE_LOWERS}
"""the policy that says what each kind of care is worth"""


def flow_facts(tx: Tx, runtime: Runtime, document: Document) -> FlowFacts:
    """Classes and clearances of everything a document names, as they are set up now."""
    names = touched(runtime.plans.compile(document).steps)
    aliases = {each.name: each for each in models.list_aliases(tx)} if names.models else {}
    bases = base_settings(tx, names.bases)
    return FlowFacts(
        bases={name: Place(DataClass(each["data_class"]), each["title"]) for name, each in bases.items()},
        models={name: _model(name, aliases) for name in names.models if name in aliases},
        hosts=_hosts(tx, names),
        care={name: _care(read_policy(tx, _CARE[name])) for name in names.cares if name in _CARE},
    )


def flow_in(tx: Tx, runtime: Runtime, document: Document) -> Flow:
    """What goes where in a document."""
    compiled = runtime.plans.compile(document)
    return flow_of(document, compiled.steps, compiled.ways, flow_facts(tx, runtime, document))


def facts_of(tx: Tx, runtime: Runtime, document: Document, tests: tuple[Tried, ...] = ()) -> Facts:
    """Everything there is to know of a document before it is judged."""
    compiled = runtime.plans.compile(document)
    made = manifest_of(tx, runtime, document)
    return Facts(
        document=document,
        hash=content_hash(document),
        problems=compiled.problems,
        steps=compiled.steps,
        order=tuple(compiled.ways.order),
        touches={step: touch_of(each) for step, each in compiled.steps.items()},
        touched=touched(compiled.steps),
        flow=flow_of(document, compiled.steps, compiled.ways, flow_facts(tx, runtime, document)),
        manifest=made,
        stopped=_stopped(tx, touched(compiled.steps)),
        tests=tests,
    )


def checks_of(tx: Tx, runtime: Runtime, document: Document, tests: tuple[Tried, ...] = ()) -> list[Check]:
    """Every automatic check with its evidence."""
    return check_all(facts_of(tx, runtime, document, tests))


def tier_of(tx: Tx, runtime: Runtime, document: Document, told: Told | None = None) -> Tier:
    """The risk tier with its reasons; `told` is what its author was asked."""
    return worked_out(facts_of(tx, runtime, document), told)


def _model(name: str, aliases: Mapping[str, AliasRow]) -> Place:
    """A model with everything it falls back to: what may go to it may go to all of them."""
    reached = [aliases[each] for each in chain([name], dict(aliases)) if each in aliases]
    lowest = min((DataClass(each.clearance) for each in reached), key=lambda each: each.rank)
    return Place(lowest, f"the model “{name}”", outside=any(each.hosting == "external" for each in reached))


def _hosts(tx: Tx, names: Touched) -> dict[str, Place]:
    found: dict[str, Place] = {}
    for host in names.hosts:
        connection = connection_of_host(tx, host) if host else None
        if connection is not None:
            found[host] = Place(DataClass(connection.clearance), host, outside=not connection.internal)
    return found


def _care(policy: Lowering) -> Care:
    becomes = {each: DataClass(policy.lowered(each.value)) for each in DataClass}
    return Care(becomes, frozenset({Tag.PERSONAL}) if policy.personal_only else frozenset())


def _stopped(tx: Tx, names: Touched) -> dict[str, str]:
    found: dict[str, str] = {}
    for host in names.hosts:
        connection = connection_of_host(tx, host) if host else None
        if connection is not None and connection.stopped is not None:
            found[f"connection:{host}"] = f"The connection to “{host}” is switched off."
    return found


def with_tests(facts: Facts, tests: tuple[Tried, ...]) -> Facts:
    """The same facts with the results of test cases."""
    return replace(facts, tests=tests)
