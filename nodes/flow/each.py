"""`flow.each`: the same steps for every entry of a list."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Any, cast

from nodes.sdk import ANY, NUMBER, Context, Example, Node, Output, Result, Shape, StepFailed, Value, field, output
from nodes.sdk.fields import Inside
from nodes.sdk.words import quoted


class OnError(StrEnum):
    """What an item that fails does to the others."""

    STOP = "stop"
    NULL = "null"
    SKIP = "skip"

    @property
    def label(self) -> str:
        """The words in the form."""
        return {"stop": "Stop: the step fails", "null": "Go on, with nothing in its place",
                "skip": "Go on, and leave it out"}[self.value]  # fmt: skip


class Each(Node, label="For each", icon="repeat", container="each"):
    """Do the steps inside once for every entry of a list.

    Inside, the entry is `item` and its number, from 0, is `index`. The results come out as a list in the order of the
    entries, however many are worked on side by side. Every item works on its own copy of the variables; what it
    changes in them counts for the others when it ends, in the order of the items.
    """

    items: Value = field("List", "The entries to work on.", default=None)
    result: Annotated[Value, Inside()] = field(
        "Result of an item", "What each entry comes to; pick a value of a step inside.", default=None
    )
    parallel: int = field("At once", "How many are worked on side by side.", default=1, ge=1, le=50)
    on_error: OnError = field("When an item fails", default=OnError.STOP)
    flatten: bool = field(
        "Join lists", "When every result is a list, hand on one list of all their entries.", default=False,
        advanced=True,
    )  # fmt: skip

    class Output(Output):
        """What all items came to."""

        failed: int = output("How many items failed")
        output: list[Any] = output("The results, in the order of the entries")

    examples = (
        Example(
            "The same for three entries",
            settings={"items": ["a", "b", "c"], "result": "done"},
            output={"output": ["done", "done", "done"], "failed": 0},
        ),
    )

    def inner(self) -> dict[str, Shape]:
        """The entry and its number."""
        return {"item": ANY, "index": NUMBER}

    def entries(self) -> list[Any]:
        """The entries of the list; none where there is nothing. Raises `StepFailed` for what is no list."""
        if self.items is None or self.items == "":
            return []
        if not isinstance(self.items, list):
            raise StepFailed(
                f"“For each” needs a list, but was given {quoted(self.items)}.",
                code="not_a_list",
                hint="Choose a value that is a list, or make one of it first.",
            )
        return cast("list[Any]", self.items)

    def gathered(self, results: list[Any], failed: int) -> dict[str, Any]:
        """What the step hands on, from the results of those items that count."""
        there = [each for each in results if each is not None]
        if self.flatten and there and all(isinstance(each, list) for each in there):
            results = [entry for each in cast("list[list[Any]]", there) for entry in each]
        return {"output": results, "failed": failed}

    def explain(self) -> str:
        """What is done with what."""
        side = "" if self.parallel == 1 else f", {self.parallel} at a time"
        ends = {
            OnError.STOP: "stops at the first that fails",
            OnError.NULL: "goes on when one fails, with nothing in its place",
            OnError.SKIP: "leaves out those that fail",
        }[self.on_error]
        return f"Does the steps inside for every entry of {quoted(self.items)}{side}, and {ends}."

    async def run(self, ctx: Context) -> Result:
        """What comes out where no step lies inside."""
        return self.gathered([self.result for _ in self.entries()], 0)
