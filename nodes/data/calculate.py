"""`data.calculate`: work out one value by a formula."""

from __future__ import annotations

from nodes.sdk import Context, Control, Effect, Example, Node, Result, Shape, StepFailed, Trouble, field
from nodes.sdk.fields import Source
from nodes.sdk.named import Given, Kind, misfit, name_troubles, values_of
from nodes.sdk.words import listed, quoted


class Calculate(Node, label="Calculate", icon="calculator", effects=(Effect.COMPUTE,)):
    """Work out a value by a formula over other values.

    The formula is one expression of Python: `net * 1.19`, `round(total / count, 2)`, `max(prices)`,
    `first + " " + last`, `"late" if days > 30 else "in time"`, `sum(item["price"] for item in items)`. It is worked out
    in a closed cage that reaches no file, no network and no other step.
    """

    inputs: list[Given] = field("Values", "What the formula may use, by name.", default=[], row="value",
                                max_length=50)  # fmt: skip
    formula: Source = field("Formula", default="", control=Control.CODE, example="round(net * 1.19, 2)",
                            max_length=4_000)  # fmt: skip
    kind: Kind = field("The result is", default=Kind.NUMBER)

    examples = (
        Example(
            "The gross amount",
            settings={
                "inputs": [{"name": "net", "value": 119.5}, {"name": "rate", "value": 19}],
                "formula": "round(net * (1 + rate / 100), 2)",
            },
            output={"output": 142.2},
        ),
        Example(
            "A word for a number",
            settings={
                "inputs": [{"name": "days", "value": 42}],
                "formula": '"late" if days > 30 else "in time"',
                "kind": "text",
            },
            output={"output": "late"},
        ),
    )

    def outputs(self) -> dict[str, Shape]:
        """The result."""
        return {"output": self.kind.shape.model_copy(update={"description": "The result of the formula"})}

    def troubles(self) -> list[Trouble]:
        """No formula, or names it cannot use."""
        found = [] if self.formula.strip() else [Trouble("formula", "missing", "Write the formula.")]
        return found + name_troubles([each.name for each in self.inputs], "inputs", "value")

    def explain(self) -> str:
        """What is worked out from what; the formula itself stands below it in the walk-through."""
        given = listed([f"{quoted(each.value)} (as “{each.name}”)" for each in self.inputs])
        return f"Works out one value ({self.kind.word}) by a formula{f' from {given}' if given else ''}."

    async def run(self, ctx: Context) -> Result:
        """Work it out, and check its kind."""
        ran = await ctx.sandbox.run("python", self.formula.strip(), values_of(self.inputs))
        if wrong := misfit(ran.value, self.kind):
            raise StepFailed(
                f"The result of the formula {wrong}.",
                code="code_output_wrong",
                hint="Change the formula, or the kind of the result.",
            )
        return {"output": ran.value}
