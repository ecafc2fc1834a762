"""`flow.branch`: which way to go."""

from __future__ import annotations

import re
from typing import Literal

from pydantic import BaseModel, ConfigDict

from nodes.sdk import Context, Control, Example, Exit, Leave, Node, Output, Result, Trouble, field, output
from nodes.sdk.conditions import Condition, Rules
from nodes.sdk.words import is_exit

ELSE = Exit("else", "Else")
_MADE_UP = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
"""an id that no person chose"""


class Case(BaseModel):
    """One way out, with what must hold for it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str = field("Id", "The exit's name in the document.", control=Control.NAME, example="urgent", max_length=63)
    match: Literal["all", "any"] = field("Holds when", "All conditions are true, or any of them.", default="all")
    conditions: list[Condition] = field("Conditions", default=[], row="condition", max_length=50)

    def holds(self, *, by: Rules) -> bool:
        """Whether this is the way. Conditions are tried in order, and no further than needed."""
        results = (each.holds(by=by) for each in self.conditions)
        return all(results) if self.match == "all" else any(results)

    def called(self, number: int) -> str:
        """What people call it: its id, or its number where a program made the id."""
        return f"Case {number}" if _MADE_UP.fullmatch(self.id) else self.id

    def explain(self, number: int) -> str:
        """The case in words."""
        if not self.conditions:
            return f"{'always' if self.match == 'all' else 'never'} to “{self.called(number)}”"
        joint = " and " if self.match == "all" else " or "
        return f"to “{self.called(number)}” if {joint.join(each.explain() for each in self.conditions)}"


class Branch(Node, label="Branch", icon="split"):
    """Go one way or another: the first case whose conditions hold is taken, otherwise “else”.

    Text is compared without regard to capitals and to space at its ends, and "3" counts as the number 3. Nothing (a
    step that was skipped) is empty and makes every order comparison false. Text that should be a number or a date
    and is none fails the step, so that a wrong turn does not stay unseen.
    """

    cases: list[Case] = field("Cases", "Tried from top to bottom.", default=[], row="case", max_length=50)
    rules: Rules = field(
        "Comparing", "Exactly: capitals and spaces count, and what cannot be compared fails the step.",
        default=Rules.LENIENT, advanced=True,
    )  # fmt: skip

    class Output(Output):
        """Which way was taken."""

        result: bool = output("Whether one of the cases held")
        selected_case_id: str = output("The id of the case that was taken, or “else”")

    examples = (
        Example(
            "Urgent tickets go their own way",
            settings={
                "cases": [
                    {
                        "id": "urgent",
                        "match": "any",
                        "conditions": [
                            {"left": "Server DOWN again", "operator": "contains", "right": "down"},
                            {"left": 1, "operator": "greater", "right": "3"},
                        ],
                    }
                ]
            },
            output={"result": True, "selected_case_id": "urgent"},
            exit="urgent",
        ),
        Example(
            "No case holds",
            settings={"cases": [{"id": "long", "conditions": [{"left": 12, "operator": "at_least", "right": 100}]}]},
            output={"result": False, "selected_case_id": "else"},
            exit="else",
        ),
    )

    def exits(self) -> tuple[Exit, ...]:
        """One for each case, then “else”."""
        return (*(Exit(each.id, each.called(number)) for number, each in enumerate(self.cases, 1)), ELSE)

    def troubles(self) -> list[Trouble]:
        """Cases that cannot be told apart or can never be decided."""
        found: list[Trouble] = []
        taken = {ELSE.id: "the way that is left"}
        if not self.cases:
            found.append(Trouble("cases", "no_cases", "The branch has no case yet, so every run goes on by “else”."))
        for number, case in enumerate(self.cases):
            place = f"cases.{number}"
            if not is_exit(case.id):
                text = f"“{case.id}” cannot name a way out: use letters, digits and underscores."
                found.append(Trouble(f"{place}.id", "bad_name", text))
            elif case.id in taken:
                found.append(Trouble(f"{place}.id", "name_taken", f"“{case.id}” already names {taken[case.id]}."))
            taken[case.id] = "another case"
            if not case.conditions and self.rules is Rules.LENIENT:
                text = f"Case “{case.id}” has no condition, so it cannot be decided. Add one or remove the case."
                found.append(Trouble(f"{place}.conditions", "no_conditions", text))
            for index, each in enumerate(case.conditions):
                found += each.troubles(f"{place}.conditions.{index}", by=self.rules)
        return found

    def explain(self) -> str:
        """Every case in one sentence."""
        exact = self.rules is Rules.EXACT
        ways = "; ".join(case.explain(at) for at, case in enumerate(self.cases, 1) if case.conditions or exact)
        exactly = ", compared exactly" if exact else ""
        return f"Goes {ways}{exactly}; otherwise on by “else”." if ways else "Goes on by “else”."

    async def run(self, ctx: Context) -> Result:
        """Take the first case that holds."""
        taken = next((case.id for case in self.cases if case.holds(by=self.rules)), None)
        found = self.Output(result=taken is not None, selected_case_id=taken or ELSE.id)
        return Leave(found.selected_case_id, found.model_dump())
