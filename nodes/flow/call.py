"""`flow.call`: another workflow as one step of this one."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict

from nodes.sdk import Context, Control, Example, Node, Result, Shape, Trouble, Value, field
from nodes.sdk.words import is_name, listed, quoted


class Called(BaseModel):
    """A workflow in one version: its name for people, the hash of what it means for the run."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = field("Workflow", default="", max_length=64)
    content: str = field("Version", "The content hash of the version.", default="", max_length=64)


class Handed(BaseModel):
    """One input of the workflow that is called."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = field("Input", "As its Start step calls it.", control=Control.NAME, example="text", max_length=63)
    value: Value = field("Value", default=None)


class Call(Node, label="Run a workflow", icon="workflow", container="call"):
    """Do what another workflow does, as one step of this one.

    It is called in the version you choose, and stays that version until you choose another. Its steps run inside this
    run: they share its limits and stand in its log. What its Finish hands back, this step hands on.
    """

    workflow: Called = field("Workflow", default=Called(), control=Control.WORKFLOW)
    inputs: list[Handed] = field("Inputs", "What it is started with.", default=[], row="input", max_length=100)

    examples = (
        Example(
            "Call another workflow",
            settings={"workflow": {"name": "reply-two-tones", "content": "0" * 64},
                      "inputs": [{"name": "message", "value": "Where is my parcel?"}]},
            output={},
        ),
    )  # fmt: skip

    def outputs(self) -> dict[str, Shape]:
        """What the called workflow hands back: the compiler knows."""
        return {}

    def given(self) -> dict[str, Any]:
        """The inputs by name."""
        return {each.name: each.value for each in self.inputs}

    def troubles(self) -> list[Trouble]:
        """No workflow, inputs without a name or twice."""
        found: list[Trouble] = []
        if not self.workflow.content:
            found.append(Trouble("workflow", "missing", "Choose the workflow to run."))
        taken: set[str] = set()
        for number, each in enumerate(self.inputs):
            if not is_name(each.name):
                found.append(Trouble(f"inputs.{number}.name", "bad_name", f"“{each.name}” is no name of an input."))
            elif each.name in taken:
                found.append(Trouble(f"inputs.{number}.name", "name_taken", f"“{each.name}” is given twice."))
            taken.add(each.name)
        return found

    def explain(self) -> str:
        """What is called with what."""
        given = listed([f"{quoted(each.value)} as “{each.name}”" for each in self.inputs])
        version = f" (version {self.workflow.content[:8]})" if self.workflow.content else ""
        return f"Runs the workflow “{self.workflow.name}”{version}{' with ' + given if given else ''}."

    async def run(self, ctx: Context) -> Result:
        """The engine runs the steps of the called workflow; there is nothing else to do."""
        return {}
