"""One submission: what is shown of it, and what one may do with it. What it looks like stands in `review_view`."""

from contextlib import suppress
from typing import Any, Literal

import reflex as rx

from builder import routes
from builder.components.toast import tell, told
from builder.components.walk import Part, parts_of
from builder.screens.publish import Publish
from builder.screens.review_forms import DEMANDS, given_of, tiers_of, verdict_of
from builder.screens.review_shown import (
    NO_DECISION,
    NO_HEAD,
    Asked,
    Change,
    Check,
    Choice,
    Decided,
    Demanded,
    Flow,
    Head,
    Item,
    Remark,
    asked_of,
    change_of,
    check_of,
    decided_of,
    demands_of,
    flow_of,
    head_of,
    item_of,
    leak_of,
    remark_of,
)
from builder.screens.run import Given, values_of
from builder.session import current_actor, internal, requires
from builder.wiring import runtime
from runtime.errors import NotFound
from runtime.operations import deciding, decisions, reviews, runs, submissions

Kind = Literal["approved", "conditions", "changes", "denied", "exception"]


class ReviewPage(rx.State):
    """The submission that is looked at."""

    head: rx.Field[Head] = rx.field(default_factory=NO_HEAD.copy)
    reasons: rx.Field[list[str]] = rx.field(default_factory=list)
    changes: rx.Field[list[Change]] = rx.field(default_factory=list)
    flow: rx.Field[list[Flow]] = rx.field(default_factory=list)
    checks: rx.Field[list[Check]] = rx.field(default_factory=list)
    items: rx.Field[list[Item]] = rx.field(default_factory=list)
    parts: rx.Field[list[Part]] = rx.field(default_factory=list)
    drawn: rx.Field[dict[str, Any]] = rx.field(default_factory=dict)
    """the workflow as a picture, with what may not go where marked on its connection"""
    remarks: rx.Field[list[Remark]] = rx.field(default_factory=list)
    decision: rx.Field[Decided] = rx.field(default_factory=NO_DECISION.copy)
    demands: rx.Field[list[Demanded]] = rx.field(default_factory=list)
    inputs: rx.Field[list[Asked]] = rx.field(default_factory=list)
    steps: rx.Field[list[Choice]] = rx.field(default_factory=list)
    tiers: rx.Field[list[Choice]] = rx.field(default_factory=list)
    """the tiers whoever decides may choose among; empty: there is no higher one"""
    hindrance: str = ""
    first: bool = True
    may_decide: bool = False
    may_try: bool = False
    may_remark: bool = False
    own: bool = False
    """whether it is this person's own submission"""
    may_withdraw: bool = False
    """whether this person may take an approval back and mark conditions"""
    approval: str = ""
    """id of the decision, where it approved"""
    loaded: bool = False
    asking: str = ""
    chosen: str = ""
    rows: int = 1
    """conditions that the form shows"""
    trying: bool = False
    tried: str = ""
    tried_status: str = ""
    result: rx.Field[list[Given]] = rx.field(default_factory=list)
    trouble: str = ""
    _number: int = 0
    _hash: str = ""
    _manifest: str = ""

    @internal
    async def load(self) -> None:
        self.reset()
        last = routes.last(self.router.url.path)
        self._number = int(last) if last.isdecimal() and len(last) < 10 else 0
        with suppress(NotFound):  # the page says so
            await self._refresh()
        self.loaded = True

    async def _refresh(self) -> None:
        actor = current_actor()
        seen = await reviews.open_review(runtime(), actor, number=self._number)
        now = runtime().clock.now()
        self._hash, self._manifest = seen.hash, seen.manifest
        self.head = head_of(seen)
        self.reasons = [each["sentence"] for each in seen.facts["reasons"]]
        self.changes = [change_of(each) for each in seen.changes]
        self.flow = [flow_of(each) for each in sorted(seen.facts["flow"], key=lambda each: each["allowed"])]
        self.checks = [check_of(each) for each in seen.facts["checks"]]
        self.items = [item_of(each) for each in seen.facts["inventory"]]
        self.parts = parts_of(seen.walkthrough)
        self.drawn = seen.picture.drawn([leak_of(each) for each in seen.facts["flow"] if not each["allowed"]])
        self.remarks = [remark_of(each, actor.name, own=seen.mine) for each in seen.comments]
        self.decision = decided_of(seen.decision)
        self.demands = demands_of(seen.decision, now)
        self.inputs = [asked_of(each) for each in seen.inputs]
        self.steps = [Choice(id=step, title=title) for step, title in seen.steps.items()]
        self.tiers = tiers_of(seen.card.tier)
        self.hindrance, self.first = seen.hindrance, not seen.against
        reviewer = "reviewer" in actor.roles
        self.own = seen.mine
        self.may_decide = seen.hindrance == ""
        self.may_try = reviewer and seen.card.workflow != ""
        self.may_remark = seen.card.status == "open" or seen.decision is not None
        self.approval = seen.decision.id if seen.decision is not None and self.decision["approval"] else ""
        self.may_withdraw = reviewer and self.approval != ""
        publishes = reviewer or "owner" in actor.roles
        await (await self.get_state(Publish)).prepare(self.approval if publishes else "")

    @requires("page.see")
    async def ask(self, what: Kind | Literal["withdraw", "meet"], chosen: str) -> None:
        self.asking, self.chosen, self.rows = what, chosen, 1

    @requires("page.see")
    async def more_rows(self) -> None:
        self.rows = min(self.rows + 1, DEMANDS)

    @requires("page.see")
    async def close(self) -> None:
        self.asking = ""

    @requires("decision.make")
    async def decide(self, form: dict[str, str]) -> None:
        """Decide about exactly what this page showed."""
        async with told(self):
            verdict = verdict_of(self.asking, form, self._hash, self._manifest)
            await deciding.decide(runtime(), current_actor(), number=self._number, verdict=verdict)
            self.asking = ""
            await self._refresh()
            await tell(self, "Decision recorded", f"{self.head['who']} was told.")

    @requires("decision.withdraw")
    async def withdraw(self, form: dict[str, str]) -> None:
        async with told(self):
            await decisions.withdraw_approval(
                runtime(), current_actor(), number=self._number, reason=form.get("reason", "")
            )
            self.asking = ""
            await self._refresh()
            await tell(self, "Approval withdrawn", "Nothing that rests on it starts any more.")

    @requires("condition.meet")
    async def meet(self, form: dict[str, str]) -> None:
        async with told(self):
            await decisions.meet_condition(
                runtime(), current_actor(), number=self._number, condition=self.chosen, note=form.get("note", "")
            )
            self.asking = ""
            await self._refresh()

    @requires("submission.withdraw")
    async def take_back(self) -> None:
        """The author takes the submission itself back."""
        async with told(self):
            await submissions.withdraw_submission(runtime(), current_actor(), number=self._number)
            await self._refresh()
            await tell(self, "Submission withdrawn", "Change what you like, and submit again.")

    @requires("submission.comment")
    async def remark(self, form: dict[str, str]) -> None:
        async with told(self):
            await reviews.add_comment(
                runtime(), current_actor(), number=self._number, text=form.get("text", ""), step=form.get("step", "")
            )
            await self._refresh()

    @requires("submission.comment")
    async def settle(self, comment: str) -> None:
        async with told(self):
            await reviews.settle_comment(runtime(), current_actor(), number=self._number, comment=comment)
            await self._refresh()

    @requires("submission.try")
    async def start_try(self, form: dict[str, str | bool]):
        """Run the submitted version as oneself."""
        self.result, self.trouble, self.tried, self.tried_status = [], "", "", "queued"
        async with told(self):
            given = given_of(self.inputs, form)
            started = await reviews.try_submission(runtime(), current_actor(), number=self._number, inputs=given)
            self.tried, self.trying = started.run, True
            return ReviewPage.follow_try
        self.tried_status = ""
        return None

    @requires("run.see", background=True)
    async def follow_try(self) -> None:
        """Waits for the end of the try and shows what came out."""
        actor = current_actor()
        async with self:
            run = self.tried
        if not run:
            return
        async for event in runs.follow_run(runtime(), actor, run=run):
            if event["kind"] not in ("run.ended", "run.waiting"):
                continue
            async with self:
                if self.tried != run:
                    return
                self.trying, self.tried_status = False, event["status"]
                self.result = values_of(event["outputs"] or {})
                wrong = event["error"] or {}
                self.trouble = " ".join(filter(None, (wrong.get("message"), wrong.get("hint"))))
