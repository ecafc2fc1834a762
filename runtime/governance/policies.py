"""Policies: every rule a platform owner may change, with its default and what it means in words.

A policy is one value of a small model. A row exists only where somebody chose other than the default, so a default
that gets better reaches everybody who never changed it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field

DataClass = Literal["public", "internal", "confidential", "restricted"]
Tier = Literal[1, 2, 3]
DependencyKind = Literal["model", "base", "connection", "node_type", "policy"]
Need = Literal["human_step", "test_cases", "documented"]

CLASSES: tuple[DataClass, ...] = ("public", "internal", "confidential", "restricted")
TIERS: tuple[Tier, ...] = (1, 2, 3)
KINDS: dict[DependencyKind, str] = {
    "model": "the model behind an alias",
    "base": "the set-up of a knowledge base",
    "connection": "a connection to an outside host",
    "node_type": "the program of a step",
    "policy": "a policy",
}
"""what an app depends on, as a person reads it"""
NEEDS: dict[Need, str] = {
    "human_step": "a person approves inside the workflow",
    "test_cases": "its test cases pass",
    "documented": "it has a description, and its inputs are described",
}
"""what a tier may ask of a workflow before it is approved without a condition"""
TIER_WORDS: dict[Tier, str] = {1: "team productivity", 2: "departmental", 3: "high-risk or regulated"}


class Value(BaseModel):
    """What a policy says."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    def words(self) -> str:
        """The value as a person reads it."""
        raise NotImplementedError


class Ruling(Value):
    """What becomes of an app when something it was approved with has changed."""

    do: Literal["stop", "grace", "carry_on"]
    days: int = Field(default=0, ge=0, le=365)
    """how long it may go on, where `do` is grace"""

    def words(self) -> str:
        match self.do:
            case "stop":
                return "The app stops until it is approved again."
            case "grace":
                return f"The app goes on for {self.days} day{'' if self.days == 1 else 's'}, then it stops."
            case "carry_on":
                return "The app goes on; the change is recorded."


class Lowering(Value):
    """To which class something is lowered, class by class; a class that stays is written as itself."""

    internal: DataClass = "internal"
    confidential: DataClass = "confidential"
    restricted: DataClass = "restricted"
    personal_only: bool = False
    """only what is tagged personal; the strict reading, because masking names makes no trade secret harmless"""

    def lowered(self, data_class: DataClass) -> DataClass:
        """The class afterwards; never a higher one."""
        chosen: dict[DataClass, DataClass] = {
            "public": "public", "internal": self.internal, "confidential": self.confidential,
            "restricted": self.restricted,
        }  # fmt: skip
        return CLASSES[min(CLASSES.index(chosen[data_class]), CLASSES.index(data_class))]

    def words(self) -> str:
        moved = [f"{each} becomes {self.lowered(each)}" for each in reversed(CLASSES) if self.lowered(each) != each]
        if not moved:
            return "It lowers nothing."
        return f"{', '.join(moved).capitalize()}{'; only for data tagged personal' if self.personal_only else ''}."


class Review(Value):
    """What a tier asks of a workflow. Where it is not there yet, a condition may bring it later."""

    needs: tuple[Need, ...] = ()

    def words(self) -> str:
        asked = "; ".join(NEEDS[each] for each in NEEDS if each in self.needs)
        return f"{asked[0].upper()}{asked[1:]}." if asked else "Nothing beyond the automatic checks."


class Share(Value):
    """How much of the server one may take."""

    at_once: int = Field(default=50, ge=1, le=10_000)
    """runs executed at once; further ones wait for their turn"""
    per_minute: int = Field(default=3000, ge=0, le=1_000_000)
    """runs started in a minute, further ones are refused; 0: as many as one likes"""

    def words(self) -> str:
        started = f"{self.per_minute:,} starts a minute" if self.per_minute else "any number of starts"
        return f"{self.at_once:,} run{'' if self.at_once == 1 else 's'} at once, {started}."


