"""`flow.repeat`: the same steps again and again."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict

from nodes.sdk import NUMBER, Context, Control, Example, Node, Result, Shape, StepFailed, Trouble, Value, field
from nodes.sdk.conditions import Condition, Rules
from nodes.sdk.fields import Inside
from nodes.sdk.named import Kind, key_troubles, misfit
from nodes.sdk.words import listed, quoted

ROUND = "round"


class Carried(BaseModel):
    """One variable that goes from round to round."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = field("Name", "What steps call it.", control=Control.NAME, example="counter", max_length=63)
    kind: Kind = field("Kind", default=Kind.ANY)
    start: Value = field("Begins with", default=None)


class Repeat(Node, label="Loop", icon="rotate-cw", container="repeat"):
    """Do the steps inside again and again, until a condition holds or the most rounds are done.

    Its variables keep their values from round to round: change them inside with “Set value”. The conditions are looked
    at before the first round and after each. A step “Leave loop” inside ends the loop as well.
    """

    variables: list[Carried] = field(
        "Variables", "What goes from round to round.", default=[], row="variable", max_length=50
    )
    most: int = field("Most rounds", "The loop ends after so many.", default=10, ge=1, le=1000)
    match: Annotated[Literal["all", "any"], Inside()] = field(
        "Ends when", "All conditions are true, or any of them.", default="all"
    )
    until: Annotated[list[Condition], Inside()] = field(
        "Conditions", "Looked at before the first round and after each.", default=[], row="condition", max_length=50
    )
    rules: Annotated[Rules, Inside()] = field(
        "Comparing", "Exactly: capitals and spaces count, and what cannot be compared fails the step.",
        default=Rules.LENIENT, advanced=True,
    )  # fmt: skip

    examples = (
        Example(
            "What a loop begins with",
            settings={
                "variables": [
                    {"name": "counter", "kind": "number", "start": 0},
                    {"name": "draft", "kind": "text", "start": "Dear Ada"},
                ],
                "most": 3,
            },
            output={"counter": 0, "draft": "Dear Ada", "round": 0},
        ),
    )

    def outputs(self) -> dict[str, Shape]:
        """Each variable as the last round left it, and how many rounds were done."""
        return self.inner()

    def inner(self) -> dict[str, Shape]:
        """Each variable, and how many rounds are done."""
        rounds = NUMBER.model_copy(update={"description": "How many rounds are done"})
        return {each.name: each.kind.shape for each in self.variables} | {ROUND: rounds}

    def begun(self) -> dict[str, Any]:
        """What the variables begin with. Raises `StepFailed` for a value of another kind."""
        for each in self.variables:
            if each.start is not None and (wrong := misfit(each.start, each.kind)):
                raise StepFailed(f"What the loop variable “{each.name}” begins with {wrong}.", code="bad_variable")
        return {each.name: each.start for each in self.variables}

    def over(self) -> bool:
        """Whether the conditions end the loop; without any it goes on."""
        if not self.until:
            return False
        results = (each.holds(by=self.rules) for each in self.until)
        return all(results) if self.match == "all" else any(results)

    def troubles(self) -> list[Trouble]:
        """Names that are taken or no names, conditions without a side."""
        names = [each.name for each in self.variables]
        taken = {ROUND: "the number of rounds"}
        found = key_troubles(names, "variables", "variable", taken, like="counter")
        for number, each in enumerate(self.until):
            found += each.troubles(f"until.{number}", by=self.rules)
        return found

    def explain(self) -> str:
        """How often, and until when."""
        joint = " and " if self.match == "all" else " or "
        until = f", until {joint.join(each.explain() for each in self.until)}" if self.until else ""
        kept = listed([f"“{each.name}” (at first {quoted(each.start)})" for each in self.variables])
        keeps = f"; {kept} {'goes' if len(self.variables) == 1 else 'go'} from round to round" if kept else ""
        return f"Does the steps inside again and again, {self.most} rounds at most{until}{keeps}."

    async def run(self, ctx: Context) -> Result:
        """What comes out where no step lies inside."""
        return self.begun() | {ROUND: 0}
