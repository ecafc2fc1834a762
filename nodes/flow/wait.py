"""`flow.wait`: go on later."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated, Any, Literal

from nodes.sdk import (
    Context,
    Control,
    Dynamic,
    Effect,
    Example,
    Node,
    Output,
    Result,
    StepFailed,
    Text,
    Trouble,
    field,
    output,
)
from nodes.sdk.reading import as_number, as_text
from nodes.sdk.words import quoted
from nodes.sdk.zones import zone_of, zone_trouble

_SECONDS = {"seconds": 1, "minutes": 60, "hours": 3600, "days": 86_400}
LONGEST_DAYS = 366


class Wait(Node, label="Wait", icon="timer", effects=(Effect.WAIT,)):
    """Go on after some time, or at a point in time.

    Longer than ten seconds the run is laid aside: it costs nothing meanwhile, survives a restart, and may be cancelled.
    A time that has passed already is not waited for. The time is settled when the step is reached first, and it may
    come a second late.
    """

    mode: Literal["for", "until"] = field("How long", "For some time, or until a date and time.", default="for")
    amount: Annotated[Any, Dynamic.VALUE] = field("Time", default=5, when=("mode", "for"))
    unit: Literal["seconds", "minutes", "hours", "days"] = field("Counted in", default="minutes", when=("mode", "for"))
    moment: Text = field(
        "Date and time", "Like 2026-11-03 or 2026-11-03T14:30.", default="", control=Control.LINE,
        example="{{ start.send_at }}", when=("mode", "until"),
    )  # fmt: skip
    zone: str = field(
        "Time zone", "Where it counts, when none is written with it.", default="UTC", example="Europe/Berlin",
        when=("mode", "until"), max_length=60,
    )  # fmt: skip

    class Output(Output):
        """What it waited for."""

        until: str = output("The point in time it waited for")

    examples = (
        Example(
            "Give people a quarter of an hour",
            settings={"amount": 15, "unit": "minutes"},
            output={"until": "2026-11-03T10:46:00+00:00"},
        ),
        Example(
            "Until the office opens",
            settings={"mode": "until", "moment": "2026-11-04T08:00", "zone": "Europe/Berlin"},
            output={"until": "2026-11-04T08:00:00+01:00"},
        ),
        Example(
            "What has passed is not waited for",
            settings={"mode": "until", "moment": "2026-11-01"},
            output={"until": "2026-11-01T00:00:00+00:00"},
        ),
    )

    def troubles(self) -> list[Trouble]:
        """No time, or a zone nobody knows."""
        found: list[Trouble] = []
        if self.mode == "for" and (self.amount is None or self.amount == ""):
            found.append(Trouble("amount", "missing", "Say how long."))
        if self.mode == "until" and not self.moment.strip():
            found.append(Trouble("moment", "missing", "Choose the date and time."))
        if self.mode == "until" and (wrong := zone_trouble(self.zone)):
            found.append(Trouble("zone", "unknown_zone", wrong))
        return found

    def explain(self) -> str:
        """How long it waits."""
        if self.mode == "for":
            one = self.unit[:-1] if as_number(self.amount) == 1 else self.unit
            return f"Waits {quoted(self.amount).strip('“”')} {one}."
        where = "" if self.zone == "UTC" else f", in the time of {self.zone}"
        return f"Waits until {quoted(self.moment)}{where}."

    async def run(self, ctx: Context) -> Result:
        """Wait, and say what for."""
        moment = await ctx.until(self._moment(ctx.now()))
        return self.Output(until=moment.isoformat(timespec="seconds"))

    def _moment(self, now: datetime) -> datetime:
        if self.mode == "until":
            moment = self._written()
        else:
            amount = as_number(self.amount)
            if amount is None or amount < 0:
                raise StepFailed(
                    f"The time to wait is no number of {self.unit}: {quoted(as_text(self.amount)[:60])}.",
                    code="not_a_number",
                )
            moment = now + timedelta(seconds=min(amount, 1e9) * _SECONDS[self.unit])
        if moment > now + timedelta(days=LONGEST_DAYS):
            raise StepFailed(
                f"This would wait more than a year, until {moment:%d %B %Y}.",
                code="too_long",
                hint="Use a schedule for what comes back year after year.",
            )
        return moment

    def _written(self) -> datetime:
        try:
            moment = datetime.fromisoformat(self.moment.strip())
            return moment if moment.tzinfo else moment.replace(tzinfo=zone_of(self.zone))
        except ValueError as error:
            raise StepFailed(
                f"This is no date and time: {quoted(self.moment.strip()[:60])}.",
                code="not_a_date",
                hint="Write it like 2026-11-03T14:30, or read it with a “Date” step first.",
            ) from error
