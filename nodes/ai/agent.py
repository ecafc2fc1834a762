"""`ai.agent`: let a model work with tools until it is done."""

from __future__ import annotations

from typing import Annotated, Any

from nodes.sdk import (
    ANY,
    FILE,
    LIST,
    OBJECT,
    TEXT,
    Context,
    Control,
    Effect,
    Example,
    Node,
    Reach,
    Result,
    Shape,
    StepFailed,
    Text,
    Trouble,
    field,
)
from nodes.sdk.fields import Verbatim
from nodes.sdk.words import quoted


class Agent(Node, label="Agent", icon="bot", effects=(Effect.SPEND, Effect.NETWORK)):
    """Let a model work on a task with tools, round after round, until it is done.

    A later version does this. Its settings can be kept, also those of an imported workflow; running it fails. A pinned
    output makes the workflow run until then.
    """

    alias: str = field("Model", control=Control.ALIAS, default="fast", max_length=63)
    instruction: Text = field(
        "How to behave", default="", control=Control.PARAGRAPH, example="You look things up and answer briefly."
    )
    query: Text = field("Task", default="", control=Control.PARAGRAPH, example="{{ start.message }}")
    strategy: str = field("Way of working", default="", example="function_calling", max_length=200, advanced=True)
    tools: Annotated[list[dict[str, Any]], Verbatim()] = field(
        "Tools", "As they were in the other product.", default=[], control=Control.JSON, advanced=True, max_length=100
    )
    most_rounds: int = field("Most rounds", default=5, ge=1, le=100, advanced=True)

    examples = (
        Example(
            "A task for later",
            settings={"query": "Which of these invoices are due this week?", "tools": [{"name": "invoices"}]},
            output={},
            fails="served_later",
        ),
    )

    def outputs(self) -> dict[str, Shape]:
        """What the agent will hand on."""
        return {
            "text": TEXT.model_copy(update={"description": "What the agent answers"}),
            "usage": OBJECT.model_copy(update={"description": "What its calls used"}),
            "files": LIST.model_copy(update={"items": FILE, "description": "Files its tools made"}),
            "json": ANY.model_copy(update={"description": "Data its tools gave"}),
        }

    def troubles(self) -> list[Trouble]:
        """That it cannot run yet, and what is missing."""
        found = [Trouble("", "served_later", "Agents are served by a later version; it cannot run yet.", warning=True)]
        if not self.alias:
            found.append(Trouble("alias", "missing", "Choose a model."))
        if not self.query.strip():
            found.append(Trouble("query", "missing", "Write what the agent is to do."))
        return found

    def reaches(self) -> list[Reach]:
        """The model."""
        return [Reach("model", self.alias)]

    def explain(self) -> str:
        """What is asked of which model."""
        tools = f" with {len(self.tools)} tool{'' if len(self.tools) == 1 else 's'}" if self.tools else ""
        return f"Lets the model “{self.alias}” work on {quoted(self.query)}{tools}, once a later version can."

    async def run(self, ctx: Context) -> Result:
        """A later version does it."""
        raise StepFailed(
            "Agents are served by a later version of Greenlane.",
            code="served_later",
            hint="Ask a model in one step, or pin the output of this one.",
        )
