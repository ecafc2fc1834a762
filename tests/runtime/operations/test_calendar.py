"""When a schedule is due, in the time zone people live in, over the change of the clocks."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from runtime.errors import BadInput
from runtime.operations.calendar import next_after, rule_of, zone_of, zones

BERLIN = "Europe/Berlin"


def local(text: str, zone: str = BERLIN, fold: int = 0) -> float:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone), fold=fold).timestamp()


def following(start: str, count: int, zone: str = BERLIN, **rule: object) -> list[str]:
    """The next times after a local one, as the clock on the wall shows them."""
    moment, found = local(start, zone), []
    for _ in range(count):
        moment = next_after(rule_of(**rule), zone, moment)
        found.append(f"{datetime.fromtimestamp(moment, ZoneInfo(zone)):%a %d %b %H:%M %z}")
    return found


@pytest.mark.parametrize(
    ("rule", "wanted"),
    [
        ({"every": "hour", "at": "00:15"}, ["Wed 03 Jun 10:15", "Wed 03 Jun 11:15"]),
        ({"every": "day", "at": "08:00"}, ["Thu 04 Jun 08:00", "Fri 05 Jun 08:00"]),
        ({"every": "day", "at": "10:01"}, ["Wed 03 Jun 10:01", "Thu 04 Jun 10:01"]),
        ({"every": "workday", "at": "08:00"}, ["Thu 04 Jun 08:00", "Fri 05 Jun 08:00", "Mon 08 Jun 08:00"]),
        ({"every": "week", "weekday": 0, "at": "08:00"}, ["Mon 08 Jun 08:00", "Mon 15 Jun 08:00"]),
        ({"every": "month", "day": 31, "at": "08:00"}, ["Tue 30 Jun 08:00", "Fri 31 Jul 08:00"]),
        ({"every": "cron", "cron": "*/20 9-10 * * *"}, ["Wed 03 Jun 10:20", "Wed 03 Jun 10:40", "Thu 04 Jun 09:00"]),
        ({"every": "cron", "cron": "0 8 1 * 1"}, ["Mon 08 Jun 08:00", "Mon 15 Jun 08:00", "Mon 22 Jun 08:00",
                                                  "Mon 29 Jun 08:00", "Wed 01 Jul 08:00"]),
        ({"every": "cron", "cron": "0 8 * * 7"}, ["Sun 07 Jun 08:00"]),
        ({"every": "cron", "cron": "0 8 29 2 *"}, ["Tue 29 Feb 08:00"]),
    ],
)  # fmt: skip
def test_a_rule_comes_when_it_says(rule, wanted):
    found = following("2026-06-03T10:00", len(wanted), **rule)
    assert [each[:-6] for each in found] == wanted


def test_a_daily_time_stays_where_it_is_on_the_wall_when_the_clocks_change():
    assert following("2026-03-28T09:00", 2, every="day", at="08:00") == [
        "Sun 29 Mar 08:00 +0200",
        "Mon 30 Mar 08:00 +0200",
    ]
    assert following("2026-10-24T09:00", 2, every="day", at="08:00") == [
        "Sun 25 Oct 08:00 +0100",
        "Mon 26 Oct 08:00 +0100",
    ]


def test_a_time_the_clocks_jump_over_comes_once_they_have_jumped():
    assert following("2026-03-28T12:00", 2, every="day", at="02:30") == [
        "Sun 29 Mar 03:00 +0200", "Mon 30 Mar 02:30 +0200",
    ]  # fmt: skip


def test_a_time_that_comes_twice_counts_once():
    assert following("2026-10-24T12:00", 2, every="day", at="02:30") == [
        "Sun 25 Oct 02:30 +0200", "Mon 26 Oct 02:30 +0100",
    ]  # fmt: skip


def test_every_hour_is_every_hour_when_one_comes_twice_and_when_one_is_missing():
    assert following("2026-10-25T01:30", 3, every="hour", at="00:00") == [
        "Sun 25 Oct 02:00 +0200", "Sun 25 Oct 02:00 +0100", "Sun 25 Oct 03:00 +0100",
    ]  # fmt: skip
    assert following("2026-03-29T00:30", 2, every="hour", at="00:00") == [
        "Sun 29 Mar 01:00 +0100", "Sun 29 Mar 03:00 +0200",
    ]  # fmt: skip


def test_zones_on_the_other_side_of_the_earth_have_their_own_days():
    assert following("2026-06-03T10:00", 1, "Pacific/Auckland", every="week", weekday=3, at="00:05") == [
        "Thu 04 Jun 00:05 +1200"
    ]
    assert following("2026-06-03T10:00", 1, "Asia/Kathmandu", every="hour", at="00:00") == ["Wed 03 Jun 11:00 +0545"]


@pytest.mark.parametrize("cron", ["", "* * * *", "60 * * * *", "a * * * *", "5-1 * * * *", "*/0 * * * *", "0 0 0 * *",
                                  "99999 * * * *", "1,,2 * * * *", "² * * * *"])  # fmt: skip
def test_what_is_no_cron_expression_is_refused(cron):
    with pytest.raises(BadInput):
        rule_of(every="cron", cron=cron)


def test_a_rule_that_never_comes_is_refused():
    with pytest.raises(BadInput, match="never"):
        next_after(rule_of(every="cron", cron="0 0 30 2 *"), BERLIN, 0.0)


@pytest.mark.parametrize("given", [{"every": "day", "at": "8:00"}, {"every": "day", "at": "24:00"}, {"every": "year"},
                                   {"every": "week", "weekday": 7}, {"every": "day", "more": 1}])  # fmt: skip
def test_what_says_no_time_is_refused(given):
    with pytest.raises(BadInput):
        rule_of(**given)


@pytest.mark.parametrize("name", ["", "Europe/Nowhere", "../../etc/passwd", "/etc/localtime"])
def test_what_is_no_time_zone_is_refused(name):
    with pytest.raises(BadInput):
        zone_of(name)


def test_every_zone_that_is_offered_is_one():
    offered = zones()
    assert {"Europe/Berlin", "America/New_York", "UTC"} <= set(offered)
    for each in offered:
        zone_of(each)


def test_a_rule_reads_like_a_sentence():
    assert rule_of(every="week", weekday=0, at="08:00").words() == "Every Monday at 08:00"
    assert rule_of(every="hour", at="00:05").words() == "Every hour at minute 5"
