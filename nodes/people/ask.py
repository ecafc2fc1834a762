"""`people.ask`: ask people to fill in a form."""

from __future__ import annotations

from typing import Annotated, Any

from nodes.sdk import (
    ANY,
    DONE,
    TIMEOUT,
    Context,
    Control,
    Effect,
    Example,
    Exit,
    Node,
    Result,
    Shape,
    StepFailed,
    Text,
    Trouble,
    field,
)
from nodes.sdk.fields import Verbatim
from nodes.sdk.words import is_exit, listed, shortened

LONGEST_WAIT = 24 * 366.0
"""hours"""


class Ask(Node, label="Ask a person", icon="list-checks", effects=(Effect.WAIT,)):
    """Let a person fill in a form and press one of its buttons before the run goes on.

    A later version does this; for a yes or no there is Approve. Its settings can be kept, also those of an imported
    workflow; running it fails. A pinned output makes the workflow run until then.
    """

    text: Text = field(
        "What they read", default="", control=Control.PARAGRAPH, example="Is this answer right? {{ draft.text }}"
    )
    # in a document these settings are `outputs` and `exits`; those names belong to methods of every node
    asked: list[str] = field(
        "What they fill in", "Later steps refer to it.", default=[], row="field", alias="outputs", max_length=200
    )
    buttons: list[str] = field("Buttons", "Each is a way out.", default=[], row="button", alias="exits", max_length=50)
    deadline_hours: float | None = field(
        "Hours to answer", "Empty: it waits as long as it takes.", default=None, gt=0, le=LONGEST_WAIT, example="72"
    )
    original: Annotated[dict[str, Any], Verbatim()] = field(
        "Its settings", "As they were in the other product.", default={}, control=Control.JSON, advanced=True
    )

    examples = (
        Example(
            "A form for later",
            settings={"text": "Is this answer right?", "outputs": ["comment"], "exits": ["send", "revise"]},
            output={},
            fails="served_later",
        ),
    )

    def exits(self) -> tuple[Exit, ...]:
        """One for each button, and one for when nobody answers in time."""
        late = () if self.deadline_hours is None else (Exit(TIMEOUT, "Nobody answered in time"),)
        return (*(Exit(each, each) for each in self.buttons), *late) or (DONE,)

    def outputs(self) -> dict[str, Shape]:
        """What people will fill in."""
        return dict.fromkeys(self.asked, ANY)

    def troubles(self) -> list[Trouble]:
        """That it cannot run yet, and buttons that no edge could name."""
        sentence = "Forms for people are served by a later version; it cannot run yet."
        found = [Trouble("", "served_later", sentence, warning=True)]
        for number, each in enumerate(self.buttons):
            if not is_exit(each) or each in (*self.buttons[:number], TIMEOUT):
                sentence = f"“{each}” cannot name a way out: use letters, digits and underscores, each name once."
                found.append(Trouble(f"exits.{number}", "bad_name", sentence))
        return found

    def explain(self) -> str:
        """What people will read, and how they answer."""
        buttons = f" by {listed(self.buttons, 'or')}" if self.buttons else ""
        return f"Asks a person “{shortened(self.text, 80)}” and goes on{buttons}, once a later version can."

    async def run(self, ctx: Context) -> Result:
        """A later version does it."""
        raise StepFailed(
            "Forms for people are served by a later version of Greenlane.",
            code="served_later",
            hint="For a yes or no put “Approve” in its place, or pin the output of this one.",
        )
