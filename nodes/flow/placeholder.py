"""`flow.placeholder`: a step of another product that has no counterpart here."""

from __future__ import annotations

from typing import Annotated, Any

from nodes.sdk import ANY, DONE, Context, Control, Example, Exit, Node, Result, Shape, StepFailed, Trouble, field
from nodes.sdk.fields import Verbatim
from nodes.sdk.words import is_exit, quoted


class Placeholder(Node, label="Placeholder", icon="plug"):
    """Keep the place of a step that Greenlane does not have yet.

    An import puts it where the other product had a step without a counterpart, with the settings it had there. It
    cannot do the work: put a step that can in its place. A pinned output makes the workflow run until then.
    """

    what: str = field("Was", "What kind of step it was.", default="", example="tool", max_length=200)
    note: str = field("What to do", default="", control=Control.PARAGRAPH, max_length=4_000)
    original: Annotated[dict[str, Any], Verbatim()] = field(
        "Its settings", "As they were in the other product.", default={}, control=Control.JSON, advanced=True
    )
    # in a document these settings are `outputs` and `exits`; those names belong to methods of every node
    results: list[str] = field(
        "Outputs", "What later steps refer to.", default=[], row="output", alias="outputs", max_length=200,
        advanced=True,
    )  # fmt: skip
    ways: list[str] = field(
        "Ways out", "Empty: one.", default=[], row="way", alias="exits", max_length=50, advanced=True
    )

    examples = (
        Example(
            "A tool of a plug-in",
            settings={
                "what": "tool google_search",
                "note": "Call the search service by “Call HTTP”.",
                "original": {"tool_name": "google_search", "tool_parameters": {"query": "{{#start.topic#}}"}},
                "outputs": ["text", "json"],
            },
            output={},
            fails="placeholder",
        ),
    )

    def exits(self) -> tuple[Exit, ...]:
        """Those the step had."""
        return tuple(Exit(each, each) for each in self.ways) or (DONE,)

    def outputs(self) -> dict[str, Shape]:
        """Whatever later steps refer to."""
        return dict.fromkeys(self.results, ANY)

    def troubles(self) -> list[Trouble]:
        """That it is one, and ways out that no edge could name."""
        text = f"It was a step “{self.what}” and cannot run. {self.note}" if self.what else "It cannot run."
        found = [Trouble("", "placeholder", text.strip(), warning=True)]
        for number, each in enumerate(self.ways):
            if not is_exit(each) or each in self.ways[:number]:
                sentence = f"“{each}” cannot name a way out: use letters, digits and underscores, each name once."
                found.append(Trouble(f"exits.{number}", "bad_name", sentence))
        return found

    def explain(self) -> str:
        """What it was."""
        return f"Keeps the place of a step {quoted(self.what)} and fails." if self.what else "Keeps a place and fails."

    async def run(self, ctx: Context) -> Result:
        """Nothing can be done here."""
        what = f"a step “{self.what}”" if self.what else "a step of another product"
        raise StepFailed(
            f"This is the place of {what}, which Greenlane does not have.",
            code="placeholder",
            hint=self.note or "Put a step in its place that does the work, or pin its output.",
        )
