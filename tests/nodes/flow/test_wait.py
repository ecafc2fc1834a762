"""The wait step goes on later."""

from datetime import UTC, datetime

import pytest

from nodes.flow.wait import Wait
from nodes.sdk import Effect, StepFailed
from tests.support.context import StepContext, run_step


@pytest.mark.parametrize(
    ("settings", "moment"),
    [
        ({"amount": 5}, "2026-11-03T10:36:00+00:00"), ({"amount": "1.5", "unit": "hours"}, "2026-11-03T12:01:00+00:00"),
        ({"amount": 0, "unit": "days"}, "2026-11-03T10:31:00+00:00"),
        ({"mode": "until", "moment": "2026-12-01"}, "2026-12-01T00:00:00+00:00"),
        ({"mode": "until", "moment": "2026-12-01T09:00", "zone": "America/New_York"}, "2026-12-01T09:00:00-05:00"),
        ({"mode": "until", "moment": "2026-12-01T09:00Z", "zone": "America/New_York"}, "2026-12-01T09:00:00+00:00"),
    ],
)  # fmt: skip
async def test_it_waits_for_a_moment(settings, moment):
    context = StepContext()
    assert (await run_step(Wait, settings, context)).output == {"until": moment}
    assert [each.isoformat() for each in context.slept] == [moment]


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"amount": "soon"}, "no number of minutes: “soon”"), ({"amount": -1}, "no number of minutes"),
        ({"amount": 367, "unit": "days"}, "more than a year"),
        ({"amount": 1e300, "unit": "seconds"}, "more than a year"),
        ({"mode": "until", "moment": "tomorrow"}, "no date and time: “tomorrow”"),
        ({"mode": "until", "moment": "2999-01-01"}, "more than a year"),
    ],
)  # fmt: skip
async def test_what_cannot_be_waited_for_is_told(settings, words):
    with pytest.raises(StepFailed, match=words):
        await run_step(Wait, settings)


async def test_the_moment_of_the_first_try_counts():
    class Resumed(StepContext):
        async def until(self, moment):
            return datetime(2026, 11, 3, 9, 0, tzinfo=UTC)

    assert (await run_step(Wait, {"amount": 5}, Resumed())).output["until"] == "2026-11-03T09:00:00+00:00"


def test_what_is_missing_or_unknown_is_told():
    assert [each.field for each in Wait(amount="").troubles()] == ["amount"]
    assert [each.field for each in Wait(mode="until", zone="Berlin").troubles()] == ["moment", "zone"]
    assert Wait().does() == {Effect.WAIT}


def test_it_explains_itself():
    assert Wait(amount=1, unit="hours").explain() == "Waits 1 hour."
    assert Wait(amount="{{ a.b }}").explain() == "Waits {{ a.b }} minutes."
    assert Wait(mode="until", moment="{{ a.b }}", zone="Europe/Rome").explain() == (
        "Waits until {{ a.b }}, in the time of Europe/Rome."
    )
