"""The fact sheet of a version: all that can be computed of it, so that its author is asked only what a machine cannot
know. Kept with the submission as it was then; shown before submitting and to whoever decides."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass
from typing import Any

import orjson

from runtime.governance.checks import check_all
from runtime.governance.facts import Facts
from runtime.governance.policies import NEEDS, REVIEW, TIERS, Tier
from runtime.governance.tiers import tier_of
from runtime.graph.document import Document
from runtime.graph.flowing import Crossing
from runtime.graph.hashing import content_hash
from runtime.operations.governance import facts_of
from runtime.operations.runtime import Runtime
from runtime.operations.test_cases import tried_of
from runtime.store import submissions as rows
from runtime.store.policies import read_policy
from runtime.store.transaction import Tx

BLOCKING = frozenset({"compiles"})
"""codes of the checks that have to pass before somebody is asked to look"""
APPROVING = frozenset({"compiles", "data_flow", "secrets"})
"""codes of the checks without which it is approved as an exception only"""

TELLING = frozenset({"data_flow", "places"})
"""codes of the checks whose words tell what a knowledge base is called"""
WITHHELD = "It draws on a knowledge base that is not there, or not shared with you, so this is not shown."


@dataclass(frozen=True, slots=True)
class Cost:
    """What runs of exactly this meaning cost until now, as a forecast. Currency of the price list."""

    runs: int
    mean: float | None
    highest: float | None
    tokens: float | None
    seconds: float | None


@dataclass(frozen=True, slots=True)
class Sheet:
    """What was computed of a version. Everything in lists is plain data: it is kept as JSON."""

    hash: str
    manifest: str
    tier: int
    reasons: list[dict[str, Any]]
    """why this tier, the weightiest first: tier, sentence, step"""
    checks: list[dict[str, Any]]
    """code, title, ok (passed, failed, warning), sentence, evidence (sentence, step)"""
    flow: list[dict[str, Any]]
    """what goes where: source, data_class, tags, sink, sink_kind, clearance, outside, allowed, step, edge (in
    words), along (the edge), sentence"""
    inventory: list[dict[str, Any]]
    """everything it depends on: kind, name, title (what people call it), digest, facts"""
    cost: Cost

    @property
    def blocked(self) -> list[str]:
        """What has to be mended before it can be submitted, in sentences."""
        return failed(self.checks, BLOCKING)

    def as_json(self) -> str:
        """As it is kept."""
        return orjson.dumps(asdict(self)).decode()


def sheet_of(tx: Tx, runtime: Runtime, workflow: str, document: Document, *, customers: bool = False) -> Sheet:
    """Compute all of it, as of the moment `tx` sees. `customers` is what its author said of them."""
    facts = facts_of(tx, runtime, document, tried_of(tx, workflow, content_hash(document)))
    tier = tier_of(facts, customers=customers)
    return Sheet(
        hash=facts.hash,
        manifest=facts.manifest.digest,
        tier=tier.number,
        reasons=[asdict(each) for each in tier.reasons],
        checks=[asdict(each) for each in check_all(facts)],
        flow=[_line(facts, each) for each in facts.flow.crossings],
        inventory=[
            asdict(each) | {"title": facts.called(each.kind, each.name)} for each in facts.manifest.dependencies
        ],
        cost=Cost(*rows.test_cost(tx, workflow, facts.hash)),
    )


def as_far_as(sheet: Mapping[str, Any], unreadable: Collection[str]) -> dict[str, Any]:
    """A sheet as somebody may see it who may not know of these knowledge bases: nothing that tells their titles, or how
    confidential they are. `withheld` says so, empty where nothing is."""
    told = dict(sheet) | {"withheld": WITHHELD if unreadable else ""}
    if not unreadable:
        return told
    blank: dict[str, Any] = {"sentence": WITHHELD, "evidence": []}
    return told | {
        "flow": [],
        "reasons": [{"tier": sheet["tier"], "sentence": WITHHELD, "step": None}],
        "checks": [each | blank if each["code"] in TELLING else each for each in sheet["checks"]],
        "inventory": [
            each | {"title": each["name"], "facts": {}}
            if each["kind"] == "base" and each["name"] in unreadable
            else each
            for each in sheet["inventory"]
        ],
    }


def failed(checks: list[dict[str, Any]], codes: frozenset[str]) -> list[str]:
    """The sentences of those of these checks that failed."""
    return [each["sentence"] for each in checks if each["ok"] == "failed" and each["code"] in codes]


def unmet(tx: Tx, document: Document, checks: list[dict[str, Any]], tier: int) -> list[str]:
    """What the policy of a tier asks for and is not there, in words: what only a condition or an exception bridges."""
    shown = {each["code"] for each in checks if each["ok"] == "passed"}
    if any(step.type == "people.approve" for step in document.meaning.steps.values()):
        shown.add("human_step")
    return [NEEDS[each] for each in read_policy(tx, REVIEW[_tier(tier)]).needs if each not in shown]


def _tier(number: int) -> Tier:
    """A number of a tier that was kept."""
    return next(each for each in TIERS if each == number)


def _line(facts: Facts, each: Crossing) -> dict[str, Any]:
    edge = f"{facts.title(each.edge.step)} → {facts.title(each.edge.to)}" if each.edge else ""
    return {
        "source": each.source_title,
        "data_class": each.data_class,
        "tags": sorted(each.tags),
        "sink": each.sink_title,
        "sink_kind": each.sink_kind,
        "clearance": each.clearance or "",
        "outside": each.outside,
        "allowed": each.allowed,
        "step": each.step,
        "edge": edge,
        "along": {"from": each.edge.source, "to": each.edge.to} if each.edge else None,
        "sentence": each.sentence,
    }
