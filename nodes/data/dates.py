"""`data.dates`: read, write and calculate with dates."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from nodes.sdk import (
    NUMBER,
    TEXT,
    Context,
    Control,
    Dynamic,
    Example,
    Kind,
    Node,
    Result,
    Shape,
    StepFailed,
    Text,
    Trouble,
    field,
)
from nodes.sdk.reading import as_date, as_number, as_text
from nodes.sdk.words import quoted
from nodes.sdk.zones import zone_of, zone_trouble

_SIGNS = re.compile(r"(?:[^%]|%[dmYyHMSBbAajIp%])*")
"""what a form may hold: signs that mean the same on every machine, and take no width"""
_DATE = Shape(kind=Kind.DATE)


class Operation(StrEnum):
    """What is done."""

    READ = "read"
    WRITE = "write"
    ADD = "add"
    BETWEEN = "between"
    PARTS = "parts"
    NOW = "now"

    @property
    def label(self) -> str:
        """The words in the form."""
        return _OPERATIONS[self]


class Form(StrEnum):
    """How a date is written."""

    ISO = "iso"
    WORDS = "words"
    DOTS = "dots"
    SLASHES = "slashes"
    SLASHES_US = "slashes_us"
    OWN = "own"

    @property
    def label(self) -> str:
        """The words in the form."""
        return _WRITTEN[self]


class Unit(StrEnum):
    """What time is counted in."""

    MINUTES = "minutes"
    HOURS = "hours"
    DAYS = "days"
    WORKING_DAYS = "working_days"
    WEEKS = "weeks"
    MONTHS = "months"
    YEARS = "years"

    @property
    def label(self) -> str:
        """The word in the form and in sentences."""
        return "working days (Monday to Friday)" if self is Unit.WORKING_DAYS else self.value


_OPERATIONS = {
    Operation.READ: "Read a date from text",
    Operation.WRITE: "Write a date as text",
    Operation.ADD: "Add or take away time",
    Operation.BETWEEN: "Time between two dates",
    Operation.PARTS: "Parts of a date",
    Operation.NOW: "The time now",
}
_WRITTEN = {
    Form.ISO: "2026-11-03",
    Form.WORDS: "3 November 2026",
    Form.DOTS: "03.11.2026",
    Form.SLASHES: "03/11/2026 (day first)",
    Form.SLASHES_US: "11/03/2026 (month first)",
    Form.OWN: "A form of your own",
}
_FORMS = {Form.WORDS: "%d %B %Y", Form.DOTS: "%d.%m.%Y", Form.SLASHES: "%d/%m/%Y", Form.SLASHES_US: "%m/%d/%Y"}
_SECONDS = {Unit.MINUTES: 60, Unit.HOURS: 3600}
_ONE = (Operation.READ, Operation.WRITE, Operation.ADD, Operation.BETWEEN, Operation.PARTS)
_FORMED = (Operation.READ, Operation.WRITE)
_UNITS = (Operation.ADD, Operation.BETWEEN)


class Dates(Node, label="Date", icon="calendar"):
    """Read a date, write it, add time to it, or tell the time between two.

    Dates are handed on as `2026-11-03`, points in time as `2026-11-03T14:30:00+01:00`. A time without a zone counts as
    one in the chosen zone. A month more than 31 January is the last day of February; days and longer keep the time of
    day when the clocks change.
    """

    operation: Operation = field("What to do", default=Operation.WRITE)
    date: Text = field("Date", default="", control=Control.LINE, example="{{ start.due }}", when=("operation", _ONE))
    other: Text = field("To", default="", control=Control.LINE, example="{{ start.until }}",
                        when=("operation", Operation.BETWEEN))  # fmt: skip
    amount: Annotated[Any, Dynamic.VALUE] = field(
        "How much", "With a minus to take it away.", default=1, when=("operation", Operation.ADD)
    )
    unit: Unit = field("Counted in", default=Unit.DAYS, when=("operation", _UNITS))
    form: Form = field("Written as", default=Form.ISO, when=("operation", _FORMED))
    own: str = field(
        "Own form", "%d day, %m month, %Y year, %H hour, %M minute, %B month's name, %A weekday's name.", default="",
        example="%A, %d.%m.%Y", when=("form", Form.OWN), max_length=60,
    )  # fmt: skip
    zone: str = field("Time zone", "Where it counts, like Europe/Berlin.", default="UTC", example="Europe/Berlin",
                      max_length=60)  # fmt: skip

    examples = (
        Example(
            "A date for a letter",
            settings={"date": "2026-11-03", "form": "words"},
            output={"output": "3 November 2026"},
        ),
        Example(
            "A date people have written",
            settings={"operation": "read", "date": "3.11.2026", "form": "dots"},
            output={"output": "2026-11-03"},
        ),
        Example(
            "Payable within ten working days",
            settings={"operation": "add", "date": "2026-11-03", "amount": 10, "unit": "working_days"},
            output={"output": "2026-11-17"},
        ),
        Example(
            "How long a ticket was open",
            settings={"operation": "between", "date": "2026-11-03T08:00", "other": "2026-11-03T17:30", "unit": "hours"},
            output={"output": 9.5},
        ),
        Example(
            "Which quarter, which week",
            settings={"operation": "parts", "date": "2026-11-03"},
            output={
                "year": 2026, "month": 11, "day": 3, "hour": 0, "minute": 0, "weekday": 2, "weekday_name": "Tuesday",
                "month_name": "November", "week": 45, "quarter": 4,
            },
        ),
        Example(
            "The time in Berlin",
            settings={"operation": "now", "zone": "Europe/Berlin"},
            output={"output": "2026-11-03T11:31:00+01:00"},
        ),
    )  # fmt: skip

    def outputs(self) -> dict[str, Shape]:
        """The date, the text or the number; or its parts by name."""
        match self.operation:
            case Operation.PARTS:
                numbers = {
                    "year": "The year", "month": "The month, 1 to 12", "day": "The day of the month",
                    "hour": "The hour, 0 to 23", "minute": "The minute", "weekday": "1 for Monday to 7 for Sunday",
                    "week": "The calendar week (ISO 8601)", "quarter": "The quarter, 1 to 4",
                }  # fmt: skip
                texts = {"weekday_name": "The weekday in English", "month_name": "The month in English"}
                return {name: NUMBER.model_copy(update={"description": words}) for name, words in numbers.items()} | {
                    name: TEXT.model_copy(update={"description": words}) for name, words in texts.items()
                }
            case Operation.WRITE:
                shape, what = TEXT, "The date as text"
            case Operation.BETWEEN:
                shape, what = NUMBER, f"The time between, in {self.unit.label}"
            case _:
                shape, what = _DATE, "The date"
        return {"output": shape.model_copy(update={"description": what})}

    def troubles(self) -> list[Trouble]:
        """A date that is missing, a form or a zone nobody knows."""
        found: list[Trouble] = []
        if self.operation is not Operation.NOW and not self.date.strip():
            found.append(Trouble("date", "missing", "Choose the date."))
        if self.operation is Operation.BETWEEN and not self.other.strip():
            found.append(Trouble("other", "missing", "Choose the date it is counted to."))
        if self.operation in _FORMED and self.form is Form.OWN and not (self.own and _SIGNS.fullmatch(self.own)):
            text = "Write the form with %d, %m, %Y, %H, %M, %B and %A, like %d.%m.%Y."
            found.append(Trouble("own", "bad_form", text))
        if wrong := zone_trouble(self.zone):
            found.append(Trouble("zone", "unknown_zone", wrong))
        return found

    def explain(self) -> str:
        """What becomes of the date."""
        form = f"“{self.own}”" if self.form is Form.OWN else self.form.label
        where = "" if self.zone == "UTC" else f", in the time of {self.zone}"
        match self.operation:
            case Operation.READ:
                return f"Reads {quoted(self.date)} as a date written as {form}{where}."
            case Operation.WRITE:
                return f"Writes the date {quoted(self.date)} as {form}{where}."
            case Operation.ADD:
                return (
                    f"Adds {quoted(self.amount).strip('“”')} {self.unit.label} to the date {quoted(self.date)}{where}."
                )
            case Operation.BETWEEN:
                return f"Counts the {self.unit.label} from {quoted(self.date)} to {quoted(self.other)}{where}."
            case Operation.PARTS:
                return f"Takes the date {quoted(self.date)} apart: year, month, day, weekday, week, quarter{where}."
            case Operation.NOW:
                return f"Looks what time it is{where}."

    async def run(self, ctx: Context) -> Result:
        """Do it."""
        zone = zone_of(self.zone)
        match self.operation:
            case Operation.NOW:
                return {"output": ctx.now().astimezone(zone).isoformat(timespec="seconds")}
            case Operation.READ:
                return {"output": _said(self._read(zone))}
            case Operation.WRITE:
                return {"output": self._written(_moment_or_day(self.date, zone))}
            case Operation.ADD:
                return {"output": _said(_added(_moment_or_day(self.date, zone), self._amount(), self.unit))}
            case Operation.BETWEEN:
                ends = _moment_or_day(self.date, zone), _moment_or_day(self.other, zone)
                return {"output": _between(*ends, self.unit, zone)}
            case Operation.PARTS:
                return _parts(_moment_or_day(self.date, zone))

    def _form(self) -> str:
        return self.own if self.form is Form.OWN else _FORMS[self.form]

    def _read(self, zone: ZoneInfo) -> date:
        if self.form is Form.ISO:
            return _moment_or_day(self.date, zone)
        form = self._form()
        try:
            moment = datetime.strptime(self.date.strip(), form)  # noqa: DTZ007 - the zone follows
        except ValueError as error:
            raise _no_date(self.date, f"It has to be written as {self.own or self.form.label}.") from error
        timed = any(sign in form for sign in ("%H", "%M", "%S", "%I"))
        return moment.replace(tzinfo=zone) if timed else moment.date()

    def _written(self, day: date) -> str:
        if self.form is Form.ISO:
            return day.strftime("%Y-%m-%d")
        if self.form is Form.WORDS:
            return f"{day.day} {day:%B %Y}"
        return day.strftime(self._form())

    def _amount(self) -> int | float:
        amount = as_number(self.amount)
        if amount is None:
            raise StepFailed(
                f"How much is to be added is no number: {quoted(as_text(self.amount)[:60])}.", code="not_a_number"
            )
        if self.unit not in _SECONDS and amount != int(amount):
            raise StepFailed(f"Only whole {self.unit.label} can be added, not {amount:g}.", code="not_whole")
        return amount


def _said(day: date) -> str:
    return day.isoformat(timespec="seconds") if isinstance(day, datetime) else day.isoformat()


def _no_date(text: str, hint: str) -> StepFailed:
    return StepFailed(f"This is no date: {quoted(text.strip()[:60])}.", code="not_a_date", hint=hint)


def _moment_or_day(text: str, zone: ZoneInfo) -> date:
    """A day as it is; a point in time in this zone, where it counts as one when none is written."""
    day = as_date(text)
    if day is not None:
        return day
    written = text.strip()
    try:
        if len(written) < len("2026-11-03") or written[4] != "-":
            raise ValueError  # noqa: TRY301 - one answer for all that is no date
        moment = datetime.fromisoformat(written)
        return moment.astimezone(zone) if moment.tzinfo else moment.replace(tzinfo=zone)
    except (ValueError, OverflowError) as error:
        hint = "Dates are written like 2026-11-03 or 2026-11-03T14:30; “Read a date” understands other forms."
        raise _no_date(text, hint) from error


def _added(day: date, amount: int | float, unit: Unit) -> date:
    try:
        match unit:
            case Unit.MINUTES | Unit.HOURS:
                start = day if isinstance(day, datetime) else datetime(day.year, day.month, day.day, tzinfo=UTC)
                later = start.astimezone(UTC) + timedelta(seconds=amount * _SECONDS[unit])
                return later.astimezone(start.tzinfo)
            case Unit.DAYS | Unit.WEEKS:
                return day + timedelta(days=int(amount) * (7 if unit is Unit.WEEKS else 1))
            case Unit.WORKING_DAYS:
                return _working_days_later(day, int(amount))
            case Unit.MONTHS | Unit.YEARS:
                return _months_later(day, int(amount) * (12 if unit is Unit.YEARS else 1))
    except (OverflowError, ValueError) as error:
        raise StepFailed("That is further away than the calendar goes.", code="out_of_calendar") from error


def _months_later(day: date, months: int) -> date:
    count = day.year * 12 + day.month - 1 + months
    year, month = divmod(count, 12)
    return day.replace(year=year, month=month + 1, day=min(day.day, monthrange(year, month + 1)[1]))


def _working_days_later(day: date, count: int) -> date:
    """Saturdays and Sundays are passed over; begun on one, the next Monday (backwards: Friday) is the first day."""
    weeks, rest = divmod(abs(count), 5)
    step = timedelta(days=1 if count >= 0 else -1)
    if weeks and not rest:  # the last one by hand, so that it never ends on a weekend
        weeks, rest = weeks - 1, 5
    day += step * 7 * weeks
    while rest:
        day += step
        rest -= day.weekday() < 5
    return day


def _between(begin: date, end: date, unit: Unit, zone: ZoneInfo) -> int | float:
    """From one to the other; negative where the second is earlier. Whole units from a day on."""
    if unit in _SECONDS:
        seconds = (_moment(end, zone) - _moment(begin, zone)).total_seconds()
        count = round(seconds / _SECONDS[unit], 6)
        return int(count) if count == int(count) else count
    sign = 1 if _moment(end, zone) >= _moment(begin, zone) else -1
    first, last = (begin, end) if sign > 0 else (end, begin)
    days = (_day(last) - _day(first)).days
    match unit:
        case Unit.DAYS:
            return sign * days
        case Unit.WEEKS:
            return sign * (days // 7)
        case Unit.WORKING_DAYS:
            weeks, rest = divmod(days, 7)
            begun = _day(first).weekday()
            return sign * (weeks * 5 + sum((begun + each) % 7 < 5 for each in range(1, rest + 1)))
        case _:
            months = (last.year - first.year) * 12 + last.month - first.month
            if _months_later(_day(first), months) > _day(last):
                months -= 1
            return sign * (months // 12 if unit is Unit.YEARS else months)


def _moment(day: date, zone: ZoneInfo) -> datetime:
    moment = day if isinstance(day, datetime) else datetime(day.year, day.month, day.day, tzinfo=zone)
    return moment.astimezone(UTC)  # two times of one zone would be compared by their clocks, without the hour of summer


def _day(day: date) -> date:
    return day.date() if isinstance(day, datetime) else day


def _parts(day: date) -> dict[str, Any]:
    timed = day if isinstance(day, datetime) else None
    return {
        "year": day.year,
        "month": day.month,
        "day": day.day,
        "hour": timed.hour if timed else 0,
        "minute": timed.minute if timed else 0,
        "weekday": day.isoweekday(),
        "week": day.isocalendar().week,
        "quarter": (day.month + 2) // 3,
        "weekday_name": f"{day:%A}",
        "month_name": f"{day:%B}",
    }
