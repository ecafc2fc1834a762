"""`flow.first_available`: bring branches together again."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict

from nodes.sdk import ANY, Context, Control, Example, Node, Result, Shape, Trouble, Value, field
from nodes.sdk.named import key_troubles
from nodes.sdk.reading import is_empty
from nodes.sdk.words import listed, quoted


class Group(BaseModel):
    """Values of which the first one goes on by a name of its own."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = field("Name", "What later steps call it.", control=Control.NAME, example="reply", max_length=63)
    values: list[Value] = field("Values", "Looked at from top to bottom.", default=[], row="value", max_length=50)


class FirstAvailable(Node, label="First available", icon="merge"):
    """Bring branches together: hand on the first of several values that is there.

    A value from a step that was skipped is not there. With no value at all the step hands on its default, or nothing.
    With groups it hands on one value for each group, by the group's name.
    """

    values: list[Value] = field("Values", "Looked at from top to bottom.", default=[], row="value", max_length=50)
    skip_empty: bool = field("Pass over empty text and empty lists", default=False)
    otherwise: Value = field("Default", "Handed on when none is there.", default=None)

    groups: list[Group] = field(
        "Groups", "In place of the values: several values are handed on, the first of each group.", default=[],
        row="group", max_length=50, advanced=True,
    )  # fmt: skip

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
        Example(
            "Two values from the branch that ran",
            settings={
                "groups": [
                    {"name": "reply", "values": [None, "We will call you."]},
                    {"name": "tone", "values": [None, "friendly"]},
                ]
            },
            output={"reply": "We will call you.", "tone": "friendly"},
        ),
    )

    def outputs(self) -> dict[str, Shape]:
        """The value, or one for each group."""
        if self.groups:
            return {each.name: ANY for each in self.groups}
        return {"output": ANY.model_copy(update={"description": "The first value that is there"})}

    def troubles(self) -> list[Trouble]:
        """A list that is empty, values beside groups, groups that cannot be told apart."""
        if not self.groups:
            return [] if self.values else [Trouble("values", "missing", "Add the values to choose from.")]
        found: list[Trouble] = []
        if self.values:
            text = "With groups these values are not looked at. Put them into a group, or take the groups away."
            found.append(Trouble("values", "unread_values", text))
        found += key_troubles([each.name for each in self.groups], "groups", "group", like="reply")
        for number, each in enumerate(self.groups):
            if not each.values:
                found.append(Trouble(f"groups.{number}.values", "missing", "Add the values to choose from."))
        return found

    def explain(self) -> str:
        """The values in order."""
        default = "" if self.otherwise is None else f", or else {quoted(self.otherwise)}"
        what = "is there and not empty" if self.skip_empty else "is there"
        if self.groups:
            groups = [f"as “{each.name}” the first of {_told(each.values)}" for each in self.groups]
            return f"Takes {listed(groups)} that {what}{default}."
        return f"Takes the first of {_told(self.values)} that {what}{default}."

    async def run(self, ctx: Context) -> Result:
        """Hand on the first value that is there."""
        if self.groups:
            return {each.name: self._first(each.values) for each in self.groups}
        return {"output": self._first(self.values)}

    def _first(self, values: list[Any]) -> Any:
        there = (each for each in values if each is not None and not (self.skip_empty and is_empty(each)))
        return next(there, self.otherwise)


def _told(values: list[Any]) -> str:
    return listed([quoted(each) for each in values], "or")
