"""When a schedule is due: rules as people say them, read in their time zone, right over the change of the clocks.

A time that the clocks jump over comes as soon as they have jumped; one that comes twice counts once, unless the rule
says every hour.
"""

from __future__ import annotations

import os
from calendar import monthrange
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from runtime.errors import BadInput

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
LONGEST_DAYS = 366 * 9
"""how far ahead a rule is looked for: nine years hold a 29th of February, whatever the century"""
_FIELDS = (("minute", 0, 59), ("hour", 0, 23), ("day of the month", 1, 31), ("month", 1, 12), ("day of the week", 0, 7))


class Rule(BaseModel):
    """When, as a person chose it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    every: Literal["hour", "day", "workday", "week", "month", "cron"]
    at: str = Field(default="08:00", pattern=r"^([01]\d|2[0-3]):[0-5]\d$")
    """the time of day; of every hour only its minute counts"""
    weekday: int = Field(default=0, ge=0, le=6)
    """Monday is 0"""
    day: int = Field(default=1, ge=1, le=31)
    """of the month; one that a month does not have is its last"""
    cron: str = Field(default="", max_length=200)
    """five fields, where `every` is cron"""

    def words(self) -> str:
        """The rule as a person reads it."""
        match self.every:
            case "hour":
                return f"Every hour at minute {int(self.at[3:])}"
            case "day":
                return f"Every day at {self.at}"
            case "workday":
                return f"Monday to Friday at {self.at}"
            case "week":
                return f"Every {DAYS[self.weekday]} at {self.at}"
            case "month":
                return f"On day {self.day} of every month at {self.at}"
            case "cron":
                return f"As “{self.cron}” says"


def rule_of(**given: object) -> Rule:
    """A rule from what a form or a program says. Raises `BadInput` with what is wrong with it."""
    try:
        rule = Rule.model_validate(given)
    except ValidationError as error:
        first = error.errors()[0]
        raise BadInput(
            f"“{first['loc'][0]}” does not say when: {first['msg']}.", hint="A time looks like 08:30."
        ) from error
    if rule.every == "cron":
        _times(rule)
    return rule


def zone_of(name: str) -> ZoneInfo:
    """A time zone by its name. Raises `BadInput`."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise BadInput(f"There is no time zone “{name}”.", hint="Choose one such as Europe/Berlin.") from error


def zones() -> list[str]:
    """The names of all time zones, without the old ones that only stand for others."""
    found = [each for each in available_timezones() if "/" in each and not each.startswith(("Etc/", "SystemV/"))]
    return ["UTC", *sorted(found)]


def home_zone() -> str:
    """The zone the server stands in, to begin with; UTC where it does not say."""
    place = os.environ.get("TZ") or str(Path("/etc/localtime").resolve()).partition("zoneinfo/")[2]
    return place if place in available_timezones() else "UTC"


def next_after(rule: Rule, zone: str, moment: float) -> float:
    """The first time after a moment, in seconds since 1970. Raises `BadInput` for a rule that never comes."""
    place, times = zone_of(zone), _times(rule)
    first = datetime.fromtimestamp(moment, place).date() - timedelta(days=1)
    for ahead in range(LONGEST_DAYS):
        on = first + timedelta(days=ahead)
        if not _falls_on(rule, times, on):
            continue
        moments = sorted({each for each in _moments(times, on, place) if each > moment})
        if moments:
            return moments[0]
    raise BadInput("This rule never comes true.", hint="Look at its days and months again.")


class _Times(BaseModel):
    minutes: list[int]
    hours: list[int]
    days: set[int]
    months: set[int]
    weekdays: set[int]
    """Monday is 0"""
    either: bool = False
    """whether day of the month or day of the week is enough, as cron has it when both are said"""


_ALL_DAYS, _ALL_MONTHS, _ALL_WEEKDAYS = set(range(1, 32)), set(range(1, 13)), set(range(7))


