"""Submitting from the editor: checks and four questions on one screen, what happens next on a second; afterwards the
same button tells how the review stands and what reviewers said."""

from typing import Literal, TypedDict

import reflex as rx

from builder.components.review import lacks_of
from builder.components.toast import tell, told
from builder.editor.state import Editor
from builder.session import current_actor, internal, requires
from builder.wiring import runtime
from runtime.operations import reviews, submissions
from runtime.operations.reviews import CommentView
from runtime.operations.submissions import Answers, Preview


class Found(TypedDict):
    """One automatic check."""

    title: str
    ok: str
    sentence: str


class Said(TypedDict):
    """A remark of a review."""

    step: str
    text: str
    who: str
    at: float
    settled: bool


class Submitting(rx.State):
    """The review of the workflow that is open."""

    stage: Literal["", "state", "ask", "done"] = ""
    state: str = ""
    """of the last submission, as `standing_badge` knows it; empty: there was none"""
    number: int = 0
    reason: str = ""
    who: str = ""
    said: rx.Field[list[Said]] = rx.field(default_factory=list)
    checks: rx.Field[list[Found]] = rx.field(default_factory=list)
    tier: int = 0
    why: str = ""
    blocked: bool = False
    leaks: bool = False
    lacks: str = ""
    """what the policy of the tier asks for and is not there"""
    reviewers: int = 0
    problem: str = ""
    users: str = ""
    customers: bool = False
    experimental: bool = False
    busy: bool = False
    _hash: str = ""

    @internal
    async def load(self) -> None:
        self.reset()
        if not (await self.get_state(Editor)).missing:  # then the page says so
            async with told(self):
                await self._refresh()

    async def _refresh(self) -> None:
        preview = await submissions.latest_submission(runtime(), current_actor(), workflow=await self._workflow())
        if preview is None:
            self.state = ""
            return
        seen = await reviews.open_review(runtime(), current_actor(), number=preview.number)
        self.number = preview.number
        self.state = "taken_back" if preview.withdrawn is not None else preview.kind or preview.status
        self.reason = seen.decision.reason if seen.decision else ""
        self.who = seen.decision.who if seen.decision else ""
        self.said = [_said(each) for each in seen.comments]

    async def _workflow(self) -> str:
        return (await self.get_state(Editor))._name

    @requires("workflow.see")
    async def open(self):
        """The button: how it stands, or straight to the checks where there is nothing to tell."""
        async with told(self):
            await self._refresh()
            if self.state in ("", "withdrawn", "superseded"):
                return Submitting.check
            self.stage = "state"
        return None

    @requires("submission.check")
    async def check(self):
        """Run the checks and ask the questions."""
        self.busy = True
        yield
        async with told(self):
            preview = await submissions.check_submission(runtime(), current_actor(), workflow=await self._workflow())
            self._show(preview)
            self.stage = "ask"
        self.busy = False

    def _show(self, preview: Preview) -> None:
        sheet = preview.sheet
        self._hash = sheet.hash
        self.checks = [Found(title=each["title"], ok=each["ok"], sentence=each["sentence"]) for each in sheet.checks]
        self.tier, self.why = sheet.tier, sheet.reasons[0]["sentence"]
        self.blocked, self.reviewers = bool(sheet.blocked), preview.reviewers
        self.lacks = lacks_of(sheet.tier, preview.unmet)
        self.leaks = any(not each["allowed"] for each in sheet.flow)
        if preview.answers is not None and not self.problem:
            self.problem, self.users = preview.answers.problem, preview.answers.users
            self.customers, self.experimental = preview.answers.customers, preview.answers.experimental

    @requires("submission.create")
    async def submit(self, form: dict[str, str | bool]):
        """Submit what was checked."""
        self.problem, self.users = str(form.get("problem", "")), str(form.get("users", ""))
        self.customers, self.experimental = bool(form.get("customers")), bool(form.get("experimental"))
        self.busy = True
        yield
        async with told(self):
            answers = Answers(self.problem, self.users, self.customers, self.experimental)
            card = await submissions.submit(
                runtime(), current_actor(), workflow=await self._workflow(), answers=answers, saw=self._hash
            )
            self.number, self.tier, self.stage = card.number, card.tier, "done"
            await self._refresh()
        self.busy = False

    @requires("submission.withdraw")
    async def withdraw(self) -> None:
        async with told(self):
            await submissions.withdraw_submission(runtime(), current_actor(), number=self.number)
            self.stage = ""
            await self._refresh()
            await tell(self, "Submission withdrawn", "Change what you like, and submit again.")

    @requires("page.see")
    async def close(self) -> None:
        self.stage = ""


def _said(each: CommentView) -> Said:
    return Said(step=each.title, text=each.text, who=each.who, at=each.at, settled=each.settled is not None)
