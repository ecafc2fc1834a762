"""A condition as people put it together in a form: two sides and what is asked of them."""

from __future__ import annotations

from enum import StrEnum

from pydantic import BaseModel, ConfigDict

from nodes.sdk import exact
from nodes.sdk.compare import ONE_SIDED, TWO_SIDED, Operator, holds
from nodes.sdk.fields import Value, field
from nodes.sdk.node import Trouble
from nodes.sdk.reading import is_empty
from nodes.sdk.words import quoted


class Rules(StrEnum):
    """How exactly two sides are compared."""

    LENIENT = "lenient"
    EXACT = "exact"

    @property
    def label(self) -> str:
        """The words in the form."""
        return {"lenient": "As people read", "exact": "Exactly, as in Dify"}[self.value]


class Condition(BaseModel):
    """One comparison."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    left: Value = field("Value", default=None)
    operator: Operator = field("Comparison", default=Operator.IS)
    right: Value = field("With", default=None, when=("operator", TWO_SIDED))
    match_case: bool = field("Capitals matter", default=False, advanced=True)

    def explain(self) -> str:
        """The comparison in words."""
        right = "" if self.operator in ONE_SIDED else f" {quoted(self.right)}"
        return f"{quoted(self.left)} {self.operator.label}{right}"

    def holds(self, *, by: Rules = Rules.LENIENT) -> bool:
        """Whether it is true. Raises `StepFailed` where the two sides cannot be compared."""
        if by is Rules.EXACT:
            return exact.holds(self.left, self.operator, self.right)
        return holds(self.left, self.operator, self.right, match_case=self.match_case)

    def troubles(self, place: str, *, by: Rules = Rules.LENIENT) -> list[Trouble]:
        """Sides that are missing, each at its field below `place`. By the exact rules blank text is a side too."""
        found: list[Trouble] = []
        if is_empty(self.left):
            found.append(Trouble(f"{place}.left", "missing", "Choose the value to look at."))
        if by is Rules.LENIENT and self.operator not in ONE_SIDED and is_empty(self.right):
            found.append(Trouble(f"{place}.right", "missing", f"Say what “{self.operator.label}” compares with."))
        return found