def _times(rule: Rule) -> _Times:
    hour, minute = int(rule.at[:2]), int(rule.at[3:])
    plain = _Times(minutes=[minute], hours=[hour], days=_ALL_DAYS, months=_ALL_MONTHS, weekdays=_ALL_WEEKDAYS)
    match rule.every:
        case "hour":
            return plain.model_copy(update={"hours": list(range(24))})
        case "workday":
            return plain.model_copy(update={"weekdays": set(range(5))})
        case "week":
            return plain.model_copy(update={"weekdays": {rule.weekday}})
        case "cron":
            return _cron(rule.cron)
        case "day" | "month":
            return plain


def _falls_on(rule: Rule, times: _Times, on: date) -> bool:
    if rule.every == "month":
        return on.day == min(rule.day, monthrange(on.year, on.month)[1])
    by_day, by_weekday = on.day in times.days, on.weekday() in times.weekdays
    return on.month in times.months and (by_day or by_weekday if times.either else by_day and by_weekday)


def _moments(times: _Times, on: date, zone: ZoneInfo) -> Iterator[float]:
    """The times of a day. An hour that comes twice is two hours only where every hour is meant."""
    folds = (0, 1) if len(times.hours) == 24 else (0,)
    for hour in times.hours:
        for minute in times.minutes:
            for fold in folds:
                local = datetime(on.year, on.month, on.day, hour, minute, tzinfo=zone, fold=fold)
                exists = local.astimezone(UTC).astimezone(zone).replace(tzinfo=None) == local.replace(tzinfo=None)
                if exists or len(times.hours) < 24:
                    yield (local if exists else _jumped(local, zone)).timestamp()


def _jumped(local: datetime, zone: ZoneInfo) -> datetime:
    """The moment at which the clocks have jumped over a time."""
    before = local.replace(fold=1).astimezone(UTC)  # by the offset after the jump, so it lies before it
    after = local.replace(fold=0).astimezone(UTC)
    while (after - before) > timedelta(seconds=1):
        middle = before + (after - before) / 2
        if middle.astimezone(zone).utcoffset() == before.astimezone(zone).utcoffset():
            before = middle
        else:
            after = middle
    return after.replace(microsecond=0)


def _cron(text: str) -> _Times:
    """Five fields: minute, hour, day of the month, month, day of the week (0 and 7 are Sunday)."""
    parts = text.split()
    if len(parts) != 5:
        raise BadInput(
            f"A cron expression has five fields, this one has {len(parts)}.",
            hint="For example 0 8 * * 1: at 08:00 on Mondays.",
        )
    minutes, hours, days, months, weekdays = (
        _numbers(part, *field) for part, field in zip(parts, _FIELDS, strict=True)
    )
    return _Times(
        minutes=sorted(minutes), hours=sorted(hours), days=days, months=months,
        weekdays={(each - 1) % 7 for each in weekdays}, either=parts[2] != "*" and parts[4] != "*",
    )  # fmt: skip


def _numbers(text: str, name: str, low: int, high: int) -> set[int]:
    """`*`, `5`, `1-5`, `*/15`, `1-10/2`, and lists of these."""
    found: set[int] = set()
    for part in text.split(","):
        span, _, step = part.partition("/")
        first, dash, last = (str(low), "-", str(high)) if span == "*" else span.partition("-")
        numbers = (first, last or first, step or "1")
        if not all(each.isascii() and each.isdigit() and len(each) < 5 for each in numbers):
            raise BadInput(f"“{part}” is no {name}.", hint=f"Give numbers from {low} to {high}, such as 1-5 or */2.")
        start, end, by = map(int, numbers)
        if step and not dash:
            end = high
        if not (low <= start <= end <= high and by >= 1):
            raise BadInput(f"“{part}” is no {name}.", hint=f"Give numbers from {low} to {high}, such as 1-5 or */2.")
        found.update(range(start, end + 1, by))
    return found