class Isolation(Value):
    """Where the code of a step may run."""

    reduced: bool = False
    """also where no cage can be built, under limits alone"""

    def words(self) -> str:
        if self.reduced:
            return "Where no cage can be built, code runs all the same, under limits alone: reduced isolation."
        return "Code runs in the cage. Where none can be built, it does not run."


V = TypeVar("V", bound=Value)


@dataclass(frozen=True, slots=True)
class Policy(Generic[V]):
    """A rule with its default."""

    name: str
    title: str
    sentence: str
    """what the rule decides"""
    default: V

    def value(self, kept: str | None) -> V:
        """What holds, by the JSON that is kept for it; None: the default. Raises `ValidationError`."""
        return self.default if kept is None else type(self.default).model_validate_json(kept)


_GRACE = Ruling(do="grace", days=14)
_STOP, _ON = Ruling(do="stop"), Ruling(do="carry_on")
_DRIFT: dict[DependencyKind, tuple[Ruling, Ruling, Ruling]] = {
    "model": (_ON, _GRACE, _STOP),
    "base": (_ON, _GRACE, _STOP),
    "connection": (_GRACE, _STOP, _STOP),
    "node_type": (_ON, _ON, Ruling(do="grace", days=30)),
    "policy": (Ruling(do="grace", days=30), _GRACE, _STOP),
}

DRIFT: dict[tuple[DependencyKind, Tier], Policy[Ruling]] = {
    (kind, tier): Policy(
        f"drift.{kind}.{tier}",
        f"When {words} changes under an app of tier {tier}",
        f"What becomes of an approved app ({TIER_WORDS[tier]}) when {words} is no longer what it was approved with.",
        _DRIFT[kind][tier - 1],
    )
    for kind, words in KINDS.items()
    for tier in TIERS
}
"""by kind of dependency and tier of the app"""

GUARD_LOWERS = Policy(
    "guard.lowers",
    "What a guard step makes of the data class",
    "The class of a text after a guard step has masked the personal data in it and let no secret pass.",
    Lowering(confidential="internal"),
)
APPROVE_LOWERS = Policy(
    "approve.lowers",
    "What an approve step makes of the data class",
    "The class of what a person has looked at and approved inside a run.",
    Lowering(),
)

REVIEW: dict[Tier, Policy[Review]] = {
    tier: Policy(
        f"review.{tier}",
        f"What tier {tier} asks for",
        f"What has to be there before a workflow of tier {tier} ({TIER_WORDS[tier]}) is approved without a condition.",
        default,
    )
    for tier, default in zip(
        TIERS,
        (
            Review(),
            Review(needs=("documented",)),
            Review(needs=("human_step", "test_cases", "documented")),
        ),
        strict=True,
    )
}
"""by tier of the workflow"""

PERSON_SHARE = Policy(
    "runs.person",
    "How much one person runs",
    "What a person, or a program with one of their keys, may run. Whoever runs much keeps nobody else waiting.",
    Share(),
)
APP_SHARE = Policy(
    "runs.app",
    "How much one app runs",
    "What may run of an app, whoever starts it, where IT has set nothing else for it.",
    Share(at_once=100, per_minute=6000),
)

ISOLATION = Policy(
    "sandbox.isolation",
    "Where the code of a step runs",
    "Code and templates that people write run in a cage: a process without network, files or rights. A machine that"
    " cannot build one may run them under limits on time, memory and system calls alone; that is weaker.",
    Isolation(),
)

POLICIES: dict[str, Policy[Ruling] | Policy[Lowering] | Policy[Review] | Policy[Share] | Policy[Isolation]] = {
    each.name: each
    for each in (*REVIEW.values(), GUARD_LOWERS, APPROVE_LOWERS, PERSON_SHARE, APP_SHARE, ISOLATION, *DRIFT.values())
}
"""every policy there is, by name, in the order of the page"""

FIXED = (
    "Nobody decides about work they contributed to, platform owners included.",
    "Every decision has a written reason and names exactly what was approved.",
    "Whatever is not public is reached only over a connection or a model alias that IT has set up.",
    "An exception ends by itself on its day; an overdue condition stops the app.",
)
"""what holds for everybody and cannot be changed here"""
