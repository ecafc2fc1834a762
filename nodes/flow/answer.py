"""`flow.answer`: say something to whoever chats."""

from __future__ import annotations

from nodes.sdk import Context, Control, Example, Node, Output, Reach, Result, Text, Trouble, field, output
from nodes.sdk.words import quoted


class Answer(Node, label="Answer", icon="message-square"):
    """Say something to whoever runs this, as soon as it is known.

    Text of a model is shown while the model writes it. There may be several answers on the way; together, in the order
    in which they became ready, they are the run's `answer`.
    """

    text: Text = field(
        "Answer", "What is said. Type / to put in a value.", default="", control=Control.PARAGRAPH,
        max_length=1_000_000,
    )  # fmt: skip

    class Output(Output):
        """What was said."""

        text: str = output("What was said")

    examples = (Example("A greeting", settings={"text": "Hello Ada"}, output={"text": "Hello Ada"}),)

    def troubles(self) -> list[Trouble]:
        """Nothing to say."""
        return [] if self.text else [Trouble("text", "missing", "Write what is to be said.")]

    def reaches(self) -> list[Reach]:
        """Whoever gets the result."""
        return [Reach("audience")]

    def explain(self) -> str:
        """What is said."""
        return f"Answers {quoted(self.text)}."

    async def run(self, ctx: Context) -> Result:
        """Say it."""
        return self.Output(text=self.text)
