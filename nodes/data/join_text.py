"""`data.join_text`: put texts together."""

from __future__ import annotations

from enum import StrEnum

from nodes.sdk import Context, Example, Node, Output, Result, Text, Trouble, field, output
from nodes.sdk.sizes import check_text
from nodes.sdk.words import listed, quoted


class Between(StrEnum):
    """What stands between two texts."""

    BLANK_LINE = "blank_line"
    NEW_LINE = "new_line"
    SPACE = "space"
    COMMA = "comma"
    NOTHING = "nothing"
    OTHER = "other"

    @property
    def label(self) -> str:
        """The words in the form and in the walk-through."""
        return {"blank_line": "a blank line", "new_line": "a new line", "space": "a space", "comma": "a comma",
                "nothing": "nothing", "other": "other text"}[self]  # fmt: skip


_SIGNS = {
    Between.BLANK_LINE: "\n\n",
    Between.NEW_LINE: "\n",
    Between.SPACE: " ",
    Between.COMMA: ", ",
    Between.NOTHING: "",
}


class JoinText(Node, label="Join text", icon="combine"):
    """Put several texts together into one.

    Texts that are empty, like those of a branch that was not taken, are left out unless you keep them.
    """

    texts: list[Text] = field("Texts", "In this order.", default=[], row="text", max_length=100)
    between: Between = field("Between them", default=Between.NEW_LINE)
    other: str = field("Other text", default="", when=("between", Between.OTHER), max_length=1000)
    keep_empty: bool = field("Keep empty texts", default=False, advanced=True)

    class Output(Output):
        """The joined text."""

        text: str = output("The texts, put together")

    examples = (
        Example(
            "A greeting above the reply",
            settings={"texts": ["Dear Ada,", "", "thank you."], "between": "blank_line"},
            output={"text": "Dear Ada,\n\nthank you."},
        ),
        Example(
            "A line for a file",
            settings={"texts": ["Ada", "", "London"], "between": "other", "other": ";", "keep_empty": True},
            output={"text": "Ada;;London"},
        ),
    )

    def troubles(self) -> list[Trouble]:
        """Nothing to join."""
        return [] if self.texts else [Trouble("texts", "missing", "Add the texts to put together.")]

    def explain(self) -> str:
        """The texts in order."""
        between = quoted(self.other) if self.between is Between.OTHER else self.between.label
        joined = listed([quoted(each) for each in self.texts])
        return f"Puts {joined} together" + (f", with {between} between them." if len(self.texts) > 1 else ".")

    async def run(self, ctx: Context) -> Result:
        """Join them."""
        texts = self.texts if self.keep_empty else [each for each in self.texts if each.strip()]
        sign = self.other if self.between is Between.OTHER else _SIGNS[self.between]
        check_text(sum(map(len, texts)) + len(sign) * len(texts))
        return self.Output(text=sign.join(texts))
