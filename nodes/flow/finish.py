"""`flow.finish`: what a run hands back."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict

from nodes.sdk import ANY, Context, Control, Example, Exit, Node, Reach, Result, Shape, Trouble, Value, field
from nodes.sdk.named import key_troubles
from nodes.sdk.words import listed, quoted


class Handed(BaseModel):
    """One value the run hands back."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = field("Name", "What the result calls it.", control=Control.NAME, example="answer", max_length=63)
    value: Value = field("Value", default=None)


class Finish(Node, label="Finish", icon="flag"):
    """End here: what the person, or the system that asked, gets back.

    A chat shows the value named `answer`, or the only one there is. A workflow may have several finishes, one at the
    end of each branch.
    """

    # in a document this setting is `outputs`; that name belongs to the method of every node
    results: list[Handed] = field(
        "Results", "What whoever runs it gets back.", default=[], row="result", alias="outputs", max_length=100
    )

    examples = (
        Example(
            "Hand back a reply and its language",
            settings={"outputs": [{"name": "answer", "value": "Thank you."}, {"name": "language", "value": "English"}]},
            output={"answer": "Thank you.", "language": "English"},
        ),
    )

    def exits(self) -> tuple[Exit, ...]:
        """None: nothing follows."""
        return ()

    def outputs(self) -> dict[str, Shape]:
        """The results, by name."""
        return {each.name: ANY for each in self.results}

    def troubles(self) -> list[Trouble]:
        """Names that are taken or no names."""
        return key_troubles([each.name for each in self.results], "outputs", "result")

    def reaches(self) -> list[Reach]:
        """Whoever gets the result."""
        return [Reach("audience")]

    def explain(self) -> str:
        """What is handed back."""
        results = [f"{quoted(each.value)} as “{each.name}”" for each in self.results]
        return f"The run ends and hands back {listed(results)}." if results else "The run ends and hands back nothing."

    async def run(self, ctx: Context) -> Result:
        """Hand the values back."""
        return {each.name: each.value for each in self.results}
