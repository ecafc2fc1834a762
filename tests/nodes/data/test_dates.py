"""The date step reads, writes and calculates, with zones."""

import pytest

from nodes.data.dates import Dates, Form, Operation
from nodes.sdk import StepFailed
from nodes.sdk.zones import zone_trouble
from tests.support.context import run_step


async def done(operation, **settings):
    return (await run_step(Dates, {"operation": operation, **settings})).output.get("output")


@pytest.mark.parametrize(
    ("text", "settings", "date"),
    [
        ("2026-11-03", {}, "2026-11-03"), ("2026-11-03T14:30", {}, "2026-11-03T14:30:00+00:00"),
        ("2026-11-03T14:30", {"zone": "Europe/Berlin"}, "2026-11-03T14:30:00+01:00"),
        ("2026-07-03T14:30Z", {"zone": "Europe/Berlin"}, "2026-07-03T16:30:00+02:00"),
        ("03.11.2026", {"form": "dots"}, "2026-11-03"), (" 3/11/2026 ", {"form": "slashes"}, "2026-11-03"),
        ("11/3/2026", {"form": "slashes_us"}, "2026-11-03"), ("3 November 2026", {"form": "words"}, "2026-11-03"),
        ("26-11-03 07:05", {"form": "own", "own": "%y-%m-%d %H:%M", "zone": "America/New_York"},
         "2026-11-03T07:05:00-05:00"),
    ],
)  # fmt: skip
async def test_dates_are_read(text, settings, date):
    assert await done("read", date=text, **settings) == date


@pytest.mark.parametrize("text", ["tomorrow", "3.11.2026", "2026-13-01", "2026-11-03T25:00", "9999-12-31T23:59-23:00"])
async def test_what_is_no_date_is_told(text):
    with pytest.raises(StepFailed, match="This is no date: “"):
        await done("read", date=text, zone="Asia/Tokyo")


@pytest.mark.parametrize(
    ("form", "text"),
    [
        ({}, "2026-11-03"), ({"form": "words"}, "3 November 2026"), ({"form": "dots"}, "03.11.2026"),
        ({"form": "slashes_us"}, "11/03/2026"), ({"form": "own", "own": "%A %H:%M (1 %%)"}, "Tuesday 23:30 (1 %)"),
    ],
)  # fmt: skip
async def test_dates_are_written_where_they_count(form, text):
    assert await done("write", date="2026-11-03T22:30Z", zone="Europe/Berlin", **form) == text


@pytest.mark.parametrize(
    ("date", "amount", "unit", "later"),
    [
        ("2026-11-03", 1, "days", "2026-11-04"), ("2026-11-03", "-3", "days", "2026-10-31"),
        ("2026-11-03", 2, "weeks", "2026-11-17"), ("2026-01-31", 1, "months", "2026-02-28"),
        ("2024-02-29", 1, "years", "2025-02-28"), ("2026-11-03", -11, "months", "2025-12-03"),
        ("2026-11-06", 1, "working_days", "2026-11-09"), ("2026-11-07", 1, "working_days", "2026-11-09"),
        ("2026-11-09", -1, "working_days", "2026-11-06"), ("2026-11-07", 5, "working_days", "2026-11-13"),
        ("2026-11-03", 0, "working_days", "2026-11-03"), ("2026-11-03", 260, "working_days", "2027-11-02"),
        ("2026-03-28T12:00", 1, "days", "2026-03-29T12:00:00+02:00"),
        ("2026-03-28T12:00", 24, "hours", "2026-03-29T13:00:00+02:00"),
        ("2026-11-03T10:00", 1.5, "hours", "2026-11-03T11:30:00+01:00"),
    ],
)  # fmt: skip
async def test_time_is_added(date, amount, unit, later):
    assert await done("add", date=date, amount=amount, unit=unit, zone="Europe/Berlin") == later


@pytest.mark.parametrize(
    ("amount", "unit", "words"),
    [("much", "days", "no number"), (1.5, "days", "Only whole days"), (10**9, "years", "further away"),
     (10**30, "working_days", "further away")],
)  # fmt: skip
async def test_what_cannot_be_added_is_told(amount, unit, words):
    with pytest.raises(StepFailed, match=words):
        await done("add", date="2026-11-03", amount=amount, unit=unit)


@pytest.mark.parametrize(
    ("begin", "end", "unit", "count"),
    [
        ("2026-11-03", "2026-11-10", "days", 7), ("2026-11-10", "2026-11-03", "days", -7),
        ("2026-11-03", "2026-11-16", "weeks", 1), ("2026-01-31", "2026-02-28", "months", 1),
        ("2026-01-31", "2026-02-27", "months", 0), ("2000-03-01", "2026-02-28", "years", 25),
        ("2026-11-06", "2026-11-09", "working_days", 1), ("2026-11-09", "2026-11-06", "working_days", -1),
        ("2026-11-03", "2026-12-03", "working_days", 22), ("2026-03-29", "2026-03-30", "hours", 23),
        ("2026-11-03T10:00", "2026-11-03T10:20", "minutes", 20),
        ("2026-11-03T10:00", "2026-11-03T10:20", "hours", 0.333333),
        ("2026-11-03", "2026-11-03", "days", 0),
    ],
)  # fmt: skip
async def test_time_between_is_counted(begin, end, unit, count):
    assert await done("between", date=begin, other=end, unit=unit, zone="Europe/Berlin") == count


def test_every_parts_name_is_promised():
    promised = Dates(operation=Operation.PARTS).outputs()
    assert {"year", "quarter", "weekday_name", "week"} <= set(promised)
    assert Dates(operation=Operation.BETWEEN).outputs()["output"].kind == "number"
    assert Dates(operation=Operation.ADD).outputs()["output"].kind == "date"


def test_what_is_missing_or_unknown_is_told():
    assert [each.field for each in Dates(operation=Operation.BETWEEN).troubles()] == ["date", "other"]
    assert [each.field for each in Dates(date="{{ a.b }}", form=Form.OWN, own="%9999999d").troubles()] == ["own"]
    assert [each.sentence for each in Dates(operation=Operation.NOW, zone="Europe/Berln").troubles()] == [
        "There is no time zone “Europe/Berln”. Did you mean Europe/Berlin?"
    ]


@pytest.mark.parametrize("zone", ["../../etc/passwd", "", "/etc/localtime", "Mars/Phobos"])
async def test_no_zone_is_no_file(zone):
    assert zone_trouble(zone)
    with pytest.raises(StepFailed, match="There is no time zone"):
        await done("now", zone=zone)


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({"date": "{{ a.b }}", "form": "dots"}, "Writes the date {{ a.b }} as 03.11.2026."),
        ({"operation": "add", "date": "{{ a.b }}", "amount": 10, "unit": "working_days", "zone": "Europe/Rome"},
         "Adds 10 working days (Monday to Friday) to the date {{ a.b }}, in the time of Europe/Rome."),
        ({"operation": "between", "date": "{{ a.b }}", "other": "2026-11-03", "unit": "days"},
         "Counts the days from {{ a.b }} to “2026-11-03”."),
        ({"operation": "read", "date": "{{ a.b }}", "form": "own", "own": "%d-%m"},
         "Reads {{ a.b }} as a date written as “%d-%m”."),
    ],
)  # fmt: skip
def test_it_explains_itself(settings, sentence):
    assert Dates(**settings).explain() == sentence
