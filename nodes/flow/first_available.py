"""`flow.first_available`: bring branches together again."""

from __future__ import annotations

from typing import Any

from nodes.sdk import Context, Example, Node, Output, Result, Trouble, Value, field, output
from nodes.sdk.reading import is_empty
from nodes.sdk.words import listed, quoted


class FirstAvailable(Node, label="First available", icon="merge"):
    """Bring branches together: hand on the first of several values that is there.

    A value from a step that was skipped is not there. With no value at all the step hands on its default, or nothing.
    """

    values: list[Value] = field("Values", "Looked at from top to bottom.", default=[], row="value", max_length=50)
    skip_empty: bool = field("Pass over empty text and empty lists", default=False)
    otherwise: Value = field("Default", "Handed on when none is there.", default=None)

    class Output(Output):
        """The value that was there."""

        output: Any = output("The first value that is there")

    examples = (
        Example(
            "The branch that ran gives the reply",
            settings={"values": [None, "We will call you."]},
            output={"output": "We will call you."},
        ),
        Example(
            "Nothing there: the default",
            settings={"values": [None, ""], "skip_empty": True, "otherwise": "No reply"},
            output={"output": "No reply"},
        ),
    )

    def troubles(self) -> list[Trouble]:
        """A list that is empty."""
        return [] if self.values else [Trouble("values", "missing", "Add the values to choose from.")]

    def explain(self) -> str:
        """The values in order."""
        default = "" if self.otherwise is None else f", or else {quoted(self.otherwise)}"
        what = "is there and not empty" if self.skip_empty else "is there"
        return f"Takes the first of {listed([quoted(each) for each in self.values], 'or')} that {what}{default}."

    async def run(self, ctx: Context) -> Result:
        """Hand on the first value that is there."""
        for each in self.values:
            if each is not None and not (self.skip_empty and is_empty(each)):
                return self.Output(output=each)
        return self.Output(output=self.otherwise)
