"""Policies: the rules that hold, in plain words. How it looks is in `policies_view`."""

from collections.abc import Mapping
from typing import Any, Literal, TypedDict

import reflex as rx

from builder.components.toast import tell, told
from builder.session import current_actor, internal, requires
from builder.wiring import runtime
from runtime.operations import policies
from runtime.operations.actors import permit
from runtime.operations.policies import NEEDS, Isolation, Lowering, PolicyCard, Review, Ruling, Share

Shape = Literal["", "ruling", "lowering", "review", "isolation", "share"]


class Rule(TypedDict):
    """A policy on the page."""

    name: str
    title: str
    about: str
    words: str
    default: str
    """what it says where nobody changed it"""
    changed: float
    by: str


class Line(TypedDict):
    """A kind of dependency with its ruling for each tier."""

    title: str
    rules: list[Rule]


class Policies(rx.State):
    """The rules, and the one that is being changed."""

    reviews: rx.Field[list[Rule]] = rx.field(default_factory=list)
    lowerings: rx.Field[list[Rule]] = rx.field(default_factory=list)
    shares: rx.Field[list[Rule]] = rx.field(default_factory=list)
    drifts: rx.Field[list[Line]] = rx.field(default_factory=list)
    codes: rx.Field[list[Rule]] = rx.field(default_factory=list)
    no_cage: str = ""
    fixed: rx.Field[list[str]] = rx.field(default_factory=list)
    loaded: bool = False
    may_change: bool = False
    shape: Shape = ""
    """of the policy that is being changed; empty: none is"""
    chosen: rx.Field[dict[str, str]] = rx.field(default_factory=lambda: {"name": "", "title": "", "about": ""})
    given: rx.Field[dict[str, str]] = rx.field(default_factory=dict)
    ticked: rx.Field[list[str]] = rx.field(default_factory=list)
    _cards: dict[str, PolicyCard]

    @internal
    async def load(self) -> None:
        self.shape, self.may_change = "", permit(current_actor(), "policy.set").allowed
        async with told(self):
            await self._refresh()

    async def _refresh(self) -> None:
        found = await policies.list_policies(runtime(), current_actor())
        self._cards = {card.name: card for card in found.policies}
        self.reviews = [_rule(card) for card in found.policies if isinstance(card.value, Review)]
        self.lowerings = [_rule(card) for card in found.policies if isinstance(card.value, Lowering)]
        self.shares = [_rule(card) for card in found.policies if isinstance(card.value, Share)]
        self.codes = [_rule(card) for card in found.policies if isinstance(card.value, Isolation)]
        self.no_cage = found.no_cage
        rulings = [_rule(card) for card in found.policies if isinstance(card.value, Ruling)]
        self.drifts = [
            Line(title=rules[0]["title"].removeprefix("When ").partition(" changes ")[0].capitalize(), rules=rules)
            for rules in (rulings[at : at + 3] for at in range(0, len(rulings), 3))
        ]
        self.fixed, self.loaded = list(found.fixed), True

    @requires("page.see")
    async def ask_change(self, policy: str) -> None:
        card = self._cards.get(policy)
        if card is None:
            return
        self.chosen = {"name": card.name, "title": card.title, "about": card.sentence}
        self.given = {name: str(value) for name, value in card.value.model_dump().items()}
        match card.value:
            case Ruling():
                self.shape, self.ticked = "ruling", []
            case Lowering(personal_only=only):
                self.shape, self.ticked = "lowering", ["personal_only"] if only else []
            case Review(needs=needs):
                self.shape, self.ticked = "review", [*needs]
            case Share():
                self.shape, self.ticked = "share", []
            case Isolation(reduced=reduced):
                self.shape, self.ticked = "isolation", ["reduced"] if reduced else []

    @requires("page.see")
    async def close(self) -> None:
        self.shape = ""

    @requires("policy.set")
    async def save(self, form: dict[str, str | bool]) -> None:
        async with told(self):
            await policies.set_policy(
                runtime(), current_actor(), policy=self.chosen["name"], value=value_of(self.shape, form),
                reason=str(form.get("reason", "")),
            )  # fmt: skip
            self.shape = ""
            await self._refresh()
            await tell(self, "The policy is changed", "It holds from now on.")


def value_of(shape: Shape, form: Mapping[str, str | bool]) -> dict[str, Any]:
    """What the form says, as the policy keeps it; whether it may say that, the operation judges."""
    match shape:
        case "ruling":
            days = str(form.get("days", "")).strip()
            chosen = form.get("do", "")
            return {"do": chosen, "days": int(days) if chosen == "grace" and days.isdigit() else 0}
        case "lowering":
            classes = {name: form.get(name, "") for name in ("internal", "confidential", "restricted")}
            return classes | {"personal_only": bool(form.get("personal_only"))}
        case "review":
            return {"needs": [each for each in NEEDS if form.get(each)]}
        case "isolation":
            return {"reduced": bool(form.get("reduced"))}
        case "share":
            return {name: int(said) if (said := str(form.get(name, "")).strip()).isdigit() else said
                    for name in ("at_once", "per_minute")}  # fmt: skip
        case "":
            return {}


def _rule(card: PolicyCard) -> Rule:
    return Rule(
        name=card.name,
        title=card.title,
        about=card.sentence,
        words=card.value.words(),
        default=card.default.words(),
        changed=card.changed or 0.0,
        by=card.by,
    )
