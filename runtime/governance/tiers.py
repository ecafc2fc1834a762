"""Risk tiers: worked out from the facts of a version, each reason in a sentence. A reviewer may raise, never lower."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from nodes.sdk import DataClass, Effect, Tag
from runtime.governance.facts import Facts
from runtime.governance.manifest import Dependency
from runtime.graph.document import START
from runtime.graph.touching import asks_people

SENSITIVE = frozenset({Tag.PERSONAL, Tag.FINANCIAL, Tag.HEALTH, Tag.CREDENTIALS})


@dataclass(frozen=True, slots=True)
class Reason:
    """A fact, and the tier it asks for by itself."""

    tier: int
    sentence: str
    step: str | None = None


@dataclass(frozen=True, slots=True)
class Tier:
    """The highest any fact asks for, with all reasons, the weightiest first."""

    number: int
    reasons: tuple[Reason, ...]


def tier_of(facts: Facts, *, customers: bool = False) -> Tier:
    """The tier of a document as it is set up now. `customers` is what no machine can know: whether they see it, or are
    affected by it."""
    reasons = list(dict.fromkeys([*_flows(facts), *_sources(facts), *_steps(facts), *_failing(facts)]))
    if customers:
        reasons.insert(0, Reason(3, "Customers see it or are affected by it."))
    if not reasons:
        reasons = [Reason(1, "It works on nothing above internal, and nothing leaves but to its model.")]
    reasons.sort(key=lambda each: -each.tier)
    return Tier(reasons[0].tier, tuple(reasons))


def _flows(facts: Facts) -> Iterator[Reason]:
    """What goes where."""
    for each in facts.flow.crossings:
        tags = ", ".join(sorted(each.tags & SENSITIVE))
        leaves = each.outside and each.sink_kind in ("model", "host")
        if each.data_class is DataClass.RESTRICTED and each.sink_kind in ("model", "host"):
            yield Reason(3, f"Restricted data from {each.source_title} goes to {each.sink_title}.", each.step or None)
        elif tags and leaves:
            yield Reason(
                3, f"Data tagged {tags} from {each.source_title} leaves to {each.sink_title}.", each.step or None
            )
        if leaves and each.sink_kind == "host":
            yield Reason(2, f"It sends data to {each.sink_title}, outside the company.", each.step or None)
        if each.sink_kind == "audience" and each.clearance is DataClass.PUBLIC:
            yield Reason(3, "Its result is for the public.", each.step or None)


def _sources(facts: Facts) -> Iterator[Reason]:
    """What it works on."""
    for step in (*facts.order, *(("",) if facts.on_error is not None else ())):
        for draw in facts.touches[step].draws:
            known = facts.manifest.get("base", draw.name) if draw.kind == "base" else None
            data_class = draw.data_class or (_class_of(known) if known else None)
            if draw.kind == "base" and data_class is not DataClass.PUBLIC:
                yield Reason(
                    2,
                    f"It draws on the knowledge base “{facts.called('base', draw.name)}” ({data_class or 'unknown'}).",
                    step or None,
                )
            if draw.kind == "input" and data_class in (DataClass.CONFIDENTIAL, DataClass.RESTRICTED):
                yield Reason(2, f"“{draw.name}” is {data_class}.", step or None)
            if tags := draw.tags & SENSITIVE:
                yield Reason(2, f"“{draw.name}” holds data tagged {', '.join(sorted(tags))}.", step or None)


def _class_of(base: Dependency) -> DataClass | None:
    said = base.facts.get("data_class")
    return DataClass(said) if said else None


def _steps(facts: Facts) -> Iterator[Reason]:
    """What its steps do, and whether a person stands in between."""
    effects = {step: each.does() for step, each in facts.steps.items()}
    human = any(asks_people(each) for each in facts.steps.values())
    writes = [step for step in facts.order if Effect.WRITE in effects.get(step, ())]
    for step in writes:
        yield Reason(2, f"“{facts.title(step)}” changes something elsewhere.", step)
    if writes and not human:
        yield Reason(3, "It changes something elsewhere, and no person stands in between.", writes[0])
    for step in facts.order:
        kind = str(facts.steps[step].settings.get("kind", ""))
        if facts.steps[step].type == START and kind in ("webhook", "schedule") and not human:
            begins = "a schedule" if kind == "schedule" else "a call from another system"
            yield Reason(2, f"It begins with {begins}, and no person stands in between.", step)


def _failing(facts: Facts) -> Iterator[Reason]:
    """What its error workflow does, and whether a person stands in between there."""
    if facts.on_error is None or Effect.WRITE not in facts.on_error.does():
        return
    yield Reason(2, "When a run fails, its error workflow changes something elsewhere.")
    if not asks_people(facts.on_error):
        yield Reason(3, "Its error workflow changes something elsewhere, and no person stands in between.")
