"""`people.approve`: let people decide."""

from __future__ import annotations

from typing import Literal

from nodes.sdk import (
    TIMEOUT,
    Choice,
    Context,
    Control,
    Effect,
    Example,
    Exit,
    Leave,
    Lowering,
    Node,
    Output,
    Question,
    Reach,
    Result,
    Text,
    Trouble,
    field,
    output,
)
from nodes.sdk.words import listed, quoted, shortened

APPROVED, REJECTED = Exit("approved", "Approved"), Exit("rejected", "Rejected")
TOO_LATE = Exit(TIMEOUT, "Nobody decided in time")
LONGEST_TITLE = 200
HOUR_S = 3600.0
LONGEST_WAIT = 24 * 366.0
"""hours"""


class Approve(Node, label="Approve", icon="user-check", effects=(Effect.WAIT,)):
    """Let a person or a group decide before the run goes on.

    They find the question in their inbox and press one of two buttons; the first decision counts. The run waits as long
    as it takes, or until the deadline, and survives a restart meanwhile. Whoever started the run is never asked: nobody
    approves their own work.
    """

    title: Text = field(
        "Question", "One line, as it stands in the inbox.", default="", control=Control.LINE,
        example="Approve the order of {{ start.item }}?",
    )  # fmt: skip
    text: Text = field(
        "What is to be decided", "Everything one needs to know; nothing else of the run is shown.", default="",
        control=Control.PARAGRAPH, example="{{ summary.text }}",
    )  # fmt: skip
    approvers: list[str] = field(
        "Who decides", "Groups or people; one of them is enough.", default=[], control=Control.PEOPLE, max_length=20
    )
    deadline_hours: float | None = field(
        "Hours to decide", "Empty: it waits as long as it takes.", default=None, gt=0, le=LONGEST_WAIT, example="24"
    )
    on_timeout: Literal["timeout", "rejected"] = field(
        "When nobody decides in time", "Go on by an exit of its own, or as rejected.", default="timeout", advanced=True
    )

    class Output(Output):
        """What was decided, by whom and when."""

        decision: str = output("approved, rejected, or timeout when nobody decided in time")
        comment: str = output("What the person wrote about it")
        by: str = output("The name of who decided; empty when nobody did")
        at: str = output("When, as a date with time")
        text: str = output("What was to be decided, word for word, when it was approved; else empty")

    examples = (
        Example(
            "An order is approved",
            settings={
                "title": "Approve the order of 3 laptops?",
                "text": "3 laptops for the new office, 4,200 €.",
                "approvers": ["Procurement"],
            },
            answers=({"choice": "approved", "comment": "Within budget.", "by": "Ada"},),
            output={
                "decision": "approved",
                "comment": "Within budget.",
                "by": "Ada",
                "at": "2026-11-03T10:31:00+00:00",
                "text": "3 laptops for the new office, 4,200 €.",
            },
            exit="approved",
        ),
        Example(
            "Nobody decides within a day",
            settings={
                "title": "Publish the notice?",
                "text": "The notice about the new parking rules.",
                "approvers": ["Communications", "ada@example.com"],
                "deadline_hours": 24,
            },
            answers=({"choice": "timeout"},),
            output={"decision": "timeout", "comment": "", "by": "", "at": "2026-11-03T10:31:00+00:00", "text": ""},
            exit="timeout",
        ),
    )

    def exits(self) -> tuple[Exit, ...]:
        """The two buttons, and with a deadline the way on without them."""
        own = self.deadline_hours is not None and self.on_timeout == TIMEOUT
        return (APPROVED, REJECTED, *((TOO_LATE,) if own else ()))

    def troubles(self) -> list[Trouble]:
        """A question without words, or with nobody to ask."""
        found: list[Trouble] = []
        if not self.title.strip():
            found.append(Trouble("title", "missing", "Write the question in one line."))
        if not any(each.strip() for each in self.approvers):
            found.append(Trouble("approvers", "missing", "Choose who decides: a group, or one or more people."))
        return found

    def reaches(self) -> list[Reach]:
        """Whoever is asked reads the question."""
        return [Reach("people", each) for each in self.approvers] or [Reach("people")]

    def lowers(self) -> list[Lowering]:
        """What a person has looked at and approved: policy says what that is worth."""
        return [Lowering("approve", outputs=frozenset({"text"}))]

    def explain(self) -> str:
        """Who decides what, and what happens when nobody does."""
        who = listed([quoted(each) for each in self.approvers], "or") or "nobody yet"
        asked = f"Asks {who} to approve or reject: {quoted(self.title)}"
        if self.deadline_hours is None:
            return f"{asked}, and waits as long as it takes."
        hours = f"{self.deadline_hours:g} hour{'s' if self.deadline_hours != 1 else ''}"
        late = "counts it as rejected" if self.on_timeout == "rejected" else "goes on by an exit of its own"
        return f"{asked}; when nobody decides within {hours}, it {late}."

    async def run(self, ctx: Context) -> Result:
        """Ask, wait, and leave by what was decided."""
        question = Question(
            title=shortened(self.title, LONGEST_TITLE),
            text=self.text,
            choices=(Choice(APPROVED.id, "Approve", "Approved"), Choice(REJECTED.id, "Reject", "Rejected")),
            holders=tuple(each.strip() for each in self.approvers if each.strip()),
            deadline_s=None if self.deadline_hours is None else self.deadline_hours * HOUR_S,
        )
        reply = await ctx.wait(question)
        at = reply.at or ctx.now()
        text = self.text if reply.choice == APPROVED.id else ""
        found = self.Output(decision=reply.choice, comment=reply.comment, by=reply.by, at=at.isoformat(), text=text)
        return Leave(self.on_timeout if reply.choice == TIMEOUT else reply.choice, found.model_dump())
